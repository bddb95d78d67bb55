import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, type LinesHead, openJournal, openReader, RecordKind } from '../platform/bus/index.ts';
import { JournalIntake, MOST_BYTES } from './intake.ts';
import type { Arrival } from './intake-types.ts';

const SSHD = 'Oct  7 01:02:03 gw sshd[4711]: Failed password for root from 203.0.113.9 port 50000 ssh2\n';

let folder: string;
let journal: Journal;
let known: Map<string, string>;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bw-intake-'));
  known = new Map();
  asked = [];
  await openAgain();
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openAgain(reserve = 0): Promise<void> {
  const opened = await openJournal(folder, { reserve });
  if (opened.isErr()) throw new Error(opened.error.detail);
  journal = opened.value;
}

function intakeOf(): JournalIntake {
  return new JournalIntake({
    journal,
    authorities: new Set(['29001', '29380']),
    now: Date.now,
    lookUp: (client, sequence) => {
      asked.push(`${client}/${sequence}`);
      return Promise.resolve(known.get(`${client}/${sequence}`));
    },
    onTaken: () => {},
    onRefused: () => {},
  });
}

function arrival(more: Partial<Arrival> = {}): Arrival {
  return { authority: '29001', sensor: 'bastion', transport: 'http', lines: Buffer.from(SSHD), ...more };
}

/** The records that are on disk, without ticks. */
function records(): { kind: number; head: unknown; payload: string }[] {
  const reader = openReader(folder, 0);
  if (reader.isErr()) throw new Error(reader.error.detail);
  const found = [];
  for (;;) {
    const record = reader.value.next(journal.durable);
    if (record === undefined) break;
    if (record.kind !== RecordKind.tick) {
      found.push({ kind: record.kind, head: record.head, payload: record.payload.toString() });
    }
  }
  reader.value.close();
  return found;
}

