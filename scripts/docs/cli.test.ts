import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'apps/hub/dist/bellwether.js');
const AGENT = join(ROOT, 'apps/agent/dist/bellwether-agent.js');
const NIGHT = join(ROOT, 'testdata/contacts/a-night');
const manual = readFileSync(join(ROOT, 'docs/reference/cli.md'), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'bellwether-manual-'));
beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names in code marks in the first column of the table whose heading cell is `heading`. */
function listed(heading: string): string[] {
  const [, table] = manual.split(`| ${heading} | |\n|---|---|\n`);
  if (table === undefined) throw new Error(`the manual has no table "${heading}"`);
  const rows = table.split('\n').slice(
    0,
    table.split('\n').findIndex((line) => !line.startsWith('|')),
  );
  const cells = rows.map((row) => row.split('|')[1] as string);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string)).sort();
}

/** Long options that a text speaks of, in order, each once. */
function options(text: string): string[] {
  return [...new Set(text.match(/(?<![\w-])--[a-z]+/g) ?? [])].sort();
}

function run(args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  if (status !== 0 && status !== 3) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`);
  return stdout;
}

/** The one record, or the first of several lines. */
function keys(text: string): string[] {
  return Object.keys(JSON.parse(text.split('\n')[0] as string)).sort();
}

describe('docs/reference/cli.md', () => {
  it.each([
    ['bellwether watch', ['watch', '--help'], undefined],
    ['bellwether surface suggest', ['surface', '--help'], /suggest \[.*/],
    ['bellwether surface check', ['surface', '--help'], /check \[.*/],
    ['bellwether up', ['up', '--help'], undefined],
    ['bellwether backup', ['backup', '--help'], undefined],
    ['bellwether restore', ['restore', '--help'], undefined],
    ['bellwether doctor', ['doctor', '--help'], undefined],
    ['bellwether admin', ['admin', '--help'], undefined],
    ['bellwether sample', ['sample', '--help'], undefined],
    ['bellwether drill', ['drill', '--help'], undefined],
    ['bellwether testkit sample', ['testkit', 'sample', '--help'], undefined],
    ['bellwether testkit contacts', ['testkit', 'contacts', '--help'], undefined],
  ])('lists the options of %s that its help lists, and no other', (command, args, part) => {
    const help = run(args);
    const said = part === undefined ? help : (part.exec(help)?.[0] ?? '');

    expect(said).not.toBe('');
    expect(options(listed(`option of \`${command}\``).join(' '))).toEqual(options(`${said} --help`));
  });

  it.each([
    ['bellwether rolls signer', PROGRAM, ['rolls', 'signer', '--help']],
    ['bellwether rolls policy', PROGRAM, ['rolls', 'policy', '--help']],
    ['bellwether-agent enrol', AGENT, ['enrol', '--help']],
    ['bellwether-agent run', AGENT, ['run', '--help']],
    ['bellwether-agent health', AGENT, ['health', '--help']],
    ['bellwether-agent sent', AGENT, ['sent', '--help']],
    ['bellwether-agent blocks', AGENT, ['blocks', '--help']],
    ['bellwether-agent veto', AGENT, ['veto', '--help']],
    ['bellwether-agent witness', AGENT, ['witness', '--help']],
    ['bellwether-verify', join(ROOT, 'apps/verifier/dist/bellwether-verify.js'), ['--help']],
  ])('lists the options of %s that its help lists, and no other', (command, program, args) => {
    const help = execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' });

    expect(options(listed(`option of \`${command}\``).join(' '))).toEqual(options(`${help} --help`));
  });

  it('lists the options of the command alone', () => {
    const help = run(['--help']);

    expect(options(listed('option of `bellwether` alone').join(' '))).toEqual(options(help));
  });

  it('lists every field of the account, of decisions and of verdicts, and no other', () => {
    const decisions = join(folder, 'decisions');
    const verdicts = join(folder, 'verdicts');
    const files = ['netfilter.log', 'nginx.log', 'auth.log'].map((name) => join(NIGHT, name));
    const surface = ['--surface', join(NIGHT, 'surface.yaml')];
    const outputs = ['--decisions', decisions, '--verdicts', verdicts];
    const account = run(['watch', '--json', '--timing', ...surface, ...outputs, ...files]);

    expect(listed('field of the account')).toEqual(keys(account));
    expect(listed('field of a decision')).toEqual(keys(readFileSync(decisions, 'utf8')));
    expect(listed('field of a verdict')).toEqual(keys(readFileSync(verdicts, 'utf8')));
  });
});
