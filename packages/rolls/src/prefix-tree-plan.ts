/**
 * Nodes of many small subtrees of the prefix tree that are to be hashed together. Nodes of one height need nothing of each other, so all
 * of them are hashed in one call; the room for it is kept from one use to the next.
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';

/** First byte of what is hashed: a record, and a node above two places. */
export const LEAF_MARK = 0x02;
export const NODE_MARK = 0x03;

/** 32-bit words of a hash, a handle, a leaf; and of two of them. */
export const WORDS: number = HASH_SIZE / 4;
export const PAIR_WORDS: number = 2 * WORDS;

/** A handle has 256 bits, so no subtree is higher. */
const HEIGHTS = 257;

/** Places that room is made for at first; it grows by what is needed. */
const FIRST_ROOM = 64;

/** A child that is absent: 32 zero bytes are hashed for it. */
export const NO_PLACE = -1;

/** The plan. A place is a leaf below the number of leaves, a node from there on. */
export class NodePlan {
  #leaves = 0;
  #nodes = 0;
  #highest = 0;
  /** Left and right child of each node. */
  #children = new Int32Array(2 * FIRST_ROOM);
  #heights = new Uint16Array(FIRST_ROOM);
  /** The last node of each height, and of each node the one before it of the same height; -1 ends. */
  readonly #last = new Int32Array(HEIGHTS).fill(-1);
  #before = new Int32Array(FIRST_ROOM);
  #hashes = new Int32Array(2 * FIRST_ROOM * WORDS);
  #pairs = new Int32Array(FIRST_ROOM * PAIR_WORDS);
  #made = new Int32Array(FIRST_ROOM * WORDS);

  /** Begins anew, above so many leaves. */
  restart(leaves: number): void {
    this.#leaves = leaves;
    this.#nodes = 0;
    this.#highest = 0;
    this.#last.fill(-1);
  }

  /** Plans a node above two places that were planned; its place. */
  add(left: number, right: number): number {
    const node = this.#nodes++;
    if (node === this.#heights.length) this.#makeRoom(2 * node);
    const height = 1 + Math.max(this.#heightOf(left), this.#heightOf(right));
    this.#children[2 * node] = left;
    this.#children[2 * node + 1] = right;
    this.#heights[node] = height;
    this.#before[node] = this.#last[height]!;
    this.#last[height] = node;
    if (height > this.#highest) this.#highest = height;
    return this.#leaves + node;
  }

  /**
   * Hashes of all places, as words, good until the next use. `records`: of each leaf in its order what is hashed of it, 64 bytes (a
   * handle and a leaf, or two halves alike).
   */
  hashAll(hasher: Hasher, records: Uint8Array): Int32Array {
    const places = this.#leaves + this.#nodes;
    if (this.#hashes.length < places * WORDS) this.#hashes = new Int32Array(2 * places * WORDS);
    hasher.hashAll(LEAF_MARK, records, 2 * HASH_SIZE, this.#leaves, bytesOf(this.#hashes));
    for (let height = 1; height <= this.#highest; height++) this.#hashHeight(hasher, height);
    return this.#hashes;
  }

  #hashHeight(hasher: Hasher, height: number): void {
    const [hashes, pairs, made] = [this.#hashes, this.#pairs, this.#made];
    let count = 0;
    for (let node = this.#last[height]!; node >= 0; node = this.#before[node]!, count++) {
      const left = this.#children[2 * node]!;
      const right = this.#children[2 * node + 1]!;
      copyOrClear(hashes, left, pairs, count * PAIR_WORDS);
      copyOrClear(hashes, right, pairs, count * PAIR_WORDS + WORDS);
    }
    hasher.hashAll(NODE_MARK, bytesOf(pairs), 2 * HASH_SIZE, count, bytesOf(made));
    count = 0;
    for (let node = this.#last[height]!; node >= 0; node = this.#before[node]!, count++) {
      copyWords(made, count * WORDS, hashes, (this.#leaves + node) * WORDS, WORDS);
    }
  }

  #heightOf(place: number): number {
    return place < this.#leaves ? 0 : this.#heights[place - this.#leaves]!;
  }

  #makeRoom(nodes: number): void {
    const [children, heights, before] = [this.#children, this.#heights, this.#before];
    this.#children = new Int32Array(2 * nodes);
    this.#children.set(children);
    this.#heights = new Uint16Array(nodes);
    this.#heights.set(heights);
    this.#before = new Int32Array(nodes);
    this.#before.set(before);
    this.#pairs = new Int32Array(nodes * PAIR_WORDS);
    this.#made = new Int32Array(nodes * WORDS);
  }
}

/** Copies words. For some of them a loop is faster than views and `set`. */
export function copyWords(from: Int32Array, at: number, to: Int32Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i]!;
}

/** The same memory as bytes. */
export function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function copyOrClear(hashes: Int32Array, place: number, to: Int32Array, at: number): void {
  if (place === NO_PLACE) to.fill(0, at, at + WORDS);
  else copyWords(hashes, place * WORDS, to, at, WORDS);
}
