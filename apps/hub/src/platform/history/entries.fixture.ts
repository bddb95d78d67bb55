/** Rows for the tests of the history: some that a test spells out, or as many as it wants from generated logs. */
import { join } from 'node:path';
import {
  Batch,
  Clock,
  compileSurface,
  detectFormat,
  EventOutcome,
  Flag,
  isContact,
  Kind,
  LineLoop,
  prepare,
  RULES,
  UTC,
} from '@bellwether/contacts';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoted } from './naming.ts';

/** A row that a test spells out: what it leaves out is a packet that was denied. */
export type Entry = {
  readonly time: number;
  readonly line: number;
  /** Dotted decimal, or the eight groups of IPv6 in full. */
  readonly source?: string;
  readonly destination?: string;
  readonly port?: number;
  readonly rule?: string;
  readonly repeat?: number;
  readonly late?: boolean;
  readonly stake?: number;
};

/** Number of a rule by its code. */
export function ruleOf(code: string): number {
  const rule = RULES.findIndex((each) => each.code === code);
  if (rule < 0) throw new Error(`no rule ${code}`);
  return rule;
}

/** A batch of entries, all contacts of their own. Lines are counted from 1 with `firstLine` 0. */
export function batchOf(entries: readonly Entry[]): Batch {
  const batch = new Batch();
  for (const entry of entries) {
    const row = batch.count++;
    batch.begin(row, Kind.packet);
    batch.time[row] = entry.time;
    batch.line[row] = entry.line;
    batch.flags[row] = Flag.counted | (entry.late === true ? Flag.late : 0);
    setAddresses(batch, row, entry.source ?? '203.0.113.7', entry.destination ?? '198.51.100.10');
    batch.sport[row] = 40_000;
    batch.dport[row] = entry.port ?? 22;
    batch.protocol[row] = 6;
    batch.outcome[row] = EventOutcome.denied;
    batch.rule[row] = ruleOf(entry.rule ?? 'denied');
    batch.repeat[row] = entry.repeat ?? 0;
    batch.stake[row] = entry.stake ?? 0;
  }
  return batch;
}

function setAddresses(batch: Batch, row: number, source: string, destination: string): void {
  if (source.includes(':')) {
    batch.flags[row]! |= Flag.v6;
    batch.wide.set([...words(source), ...words(destination)], 8 * row);
    return;
  }
  batch.src[row] = dotted(source);
  batch.dst[row] = dotted(destination);
}

function dotted(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function words(address: string): number[] {
  const groups = address.split(':').map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((i) => groups[i]! * 65_536 + groups[i + 1]!);
}

/** Takes the bytes of a file. */
type Sink = { write(file: string, bytes: Uint8Array): void };

/** The lines of a generated log as batches, every contact counted, with stakes that differ. */
export function batchesOfLog(format: string, generate: (sink: Sink) => unknown): Batch[] {
  const parts: Buffer[] = [];
  generate({
    write(file, bytes) {
      if (file.endsWith('.log')) parts.push(Buffer.from(bytes));
    },
  });
  const bytes = Buffer.concat(parts);
  const detected = detectFormat(bytes.toString('latin1', 0, 65_536).split('\n'))!;
  const clock = new Clock(UTC, { year: 2026, firstMonth: 10, lastMonth: 10 });
  const loop = new LineLoop(detected.format.reader({ clock }), clock, detected.unwrap);
  const info = { path: 'log', format, sensor: 'log', sensorIndex: -1 };
  const surface = compileSurface(null);
  const batches: Batch[] = [];
  for (let at = 0, line = 0; at < bytes.length; ) {
    const batch = new Batch();
    at = loop.read(bytes, at, bytes.length, line, batch);
    line += batch.lines;
    prepare(batch, bytes, info, surface);
    for (let row = 0; row < batch.count; row++) {
      if (isContact(batch, row)) batch.flags[row]! |= Flag.counted;
      batch.stake[row] = (row % 700) / 100;
    }
    batches.push(batch);
  }
  return batches;
}

/** What a query over Parquet files answers; it calls all their rows `h`. */
export async function ask(folder: string, paths: readonly string[], sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const files = paths.map((path) => quoted(join(folder, path))).join(', ');
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`CREATE VIEW h AS FROM read_parquet([${files}])`);
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
