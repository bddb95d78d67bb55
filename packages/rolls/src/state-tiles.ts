/**
 * The state as static files, each named by the hash (hex) of the node of the prefix tree that it holds: whoever reads one
 * computes its name again, so that any server or mirror may give it out.
 *
 *     bucket   all records below a node at depth `bucketBits`, by handle: handle (32) ‖ record leaf (32)
 *     tile     2^levels places below a node: u8 kind ‖ hash (32); kind 0 absent, 1 a single record, 2 a node
 *
 * Tiles take eight levels each from the buckets up; the topmost what is left over. A record that stands alone above the
 * buckets has a bucket of its own. While a state grows, one name keeps one shape: buckets that begin a level lower move all tiles to
 * other levels, which come again eight levels later, in a state of 256 times as many records. A voter's browser fetches one path, and the server learns which bucket it was.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { HASH_SIZE, type Hasher, isSame } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { ABSENT, BRANCH, bitAt, joined, mapNodeHash, PrefixTree, SINGLE } from './prefix-tree.ts';
import { HANDLE_SIZE, NO_LEAF } from './rolls-types.ts';

/** Levels of a tile: 256 places, 8 KB. */
const TILE_LEVELS = 8;

/** Fewest records among which a voter hides when a browser asks for a bucket. */
export const BUCKET_RECORDS = 64;

/** 2^24 buckets are the nation. */
export const MAX_BUCKET_BITS = 24;

const PLACE_SIZE = 1 + HASH_SIZE;
export const RECORD_SIZE: number = 2 * HANDLE_SIZE;

/** Records of a bucket: 64 expected, and never in any honest tree beyond this. Bounds what is read. */
const MAX_BUCKET = 4_096;

/** Bytes of the longest file. */
export const MAX_STATE_FILE: number = MAX_BUCKET * RECORD_SIZE;

/** Bits of a handle that choose its bucket, for so many records. */
export function bucketBitsOf(records: number): number {
  if (records < 2 * BUCKET_RECORDS) return 0;
  return Math.min(MAX_BUCKET_BITS, Math.floor(Math.log2(records / BUCKET_RECORDS)));
}

/** A place of a tile. */
export type Place = { readonly kind: number; readonly hash: Uint8Array };

/** Takes a file: its name, and its bytes. */
export type StateSink = (name: string, bytes: Uint8Array) => void;

/**
 * Writes the files of a tree. `isThere` tells of a name whether that file was written before: it is left out, and all below
 * it, since a hash stands for everything below.
 */
export function writeStateTiles(
  tree: PrefixTree,
  bucketBits: number,
  sink: StateSink,
  isThere: (name: string) => boolean = () => false,
): void {
  const write = (depth: number, index: number): void => {
    const { kind, hash } = tree.nodeAt(depth, index);
    if (kind === ABSENT) return;
    const name = hexOf(hash);
    if (isThere(name)) return;
    if (kind === SINGLE || depth === bucketBits) {
      sink(name, bucketBytes(tree, depth, index));
      return;
    }
    const levels = levelsBelow(depth, bucketBits);
    const places = 2 ** levels;
    const bytes = new Uint8Array(places * PLACE_SIZE);
    for (let i = 0; i < places; i++) {
      const place = tree.nodeAt(depth + levels, index * places + i);
      bytes[i * PLACE_SIZE] = place.kind;
      bytes.set(place.hash, i * PLACE_SIZE + 1);
    }
    for (let i = 0; i < places; i++) write(depth + levels, index * places + i);
    // After what it names: a tile that is there has everything below it.
    sink(name, bytes);
  };
  write(0, 0);
}

/** Levels that the tile of a node at this depth has. */
export function levelsBelow(depth: number, bucketBits: number): number {
  const left = bucketBits - depth;
  return left % TILE_LEVELS === 0 ? TILE_LEVELS : left % TILE_LEVELS;
}

