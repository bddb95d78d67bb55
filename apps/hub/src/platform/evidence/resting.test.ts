import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { newFolder, ORIGIN, openIn } from './log.fixture.ts';
import { fileSigner } from './log-key.ts';
import { keepPublicKey, type LogFolders, layToRest, restedSince, restingSigner, wakeLog } from './resting.ts';
import { numberedEntry } from './testing/numbered-entry.ts';

const OLD = 300;
const NEW = 900;

/** A hub that went on, and one that was put back from a backup of before. */
let live: string;
let restored: string;
let folders: LogFolders;

function numbered(from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, i) => numberedEntry(from + i));
}

async function grow(folder: string, from: number, to: number): Promise<void> {
  const log = (await openIn(folder)).okOrThrow();
  (await log.appendEntries(numbered(from, to))).okOrThrow();
  writeFileSync(join(folder, 'log/checkpoint'), log.newest!);
  await log.close();
}

beforeEach(async () => {
  live = newFolder();
  await grow(live, 0, OLD);
  const { key } = (await fileSigner(join(live, 'key'), ORIGIN)).okOrThrow();
  await keepPublicKey(join(live, 'private'), key);
  restored = newFolder();
  cpSync(live, restored, { recursive: true });
  folders = { folder: join(restored, 'log'), privateFolder: join(restored, 'private') };
  await layToRest(folders.privateFolder, '2026-11-22T02:00:00.000Z');
  await grow(live, OLD, NEW);
});

/** A person copies what a mirror has over the files of the backup. */
function bring(name: 'checkpoint' | 'tile'): void {
  rmSync(join(restored, 'log', name), { recursive: true });
  cpSync(join(live, 'log', name), join(restored, 'log', name), { recursive: true });
}

async function refusal(seen: number): Promise<[string, string]> {
  const woken = await wakeLog(folders, BigInt(seen));
  if (woken.isOk()) throw new Error('it goes on');
  expect(await restedSince(folders.privateFolder)).not.toBeNull();
  return [woken.error.code, woken.error.detail];
}

it('goes on where others saw no more than the backup holds', async () => {
  expect(await restedSince(folders.privateFolder)).toBe('it is that of a backup of 2026-11-22T02:00:00.000Z');
  expect((await restingSigner(folders.privateFolder)).okOrThrow().key.name).toBe(ORIGIN);
  expect((await wakeLog(folders, BigInt(OLD))).okOrThrow()).toBe(BigInt(OLD));
  expect(await restedSince(folders.privateFolder)).toBeNull();
  expect((await wakeLog(folders, BigInt(OLD))).okOrThrow()).toBeNull();
  await grow(restored, OLD, OLD + 5);
});

it('stays at rest where others saw more', async () => {
  expect(await refusal(OLD + 1)).toEqual(['LOG_SEEN_LARGER', 'others know of 301 entries, and here are 300']);
  // The checkpoint of a mirror alone does not help: its entries have to be there.
  bring('checkpoint');
  expect((await refusal(NEW))[0]).toBe('LOG_DAMAGED');
});

it('goes on from what a mirror has, with each tile made anew', async () => {
  bring('checkpoint');
  bring('tile');
  // The mirror kept entries alone.
  for (const level of readdirSync(join(restored, 'log/tile'))) {
    if (level !== 'entries') rmSync(join(restored, 'log/tile', level), { recursive: true });
  }
  expect((await wakeLog(folders, BigInt(NEW))).okOrThrow()).toBe(BigInt(NEW));
  const log = (await openIn(restored)).okOrThrow();
  const other = (await openIn(live)).okOrThrow();
  expect([log.size, log.root, log.newest]).toEqual([other.size, other.root, other.newest]);
  for (const tile of ['tile/0/000', 'tile/0/003.p/132', 'tile/1/000.p/3']) {
    expect(readFileSync(join(restored, 'log', tile))).toEqual(readFileSync(join(live, 'log', tile)));
  }
  await log.close();
  await other.close();
});

it('stays at rest where what was brought is another log, or was changed', async () => {
  // The same key, another history.
  const forked = newFolder();
  cpSync(join(live, 'key'), join(forked, 'key'));
  await grow(forked, 7, NEW);
  const real = live;
  live = forked;
  bring('checkpoint');
  bring('tile');
  expect(await refusal(NEW - 7)).toEqual(['LOG_DAMAGED', `the entries have another root at ${OLD}`]);

  live = real;
  bring('checkpoint');
  bring('tile');
  const bundle = join(restored, 'log/tile/entries/003.p/132');
  const bytes = readFileSync(bundle);
  bytes[9]! ^= 1;
  writeFileSync(bundle, bytes);
  expect(await refusal(NEW)).toEqual(['LOG_DAMAGED', `the entries have another root at ${NEW}`]);

  const checkpoint = join(restored, 'log/checkpoint');
  writeFileSync(checkpoint, readFileSync(checkpoint, 'utf8').replace(`\n${NEW}\n`, `\n${NEW + 1}\n`));
  expect((await refusal(NEW))[1]).toContain('not signed by the log');
});
