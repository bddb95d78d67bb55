import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder, ORIGIN } from '../evidence/log.fixture.ts';
import { openEvidenceLog } from '../evidence/log.ts';
import { fileSigner } from '../evidence/log-key.ts';
import type { EvidenceLog } from '../evidence/log-types.ts';
import { keepPublicKey } from '../evidence/resting.ts';
import { numberedEntry } from '../evidence/testing/numbered-entry.ts';
import { holdLog } from './hold-log.ts';
import { Holding } from './holding.ts';

async function openBelow(data: string): Promise<EvidenceLog> {
  const privateFolder = join(data, 'log-private');
  const signer = (await fileSigner(join(privateFolder, 'key'), ORIGIN)).okOrThrow();
  await keepPublicKey(privateFolder, signer.key);
  const places = { folder: join(data, 'log'), privateFolder };
  return (await openEvidenceLog({ ...places, origin: ORIGIN, signer })).okOrThrow();
}

async function grow(log: EvidenceLog, to: number): Promise<void> {
  const from = Number(log.size);
  (await log.appendEntries(Array.from({ length: to - from }, (_, i) => numberedEntry(from + i)))).okOrThrow();
}

function paths(holding: Holding): string[] {
  return holding.files().map(({ path }) => path);
}

it('holds each tile of what was signed, and the key only when it is asked to', async () => {
  const data = newFolder();
  const log = await openBelow(data);
  await grow(log, 600);
  const holding = new Holding(data, newFolder());
  (await holdLog(holding, false)).okOrThrow();
  expect(paths(holding)).toEqual([
    'log-private/signing.json',
    'log-private/vkey',
    'log/tile/0/000',
    'log/tile/0/001',
    'log/tile/0/002.p/88',
    'log/tile/1/000.p/2',
    'log/tile/entries/000',
    'log/tile/entries/001',
    'log/tile/entries/002.p/88',
  ]);
  (await holdLog(holding, true)).okOrThrow();
  expect(paths(holding)).toContain('log-private/key');
  await log.close();
});

it('gives a log that opens, though the log grew while it was held', async () => {
  const data = newFolder();
  const log = await openBelow(data);
  await grow(log, 300);
  const old = { signing: readFileSync(join(data, 'log-private/signing.json')), root: log.root };
  await grow(log, 900);
  await log.close();
  // The partial tiles of 300 are gone, and what was signed is read as it was then.
  writeFileSync(join(data, 'log-private/signing.json'), old.signing);
  expect(existsSync(join(data, 'log/tile/0/001.p'))).toBe(false);
  const copy = newFolder();
  const held = newFolder();
  const holding = new Holding(data, held);
  (await holdLog(holding, true)).okOrThrow();
  for (const path of paths(holding)) cpSync(join(held, path), join(copy, path));
  const restored = await openBelow(copy);
  expect([restored.size, restored.root]).toEqual([300n, old.root]);
  await grow(restored, 310);
  await restored.close();
});

it('is nothing where there is no log, and is refused where a tile or the key is missing', async () => {
  const empty = new Holding(newFolder(), newFolder());
  (await holdLog(empty, false)).okOrThrow();
  expect(paths(empty)).toEqual([]);

  const data = newFolder();
  const log = await openBelow(data);
  await grow(log, 10);
  await log.close();
  const without = newFolder();
  cpSync(data, without, { recursive: true, filter: (from) => !from.endsWith('tile/0') });
  const lost = await holdLog(new Holding(without, newFolder()), false);
  expect(lost.isErr() && lost.error).toEqual({
    code: 'BACKUP_SOURCE_UNREADABLE',
    reason: 'log/tile/0/000.p/10 is signed, and not there',
  });
  const keyless = newFolder();
  cpSync(data, keyless, { recursive: true, filter: (from) => !from.endsWith('log-private/key') });
  const asked = await holdLog(new Holding(keyless, newFolder()), true);
  expect(asked.isErr() && asked.error.reason).toContain('the key lies elsewhere');
});
