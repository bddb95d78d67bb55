/**
 * The Merkle tree of RFC 6962 and RFC 9162, section 2.1: hashes of leaves and nodes, and a tree that grows.
 *
 *     leaf = SHA-256(0x00 || entry)        node = SHA-256(0x01 || left || right)        empty = SHA-256("")
 */
import { concat } from './bytes.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { rightEdge, TILE_HEIGHT, TILE_WIDTH, type Tile } from './tiles.ts';

/** What stands before an entry, so that no node can pass for a leaf. */
export const LEAF_PREFIX = 0;

/** What stands before two hashes. */
export const NODE_PREFIX = 1;

/** Tiles that are hashed at once: 512 KB of hashes stay in a second-level cache, and calls no longer count. */
const TILES_AT_ONCE = 64;

/** Bytes of a full tile. */
const TILE_BYTES = TILE_WIDTH * HASH_SIZE;

/** Hash of an entry. */
export function leafHash(hasher: Hasher, entry: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hashAll(LEAF_PREFIX, entry, entry.length, 1, out);
  return out;
}

/** Hash of two nodes. */
export function nodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hashAll(NODE_PREFIX, concat(left, right), 2 * HASH_SIZE, 1, out);
  return out;
}

/** Root of the tree without leaves. */
export function emptyRoot(hasher: Hasher): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hash(new Uint8Array(0), out, 0);
  return out;
}

/** Root over 2^n hashes that lie one after the other; `hashes` stays as it is. */
export function perfectRoot(hasher: Hasher, hashes: Uint8Array): Uint8Array {
  // Not slice(): of a Buffer that would be the same bytes.
  const work = new Uint8Array(hashes);
  for (let count = work.length / HASH_SIZE; count > 1; count /= 2) {
    hasher.hashAll(NODE_PREFIX, work, 2 * HASH_SIZE, count / 2, work);
  }
  return work.slice(0, HASH_SIZE);
}

/** Takes a tile, full or partial. The bytes are lent: copy what is to be kept. */
export type TileSink = (tile: Tile, hashes: Uint8Array) => void;

/**
 * A tree that grows at its right edge. Keeps the last tile of each level (8 KB, at most eight of them) and room to hash in,
 * whatever its size; each tile is handed out when it is full, and by `flush` while it is partial.
 */
export class GrowingTree {
  readonly #hasher: Hasher;
  readonly #sink: TileSink;
  readonly #levels: Level[] = [];
  readonly #work = new Uint8Array(TILES_AT_ONCE * TILE_BYTES);
  #size: bigint;

  /**
   * A tree of `size` leaves that grows on; `edge` are the hashes of the tiles that `rightEdge(size)` names, null where it
   * has null. Throws if one of them is missing or of another length. Compare `root()` with the checkpoint: nothing else
   * shows that they are the right ones.
   */
  constructor(hasher: Hasher, sink: TileSink, size = 0n, edge: ReadonlyArray<Uint8Array | null> = []) {
    this.#hasher = hasher;
    this.#sink = sink;
    this.#size = size;
    rightEdge(size).forEach((tile, at) => {
      const hashes = edge[at] ?? new Uint8Array(0);
      const width = tile?.width ?? 0;
      if (hashes.length !== width * HASH_SIZE)
        throw new RangeError(`the tile at level ${at} has another width`);
      const level = newLevel();
      level.index = size >> BigInt(TILE_HEIGHT * (at + 1));
      level.bytes.set(hashes);
      level.width = width;
      level.given = width;
      this.#levels.push(level);
    });
  }

  /** Leaves so far. */
  get size(): bigint {
    return this.#size;
  }

  /** Adds leaves: their hashes, one after the other. */
  append(hashes: Uint8Array): void {
    if (hashes.length % HASH_SIZE !== 0) throw new RangeError('a hash has 32 bytes');
    this.#size += BigInt(hashes.length / HASH_SIZE);
    this.#add(0, hashes);
  }

  /** Hands out the tiles that are partial and have grown since. Call it before a checkpoint of this size is signed. */
  flush(): void {
    this.#levels.forEach((level, at) => {
      if (level.width === level.given) return;
      level.given = level.width;
      this.#sink(
        { level: at, index: level.index, width: level.width },
        level.bytes.subarray(0, level.width * HASH_SIZE),
      );
    });
  }

  /** Root of the tree as it is. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const { bytes, width } of this.#levels) {
      let end = width;
      for (let perfect = 1; perfect <= width; perfect *= 2) {
        if ((width & perfect) === 0) continue;
        const from = (end - perfect) * HASH_SIZE;
        const left = perfectRoot(this.#hasher, bytes.subarray(from, end * HASH_SIZE));
        root = root === undefined ? left : nodeHash(this.#hasher, left, root);
        end -= perfect;
      }
    }
    return root ?? emptyRoot(this.#hasher);
  }

  #add(at: number, hashes: Uint8Array): void {
    this.#levels[at] ??= newLevel();
    const level = this.#levels[at];
    let from = 0;
    while (from < hashes.length) {
      if (level.width === 0 && hashes.length - from >= TILE_BYTES) {
        const tiles = Math.min(Math.floor((hashes.length - from) / TILE_BYTES), TILES_AT_ONCE);
        const to = from + tiles * TILE_BYTES;
        this.#fill(at, level, hashes.subarray(from, to), tiles);
        from = to;
        continue;
      }
      const to = Math.min(hashes.length, from + (TILE_WIDTH - level.width) * HASH_SIZE);
      level.bytes.set(hashes.subarray(from, to), level.width * HASH_SIZE);
      level.width += (to - from) / HASH_SIZE;
      from = to;
      if (level.width < TILE_WIDTH) continue;
      level.width = 0;
      level.given = 0;
      this.#fill(at, level, level.bytes, 1);
    }
  }

  /** Hands out full tiles, and adds their roots to the level above. */
  #fill(at: number, level: Level, full: Uint8Array, tiles: number): void {
    for (let tile = 0; tile < tiles; tile++) {
      const hashes = full.subarray(tile * TILE_BYTES, (tile + 1) * TILE_BYTES);
      this.#sink({ level: at, index: level.index, width: TILE_WIDTH }, hashes);
      level.index++;
    }
    let input = full;
    for (let count = (tiles * TILE_WIDTH) / 2; count >= tiles; count /= 2) {
      this.#hasher.hashAll(NODE_PREFIX, input, 2 * HASH_SIZE, count, this.#work);
      input = this.#work;
    }
    // A copy: the level above hashes in the same room.
    this.#add(at + 1, this.#work.slice(0, tiles * HASH_SIZE));
  }
}

/** The last tile of a level, while it is not full. */
type Level = {
  readonly bytes: Uint8Array;
  index: bigint;
  width: number;
  /** The width at which it was last handed out. */
  given: number;
};

function newLevel(): Level {
  return { bytes: new Uint8Array(TILE_BYTES), index: 0n, width: 0, given: 0 };
}
