/**
 * Builds what people run: `npm run build`. One bundle per app under its dist/, from the sources as they are.
 * Sub-commands are imported lazily, so each becomes a chunk of its own and costs nothing until it is used.
 *
 * Files that did not change are left alone and others are replaced in one step, so that a command which runs
 * meanwhile never meets half a file.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { buildDesk } from './desk/build-desk.mjs';
import { ROOT } from './install.mjs';
import { singleFile } from './single-file.mjs';
import { siteFiles } from './site-files.mjs';
import { verifierFiles } from './verifier-files.mjs';

const HUB = join(ROOT, 'apps/hub');
const DIST = join(HUB, 'dist');
/** Reads codes in pictures of mail. */
const ZXING = join(ROOT, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');

/** The desk as the hub serves it. */
const DESK = join(DIST, 'desk');

/** The public pages as it serves them. */
const SITE = join(DIST, 'site');

/** CommonJS packages in an ESM bundle call `require` for modules of Node itself; ESM has none of its own. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Programs beside the command: threads, which are started by file. Built where the source exists. */
const THREADS = { worker: 'src/watch/worker.ts', flow: 'src/flow/thread.ts' };

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entryPoints = { bellwether: join(HUB, 'src/main.ts') };
for (const [name, path] of Object.entries(THREADS)) {
  if (existsSync(join(HUB, path))) entryPoints[name] = join(HUB, path);
}

const { outputFiles } = await build({
  entryPoints,
  outdir: DIST,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  // All in one folder: wherever a piece of code ends up, `new URL('./worker.js', import.meta.url)` finds its file.
  chunkNames: '[name]-[hash]',
  // Native code, found in node_modules; loaded only where a history is asked for. `pg-native` is not used at all.
  external: ['@duckdb/node-api', '@duckdb/node-bindings', 'pg-native'],
  banner: { js: REQUIRE },
  define: { BELLWETHER_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has printed what is wrong, with file and line

putDesk();
const kept = new Set();
for (const { path, contents } of outputFiles) keep(path, contents);
for (const path of [...wasmOfPackages(), ZXING]) keep(join(DIST, basename(path)), readFileSync(path));
removeAllBut(kept, DIST);
const verifier = await verifierFiles(version);
const programs = [
  await singleFile('agent', 'bellwether-agent', version),
  verifier,
  await siteFiles(SITE, verifier),
];
for (const { path, contents, mode } of programs.flat()) {
  keep(path, contents, mode);
}

/** Puts the built desk where the hub serves it, unless it is there. */
function putDesk() {
  const built = buildDesk();
  if (built === undefined) process.exit(1); // Vite has printed what is wrong
  const stamp = join(DIST, 'desk.sha256');
  const made = basename(built);
  if (existsSync(join(DESK, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === made)
    return;
  rmSync(stamp, { force: true });
  rmSync(DESK, { recursive: true, force: true });
  cpSync(built, DESK, { recursive: true });
  writeFileSync(stamp, made);
}

/** The WebAssembly that packages bring, wherever they have a folder `wasm`. */
function wasmOfPackages() {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name, 'wasm'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.wasm'));
}

function keep(path, contents, mode = path === join(DIST, 'bellwether.js') ? 0o755 : 0o644) {
  kept.add(path);
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(join(path, '..'), { recursive: true });
  const next = `${path}.${process.pid}`;
  writeFileSync(next, contents, { mode });
  renameSync(next, path);
}

function removeAllBut(kept, folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const beingWritten = /\.[0-9]+$/.test(name);
    if (path !== DESK && path !== SITE && path !== `${DESK}.sha256` && !kept.has(path) && !beingWritten)
      rmSync(path, { recursive: true, force: true });
  }
}
