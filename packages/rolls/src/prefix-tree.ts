/**
 * The tree over handles. A record stands at the first depth where it is alone; its root is the state of the roll.
 *
 * Kept for replay: the upper levels are dense (a kind and a hash for each place), and below them are short lists of records
 * by handle. What changed is hashed when the root is asked for, level by level. Places of the dense part are numbered as in
 * a heap: the root is 1, the children of n are 2n and 2n + 1. A handle is random, so lists stay short; where somebody
 * makes handles that begin alike, the tree is slower, and as right.
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import type { MapProof } from './map-proof.ts';
import { HANDLE_SIZE } from './rolls-types.ts';
import {
  bitAt,
  copyHash,
  grown,
  HANDLE_BITS,
  hashMemory,
  kindOfReference,
  MAP_NODE_PREFIX,
  type Memory,
  NodeKind,
  prefixOf,
  Subtrees,
} from './subtrees.ts';

/** Records of a list at least, on the average: fewer make the dense part large, more make each change dear. */
const LIST_RECORDS = 3;

/** Records of a list, on the average, at which the dense part gets more levels. */
const LIST_LIMIT = 12;

/** Most dense levels: 2^23 places of 32 bytes, a quarter of a gigabyte, enough for 50 million records. */
const MAX_DENSE_BITS = 22;

/** Lists that are hashed at once: their hashes stay in a cache. */
const LISTS_AT_ONCE = 4096;

/** Nodes of one level that are hashed at once. */
const NODES_AT_ONCE = 4096;

/** A place of the tree: its kind (`NodeKind`) and its hash, zeros where nothing is. */
export type TreeNode = { readonly kind: number; readonly hash: Uint8Array };

/** Handles and their leaves. A handle keeps its slot while it is there, and no slot is used twice. */
export class PrefixTree {
  readonly hasher: Hasher;
  readonly #subtrees: Subtrees;
  readonly #pairs = hashMemory(2 * NODES_AT_ONCE);
  readonly #joined = hashMemory(NODES_AT_ONCE);
  #handles: Memory;
  #leaves: Memory;
  /** Next slot of the list; -1 ends it. */
  #next: Int32Array;
  #slots: number;
  #size: number;
  #bits = 0;
  #first = new Int32Array(0);
  #hashes = hashMemory(0);
  #kinds = new Uint8Array(0);
  #changedAt = new Uint32Array(0);
  #isDirty = new Uint8Array(0);
  #dirty: number[] = [];
  #generation = 0;

  /** A tree of `count` records: handles, sorted and each once, and leaves, 32 bytes each. Both are copied. */
  static ofSorted(hasher: Hasher, handles: Uint8Array, leaves: Uint8Array, count: number): PrefixTree {
    const bytes = count * HANDLE_SIZE;
    if (handles.length < bytes || leaves.length < bytes) throw new RangeError('fewer handles or leaves');
    for (let at = HANDLE_SIZE; at < bytes; at += HANDLE_SIZE) {
      if (compare(handles, at - HANDLE_SIZE, handles, at) >= 0) throw new RangeError('handles not sorted');
    }
    for (let slot = 0; slot < count; slot++) {
      if (isZero(leaves, slot * HASH_SIZE)) throw new RangeError('a record without a leaf');
    }
    return new PrefixTree(hasher, handles, leaves, count);
  }

  private constructor(hasher: Hasher, handles: Uint8Array, leaves: Uint8Array, count: number) {
    this.hasher = hasher;
    this.#subtrees = new Subtrees(hasher);
    // A little more than there is: a year has a twentieth of new records.
    const room = count + (count >> 4) + 64;
    this.#handles = hashMemory(room);
    this.#leaves = hashMemory(room);
    this.#handles.bytes.set(handles.subarray(0, count * HANDLE_SIZE));
    this.#leaves.bytes.set(leaves.subarray(0, count * HASH_SIZE));
    this.#next = new Int32Array(room);
    this.#slots = count;
    this.#size = count;
    const sorted = new Int32Array(count);
    for (let slot = 0; slot < count; slot++) sorted[slot] = slot;
    this.#layOut(sorted);
  }

