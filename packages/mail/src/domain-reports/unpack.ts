/** Files as reports come: packed with gzip (RFC 1952) or in an archive, or as they are, whatever their name says. */
import { Inflate } from 'fflate';
import { unpacked, type ZipMember, zipMembers } from '../open/attachments/zip.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';

/** What is in a file. */
export type Packed = {
  /** Bytes as they are packed. */
  readonly size: number;
  /** Unpacks at most so many bytes. */
  readonly unpack: (most: number) => Unpacked;
};

/** What was unpacked. */
export type Unpacked = {
  readonly bytes: Uint8Array;
  /** There is more, or it grew beyond the ratio. */
  readonly isCut: boolean;
  /** It breaks off or is no such data; `bytes` is what came before. */
  readonly isBroken: boolean;
};

/** Bytes handed over at a time: no step makes more than 17 MB of them (RFC 1951 packs 258 bytes in 2 bits). */
const STEP = 16_384;

/** The same where only a beginning is wanted. */
const SMALL_STEP = 512;

/**
 * Steps without a byte coming out, after which the data are at their end: a stored block of 65,535 bytes takes five at most. The
 * library does not tell, and would carry along whatever follows.
 */
const MOST_SILENT = 6;

/** Bytes of a gzip header; names in it are short. */
const MOST_GZIP_HEADER = 4_096;

/** What a file holds: one, or several where it is an archive. */
export function packedIn(bytes: Uint8Array): Packed[] {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return [gzipped(bytes)];
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  if (!isZip) return [{ size: bytes.length, unpack: (most) => asItIs(bytes, most) }];
  const members = (zipMembers(bytes) ?? []).filter(({ name, isLocked }) => !isLocked && !name.endsWith('/'));
  if (members.length > DOMAIN_REPORT_LIMITS.members) return [];
  return members.map((member) => zipped(bytes, member));
}

function asItIs(bytes: Uint8Array, most: number): Unpacked {
  return { bytes: bytes.subarray(0, most), isCut: bytes.length > most, isBroken: false };
}

const BROKEN: Unpacked = { bytes: new Uint8Array(), isCut: false, isBroken: true };

/** The first member; files of several are not made of reports. */
function gzipped(bytes: Uint8Array): Packed {
  const from = gzipBody(bytes);
  return {
    size: bytes.length,
    unpack: (most) => (from === null ? BROKEN : inflatedWithin(bytes.subarray(from), most)),
  };
}

/** Where the data begin; null: the header is none. */
function gzipBody(bytes: Uint8Array): number | null {
  const head = bytes.subarray(0, MOST_GZIP_HEADER);
  const flags = head[3];
  if (head[2] !== 8 || flags === undefined) return null;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (head[at] ?? 0) + 256 * (head[at + 1] ?? 0);
  // A name and a comment, each up to a zero; then two bytes that check the header.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = head.indexOf(0, at);
    if (end === -1) return null;
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at < bytes.length ? at : null;
}

function zipped(bytes: Uint8Array, member: ZipMember): Packed {
  return {
    size: member.packed,
    unpack: (most) => {
      // As if it were stored: its bytes as they are packed.
      const data = unpacked(bytes, { ...member, method: 0 }, member.packed);
      if (data === null || data.length < member.packed) return BROKEN;
      if (member.method === 0) return asItIs(data, most);
      return member.method === 8 ? inflatedWithin(data, most) : BROKEN;
    },
  };
}

/** Inflates in steps (RFC 1951), and ends as soon as there is enough or too much. */
function inflatedWithin(data: Uint8Array, most: number): Unpacked {
  const pieces: Uint8Array[] = [];
  const step = most > STEP ? STEP : SMALL_STEP;
  let length = 0;
  let silent = 0;
  let isCut = false;
  let isBroken = false;
  const inflate = new Inflate((piece) => {
    pieces.push(piece);
    length += piece.length;
  });
  try {
    for (let at = 0; at < data.length && !isCut && silent * step <= MOST_SILENT * STEP; at += step) {
      const taken = Math.min(at + step, data.length);
      const before = length;
      inflate.push(data.subarray(at, taken), taken === data.length);
      silent = length === before ? silent + 1 : 0;
      isCut =
        length > most ||
        (length > DOMAIN_REPORT_LIMITS.ratioFree && length > taken * DOMAIN_REPORT_LIMITS.ratio);
    }
  } catch {
    isBroken = true;
  }
  return { bytes: Buffer.concat(pieces).subarray(0, most), isCut, isBroken };
}
