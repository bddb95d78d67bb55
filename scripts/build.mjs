/**
 * Builds what people run: `npm run build`. One bundle per app under its dist/, from the sources as they are.
 * Sub-commands are imported lazily, so each becomes a chunk of its own and costs nothing until it is used.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const HUB = join(ROOT, 'apps/hub');
const DIST = join(HUB, 'dist');

/** CommonJS packages inside an ESM bundle call `require` for Node's own modules; ESM has none. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entryPoints = { bellwether: join(HUB, 'src/main.ts') };
const worker = join(HUB, 'src/watch/worker.ts');
if (existsSync(worker)) entryPoints.worker = worker;

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
await build({
  entryPoints,
  outdir: DIST,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  banner: { js: REQUIRE },
  define: { BELLWETHER_VERSION: JSON.stringify(version) },
  legalComments: 'linked',
  logLevel: 'warning',
});
chmodSync(join(DIST, 'bellwether.js'), 0o755);

for (const name of readdirSync(join(ROOT, 'packages'))) {
  const folder = join(ROOT, 'packages', name, 'wasm');
  if (!existsSync(folder)) continue;
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.wasm')) copyFileSync(join(folder, file), join(DIST, file));
  }
}
