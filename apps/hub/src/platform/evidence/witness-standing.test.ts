import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { WITNESS_LATE, WitnessRecords } from './witness-records.ts';
import { standingText, witnessStanding } from './witness-standing.ts';

const NOW = Date.UTC(2026, 10, 4, 8);
const ROOT = Buffer.alloc(32, 7).toString('base64');
const KEY = Buffer.alloc(68, 1).toString('base64');

let folder: { readonly log: string; readonly logPrivate: string };
beforeEach(() => {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-standing-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  folder = { log: path, logPrivate: path };
});

function publish(size: number): void {
  writeFileSync(
    join(folder.log, 'checkpoint'),
    `log.example.gov\n${size}\n${ROOT}\n\n— log.example.gov ${KEY}\n`,
  );
}

it('counts who cosigned what is published, and names who is late or never came', async () => {
  publish(40);
  const records = new WitnessRecords(folder.logPrivate, ['adair', 'barry', 'cole', 'dade']);
  records.note('adair', { cosignedAt: NOW - 60_000, size: 41n });
  records.note('barry', { cosignedAt: NOW - WITNESS_LATE, size: 40n });
  records.note('cole', { cosignedAt: NOW - WITNESS_LATE - 1, size: 39n });
  await records.keep();

  const standing = await witnessStanding(folder, NOW);
  expect(standing).toEqual({ named: 4, cosigned: 2, size: 40n, last: NOW - 60_000, late: ['cole', 'dade'] });
  expect(standingText(standing)).toBe(
    '2 of 4 witnesses cosigned the last published checkpoint (40 entries); the last signature is of ' +
      '2026-11-04T07:59:00.000Z. Not heard for more than 26 hours: cole, dade',
  );
});

it('says so where none ever cosigned, where too few did, and where none is named', async () => {
  expect(standingText(await witnessStanding(folder, NOW))).toContain('no witness is named');
  const records = new WitnessRecords(folder.logPrivate, ['adair', 'barry']);
  await records.keep();
  expect(standingText(await witnessStanding(folder, NOW))).toContain('none of the 2 witnesses');
  records.note('adair', { cosignedAt: NOW, size: 1n });
  await records.keep();
  const standing = await witnessStanding(folder, NOW);
  expect(standing).toMatchObject({ cosigned: 0, size: null });
  expect(standingText(standing)).toContain('no checkpoint has enough signatures');
});