/** Reads a tile, and checks that it is the node of its name. */
export function readTile(
  hasher: Hasher,
  name: Uint8Array,
  levels: number,
  bytes: Uint8Array,
): Result<readonly Place[], RollsError> {
  if (bytes.length !== 2 ** levels * PLACE_SIZE)
    return damaged(name, `${bytes.length} bytes for a tile of ${levels} levels`);
  const places: Place[] = [];
  for (let at = 0; at < bytes.length; at += PLACE_SIZE) {
    const kind = bytes[at]!;
    const hash = bytes.slice(at + 1, at + PLACE_SIZE);
    if (kind > BRANCH || (kind === ABSENT) !== isSame(hash, NO_LEAF))
      return damaged(name, 'a place of an unknown kind');
    places.push({ kind, hash });
  }
  let level: readonly Place[] = places;
  while (level.length > 1) {
    const above: Place[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(placeAbove(hasher, level[i]!, level[i + 1]!));
    level = above;
  }
  return isSame(level[0]!.hash, name) ? ok(places) : damaged(name, 'it holds another node');
}

/** Records of a bucket. */
export type BucketRecords = { readonly count: number; readonly bytes: Uint8Array };

/** Reads a bucket whose node stands `depth` levels below the root, above the handles that begin with the bits of `index`. */
export function readBucket(
  hasher: Hasher,
  name: Uint8Array,
  depth: number,
  index: number,
  bytes: Uint8Array,
): Result<BucketRecords, RollsError> {
  const count = bytes.length / RECORD_SIZE;
  if (!Number.isInteger(count) || count < 1 || count > MAX_BUCKET)
    return damaged(name, `${bytes.length} bytes`);
  for (let i = 0; i < count; i++) {
    const handle = bytes.subarray(i * RECORD_SIZE, i * RECORD_SIZE + HANDLE_SIZE);
    if (depth > 0 && prefixOf(handle, depth) !== index)
      return damaged(name, 'a record that belongs elsewhere');
    if (i > 0 && !isAfter(handle, bytes.subarray((i - 1) * RECORD_SIZE)))
      return damaged(name, 'records out of order');
  }
  // A copy: the tree keeps what it is given.
  const tree = PrefixTree.ofRecords(hasher, new Uint8Array(bytes), count);
  if (tree.size !== count) return damaged(name, 'a record without a leaf');
  return isSame(tree.rootBelow(depth), name) ? ok({ count, bytes }) : damaged(name, 'it holds other records');
}

/** Gets a file by its name. */
export type FetchState = (name: string) => Promise<Result<Uint8Array, RollsError>>;

/** Looks one record up, as a voter's browser does: the leaf of a handle, or null where there is none. */
export async function recordIn(
  hasher: Hasher,
  root: Uint8Array,
  bucketBits: number,
  handle: Uint8Array,
  getFile: FetchState,
): Promise<Result<Uint8Array | null, RollsError>> {
  let place: Place = { kind: isSame(root, NO_LEAF) ? ABSENT : BRANCH, hash: root };
  let depth = 0;
  for (;;) {
    if (place.kind === ABSENT) return ok(null);
    const file = await getFile(hexOf(place.hash));
    if (file.isErr()) return file;
    // The root itself may be a single record: then its file is a bucket, whatever is expected.
    const isBucket =
      place.kind === SINGLE || depth === bucketBits || (depth === 0 && file.value.length === RECORD_SIZE);
    if (isBucket) return leafIn(hasher, place.hash, depth, handle, file.value);
    const levels = levelsBelow(depth, bucketBits);
    const tile = readTile(hasher, place.hash, levels, file.value);
    if (tile.isErr()) return tile;
    place = tile.value[prefixOf(handle, depth + levels) % 2 ** levels]!;
    depth += levels;
  }
}

/** Reads every record of a state, as replay does. `expected`: how many there are. */
export async function readState(
  hasher: Hasher,
  root: Uint8Array,
  bucketBits: number,
  expected: number,
  getFile: FetchState,
): Promise<Result<PrefixTree, RollsError>> {
  const records = new Uint8Array(expected * RECORD_SIZE);
  let end = 0;
  const takePlace = async (place: Place, depth: number, index: number): Promise<Result<void, RollsError>> => {
    if (place.kind === ABSENT) return ok();
    const file = await getFile(hexOf(place.hash));
    if (file.isErr()) return file;
    if (place.kind === SINGLE || depth === bucketBits || (depth === 0 && file.value.length === RECORD_SIZE)) {
      // Hashed together at the end, against the root: here only what would be written beyond the end is refused.
      if (file.value.length % RECORD_SIZE !== 0 || end + file.value.length > records.length) {
        return damaged(place.hash, `more than the ${expected} records of this state, or half a one`);
      }
      records.set(file.value, end);
      end += file.value.length;
      return ok();
    }
    const levels = levelsBelow(depth, bucketBits);
    const tile = readTile(hasher, place.hash, levels, file.value);
    if (tile.isErr()) return tile;
    for (const [i, child] of tile.value.entries()) {
      const taken = await takePlace(child, depth + levels, index * 2 ** levels + i);
      if (taken.isErr()) return taken;
    }
    return ok();
  };
  const whole = await takePlace({ kind: isSame(root, NO_LEAF) ? ABSENT : BRANCH, hash: root }, 0, 0);
  if (whole.isErr()) return whole;
  const count = end / RECORD_SIZE;
  const tree = PrefixTree.ofRecords(hasher, records, count);
  if (count !== expected || tree.size !== count || !isSame(tree.root(), root)) {
    return damaged(root, `its files hold ${tree.size} records of another state than its ${expected}`);
  }
  return ok(tree);
}

/**
 * Names every file of a state, from the top. `visit` tells whether what lies below a name is wanted: of two states that follow on each
 * other most is the same. Buckets are named and not read.
 */
export async function namesOfState(
  hasher: Hasher,
  root: Uint8Array,
  bucketBits: number,
  getFile: FetchState,
  visit: (name: string) => boolean,
): Promise<Result<void, RollsError>> {
  const nameBelow = async ({ kind, hash }: Place, depth: number): Promise<Result<void, RollsError>> => {
    const name = hexOf(hash);
    if (kind === ABSENT || !visit(name) || kind === SINGLE || depth === bucketBits) return ok();
    const file = await getFile(name);
    if (file.isErr()) return file;
    if (depth === 0 && file.value.length === RECORD_SIZE) return ok();
    const levels = levelsBelow(depth, bucketBits);
    const tile = readTile(hasher, hash, levels, file.value);
    if (tile.isErr()) return tile;
    for (const place of tile.value) {
      const below = await nameBelow(place, depth + levels);
      if (below.isErr()) return below;
    }
    return ok();
  };
  return nameBelow({ kind: isSame(root, NO_LEAF) ? ABSENT : BRANCH, hash: root }, 0);
}

function leafIn(
  hasher: Hasher,
  name: Uint8Array,
  depth: number,
  handle: Uint8Array,
  bytes: Uint8Array,
): Result<Uint8Array | null, RollsError> {
  // A record that stands alone rises, so its node tells no depth: it is read as if it were alone in the whole tree.
  const alone = bytes.length === RECORD_SIZE;
  const read = readBucket(hasher, name, alone ? 0 : depth, alone ? 0 : prefixOf(handle, depth), bytes);
  if (read.isErr()) return read;
  for (let at = 0; at < bytes.length; at += RECORD_SIZE) {
    if (isSame(bytes.subarray(at, at + HANDLE_SIZE), handle))
      return ok(bytes.slice(at + HANDLE_SIZE, at + RECORD_SIZE));
  }
  return ok(null);
}

function bucketBytes(tree: PrefixTree, depth: number, index: number): Uint8Array {
  const slots = tree.recordsBelow(depth, index);
  const bytes = new Uint8Array(slots.length * RECORD_SIZE);
  for (const [i, slot] of slots.entries()) {
    bytes.set(tree.handleAt(slot), i * RECORD_SIZE);
    bytes.set(tree.leafAt(slot), i * RECORD_SIZE + HANDLE_SIZE);
  }
  return bytes;
}

function placeAbove(hasher: Hasher, left: Place, right: Place): Place {
  const kind = joined(left.kind, right.kind);
  if (kind === BRANCH) return { kind, hash: mapNodeHash(hasher, left.hash, right.hash) };
  return { kind, hash: left.kind === ABSENT ? right.hash : left.hash };
}

/** The first `depth` bits of a handle, as a number. */
export function prefixOf(handle: Uint8Array, depth: number): number {
  let prefix = 0;
  for (let at = 0; at < depth; at++) prefix = 2 * prefix + bitAt(handle, 0, at);
  return prefix;
}

function isAfter(handle: Uint8Array, before: Uint8Array): boolean {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    if (handle[i] !== before[i]) return handle[i]! > before[i]!;
  }
  return false;
}

/** Hex of each byte: a state has tens of thousands of files, and each is asked for by name. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Hex, as files are named. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += HEX[bytes[at]!]!;
  return text;
}

function damaged(name: Uint8Array, why: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_STATE_DIFFERS', detail: `${hexOf(name)}: ${why}` });
}
