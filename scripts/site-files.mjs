/**
 * The public site as files: its pages with script and style beside them, as the hub's policy for content wants them, and the offline verifier to
 * save. All of it can be copied to any web server.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './install.mjs';
import { UNUSED_IS_LEFT_OUT } from './single-file.mjs';

/** What people save of the verifier. */
const SAVED = ['bellwether-verify.html', 'SHA256SUMS'];

/** What belongs into the folder of the site. `verifier`: the files of the verifier, as they were made. */
export async function siteFiles(folder, verifier) {
  const source = join(ROOT, 'apps/site/src/check');
  const { outputFiles } = await build({
    entryPoints: [join(source, 'check.ts')],
    absWorkingDir: ROOT,
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome137', 'firefox130', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    plugins: [UNUSED_IS_LEFT_OUT],
    logLevel: 'warning',
  });
  const style = ['apps/verifier/src/page/page.css', 'apps/site/src/check/check.css']
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
  const file = (path, contents) => ({
    path: join(folder, path),
    contents: Buffer.from(contents),
    mode: 0o644,
  });
  return [
    file('check/index.html', readFileSync(join(source, 'check.html'))),
    file('check/check.js', outputFiles[0].contents),
    file('check/check.css', style),
    ...verifier
      .filter(({ path }) => SAVED.includes(basename(path)))
      .map(({ path, contents }) => file(`verify/${basename(path)}`, contents)),
  ];
}