describe('the intake', () => {
  it('writes down the sensor with its format before its first lines, and numbers the lines', async () => {
    const intake = intakeOf();
    const first = await intake.submit(arrival());
    const second = await intake.submit(arrival({ lines: Buffer.from(SSHD + SSHD.trimEnd()) }));

    expect(first.okOrThrow()).toEqual({ lines: 1, bytes: SSHD.length, duplicate: false });
    expect(second.okOrThrow()).toMatchObject({ lines: 2 });
    expect(records()).toMatchObject([
      { kind: RecordKind.stream, head: { stream: 0, format: 'sshd', unwrap: true, transport: 'http' } },
      { kind: RecordKind.lines, head: { stream: 0, line: 1, lines: 1 }, payload: SSHD },
      { kind: RecordKind.lines, head: { stream: 0, line: 2, lines: 2 }, payload: SSHD + SSHD },
    ]);
  });

  it('writes one record of a sensor that many tell of at the same moment', async () => {
    const intake = intakeOf();
    await Promise.all(Array.from({ length: 20 }, () => intake.submit(arrival())));
    const lines = records().filter(({ kind }) => kind === RecordKind.lines);

    expect(records().filter(({ kind }) => kind === RecordKind.stream)).toHaveLength(1);
    expect(lines.map(({ head }) => (head as LinesHead).line).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it('says a sensor anew when its lines are recognised later', async () => {
    const intake = intakeOf();
    await intake.submit(arrival({ lines: Buffer.from('what is this?\n') }));
    await intake.submit(arrival());

    expect(records().filter(({ kind }) => kind === RecordKind.stream)).toMatchObject([
      { head: { stream: 0, format: null } },
      { head: { stream: 0, format: 'sshd' } },
    ]);
  });

  it('adds a batch once, however often it comes, at once or after a restart', async () => {
    const batch = { client: 'box', sequence: 7 };
    let intake = intakeOf();
    const receipts = await Promise.all(Array.from({ length: 5 }, () => intake.submit(arrival({ batch }))));

    expect(receipts.map((receipt) => receipt.isOk() && receipt.value.duplicate).sort()).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    await journal.close();
    await openAgain();
    intake = intakeOf();
    const reader = openReader(folder, 0);
    if (reader.isErr()) throw new Error(reader.error.detail);
    await intake.recover(reader.value, 0, 0);
    expect((await intake.submit(arrival({ batch }))).okOrThrow()).toMatchObject({ duplicate: true });
    expect(records().filter(({ kind }) => kind === RecordKind.lines)).toHaveLength(1);
  });

  it('refuses a number that comes again with other lines, and keeps the first', async () => {
    const intake = intakeOf();
    const batch = { client: 'box', sequence: 7 };
    await intake.submit(arrival({ batch }));
    const other = await intake.submit(arrival({ batch, lines: Buffer.from(SSHD + SSHD) }));

    expect(other.isErr() && other.error.code).toBe('INTAKE_BATCH_CHANGED');
    expect(records().filter(({ kind }) => kind === RecordKind.lines)).toHaveLength(1);
    expect(intake.refusals.take()).toMatchObject([{ reason: 'batch-changed', batches: 1, lines: 2 }]);
  });

  it('asks the database for numbers below the newest, and believes it', async () => {
    const intake = intakeOf();
    await intake.submit(arrival({ batch: { client: 'box', sequence: 9 } }));
    known.set('box/3', 'gone');
    const old = await intake.submit(arrival({ batch: { client: 'box', sequence: 3 } }));
    const late = await intake.submit(arrival({ batch: { client: 'box', sequence: 8 } }));

    expect(old.isErr() && old.error.code).toBe('INTAKE_BATCH_TOO_OLD');
    expect(late.okOrThrow()).toMatchObject({ duplicate: false });
    expect(asked).toEqual(['box/9', 'box/3', 'box/8']);
  });

  it.each([
    ['an authority that is none', { authority: '29999' }, 'INTAKE_AUTHORITY_UNKNOWN'],
    ['a name with a slash', { sensor: '../etc' }, 'INTAKE_SENSOR_INVALID'],
    ['a format that is none', { format: 'morse' }, 'INTAKE_FORMAT_UNLISTED'],
    ['a zone that is none', { zone: 'Nowhere' }, 'INTAKE_ZONE_UNKNOWN'],
    ['nothing', { lines: Buffer.alloc(0) }, 'INTAKE_EMPTY'],
    ['too much', { lines: Buffer.alloc(MOST_BYTES + 1, 10) }, 'INTAKE_TOO_LARGE'],
  ])('refuses %s', async (_, more, code) => {
    const answer = await intakeOf().submit(arrival(more));

    expect(answer.isErr() && answer.error.code).toBe(code);
    expect(records()).toEqual([]);
  });

  it('cuts what is large at lines, and all of it is one batch', async () => {
    const intake = intakeOf();
    const lines = Buffer.from(SSHD.repeat(100_000));
    await intake.submit(arrival({ lines, batch: { client: 'box', sequence: 1 } }));
    const written = records().filter(({ kind }) => kind === RecordKind.lines);

    expect(written.length).toBeGreaterThan(1);
    expect(written.every(({ payload }) => payload.endsWith('\n'))).toBe(true);
    expect(written.map(({ payload }) => payload).join('')).toBe(lines.toString());
    expect(written.filter(({ head }) => (head as LinesHead).client !== undefined)).toHaveLength(1);
  });

  it('acknowledges nothing that the disk has no room for, and counts it', async () => {
    await journal.close();
    await openAgain(Number.MAX_SAFE_INTEGER);
    const intake = intakeOf();
    const answer = await intake.submit(arrival());

    expect(answer.isErr() && answer.error.code).toBe('INTAKE_DISK_FULL');
    expect(intake.refusals.take()).toMatchObject([{ port: 'http', reason: 'disk-full', lines: 1 }]);
    await intake.stop();
  });

  it('ends steps with ticks: one when lines came, and a last one that holds nothing back', async () => {
    const intake = intakeOf();
    await intake.submit(arrival());
    const reader = openReader(folder, 0);
    if (reader.isErr()) throw new Error(reader.error.detail);
    const ticks: unknown[] = [];
    while (ticks.length < 2) {
      const record = reader.value.next(journal.durable);
      if (record === undefined) await sleep(20);
      else if (record.kind === RecordKind.tick) ticks.push(record.head);
    }
    reader.value.close();

    expect(ticks).toEqual([
      { step: 1, all: false, snapshot: false },
      { step: 2, all: true, snapshot: false },
    ]);
  });
});
