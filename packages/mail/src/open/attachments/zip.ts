/** Archives (PKWARE APPNOTE 6.3): the directory at the end, and members within limits. What is not in the directory is not there. */
import { inflateSync } from 'fflate';

/** One member. */
export type ZipMember = {
  readonly name: string;
  readonly isLocked: boolean;
  /** As stated, bytes. */
  readonly size: number;
  readonly packed: number;
  readonly method: number;
  readonly at: number;
};

/** Members that are looked at. */
const MOST_MEMBERS = 1_000;

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

/** The comment at the end is no longer. */
const MOST_COMMENT = 65_557;

/** The directory; null where there is none. */
export function zipMembers(bytes: Uint8Array): ZipMember[] | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = -1;
  for (let at = all.length - 22; at >= 0 && at > all.length - MOST_COMMENT; at--)
    if (all.readUInt32LE(at) === END) {
      end = at;
      break;
    }
  if (end === -1) return null;
  const members: ZipMember[] = [];
  let at = all.readUInt32LE(end + 16);
  while (members.length < MOST_MEMBERS && at + 46 <= end && all.readUInt32LE(at) === DIRECTORY) {
    const [length, extra, comment] = [
      all.readUInt16LE(at + 28),
      all.readUInt16LE(at + 30),
      all.readUInt16LE(at + 32),
    ];
    members.push({
      name: all.toString('utf8', at + 46, Math.min(at + 46 + length, all.length)).slice(0, 500),
      isLocked: (all.readUInt16LE(at + 8) & 1) === 1,
      method: all.readUInt16LE(at + 10),
      packed: all.readUInt32LE(at + 20),
      size: all.readUInt32LE(at + 24),
      at: all.readUInt32LE(at + 42),
    });
    at += 46 + length + extra + comment;
  }
  return members;
}

/** A member's bytes, up to `most`; null where it is locked, packed in a way that nobody uses, or broken. */
export function unpacked(
  bytes: Uint8Array,
  { at, packed, size, method, isLocked }: ZipMember,
  most: number,
): Uint8Array | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isLocked || at + 30 > all.length || all.readUInt32LE(at) !== LOCAL) return null;
  const from = at + 30 + all.readUInt16LE(at + 26) + all.readUInt16LE(at + 28);
  const data = all.subarray(from, from + packed);
  if (method === 0) return data.subarray(0, most);
  return method === 8 ? inflated(data, Math.min(size, most)) : null;
}

/** Inflates up to so many bytes: what comes beyond is left out; null where the data are broken from the beginning. */
export function inflated(data: Uint8Array, most: number): Uint8Array | null {
  const out = new Uint8Array(most);
  try {
    // The buffer that is handed in does not grow.
    return inflateSync(data, { out });
  } catch {
    return out.some((byte) => byte !== 0) ? out : null;
  }
}
