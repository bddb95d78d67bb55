import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../evidence/log.fixture.ts';
import { holdLogAndRolls } from './hold-rolls.ts';
import { Holding } from './holding.ts';

const TILE = 'rolls/public/'.padEnd(77, 'a');

/** A folder with a roll whose book is `generation`, of an epoch with the same number. */
function rollFolder(generation: string): { data: string; put: (path: string, text?: string) => void } {
  const data = newFolder();
  const put = (path: string, text = path): void => {
    mkdirSync(join(data, dirname(path)), { recursive: true });
    writeFileSync(join(data, path), text);
  };
  put('rolls/roll.json', headOf(generation));
  for (const name of ['7', '8', '9']) put(`rolls/book/${name}/rows`);
  for (const name of [
    'nights/pending.json',
    'book/8/known-rows',
    'lock',
    'sheets/29001/2026-11-03.1.json.1-2.new',
  ])
    put(`rolls/${name}`);
  for (const name of ['mapping.yaml', 'nights/8.json', 'sheets/29001/2026-11-03.1.json', 'erasures/a.json'])
    put(`rolls/${name}`);
  put(TILE);
  for (const key of ['vault/voter-keys', 'rolls-reader', 'rolls-keys/29001.pem']) put(key);
  return { data, put };
}

function headOf(generation: string): string {
  return JSON.stringify({ schema: 'bellwether/roll@1', generation, epoch: Number(generation) });
}

function held(holding: Holding): string[] {
  return holding.files().map(({ path }) => path);
}

it('holds the book in force and everything beside it, and no key, draft or night that nobody sealed', async () => {
  const { data } = rollFolder('8');
  const holding = new Holding(data, newFolder());

  (await holdLogAndRolls(holding, true)).okOrThrow();

  expect(held(holding)).toEqual([
    'rolls/book/8/rows',
    'rolls/erasures/a.json',
    'rolls/mapping.yaml',
    'rolls/nights/8.json',
    TILE,
    'rolls/roll.json',
    'rolls/sheets/29001/2026-11-03.1.json',
  ]);
});

it('holds the next book too where its seal may be in the log, and leaves out a state file that is being written', async () => {
  const { data, put } = rollFolder('8');
  put('rolls/nights/9.json', JSON.stringify({ next: '9' }));
  put(TILE, '');
  const holding = new Holding(data, newFolder());

  (await holdLogAndRolls(holding, false)).okOrThrow();

  expect(held(holding)).toEqual(expect.arrayContaining(['rolls/book/8/rows', 'rolls/book/9/rows']));
  expect(held(holding)).not.toContain('rolls/book/7/rows');
  expect(held(holding)).not.toContain(TILE);
});

it('holds all of it anew when another book came into force meanwhile', async () => {
  const { data, put } = rollFolder('8');
  const folder = newFolder();
  const holding = new (class extends Holding {
    #isMoved = false;
    override holdTree(path: string, isPart?: (path: string) => boolean): void {
      super.holdTree(path, isPart);
      if (path !== 'rolls' || this.#isMoved) return;
      this.#isMoved = true;
      put('rolls/roll.json.new', headOf('9'));
      put('rolls/mapping.yaml', 'another');
      renameSync(join(data, 'rolls/roll.json.new'), join(data, 'rolls/roll.json'));
    }
  })(data, folder);

  (await holdLogAndRolls(holding, false)).okOrThrow();

  expect(held(holding)).toContain('rolls/book/9/rows');
  expect(held(holding)).not.toContain('rolls/book/8/rows');
  expect(readFileSync(holding.at('rolls/roll.json'), 'utf8')).toBe(headOf('9'));
  expect(existsSync(holding.at('rolls/book/8/rows'))).toBe(false);
});

it('holds nothing of a hub without a roll', async () => {
  const data = newFolder();
  mkdirSync(join(data, 'rolls/public'), { recursive: true });
  writeFileSync(join(data, 'rolls/public/extracts'), 'x');
  const holding = new Holding(data, newFolder());

  (await holdLogAndRolls(holding, false)).okOrThrow();

  expect(held(holding)).toEqual([]);
});
