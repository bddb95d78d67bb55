import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenLinks, documents, matchesOutput, sessions, snippets } from './snippets.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };

/** What readers type before anything of ours runs; a test run is past it, and must not start itself again. */
const BEFOREHAND = /^(?:git clone|cd|sudo apt-get|npm (?:ci|install|test))\b/;

let folder: string;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
  // The repository as the reader has it, but what a command writes lands beside it, and goes.
  folder = mkdtempSync(join(tmpdir(), 'bellwether-docs-'));
  for (const name of readdirSync(ROOT))
    if (!name.startsWith('.')) symlinkSync(join(ROOT, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(documents(ROOT))('%s', (path) => {
  const markdown = readFileSync(join(ROOT, path), 'utf8');

  it('links only to what is there', () => {
    expect(brokenLinks(ROOT, path, markdown)).toEqual([]);
  });

  for (const { language, marks, text, line } of snippets(markdown)) {
    if (language === 'console') {
      it(`does what it shows at line ${line}`, async () => {
        const exit = Number(marks.find((mark) => mark.startsWith('exit='))?.slice('exit='.length) ?? 0);
        for (const session of sessions(text)) await act(session.command, session.output, exit);
      });
    }
    if (language === 'ts') {
      it(`has code that runs at line ${line}`, async () => {
        await runCode(text);
      });
    }
  }
});

async function act(command: string, output: readonly string[], exit: number): Promise<void> {
  const script = /^npm run (\S+)/.exec(command)?.[1];
  if (script !== undefined) return expect(Object.keys(scripts)).toContain(script);
  if (BEFOREHAND.test(command)) return;
  const ran = await shell(command);
  expect(ran.exit, `${command}\n${ran.printed}`).toBe(exit);
  expect(matchesOutput(output, ran.printed), `${command}\nprinted\n${ran.printed}`).toBe(true);
}

/** The one place with a shell: readers type these lines into one. */
function shell(command: string): Promise<{ exit: number; printed: string }> {
  const path = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const options = { cwd: folder, env: { ...process.env, PATH: path, TZ: 'UTC', LANG: 'C.UTF-8' } };
  return new Promise((resolve, reject) => {
    const child = execFile('/bin/sh', ['-c', command], options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exit: (error?.code as number | undefined) ?? 0, printed: stdout + stderr });
    });
    child.stdin?.end();
  });
}

async function runCode(text: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: text, loader: 'ts', resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Libraries of the older module system ask for Node's own modules at run time.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  execFileSync(process.execPath, ['--input-type=module', '-'], { cwd: folder, input: outputFiles[0]?.text });
}

describe('a document', () => {
  it('shows commands, continued over lines, and what they print', () => {
    expect(sessions('$ one \\\n>   two\nout\n\n$ three\n')).toEqual([
      { command: 'one \\\n  two', output: ['out'] },
      { command: 'three', output: [] },
    ]);
  });

  it('has blocks with a language and marks', () => {
    expect(snippets('a\n```console exit=3\n$ b\n```\n')).toEqual([
      { language: 'console', marks: ['exit=3'], text: '$ b', line: 2 },
    ]);
    expect(() => snippets('```console\n$ b')).toThrow('has no end');
  });

  it.each([
    [[], 'anything', true],
    [['a', 'b'], 'a  \nb\n', true],
    [['a'], 'a\nb\n', false],
    [['a', 'b'], 'a\n', false],
    [['a', '...'], 'a\nb\nc\n', true],
    [['...', 'c'], 'a\nb\nc\n', true],
    [['...', 'b'], 'a\nb\nc\n', false],
    [['a', '...', 'c'], 'a\nc\n', true],
    [['took ... s'], 'took 0.3 s\n', true],
    [['took ... s'], 'took 0.3\n', false],
    [['a...b...c'], 'axbyc\n', true],
    [['a...b...b'], 'axb\n', false],
  ])('that shows %j of %j: %s', (shown, printed, matches) => {
    expect(matchesOutput(shown, printed)).toBe(matches);
  });

  it('has a broken link where there is no file', () => {
    const markdown = '[a](package.json) [b](gone.md#x) [c](https://example.org/) [d](#here) `[e](gone)`';

    expect(brokenLinks(ROOT, 'README.md', markdown)).toEqual(['gone.md#x']);
  });
});
