/**
 * What people check with: the command, the page that works from disk, and the hashes of both. The same sources give the same bytes: no
 * path, no time and no name of a machine is in them.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './install.mjs';
import { sbomOf, singleFile, UNUSED_IS_LEFT_OUT } from './single-file.mjs';

const NAME = 'bellwether-verify';

/** What belongs into `apps/verifier/dist`, made from the sources below `root`. */
export async function verifierFiles(version, root = ROOT) {
  const dist = join(root, 'apps/verifier/dist');
  const command = await singleFile('verifier', NAME, version, root);
  const page = await pageFile(root);
  const html = { path: join(dist, `${NAME}.html`), contents: Buffer.from(page.html), mode: 0o644 };
  const sbom = `${JSON.stringify(sbomOf(`${NAME}.html`, version, page.inputs), null, 2)}\n`;
  const list = { path: join(dist, `${NAME}.html.sbom.json`), contents: Buffer.from(sbom), mode: 0o644 };
  const hashed = [command[0], html];
  const sums = hashed
    .map(({ path, contents }) => `${hashOf(contents, 'hex')}  ${path.slice(dist.length + 1)}\n`)
    .join('');
  return [
    ...command,
    html,
    list,
    { path: join(dist, 'SHA256SUMS'), contents: Buffer.from(sums), mode: 0o644 },
  ];
}

/** One HTML file. Its policy lets it run what is in it, by hash, and reach nothing: not even an address that it was given. */
async function pageFile(root) {
  const folder = join(root, 'apps/verifier/src/page');
  const worker = await bundled('worker', {}, root);
  const script = await bundled('page', { WORKER_PROGRAM: JSON.stringify(worker.text) }, root);
  const style = readFileSync(join(folder, 'page.css'), 'utf8').trim();
  // A program within HTML ends where its end is spelled, even in a text; so does none here.
  const program = script.text.trim().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `script-src '${sourceHash(program)}' 'wasm-unsafe-eval'`,
    `style-src '${sourceHash(style)}'`,
    'worker-src blob:',
  ].join('; ');
  const frame = readFileSync(join(folder, 'page.html'), 'utf8');
  // Functions, since texts would have their dollars read.
  const html = frame
    .replace('{{policy}}', () => policy)
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script></script>', () => `<script>${program}</script>`);
  return { html, inputs: [...new Set([...worker.inputs, ...script.inputs])] };
}

async function bundled(name, define, root) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, `apps/verifier/src/page/${name}.ts`)],
    absWorkingDir: root,
    write: false,
    bundle: true,
    metafile: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome137', 'firefox130', 'safari17'],
    define,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [UNUSED_IS_LEFT_OUT],
    logLevel: 'warning',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    text: outputFiles[0].text,
    inputs: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
  };
}

function sourceHash(text) {
  return `sha256-${hashOf(Buffer.from(text), 'base64')}`;
}

function hashOf(bytes, form) {
  return createHash('sha256').update(bytes).digest(form);
}
