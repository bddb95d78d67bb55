import { createHash } from 'node:crypto';
import { FORMAT_NAMES, generateContacts, Random } from '@bellwether/testkit';
import { describe, expect, it } from 'vitest';
import { type JournalRecord, RecordKind, type StreamRecord } from '../platform/bus/index.ts';
import { ACCOUNT_COLUMNS, Pending } from './account.ts';
import { Flow, type FlowMemory, type FlowSink } from './judge.ts';
import { linesIn } from './settle.ts';
import { recogniseLines, Streams } from './streams.ts';

/** Sensors of the made-up night: one format each. */
const FORMATS = ['netfilter', 'nginx', 'sshd', 'zeek-conn', 'eve', 'asa'] as const;

/** A journal as offices would have written it: batches of some lines each, ticks between, sensors in turn. */
function journalOf(seed: number): JournalRecord[] {
  const files = new Map<string, Buffer[]>();
  generateContacts(
    { lines: 1500, seed, formats: FORMAT_NAMES.filter((name) => FORMATS.includes(name as never)) },
    {
      write: (name, bytes) => {
        const pieces = files.get(name) ?? [];
        pieces.push(Buffer.from(bytes));
        files.set(name, pieces);
      },
    },
  );
  const random = new Random(seed);
  const records: JournalRecord[] = [];
  let offset = 0;
  const add = (kind: RecordKind, head: unknown, payload = Buffer.alloc(0)) => {
    const end = offset + 64 + payload.length;
    records.push({ kind, offset, end, arrival: Date.UTC(2026, 9, 9), head, payload });
    offset = end;
  };
  const surface = files.get('surface.yaml');
  if (surface === undefined) throw new Error('there is no surface');
  add(RecordKind.surface, {}, Buffer.concat(surface));
  const streams = new Streams();
  const waiting = [...files]
    .filter(([name]) => /\.(log|json)$/.test(name) && name !== 'truth.json')
    .map(([name, pieces]) => ({
      sensor: name.replace(/\W/g, '-'),
      bytes: Buffer.concat(pieces),
      at: 0,
      sequence: 0,
    }));
  let step = 0;
  while (waiting.length > 0) {
    const one = waiting[random.integer(0, waiting.length - 1)]!;
    const wanted = Math.min(one.bytes.length, one.at + 1 + random.integer(0, 40_000));
    const newline = one.bytes.indexOf(10, wanted - 1);
    const lines = one.bytes.subarray(one.at, newline < 0 ? one.bytes.length : newline + 1);
    one.at += lines.length;
    if (one.at >= one.bytes.length) waiting.splice(waiting.indexOf(one), 1);
    const source = { authority: 'state', sensor: one.sensor, transport: 'http' };
    const told = streams.of(source, () => recogniseLines(source, lines))!;
    if (told.isNews) {
      add(RecordKind.stream, told.record);
      streams.know(told.record, 0);
    }
    const count = linesIn(lines);
    const head = {
      stream: told.record.stream,
      line: streams.number(told.record, count),
      lines: count,
      client: one.sensor,
      sequence: one.sequence++,
      digest: createHash('sha256').update(lines).digest('hex').slice(0, 32),
    };
    add(RecordKind.lines, head, lines);
    if (random.integer(0, 3) === 0)
      add(RecordKind.tick, { step: ++step, all: random.integer(0, 5) === 0, snapshot: false });
  }
  add(RecordKind.tick, { step: ++step, all: true, snapshot: true });
  return records;
}

/** What a run leaves behind: the sums of all its steps. */
class Kept implements FlowSink {
  readonly pending = new Pending();
  readonly streams: StreamRecord[] = [];
  readonly after: number;
  units = 0;
  /** Called at the end of each step. */
  onEnd: ((step: number) => void) | undefined;

  /** Steps up to `after` are in the database already. */
  constructor(after = 0) {
    this.after = after;
  }

  pendingFor(step: number): Pending | undefined {
    return step > this.after ? this.pending : undefined;
  }

  history(): void {}

  ended(step: number): void {
    this.onEnd?.(step);
  }

  stream(record: StreamRecord): void {
    this.streams.push(record);
  }