  /** Records. */
  get size(): number {
    return this.#size;
  }

  /** Grows whenever `root` finds changes; what `changedSince` and `writeStateTiles` compare with. */
  get generation(): number {
    return this.#generation;
  }

  /** Slot of a handle; -1: it is not there. */
  find(handle: Uint8Array): number {
    if (handle.length !== HANDLE_SIZE) throw new RangeError('a handle has 32 bytes');
    for (let slot = this.#first[prefixOf(handle, 0, this.#bits)]!; slot >= 0; slot = this.#next[slot]!) {
      if (compare(this.#handles.bytes, slot * HANDLE_SIZE, handle, 0) === 0) return slot;
    }
    return -1;
  }

  /** The leaf at a slot, a copy; zeros where the record was removed. */
  leafAt(slot: number): Uint8Array {
    return this.#leaves.bytes.slice(slot * HASH_SIZE, (slot + 1) * HASH_SIZE);
  }

  /** The handle at a slot, a copy. */
  handleAt(slot: number): Uint8Array {
    return this.#handles.bytes.slice(slot * HANDLE_SIZE, (slot + 1) * HANDLE_SIZE);
  }

  /** Gives a handle a leaf, or takes it away by `NO_LEAF`. The slot; -1 where there was nothing to take. */
  change(handle: Uint8Array, leaf: Uint8Array): number {
    if (leaf.length !== HASH_SIZE) throw new RangeError('a leaf has 32 bytes');
    const isRemoved = isZero(leaf, 0);
    let slot = this.find(handle);
    if (slot < 0 && isRemoved) return -1;
    if (slot < 0) slot = this.#insert(handle);
    else if (isRemoved) this.#unlink(slot);
    this.#leaves.bytes.set(leaf, slot * HASH_SIZE);
    this.#touch(prefixOf(handle, 0, this.#bits));
    if (this.#size > LIST_LIMIT << this.#bits && this.#bits < MAX_DENSE_BITS) this.#layOut(this.#sorted());
    return slot;
  }

  /** The root, 32 bytes: of no record, zeros. Hashes what changed since it was last asked for. */
  root(): Uint8Array {
    if (this.#dirty.length > 0) this.#hashChanges();
    return this.#hashes.bytes.slice(HASH_SIZE, 2 * HASH_SIZE);
  }

  /** The node at a depth (at most 30) whose path is the number `index`. */
  nodeAt(depth: number, index: number): TreeNode {
    if (this.#dirty.length > 0) this.#hashChanges();
    const out = hashMemory(1);
    if (depth <= this.#bits) {
      const place = 2 ** depth + index;
      copyHash(this.#hashes.words, place, out.words, 0);
      return { kind: this.#kinds[place]!, hash: out.bytes };
    }
    const slots = this.slotsBelow(depth, index);
    return this.#nodeOver(slots, 0, slots.length, depth);
  }

  /** Whether anything below a node (depth at most 30) changed after a generation; where unsure, yes. */
  changedSince(generation: number, depth: number, index: number): boolean {
    if (this.#dirty.length > 0) this.#hashChanges();
    const place =
      depth <= this.#bits ? 2 ** depth + index : 2 ** this.#bits + (index >>> (depth - this.#bits));
    return this.#changedAt[place]! > generation;
  }

  /** Slots of the records below a node (depth at most 30), by handle. */
  slotsBelow(depth: number, index: number): Int32Array {
    const slots: number[] = [];
    const deeper = this.#bits - depth;
    const from = deeper >= 0 ? index * 2 ** deeper : index >>> -deeper;
    const to = deeper >= 0 ? (index + 1) * 2 ** deeper : from + 1;
    for (let list = from; list < to; list++) {
      for (let slot = this.#first[list]!; slot >= 0; slot = this.#next[slot]!) {
        if (deeper >= 0 || prefixOf(this.#handles.bytes, slot * HANDLE_SIZE, depth) === index)
          slots.push(slot);
      }
    }
    return Int32Array.from(slots);
  }

  /** Proof that the handle is there, or is not: `checkMapProof`. */
  proof(handle: Uint8Array): MapProof {
    const slot = this.find(handle);
    const siblings: Uint8Array[] = [];
    let node = this.nodeAt(0, 0);
    let index = 0;
    // Along the dense part, then along the list.
    for (let depth = 0; depth < this.#bits; depth++) {
      if (node.kind !== NodeKind.node) return { siblings, other: this.#alone(node, depth, index, slot) };
      const bit = bitAt(handle, 0, depth);
      siblings.push(this.nodeAt(depth + 1, 2 * index + 1 - bit).hash);
      index = 2 * index + bit;
      node = this.nodeAt(depth + 1, index);
    }
    const slots = this.slotsBelow(this.#bits, index);
    let from = 0;
    let to = slots.length;
    for (let depth = this.#bits; to - from > 1 && depth < HANDLE_BITS; depth++) {
      let middle = from;
      while (middle < to && bitAt(this.#handles.bytes, slots[middle]! * HANDLE_SIZE, depth) === 0) middle++;
      const isRight = bitAt(handle, 0, depth) === 1;
      const [left, right] = isRight ? [from, middle] : [middle, to];
      siblings.push(this.#nodeOver(slots, left, right, depth + 1).hash);
      if (isRight) from = middle;
      else to = middle;
    }
    return { siblings, other: to - from === 1 ? this.#unless(slots[from]!, slot) : null };
  }

  #alone(node: TreeNode, depth: number, index: number, own: number): MapProof['other'] {
    return node.kind === NodeKind.absent ? null : this.#unless(this.slotsBelow(depth, index)[0]!, own);
  }

  #unless(slot: number, own: number): MapProof['other'] {
    return slot === own ? null : { handle: this.handleAt(slot), leaf: this.leafAt(slot) };
  }

  #nodeOver(slots: Int32Array, from: number, to: number, depth: number): TreeNode {
    this.#subtrees.clear();
    const reference = this.#subtrees.add(this.#handles, this.#leaves, slots, from, to, depth);
    this.#subtrees.run();
    const out = hashMemory(1);
    this.#subtrees.copy(reference, out.words, 0);
    return { kind: kindOfReference(reference), hash: out.bytes };
  }

  #insert(handle: Uint8Array): number {
    const slot = this.#slots++;
    if (slot === this.#next.length) {
      const room = slot + (slot >> 3) + 64;
      this.#handles = hashMemory(room, this.#handles);
      this.#leaves = hashMemory(room, this.#leaves);
      this.#next = grown(this.#next, new Int32Array(room));
    }
    this.#handles.bytes.set(handle, slot * HANDLE_SIZE);
    const list = prefixOf(handle, 0, this.#bits);
    let before = -1;
    let after = this.#first[list]!;
    while (after >= 0 && compare(this.#handles.bytes, after * HANDLE_SIZE, handle, 0) < 0) {
      before = after;
      after = this.#next[after]!;
    }
    this.#next[slot] = after;
    this.#link(list, before, slot);
    this.#size++;
    return slot;
  }

  #unlink(slot: number): void {
    const list = prefixOf(this.#handles.bytes, slot * HANDLE_SIZE, this.#bits);
    let before = -1;
    for (let at = this.#first[list]!; at !== slot; at = this.#next[at]!) before = at;
    this.#link(list, before, this.#next[slot]!);
    this.#size--;
  }

  #link(list: number, before: number, slot: number): void {
    if (before < 0) this.#first[list] = slot;
    else this.#next[before] = slot;
  }

  #touch(list: number): void {
    if (this.#isDirty[list] === 1) return;
    this.#isDirty[list] = 1;
    this.#dirty.push(list);
  }

  /** All slots, by handle. */
  #sorted(): Int32Array {
    return this.slotsBelow(0, 0);
  }

  /** As many dense levels as fit the records; everything has to be hashed then. */
  #layOut(sorted: Int32Array): void {
    this.#bits = denseBits(sorted.length);
    const lists = 2 ** this.#bits;
    this.#first = new Int32Array(lists).fill(-1);
    this.#hashes = hashMemory(2 * lists);
    this.#kinds = new Uint8Array(2 * lists);
    this.#changedAt = new Uint32Array(2 * lists);
    this.#isDirty = new Uint8Array(lists).fill(1);
    this.#dirty = Array.from({ length: lists }, (_, list) => list);
    // From the last to the first, each before what its list begins with.
    for (let i = sorted.length - 1; i >= 0; i--) {
      const slot = sorted[i]!;
      const list = prefixOf(this.#handles.bytes, slot * HANDLE_SIZE, this.#bits);
      this.#next[slot] = this.#first[list]!;
      this.#first[list] = slot;
    }
  }

  #hashChanges(): void {
    this.#generation++;
    const lists = Int32Array.from(this.#dirty).sort();
    this.#dirty = [];
    for (const list of lists) this.#isDirty[list] = 0;
    for (let at = 0; at < lists.length; at += LISTS_AT_ONCE) {
      this.#hashLists(lists.subarray(at, at + LISTS_AT_ONCE));
    }
    let places = lists.map((list) => 2 ** this.#bits + list);
    while (places[0]! > 1) {
      places = parents(places);
      for (let at = 0; at < places.length; at += NODES_AT_ONCE) {
        this.#hashNodes(places.subarray(at, at + NODES_AT_ONCE));
      }
    }
  }

  #hashLists(lists: Int32Array): void {
    this.#subtrees.clear();
    const references = new Int32Array(lists.length);
    const slots: number[] = [];
    const ends = lists.map((list) => {
      for (let slot = this.#first[list]!; slot >= 0; slot = this.#next[slot]!) slots.push(slot);
      return slots.length;
    });
    const all = Int32Array.from(slots);
    for (let i = 0; i < lists.length; i++) {
      const from = i === 0 ? 0 : ends[i - 1]!;
      references[i] = this.#subtrees.add(this.#handles, this.#leaves, all, from, ends[i]!, this.#bits);
    }
    this.#subtrees.run();
    for (let i = 0; i < lists.length; i++) {
      const place = 2 ** this.#bits + lists[i]!;
      this.#subtrees.copy(references[i]!, this.#hashes.words, place);
      this.#kinds[place] = kindOfReference(references[i]!);
      this.#changedAt[place] = this.#generation;
    }
  }

  #hashNodes(places: Int32Array): void {
    const { words } = this.#hashes;
    const joined = new Int32Array(places.length);
    let count = 0;
    for (const place of places) {
      const left = this.#kinds[2 * place]!;
      const right = this.#kinds[2 * place + 1]!;
      this.#changedAt[place] = this.#generation;
      // A record that is alone rises; two places that are empty are one.
      if (left + right <= NodeKind.single) {
        this.#kinds[place] = left + right;
        copyHash(words, left === NodeKind.single ? 2 * place : 2 * place + 1, words, place);
        continue;
      }
      this.#kinds[place] = NodeKind.node;
      copyHash(words, 2 * place, this.#pairs.words, 2 * count);
      copyHash(words, 2 * place + 1, this.#pairs.words, 2 * count + 1);
      joined[count++] = place;
    }
    this.hasher.hashAll(MAP_NODE_PREFIX, this.#pairs.bytes, 2 * HASH_SIZE, count, this.#joined.bytes);
    for (let i = 0; i < count; i++) copyHash(this.#joined.words, i, words, joined[i]!);
  }
}

/** Places of the level above, each once; `places` are sorted. */
function parents(places: Int32Array): Int32Array {
  const above = new Int32Array(places.length);
  let count = 0;
  for (const place of places) {
    if (count === 0 || above[count - 1] !== place >> 1) above[count++] = place >> 1;
  }
  return above.subarray(0, count);
}

function denseBits(records: number): number {
  return Math.min(MAX_DENSE_BITS, Math.max(0, Math.floor(Math.log2(records / LIST_RECORDS))));
}

/** Below 0, 0 or above: the order of two handles. */
function compare(a: Uint8Array, from: number, b: Uint8Array, at: number): number {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    const difference = a[from + i]! - b[at + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + HASH_SIZE; i++) if (bytes[i] !== 0) return false;
  return true;
}
