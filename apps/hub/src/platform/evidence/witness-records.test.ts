import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { keptWitnesses, WitnessRecords } from './witness-records.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-witnesses-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it('who has cosigned, and who never did, is told to whoever looks while a hub runs, the latest first', async () => {
  const path = folder();
  const records = new WitnessRecords(path, ['adair', 'barry', 'cole']);
  records.note('adair', { cosignedAt: 1_000, size: 7n });
  records.note('barry', { cosignedAt: 2_000, size: 9n });
  await records.keep();

  expect(await keptWitnesses(path)).toEqual([
    { name: 'barry', cosignedAt: 2_000, size: 9n },
    { name: 'adair', cosignedAt: 1_000, size: 7n },
    { name: 'cole', cosignedAt: null, size: null },
  ]);
  const later = new WitnessRecords(path, ['adair', 'dade']);
  await later.load();
  expect(later.all).toMatchObject([
    { name: 'adair', cosignedAt: 1_000, size: 7n },
    { name: 'dade', cosignedAt: null, size: null },
  ]);
});

it('where nobody has, or the file is damaged, nobody is told', async () => {
  const path = folder();
  expect(await keptWitnesses(path)).toEqual([]);
  writeFileSync(join(path, 'witnesses.json'), '[{"name": ');
  expect(await keptWitnesses(path)).toEqual([]);
});