  sum(column: (typeof ACCOUNT_COLUMNS)[number]): number {
    return this.pending.account.sum(column);
  }

  get told(): unknown {
    const { account, incidents, decisions, batches } = this.pending;
    return {
      account: Object.fromEntries(ACCOUNT_COLUMNS.map((name) => [name, account.sum(name)])),
      rows: account.rows.size,
      incidents: [...incidents.values()].filter(({ count }) => count !== 0),
      decisions: decisions.map(({ value, reason }) => `${value} ${reason}`).sort(),
      batches: batches.length,
    };
  }
}

describe('the flow', () => {
  it('puts every line in exactly one place, in every minute of every sensor', () => {
    const records = journalOf(3);
    const kept = new Kept();
    const flow = new Flow();
    for (const record of records) flow.take(record, kept);
    const lines = records.reduce(
      (sum, { kind, payload }) => sum + (kind === RecordKind.lines ? linesIn(payload) : 0),
      0,
    );

    expect(kept.sum('lines')).toBe(lines);
    expect(kept.sum('contacts')).toBeGreaterThan(lines / 3);
    expect(kept.sum('through')).toBeGreaterThan(0);
    expect(kept.pending.decisions.length).toBeGreaterThan(5);
    const place = (name: (typeof ACCOUNT_COLUMNS)[number]) => ACCOUNT_COLUMNS.indexOf(name);
    for (const row of kept.pending.account.rows.values()) {
      const at = (name: (typeof ACCOUNT_COLUMNS)[number]) => row[place(name)]!;
      expect(at('lines') + at('repeated')).toBe(
        at('unreadable') + at('ignored') + at('detail') + at('contacts'),
      );
      const dispositions = row.slice(place('refused')).reduce((sum, count) => sum + count, 0);
      expect(dispositions).toBe(at('contacts'));
    }
    // One incident for each thing, and all of them together are what came through and what is not settled.
    const of = (kind: string) =>
      [...kept.pending.incidents.values()].reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
    expect(of('through')).toBe(kept.sum('through'));
    expect(of('unsettled')).toBe(kept.sum('unsettled'));
  });

  it('goes on from a snapshot as if nothing had happened, wherever it was made', () => {
    const records = journalOf(4);
    const whole = new Kept();
    const first = new Flow();
    for (const record of records) first.take(record, whole);

    const alls = records.flatMap((record, i) =>
      record.kind === RecordKind.tick && (record.head as { all: boolean }).all ? [i] : [],
    );
    for (const cut of [alls[0]!, alls[Math.floor(alls.length / 2)]!, alls.at(-2)!]) {
      const kept = new Kept();
      let flow = new Flow();
      for (const record of records.slice(0, cut + 1)) flow.take(record, kept);
      const pieces = [Buffer.from('x')];
      const memory = flow.snapshot((piece) => void pieces.push(Buffer.from(piece)));
      flow = new Flow(
        JSON.parse(JSON.stringify(memory)) as FlowMemory,
        // As it is read from a file: a view that begins anywhere.
        Buffer.concat(pieces).subarray(1),
      );
      expect(flow.offset).toBe(records[cut]!.end);
      for (const record of records.slice(cut + 1)) flow.take(record, kept);

      expect(kept.told).toEqual(whole.told);
    }
  });

  it('adds nothing of steps that are kept already when it reads them again', () => {
    const records = journalOf(5);
    const whole = new Kept();
    let flow = new Flow();
    let half = 0;
    for (const record of records) flow.take(record, whole);
    half = Math.floor(flow.step / 2);
    const before = new Kept();
    flow = new Flow();
    for (const record of records) {
      flow.take(record, before);
      if (flow.step === half) break;
    }
    const again = new Kept(half);
    flow = new Flow();
    for (const record of records) flow.take(record, again);

    for (const name of ACCOUNT_COLUMNS) expect(before.sum(name) + again.sum(name)).toBe(whole.sum(name));
    expect(before.pending.batches.length + again.pending.batches.length).toBe(whole.pending.batches.length);
    expect(before.pending.decisions.length + again.pending.decisions.length).toBe(
      whole.pending.decisions.length,
    );
  });
});
