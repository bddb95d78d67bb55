/**
 * Commitments: what is said of a voter's fields without telling them. Three groups, each with an opening of its own made of
 * the voter's key, so that one can be opened without the others, and none be guessed without the key.
 *
 *     opening     = H(0x05 ‖ voter's key (32) ‖ u32 version ‖ u8 group)        groups: 1 public, 2 identity, 3 administrative
 *     commitment  = HMAC-SHA-256(COMMITMENT_KEY, opening ‖ u8 length ‖ group's name ‖ u32 version ‖ canonical fields)
 *     record leaf = H(0x04 ‖ u32 version ‖ commitment public ‖ identity ‖ administrative)
 *
 * The commitment is that of draft-ietf-keytrans-protocol; HMAC is RFC 2104. Here one by one: plain, for browsers and as the
 * reference of `record-leaves.ts`, which makes them by the hundred thousand.
 */
import { concat, encodeText, HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { GROUPS, type Group } from './rolls-types.ts';

/** What stands before a voter's key, and before a version and three commitments. */
export const OPENING_PREFIX = 5;
export const RECORD_PREFIX = 4;

/** Largest version: u32. */
const MOST_VERSION = 0xffff_ffff;

/** Bytes of a block of SHA-256. */
export const BLOCK = 64;

/** The key of the HMAC, public and the same everywhere: it only keeps commitments apart from other uses of HMAC. */
const COMMITMENT_KEY = encodeText('bellwether/rolls/commitment@1');

/** The key of the HMAC as its two hashes begin: RFC 2104. */
export const INNER_PAD: Uint8Array = padOf(COMMITMENT_KEY, 0x36);
export const OUTER_PAD: Uint8Array = padOf(COMMITMENT_KEY, 0x5c);

/** The opening of a group of a record's version: whoever holds it can check one commitment, and guess no other. */
export function opening(hasher: Hasher, voterKey: Uint8Array, version: number, group: Group): Uint8Array {
  if (voterKey.length !== HASH_SIZE) throw new RangeError("a voter's key has 32 bytes");
  const message = concat(
    Uint8Array.of(OPENING_PREFIX),
    voterKey,
    u32(version),
    Uint8Array.of(GROUPS.indexOf(group) + 1),
  );
  return hashOf(hasher, message);
}

/** The commitment to the canonical fields of a group (`canonicalFields`). */
export function commitment(
  hasher: Hasher,
  openedBy: Uint8Array,
  group: Group,
  version: number,
  fields: Uint8Array,
): Uint8Array {
  if (openedBy.length !== HASH_SIZE) throw new RangeError('an opening has 32 bytes');
  return keyedHash(hasher, COMMITMENT_KEY, concat(openedBy, groupHead(group), u32(version), fields));
}

/** The leaf of a record; commitments in the order of `GROUPS`. */
export function recordLeaf(
  hasher: Hasher,
  version: number,
  commitments: readonly [Uint8Array, Uint8Array, Uint8Array],
): Uint8Array {
  if (commitments.some(({ length }) => length !== HASH_SIZE))
    throw new RangeError('a commitment has 32 bytes');
  return hashOf(hasher, concat(Uint8Array.of(RECORD_PREFIX), u32(version), ...commitments));
}

/** HMAC-SHA-256, RFC 2104; the key has at most 64 bytes. */
export function keyedHash(hasher: Hasher, key: Uint8Array, message: Uint8Array): Uint8Array {
  const inner = hashOf(hasher, concat(padOf(key, 0x36), message));
  return hashOf(hasher, concat(padOf(key, 0x5c), inner));
}

/** How a group is named in its commitments: `u8 length ‖ name`. */
export function groupHead(group: Group): Uint8Array {
  const name = encodeText(group);
  return concat(Uint8Array.of(name.length), name);
}

/** A version, from 1, as four bytes. */
export function u32(version: number): Uint8Array {
  if (!Number.isInteger(version) || version < 1 || version > MOST_VERSION) {
    throw new RangeError(`no version: ${version}`);
  }
  return Uint8Array.of(version >>> 24, version >>> 16, version >>> 8, version);
}

function padOf(key: Uint8Array, mask: number): Uint8Array {
  if (key.length > BLOCK) throw new RangeError('a key has at most 64 bytes');
  const pad = new Uint8Array(BLOCK).fill(mask);
  for (let i = 0; i < key.length; i++) pad[i] = key[i]! ^ mask;
  return pad;
}

function hashOf(hasher: Hasher, message: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hash(message, out, 0);
  return out;
}
