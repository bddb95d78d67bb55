/**
 * Items: one change of one record, 106 bytes, numbers big-endian.
 *
 *     0x01 ‖ u32 batch ‖ u8 kind ‖ u32 version ‖ handle (32) ‖ old leaf (32) ‖ new leaf (32)
 *
 * Kinds: 1 new, 2 changed, 3 removed. A new record has no old leaf (zeros), a removed one no new leaf, and every other leaf
 * is one; the version is that after the change, so that of a new record is 1 and all others are higher. A year of a state
 * has millions of them, so replay looks at them where they lie: `readItems`, and the places below.
 */
import { ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { merkleRoot } from './merkle-root.ts';
import { HANDLE_SIZE, ITEM_KINDS, type Item } from './rolls-types.ts';
import { malformed } from './strict-json.ts';

/** Bytes of an item. */
export const ITEM_BYTES = 106;

/** The first byte of an item; JSON begins with a brace. */
export const ITEM_MARK = 0x01;

/** Where the parts of an item begin. */
export const ITEM_AT = { batch: 1, kind: 5, version: 6, handle: 10, oldLeaf: 42, newLeaf: 74 } as const;

/** Kinds as an item has them. */
export const KIND_BYTES = { new: 1, changed: 2, removed: 3 } as const;

/** Largest number of a batch, and largest version. */
const MOST_U32 = 0xffff_ffff;

/** The bytes of an item. Throws on parts of another size, or that do not agree: a defect of whoever made it. */
export function formatItem({ batch, kind, version, handle, oldLeaf, newLeaf }: Item): Uint8Array {
  const bytes = new Uint8Array(ITEM_BYTES);
  for (const part of [handle, oldLeaf, newLeaf]) {
    if (part.length !== HANDLE_SIZE) throw new RangeError('a handle or a leaf has 32 bytes');
  }
  for (const number of [batch, version]) {
    if (!Number.isInteger(number) || number < 1 || number > MOST_U32)
      throw new RangeError(`no number: ${number}`);
  }
  const view = new DataView(bytes.buffer);
  bytes[0] = ITEM_MARK;
  view.setUint32(ITEM_AT.batch, batch);
  bytes[ITEM_AT.kind] = KIND_BYTES[kind];
  view.setUint32(ITEM_AT.version, version);
  bytes.set(handle, ITEM_AT.handle);
  bytes.set(oldLeaf, ITEM_AT.oldLeaf);
  bytes.set(newLeaf, ITEM_AT.newLeaf);
  const fault = itemFault(bytes, 0);
  if (fault !== null) throw new RangeError(fault);
  return bytes;
}

/** Reads one item; its parts are copies. */
export function parseItem(bytes: Uint8Array): Result<Item, RollsError> {
  if (bytes.length !== ITEM_BYTES) return malformed(`an item has ${ITEM_BYTES} bytes, not ${bytes.length}`);
  const fault = itemFault(bytes, 0);
  if (fault !== null) return malformed(fault);
  const part = (at: number): Uint8Array => new Uint8Array(bytes.subarray(at, at + HANDLE_SIZE));
  return ok({
    batch: numberAt(bytes, ITEM_AT.batch),
    kind: ITEM_KINDS[bytes[ITEM_AT.kind]! - 1]!,
    version: numberAt(bytes, ITEM_AT.version),
    handle: part(ITEM_AT.handle),
    oldLeaf: part(ITEM_AT.oldLeaf),
    newLeaf: part(ITEM_AT.newLeaf),
  });
}

/** Reads items that lie one after the other, without lengths between them. */
export function readItems(bytes: Uint8Array): Result<readonly Item[], RollsError> {
  if (bytes.length % ITEM_BYTES !== 0) return malformed('the items end within one');
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; at += ITEM_BYTES) {
    const item = parseItem(bytes.subarray(at, at + ITEM_BYTES));
    if (item.isErr()) return malformed(`item ${items.length}: ${item.error.detail}`);
    items.push(item.value);
  }
  return ok(items);
}

/** Root of the Merkle tree (RFC 6962) over items that lie one after the other: what a batch tells and its office signs. */
export function itemsRoot(hasher: Hasher, items: Uint8Array): Uint8Array {
  if (items.length % ITEM_BYTES !== 0) throw new RangeError('the items end within one');
  return merkleRoot(hasher, items, ITEM_BYTES);
}

/** What is wrong with the 106 bytes at a place, whatever the state is; null for nothing. */
export function itemFault(bytes: Uint8Array, at: number): string | null {
  if (bytes[at] !== ITEM_MARK) return 'the first byte is not that of an item';
  const kind = bytes[at + ITEM_AT.kind]!;
  const version = numberAt(bytes, at + ITEM_AT.version);
  if (kind < 1 || kind > 3) return 'an item of no known kind';
  if (numberAt(bytes, at + ITEM_AT.batch) === 0) return 'an item of batch 0';
  if ((kind === KIND_BYTES.new) !== (version === 1) || version === 0) {
    return 'a new record has version 1, and any other a higher one';
  }
  if (isZero(bytes, at + ITEM_AT.oldLeaf) !== (kind === KIND_BYTES.new)) {
    return 'a new record has no old leaf, and any other has one';
  }
  if (isZero(bytes, at + ITEM_AT.newLeaf) !== (kind === KIND_BYTES.removed)) {
    return 'a removed record has no new leaf, and any other has one';
  }
  return null;
}

/** A number of four bytes. */
export function numberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + HANDLE_SIZE; i++) if (bytes[i] !== 0) return false;
  return true;
}
