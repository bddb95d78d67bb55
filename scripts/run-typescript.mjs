/**
 * Runs a TypeScript file of ours: Node 20 cannot, so esbuild bundles it first. Only for what we run beside
 * the product (documents, benches); what people run is built by build.mjs.
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { installPackages, ROOT, runNode } from './install.mjs';

/** Bundles the file (a path below the repository) and runs it with the arguments; gives its exit code. */
export async function runTypeScript(path, args = [], nodeOptions = []) {
  installPackages();
  const { build } = await import('esbuild');
  const outfile = join(ROOT, '.build', `${basename(path, '.ts')}.mjs`);
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, path)],
    outfile,
    bundle: true,
    packages: 'bundle',
    external: ['esbuild', 'vitest', 'typescript'],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return runNode([...nodeOptions, outfile, ...args]);
}
