/** Making proofs from tiles: RFC 9162, sections 2.1.3.1 and 2.1.4.1, with c2sp.org/tlog-tiles as the store. */
import { err, ok, type Result } from '@bellwether/basics';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { isPart, type Proof } from './proofs.ts';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, tilePath, tileWidth } from './tiles.ts';
import { nodeHash, perfectRoot } from './tree.ts';

/**
 * Reads a tile: its hashes, or more of them than asked for where the tile has grown since (a partial one may have been
 * deleted for the full one); null where there is none.
 */
export type ReadTile = (tile: Tile) => Promise<Uint8Array | null>;

/** The proof that the tree of `size` leaves holds leaf `index`. */
export async function inclusionProof(
  hasher: Hasher,
  index: bigint,
  size: bigint,
  readTile: ReadTile,
): Promise<Result<Proof, EvidenceError>> {
  if (index < 0n || index >= size) return noProof('the tree has no such leaf');
  const ranges: Range[] = [];
  // Down from the root: at each node the other side is part of the proof.
  let start = 0n;
  let end = size;
  while (end - start > 1n) {
    const middle = start + half(end - start);
    if (index < middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  return rangeHashes(hasher, ranges.reverse(), size, readTile);
}

/** The proof that the leaves [start, end) are a part of the tree of `size`; start 0 for an older state of it. */
export async function consistencyProof(
  hasher: Hasher,
  start: bigint,
  end: bigint,
  size: bigint,
  readTile: ReadTile,
): Promise<Result<Proof, EvidenceError>> {
  if (!isPart(start, end) || end > size) return noProof('the tree has no such part');
  const ranges: Range[] = [];
  let from = 0n;
  let to = size;
  // RFC 9162, SUBPROOF: whether what is left is the part itself, whose root is known.
  let known = true;
  while (!(from === start && to === end)) {
    if (from >= start && to <= end) break;
    const middle = from + half(to - from);
    if (end <= middle) {
      ranges.push([middle, to]);
      to = middle;
    } else if (start >= middle) {
      ranges.push([from, middle]);
      from = middle;
    } else {
      // Both sides: the part begins where this node does, so its left side is all of the part's.
      ranges.push([from, middle]);
      from = middle;
      known = false;
    }
  }
  if (!known) ranges.push([from, to]);
  return rangeHashes(hasher, ranges.reverse(), size, readTile);
}

type Range = readonly [start: bigint, end: bigint];

/** Largest power of two below a width of two or more. */
function half(width: bigint): bigint {
  return 1n << BigInt((width - 1n).toString(2).length - 1);
}

async function rangeHashes(
  hasher: Hasher,
  ranges: readonly Range[],
  size: bigint,
  readTile: ReadTile,
): Promise<Result<Proof, EvidenceError>> {
  const tiles = new Map<string, Uint8Array>();
  const hashes: Uint8Array[] = [];
  for (const [start, end] of ranges) {
    const hash = await rangeHash(start, end);
    if (hash.isErr()) return hash;
    hashes.push(hash.value);
  }
  return ok(hashes);

  async function rangeHash(start: bigint, end: bigint): Promise<Result<Uint8Array, EvidenceError>> {
    const width = end - start;
    if ((width & (width - 1n)) === 0n) return perfectHash(start, width.toString(2).length - 1);
    const middle = start + half(width);
    const left = await rangeHash(start, middle);
    if (left.isErr()) return left;
    const right = await rangeHash(middle, end);
    return right.map((hash) => nodeHash(hasher, left.value, hash));
  }

  /** Hash of the 2^height leaves from `start`, which is a multiple of so many. */
  async function perfectHash(start: bigint, height: number): Promise<Result<Uint8Array, EvidenceError>> {
    const level = Math.floor(height / TILE_HEIGHT);
    const inTile = start >> BigInt(TILE_HEIGHT * level);
    const index = inTile / BigInt(TILE_WIDTH);
    const tile: Tile = { level, index, width: tileWidth(level, index, size) };
    const path = tilePath(tile);
    const hashes = tiles.get(path) ?? (await readTile(tile));
    if (hashes === null) return noTile(`${path} is not there`);
    if (hashes.length < tile.width * HASH_SIZE || hashes.length > TILE_WIDTH * HASH_SIZE) {
      return noTile(`${path} has ${hashes.length} bytes`);
    }
    tiles.set(path, hashes);
    const from = Number(inTile % BigInt(TILE_WIDTH)) * HASH_SIZE;
    const count = 2 ** (height % TILE_HEIGHT);
    return ok(perfectRoot(hasher, hashes.subarray(from, from + count * HASH_SIZE)));
  }
}

function noProof(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_PROOF_WRONG', detail });
}

function noTile(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_TILE_MISSING', detail });
}
