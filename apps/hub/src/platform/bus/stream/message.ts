/**
 * One message of the stream: some bytes of the journal behind a head of 40 bytes, little endian.
 *
 *      0  u32  'BWJM'
 *      4  u32  CRC-32 of the bytes 8 to 40
 *      8  u64  offset of the first byte of its group
 *     16  u64  offset of its own first byte
 *     24  u64  arrival of the last record of the group, ms since 1970
 *     32  u8   1: more of the group follow; 0: the group ends with it
 *     33       0
 *
 * A group is what was written at once. Servers take messages of a megabyte, and a call may have 17: it is cut, and
 * counts when its last message is there. A group that was not finished is left where it is; the next one begins at the
 * same offset, and readers forget what they had of the other.
 */
import { crc32 } from 'node:zlib';
import { readUInt64, writeUInt64 } from '../record.ts';

/** Bytes before those of the journal. */
export const MESSAGE_HEAD = 40;

const MAGIC = 0x4d4a5742;

/** What stands in a message. `bytes` is a view. */
export type GroupMessage = {
  readonly group: number;
  readonly offset: number;
  readonly arrival: number;
  readonly more: boolean;
  readonly bytes: Buffer;
};

/** Cuts a group into messages of at most `most` bytes of the journal each. */
export function groupMessages(
  pieces: readonly Buffer[],
  group: number,
  arrival: number,
  most: number,
): Buffer[] {
  let left = pieces.reduce((sum, { length }) => sum + length, 0);
  const messages: Buffer[] = [];
  let offset = group;
  let piece = 0;
  let from = 0;
  while (left > 0) {
    const size = Math.min(left, most);
    left -= size;
    const message = Buffer.allocUnsafe(MESSAGE_HEAD + size);
    writeHead(message, { group, offset, arrival, more: left > 0 });
    for (let at = MESSAGE_HEAD; at < message.length; ) {
      const taken = pieces[piece]!.copy(message, at, from);
      at += taken;
      from += taken;
      if (from === pieces[piece]!.length) {
        piece += 1;
        from = 0;
      }
    }
    offset += size;
    messages.push(message);
  }
  return messages;
}

/** Reads one; undefined if it is none of ours, or was changed. */
export function readMessage(data: Uint8Array): GroupMessage | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length <= MESSAGE_HEAD || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  if (crc32(bytes.subarray(8, MESSAGE_HEAD)) !== bytes.readUInt32LE(4)) return undefined;
  return {
    group: readUInt64(bytes, 8),
    offset: readUInt64(bytes, 16),
    arrival: readUInt64(bytes, 24),
    more: bytes.readUInt8(32) === 1,
    bytes: bytes.subarray(MESSAGE_HEAD),
  };
}

function writeHead(into: Buffer, { group, offset, arrival, more }: Omit<GroupMessage, 'bytes'>): void {
  into.writeUInt32LE(MAGIC, 0);
  writeUInt64(into, group, 8);
  writeUInt64(into, offset, 16);
  writeUInt64(into, arrival, 24);
  into.fill(0, 32, MESSAGE_HEAD);
  into.writeUInt8(more ? 1 : 0, 32);
  into.writeUInt32LE(crc32(into.subarray(8, MESSAGE_HEAD)), 4);
}
