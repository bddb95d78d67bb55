/**
 * One record of the spool: lines of one source, and where that source stands behind them. Both are in one record, so that
 * both are on disk or neither is.
 *
 *     4 bytes  length of the head         little-endian
 *     4 bytes  length of the lines
 *     4 bytes  CRC-32 (zlib's) of all but these four bytes
 *     head     JSON
 *     lines    as they are, each with its line end
 */
import { crc32 } from 'node:zlib';

/** What stands before lines. */
export type RecordHead = {
  /** When they were kept, ms since 1970. */
  readonly at: number;
  /** How many lines. */
  readonly lines: number;
  /** Which source they are from, and its place behind them, in the source's own words. */
  readonly source?: string;
  readonly place?: string;
};

/** What a segment begins with: all that its sources need if the segments before it are gone. */
export type SegmentHead = {
  readonly at: number;
  readonly lines: 0;
  /** The sequence that the next batch had when the segment was made. */
  readonly sequence: number;
  readonly places: Readonly<Record<string, string>>;
};

/** A record that was read. Offsets are bytes from the beginning of what was read. */
export type SpoolRecord = {
  readonly head: RecordHead | SegmentHead;
  readonly body: Buffer;
  /** Behind it. */
  readonly end: number;
};

/** Before the head. */
export const PREFIX = 12;

/** Lines of one record: four times the longest line that the hub reads, so that no line is ever cut. */
export const MOST_LINES_BYTES = 256 * 1024;

/** A head: the places of a thousand followed files. */
const MOST_HEAD_BYTES = 512 * 1024;

/** A record as bytes. */
export function encodeRecord(head: RecordHead | SegmentHead, body: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const record = Buffer.allocUnsafe(PREFIX + text.length + body.length);
  record.writeUInt32LE(text.length, 0);
  record.writeUInt32LE(body.length, 4);
  text.copy(record, PREFIX);
  body.copy(record, PREFIX + text.length);
  record.writeUInt32LE(checksum(record, record.length), 8);
  return record;
}

/** Reads the record at `at`; undefined where there is no whole and undamaged one. */
export function decodeRecord(bytes: Buffer, at: number): SpoolRecord | undefined {
  const lengths = lengthsAt(bytes, at);
  if (lengths === undefined) return undefined;
  const { head, body } = lengths;
  const end = at + PREFIX + head + body;
  if (end > bytes.length) return undefined;
  const record = bytes.subarray(at, end);
  if (checksum(record, record.length) !== record.readUInt32LE(8)) return undefined;
  return {
    head: JSON.parse(record.toString('utf8', PREFIX, PREFIX + head)) as RecordHead | SegmentHead,
    body: record.subarray(PREFIX + head),
    end,
  };
}

/** How long head and lines at `at` are; undefined where they cannot be a record's. */
export function lengthsAt(bytes: Buffer, at: number): { head: number; body: number } | undefined {
  if (at + PREFIX > bytes.length) return undefined;
  const head = bytes.readUInt32LE(at);
  const body = bytes.readUInt32LE(at + 4);
  return head === 0 || head > MOST_HEAD_BYTES || body > MOST_LINES_BYTES ? undefined : { head, body };
}

function checksum(record: Buffer, end: number): number {
  return crc32(record.subarray(PREFIX, end), crc32(record.subarray(0, 8)));
}
