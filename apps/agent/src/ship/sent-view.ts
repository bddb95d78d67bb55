/** What left the building and what waits, read from the files of a spool: also while an agent writes them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notesOf, readBetween, readSegment, recordsIn, segmentNumbers } from './segment-files.ts';
import type { Cut, Settled } from './sent-notes.ts';
import type { Backlog } from './shipping-types.ts';

/** One batch that was sent. */
export type SentBatch = {
  readonly sensor: string;
  readonly segment: number;
  readonly cut: Cut;
  /** Undefined as long as there is no answer. */
  readonly settled?: Settled;
};

/** The sensors that have a spool. */
export async function sensorsOf(spools: string): Promise<string[]> {
  const entries = await readdir(spools, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
}

/** The last batches of a sensor, as many as asked for, the oldest first. */
export async function lastSent(spools: string, sensor: string, most: number): Promise<SentBatch[]> {
  const folder = join(spools, sensor);
  let found: SentBatch[] = [];
  for (const segment of (await segmentNumbers(folder)).reverse()) {
    const { cuts, settled } = await notesOf(folder, segment);
    const batches = cuts.map((cut): SentBatch => {
      const answer = settled.get(cut.sequence);
      return { sensor, segment, cut, ...(answer === undefined ? {} : { settled: answer }) };
    });
    found = [...batches, ...found];
    if (found.length >= most) break;
  }
  return found.slice(-most);
}

/** The bytes of a batch, as they were sent before they were packed; undefined where they were forgotten meanwhile. */
export async function bytesOfBatch(
  spools: string,
  { sensor, segment, cut }: SentBatch,
): Promise<Buffer | undefined> {
  const bytes = await readBetween(join(spools, sensor), segment, cut.from, cut.to).catch(() => undefined);
  const records = bytes === undefined ? [] : recordsIn(bytes);
  if (records.at(-1)?.end !== cut.to - cut.from) return undefined;
  return Buffer.concat(records.map(({ body }) => body));
}

/** What of a sensor is not at the hub. */
export async function waitingOf(spools: string, sensor: string): Promise<Backlog> {
  const folder = join(spools, sensor);
  let lines = 0;
  let bytes = 0;
  let oldest: number | undefined;
  for (const number of (await segmentNumbers(folder)).reverse()) {
    const { cuts, settled } = await notesOf(folder, number);
    const last = cuts.at(-1);
    const to = last === undefined ? 0 : settled.has(last.sequence) ? last.to : last.from;
    const { records, begins } = await readSegment(folder, number).catch(() => ({ records: [], begins: 0 }));
    let from = begins;
    for (const { head, body, end } of records) {
      if (from >= to) {
        lines += head.lines;
        bytes += body.length;
        oldest = Math.min(oldest ?? head.at, head.at);
      }
      from = end;
    }
    // Batches go in order: before one that was sent, everything is settled.
    if (last !== undefined) break;
  }
  return { lines, bytes, ...(oldest === undefined ? {} : { oldest }) };
}
