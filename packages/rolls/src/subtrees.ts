/**
 * Hashes of many small trees at once. The lists of records below some nodes are taken one after the other, then everything
 * is hashed level by level, in as few calls as there are levels. Hot: words instead of bytes, and numbers instead of
 * objects; `testing/plain-tree.ts` is the plain reference.
 *
 *     leaf = H(0x02 ‖ handle ‖ record leaf)        node = H(0x03 ‖ left ‖ right)        absent = 32 zero bytes
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { HANDLE_SIZE } from './rolls-types.ts';

/** What stands before a handle and its leaf. */
export const MAP_LEAF_PREFIX = 2;

/** What stands before two nodes. */
export const MAP_NODE_PREFIX = 3;

/** What is at a place of the tree, as a state tile has it. */
export const NodeKind = { absent: 0, single: 1, node: 2 } as const;

/** Bits of a handle: no path is longer. */
export const HANDLE_BITS = 256;

/** Words of a hash. */
export const WORDS = HASH_SIZE / 4;

/** A bit of a handle, the first being the highest of its first byte. */
export function bitAt(bytes: Uint8Array, at: number, depth: number): number {
  return (bytes[at + (depth >> 3)]! >> (7 - (depth & 7))) & 1;
}

/** The first `bits` (at most 30) bits of the handle at a place, as a number. */
export function prefixOf(bytes: Uint8Array, at: number, bits: number): number {
  const word = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return bits === 0 ? 0 : word >>> (32 - bits);
}

/** Bytes and words of the same memory. */
export type Memory = { readonly bytes: Uint8Array; readonly words: Int32Array };

/** Memory of so many hashes; what `old` holds is copied. */
export function hashMemory(hashes: number, old?: Memory): Memory {
  const words = new Int32Array(hashes * WORDS);
  if (old !== undefined) words.set(old.words.subarray(0, Math.min(old.words.length, words.length)));
  return { bytes: new Uint8Array(words.buffer), words };
}

/** Copies a hash from one place to another. */
export function copyHash(from: Int32Array, fromHash: number, to: Int32Array, toHash: number): void {
  const a = fromHash * WORDS;
  const b = toHash * WORDS;
  for (let i = 0; i < WORDS; i++) to[b + i] = from[a + i]!;
}

/** A batch of small trees. References: 0 absent, odd a single record, even a node. */
export class Subtrees {
  readonly #hasher: Hasher;
  #leafInput = hashMemory(2 * 1024);
  #leafHashes = hashMemory(1024);
  #nodeHashes = hashMemory(1024);
  #input = hashMemory(2 * 1024);
  #output = hashMemory(1024);
  #left = new Int32Array(1024);
  #right = new Int32Array(1024);
  #depth = new Uint16Array(1024);
  #leaves = 0;
  #nodes = 0;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** Forgets what was added. */
  clear(): void {
    this.#leaves = 0;
    this.#nodes = 0;
  }

  /**
   * The records of `slots` [from, to), sorted by handle, all below one node at `depth`: the reference of that node, whose
   * hash is there after `run`.
   */
  add(handles: Memory, leaves: Memory, slots: Int32Array, from: number, to: number, depth: number): number {
    if (from === to) return 0;
    if (to - from === 1) return this.#addLeaf(handles, leaves, slots[from]!);
    if (depth >= HANDLE_BITS) throw new RangeError('a handle stands twice');
    let middle = from;
    while (middle < to && bitAt(handles.bytes, slots[middle]! * HANDLE_SIZE, depth) === 0) middle++;
    const left = this.add(handles, leaves, slots, from, middle, depth + 1);
    const right = this.add(handles, leaves, slots, middle, to, depth + 1);
    const node = this.#nodes++;
    if (node === this.#left.length) this.#growNodes();
    this.#left[node] = left;
    this.#right[node] = right;
    this.#depth[node] = depth;
    return (node + 1) << 1;
  }

  /** Hashes what was added. */
  run(): void {
    this.#hasher.hashAll(
      MAP_LEAF_PREFIX,
      this.#leafInput.bytes,
      2 * HASH_SIZE,
      this.#leaves,
      this.#leafHashes.bytes,
    );
    const { order, ends } = this.#byDepth();
    for (let depth = HANDLE_BITS - 1; depth >= 0; depth--) {
      const from = depth === 0 ? 0 : ends[depth - 1]!;
      const count = ends[depth]! - from;
      if (count === 0) continue;
      for (let i = 0; i < count; i++) {
        const node = order[from + i]!;
        this.copy(this.#left[node]!, this.#input.words, 2 * i);
        this.copy(this.#right[node]!, this.#input.words, 2 * i + 1);
      }
      this.#hasher.hashAll(MAP_NODE_PREFIX, this.#input.bytes, 2 * HASH_SIZE, count, this.#output.bytes);
      for (let i = 0; i < count; i++)
        copyHash(this.#output.words, i, this.#nodeHashes.words, order[from + i]!);
    }
  }

  /** Copies the hash of a reference to the place of a hash; zeros for 0. */
  copy(reference: number, to: Int32Array, place: number): void {
    if (reference === 0) to.fill(0, place * WORDS, (place + 1) * WORDS);
    else if ((reference & 1) === 1) copyHash(this.#leafHashes.words, reference >> 1, to, place);
    else copyHash(this.#nodeHashes.words, (reference >> 1) - 1, to, place);
  }

  #addLeaf(handles: Memory, leaves: Memory, slot: number): number {
    const leaf = this.#leaves++;
    if (leaf * WORDS === this.#leafHashes.words.length) {
      this.#leafInput = hashMemory(4 * leaf, this.#leafInput);
      this.#leafHashes = hashMemory(2 * leaf);
    }
    copyHash(handles.words, slot, this.#leafInput.words, 2 * leaf);
    copyHash(leaves.words, slot, this.#leafInput.words, 2 * leaf + 1);
    return (leaf << 1) | 1;
  }

  #growNodes(): void {
    const size = 2 * this.#left.length;
    this.#nodeHashes = hashMemory(size);
    this.#input = hashMemory(2 * size);
    this.#output = hashMemory(size);
    this.#left = grown(this.#left, new Int32Array(size));
    this.#right = grown(this.#right, new Int32Array(size));
    this.#depth = grown(this.#depth, new Uint16Array(size));
  }

  /** Nodes sorted by depth; those of a depth end at `ends[depth]`. */
  #byDepth(): { readonly order: Int32Array; readonly ends: Int32Array } {
    const ends = new Int32Array(HANDLE_BITS);
    for (let node = 0; node < this.#nodes; node++) ends[this.#depth[node]!]!++;
    for (let depth = 1; depth < HANDLE_BITS; depth++) ends[depth]! += ends[depth - 1]!;
    const next = ends.slice();
    const order = new Int32Array(this.#nodes);
    for (let node = this.#nodes - 1; node >= 0; node--) order[--next[this.#depth[node]!]!] = node;
    return { order, ends };
  }
}

/** The kind that a reference stands for. */
export function kindOfReference(reference: number): number {
  if (reference === 0) return NodeKind.absent;
  return (reference & 1) === 1 ? NodeKind.single : NodeKind.node;
}

/** A longer array that begins with what the old one holds. */
export function grown<T extends Int32Array | Uint16Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
