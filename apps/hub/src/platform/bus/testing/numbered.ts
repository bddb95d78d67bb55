/**
 * Records whose content follows from their number, so that a test can tell from a record alone whether it is whole, and
 * from a row of them whether one is missing, doubled or out of order.
 */
import { openReader } from '../journal-reader.ts';
import { type JournalRecord, type NewRecord, RecordKind } from '../journal-types.ts';

/** One payload in so many is large: several pages, so that it can be torn. */
const LARGE_ONE_IN = 7;

/** The record of a number, and the number that its call ends with. */
export function numbered(number: number, callEnd: number): NewRecord {
  return {
    kind: RecordKind.lines,
    head: { stream: number, line: 1, lines: 1, sequence: callEnd },
    payload: payloadOf(number),
  };
}

function payloadOf(number: number): Uint8Array {
  const length = number % LARGE_ONE_IN === 0 ? 20_000 + (number % 977) : number % 613;
  return new Uint8Array(length).fill(number % 251);
}

/** What is wrong with the record, if it should be the one of that number. */
export function faultOf(record: JournalRecord, number: number): string | undefined {
  const { stream } = record.head as { stream: number };
  if (stream !== number) return `record ${stream} where ${number} should be`;
  return record.payload.equals(payloadOf(number)) ? undefined : `record ${number} has another content`;
}

/** The number that the record's call ends with. */
export function callEndOf(record: JournalRecord): number {
  return (record.head as { sequence: number }).sequence;
}

/** Reads all records from an offset up to another; payloads are copied. */
export function readRecords(folder: string, from: number, to: number): JournalRecord[] {
  const reader = openReader(folder, from).okOrThrow();
  const records: JournalRecord[] = [];
  try {
    for (let record = reader.next(to); record !== undefined; record = reader.next(to)) {
      records.push({ ...record, payload: Buffer.from(record.payload) });
    }
  } finally {
    reader.close();
  }
  return records;
}
