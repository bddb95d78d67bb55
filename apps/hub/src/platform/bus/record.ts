/**
 * One record of the journal as bytes. All numbers are little endian:
 *
 *      0  u32  'BWJR'
 *      4  u32  CRC-32 (RFC 1952) of all that follows, begun with the journal's seed (see `seedOf`)
 *      8  u32  length of the whole record
 *     12  u32  length of its head
 *     16  u8   kind: 0 a mark, else as in `RecordKind`
 *     17  u8   1: the last record of its call; 0: more of the call follow
 *     18  u16  0
 *     20  u32  how far before this record lies what was known to be on disk when this one was written
 *     24  u64  arrival, ms since 1970
 *     32  u64  offset of this record's first byte
 *     40       head: JSON in UTF-8, then the payload up to the length
 *
 * A call's records are made one by the mark at 17: what lies behind the last record that has it set was never
 * acknowledged, and opening cuts it off. One frame with one sum around a call would do the same, but a reader would
 * have to hold a whole call in memory before it could trust its first byte.
 *
 * The field at 20 tells damage from a torn end: a record that says that the bytes before it were on disk proves that
 * they had been acknowledged. A mark is a record without content that says so when the journal is closed.
 *
 * Since the seed is random and the offset is part of what is summed, lines that a stranger sends cannot pass for a
 * record, wherever they lie.
 */
import { crc32 } from 'node:zlib';
import { MAX_PAYLOAD, RecordKind } from './journal-types.ts';

/** Bytes of a record before its head. */
export const RECORD_HEADER = 40;

/** Largest head: a path of Linux (4 KiB) escaped in JSON, and room for what may come. */
export const MAX_HEAD = 64 * 1024;

/** Largest record. What claims to be larger is damage, whatever its sum says. */
export const MAX_RECORD = RECORD_HEADER + MAX_HEAD + MAX_PAYLOAD;

/** A mark: everything before it was on disk. Readers never show it. */
export const MARK = 0;

/** What begins every record, as bytes to search for. */
export const RECORD_MAGIC = Buffer.from('BWJR');
const MAGIC = RECORD_MAGIC.readUInt32LE(0);

/** Two to the 32nd: where a number of 64 bits is divided. */
const HIGH = 2 ** 32;

/** What stands in a record's header beside lengths and sum. */
export type RecordPlace = {
  readonly kind: RecordKind | typeof MARK;
  /** Whether its call ends with it. */
  readonly last: boolean;
  readonly offset: number;
  /** End of what was known to be on disk when it was written. */
  readonly durable: number;
  readonly arrival: number;
};

/** A record whose sum was right. Head and payload are views. */
export type RawRecord = RecordPlace & {
  readonly end: number;
  readonly head: Buffer;
  readonly payload: Buffer;
};

/** What the sums of a journal begin with: the CRC-32 of its id, so that bytes of another journal never fit. */
export function seedOf(journalId: Buffer): number {
  return crc32(journalId);
}

/**
 * Writes header and head into the first bytes of `into`, which has exactly room for them; the payload, which may lie
 * elsewhere, is summed. `head` must fit in `MAX_HEAD` and `payload` in `MAX_PAYLOAD` bytes.
 */
export function writeRecord(
  into: Buffer,
  place: RecordPlace,
  head: Buffer,
  payload: Uint8Array,
  seed: number,
): void {
  into.writeUInt32LE(MAGIC, 0);
  into.writeUInt32LE(RECORD_HEADER + head.length + payload.length, 8);
  into.writeUInt32LE(head.length, 12);
  into.writeUInt8(place.kind, 16);
  into.writeUInt8(place.last ? 1 : 0, 17);
  into.writeUInt16LE(0, 18);
  into.writeUInt32LE(place.offset - place.durable, 20);
  writeUInt64(into, place.arrival, 24);
  writeUInt64(into, place.offset, 32);
  into.set(head, RECORD_HEADER);
  into.writeUInt32LE(crc32(payload, crc32(into.subarray(8), seed)), 4);
}

/** The length that a record of at least `RECORD_HEADER` bytes claims, or undefined if it cannot be the one at `offset`. */
export function claimedLength(bytes: Buffer, offset: number): number | undefined {
  if (bytes.readUInt32LE(0) !== MAGIC || readUInt64(bytes, 32) !== offset) return undefined;
  const length = bytes.readUInt32LE(8);
  const head = bytes.readUInt32LE(12);
  const fits =
    head <= MAX_HEAD && length >= RECORD_HEADER + head && length <= RECORD_HEADER + head + MAX_PAYLOAD;
  return fits ? length : undefined;
}

/** Reads a record of which all `claimedLength` bytes are there; undefined if its sum or a field is wrong. */
export function readRecord(bytes: Buffer, seed: number): RawRecord | undefined {
  if (crc32(bytes.subarray(8), seed) !== bytes.readUInt32LE(4)) return undefined;
  const kind = bytes.readUInt8(16);
  const last = bytes.readUInt8(17);
  if (!isKind(kind) || last > 1 || bytes.readUInt16LE(18) !== 0) return undefined;
  const offset = readUInt64(bytes, 32);
  const payloadAt = RECORD_HEADER + bytes.readUInt32LE(12);
  return {
    kind,
    last: last === 1,
    offset,
    end: offset + bytes.length,
    durable: offset - bytes.readUInt32LE(20),
    arrival: readUInt64(bytes, 24),
    head: bytes.subarray(RECORD_HEADER, payloadAt),
    payload: bytes.subarray(payloadAt),
  };
}

function isKind(kind: number): kind is RecordKind | typeof MARK {
  return kind >= MARK && kind <= RecordKind.tick;
}

/** Writes a whole number up to 2^53, which is what an offset can be. */
export function writeUInt64(into: Buffer, value: number, at: number): void {
  into.writeUInt32LE(value % HIGH, at);
  into.writeUInt32LE(Math.floor(value / HIGH), at + 4);
}

/** Reads one. Above 2^53 it is not exact, and then nothing that it is compared with is equal. */
export function readUInt64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * HIGH + bytes.readUInt32LE(at);
}
