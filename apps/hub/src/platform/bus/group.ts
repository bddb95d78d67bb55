/**
 * Calls that wait, and the bytes that several of them become: what is written at once and shares one fsync.
 */
import type { Result } from '@bellwether/basics';
import { type JournalError, MAX_PAYLOAD, type NewRecord, RecordKind } from './journal-types.ts';
import { MAX_HEAD, RECORD_HEADER, writeRecord } from './record.ts';

/** Largest call: four of the largest records, and their company. Bounds what one group can hold in memory. */
export const MAX_CALL = 4 * MAX_PAYLOAD + 1024 * 1024;

/** A payload up to this size is copied beside its header: cheaper than one more place for the kernel to gather from. */
const COPIED_PAYLOAD = 4 * 1024;

const NO_PAYLOAD = new Uint8Array(0);

/** One call of `record` that waits. */
export type Call = {
  readonly records: readonly PreparedRecord[];
  readonly arrival: number;
  /** Bytes in the journal. */
  readonly size: number;
  /** Nothing but ticks. */
  readonly ticks: boolean;
  readonly answer: (result: Result<number, JournalError>) => void;
};

type PreparedRecord = {
  readonly kind: RecordKind;
  readonly head: Buffer;
  readonly payload: Uint8Array;
};

/** Measures a call. Throws a RangeError on what is beyond the bounds of the format: a defect of the caller. */
export function prepareCall(
  records: readonly NewRecord[],
  arrival: number,
  answer: (result: Result<number, JournalError>) => void,
): Call {
  const prepared = records.map(({ kind, head, payload }) => ({
    kind,
    head: Buffer.from(JSON.stringify(head)),
    payload: payload ?? NO_PAYLOAD,
  }));
  let size = 0;
  for (const { head, payload } of prepared) {
    if (head.length > MAX_HEAD) throw new RangeError(`a head of ${head.length} bytes; at most ${MAX_HEAD}`);
    if (payload.length > MAX_PAYLOAD)
      throw new RangeError(`a payload of ${payload.length} bytes; at most ${MAX_PAYLOAD}`);
    size += RECORD_HEADER + head.length + payload.length;
  }
  if (records.length === 0 || size > MAX_CALL)
    throw new RangeError(`a call of ${records.length} records and ${size} bytes`);
  return {
    records: prepared,
    arrival,
    size,
    ticks: records.every(({ kind }) => kind === RecordKind.tick),
    answer,
  };
}

/** The bytes of the calls, one behind the other from `offset` on, where all before is on disk. */
export function encodeCalls(calls: readonly Call[], offset: number, seed: number): Buffer[] {
  const copied = Buffer.allocUnsafe(copiedBytes(calls));
  const pieces: Buffer[] = [];
  let at = 0;
  let pieceFrom = 0;
  let next = offset;
  for (const { records, arrival } of calls) {
    for (const [index, { kind, head, payload }] of records.entries()) {
      const place = { kind, last: index === records.length - 1, offset: next, durable: offset, arrival };
      const headEnd = at + RECORD_HEADER + head.length;
      writeRecord(copied.subarray(at, headEnd), place, head, payload, seed);
      at = headEnd;
      if (payload.length <= COPIED_PAYLOAD) {
        copied.set(payload, at);
        at += payload.length;
      } else {
        pieces.push(copied.subarray(pieceFrom, at), asBuffer(payload));
        pieceFrom = at;
      }
      next += RECORD_HEADER + head.length + payload.length;
    }
  }
  if (at > pieceFrom) pieces.push(copied.subarray(pieceFrom, at));
  return pieces;
}

function copiedBytes(calls: readonly Call[]): number {
  let bytes = 0;
  for (const { records } of calls) {
    for (const { head, payload } of records) {
      bytes += RECORD_HEADER + head.length + (payload.length <= COPIED_PAYLOAD ? payload.length : 0);
    }
  }
  return bytes;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
