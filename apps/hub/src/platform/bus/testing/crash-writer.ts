/**
 * A process that writes numbered records as fast as it can, several calls at a time, and says after each
 * acknowledgement which number is on disk. Made to be killed.
 *
 *     crash-writer PLACE FIRST_NUMBER
 *
 * PLACE is a `JournalPlace` as JSON.
 */
import { writeSync } from 'node:fs';
import type { JournalPlace } from '../places.ts';
import { openAtPlace } from './kinds.ts';
import { numbered } from './numbered.ts';

const place = JSON.parse(process.argv[2]!) as JournalPlace;

/** So many calls wait at a time: enough for groups of several. */
const CALLERS = 8;

/** Small enough that a new segment is begun every few milliseconds. */
const SEGMENT_BYTES = 300_000;

const journal = (await openAtPlace(place, { segmentBytes: SEGMENT_BYTES })).okOrThrow();
let next = Number(process.argv[3]);
await Promise.all(Array.from({ length: CALLERS }, write));

async function write(): Promise<never> {
  for (;;) {
    const first = next;
    next += 1 + (first % 4);
    const last = next - 1;
    const records = Array.from({ length: last - first + 1 }, (_, index) => numbered(first + index, last));
    (await journal.record(records)).okOrThrow();
    // At once, and not when this process finds the time.
    writeSync(1, `${last}\n`);
  }
}
