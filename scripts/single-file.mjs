/**
 * Programs that install nothing: one bundled file each, which people can look at, hash and copy, and beside it the list of
 * everything in it that we did not write (CycloneDX 1.6).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './install.mjs';

/** The YAML of mappings as modules: its build for Node is CommonJS, which calls `require`, and a file of modules has none. */
const YAML = 'node_modules/yaml/browser/index.js';

/**
 * Bundles `apps/APP/src/main.ts`; gives what belongs into `apps/APP/dist`: the program `NAME.js` and `NAME.sbom.json`. The same
 * sources give the same bytes, in whatever folder (`root`) they are.
 */
export async function singleFile(app, name, version, root = ROOT) {
  const folder = join(root, 'apps', app);
  const { outputFiles, metafile } = await build({
    entryPoints: { [name]: join(folder, 'src/main.ts') },
    outdir: join(folder, 'dist'),
    absWorkingDir: root,
    write: false,
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    alias: { yaml: join(root, YAML) },
    target: 'node20',
    define: { BELLWETHER_VERSION: JSON.stringify(version) },
    banner: { js: '#!/usr/bin/env node' },
    legalComments: 'inline',
    plugins: [UNUSED_IS_LEFT_OUT],
    logLevel: 'warning',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const sbom = `${JSON.stringify(sbomOf(name, version, used), null, 2)}\n`;
  return [
    { path: outputFiles[0].path, contents: outputFiles[0].contents, mode: 0o755 },
    { path: join(folder, 'dist', `${name}.sbom.json`), contents: Buffer.from(sbom), mode: 0o644 },
  ];
}

/** Loading a package of ours, or a library of theirs, does nothing by itself: what a program does not use of it stays out. */
export const UNUSED_IS_LEFT_OUT = {
  name: 'unused-is-left-out',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, namespace, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || path.startsWith('node:') || pluginData === 'resolved') return undefined;
      const found = await resolve(path, { importer, kind, namespace, resolveDir, pluginData: 'resolved' });
      return found.errors.length > 0 ? found : { ...found, sideEffects: false };
    });
  },
};

/** What is in a bundle: https://cyclonedx.org/docs/1.6/json/. Packages of ours are named too, since they are installed by nobody. */
export function sbomOf(name, version, inputs) {
  const ours = inputs
    .map((path) => /^packages\/([^/]+)\//.exec(path)?.[1])
    .filter((room) => room !== undefined);
  const others = inputs
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((other) => other !== undefined);
  const components = [
    ...[...new Set(ours)].sort().map((room) => componentOf(`packages/${room}/package.json`)),
    ...[...new Set(others)].sort().map((other) => componentOf(`node_modules/${other}/package.json`)),
  ];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', name, version, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components,
  };
}

function componentOf(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licences = typeof license === 'string' ? { licenses: [{ expression: license }] } : {};
  return { type: 'library', 'bom-ref': purl, name, version, purl, ...licences };
}
