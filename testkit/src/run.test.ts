import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { corpus } from './corpus.ts';
import { runTestkit } from './run.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const GOOD = ['contacts', '--lines', '5000', '--seed', '1', '--formats', 'sshd,netfilter', '--out'];

describe('testkit contacts', () => {
  it('writes the files, the surface and the truth into the folder', async () => {
    expect(await runTestkit([...GOOD, join(folder, 'new')])).toBe(0);
    expect(readdirSync(join(folder, 'new')).sort()).toEqual([
      'auth.log',
      'netfilter.log',
      'surface.yaml',
      'truth.json',
    ]);
  });

  it.each([
    [['mail']],
    [['contacts']],
    [['contacts', '--lines', '10', '--seed', '1', '--formats', 'sshd', '--out', '/nowhere']],
    [['contacts', '--lines', '5000', '--seed', '-1', '--formats', 'sshd', '--out', '/nowhere']],
    [['contacts', '--lines', '5000', '--seed', '1', '--formats', 'morse', '--out', '/nowhere']],
    [
      [
        'contacts',
        '--lines',
        '5000',
        '--seed',
        '1',
        '--formats',
        'sshd',
        '--start',
        'noon',
        '--out',
        '/nowhere',
      ],
    ],
    [['contacts', '--lines', '5000', '--seed', '1', '--formats', 'sshd', '--colour', 'red']],
  ])('answers wrong usage with 2: %j', async (argv) => {
    expect(await runTestkit(argv)).toBe(2);
  });

  it('answers a folder that is a file with 1', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await runTestkit([...GOOD, join(folder, 'file')])).toBe(1);
  });
});

describe('testkit rolls', () => {
  const rolls = (...rest: string[]) => ['rolls', '--voters', '300', '--seed', '1', ...rest];

  it('writes the dumps, the transactions, the mapping and the truth into the folder', async () => {
    const out = join(folder, 'rolls');
    expect(await runTestkit(rolls('--days', '2', '--attacks', 'update', '--lists', '--out', out))).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'db-before.csv',
      'db-night-1.csv',
      'db-night-2.csv',
      'mapping.yaml',
      'public-list-a.csv',
      'public-list-b.csv',
      'transactions.ndjson',
      'truth.json',
    ]);
  });

  it('leaves out the nights before the last one when asked', async () => {
    const out = join(folder, 'last');
    const asked = ['--attacks', 'none', '--nights', 'last', '--format', 'vri-json', '--out', out];
    expect(await runTestkit(rolls('--days', '3', ...asked))).toBe(0);
    expect(readdirSync(out).filter((name) => name.startsWith('db-'))).toEqual([
      'db-before.json',
      'db-night-3.json',
    ]);
  });

  it.each([
    [['--days', '2', '--out', '/nowhere']],
    [['--days', '2', '--attacks', 'flood', '--out', '/nowhere']],
    [['--days', '1', '--attacks', 'replay', '--out', '/nowhere']],
    [['--days', '0', '--attacks', 'none', '--out', '/nowhere']],
    [['--days', '2', '--attacks', 'none', '--nights', 'some', '--out', '/nowhere']],
    [['--days', '2', '--attacks', 'none', '--format', 'xml', '--out', '/nowhere']],
    [['--days', '2', '--attacks', 'none', '--start', '2026-02-30', '--out', '/nowhere']],
    [['--days', '2', '--attacks', 'none']],
  ])('answers wrong usage with 2: %j', async (rest) => {
    expect(await runTestkit(rolls(...rest))).toBe(2);
  });
});

describe('testkit mail', () => {
  it('writes messages, offices, zone and truth into the folder', async () => {
    const out = join(folder, 'mail');
    const asked = ['mail', '--seed', '1', '--variants', '2', '--scenario', 's09', '--out', out];
    expect(await runTestkit(asked)).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'manifest.csv',
      'messages',
      'offices',
      'truth.json',
      'zone.json',
    ]);
    expect(readdirSync(join(out, 'messages'))).toEqual(['0001.eml', '0002.eml', '0003.eml', '0004.eml']);
  });

  it.each([
    [['--variants', '2', '--out', '/nowhere']],
    [['--seed', 'x', '--out', '/nowhere']],
    [['--seed', '1', '--variants', '1']],
    [['--seed', '1', '--scenario', 'nothing']],
    [['--seed', '1', '--colour', 'red']],
  ])('answers wrong usage with 2: %j', async (rest) => {
    expect(await runTestkit(['mail', ...rest, ...(rest.includes('--out') ? [] : ['--out', folder])])).toBe(2);
  });
});

describe('a corpus', () => {
  it('is a path below the folder that the environment names', () => {
    vi.stubEnv('BELLWETHER_CORPORA', folder);
    writeFileSync(join(folder, 'lines'), '');
    expect(corpus('lines')).toBe(join(folder, 'lines'));
  });

  it('is undefined, with one line that says why, where there is none', () => {
    vi.stubEnv('BELLWETHER_CORPORA', '');
    const said = vi.mocked(process.stderr.write);
    expect(corpus('elsewhere')).toBeUndefined();
    expect(corpus('elsewhere')).toBeUndefined();
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      'not run: suites that need corpus elsewhere, because BELLWETHER_CORPORA is not set\n',
    ]);
  });
});
