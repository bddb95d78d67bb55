/**
 * The state of the roll: a prefix tree from handle to record leaf, in the shape of IETF key transparency
 * (draft-ietf-keytrans-protocol, prefix tree).
 *
 *     leaf    H(0x02 ‖ handle ‖ record leaf), at the first depth where its handle is alone
 *     node    H(0x03 ‖ left ‖ right), an absent child being 32 zero bytes
 *
 * A state has millions of records and some thousand changes a night, so the tree is kept in two parts: the upper levels as
 * an array of nodes, and below them small buckets of records, which are made again when one of their records changes. What is
 * to be hashed at one level is hashed in one call.
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { HANDLE_SIZE, NO_LEAF } from './rolls-types.ts';

/** First byte of what is hashed. */
const LEAF = 0x02;
const NODE = 0x03;

/** What stands at a place of the tree. */
export const ABSENT = 0;
export const SINGLE = 1;
export const BRANCH = 2;

/** Records in a bucket, about: fewer cost memory for the levels above, more cost hashes for each change. */
const BUCKET_RECORDS = 4;

/** Levels above the buckets: 2^21 nodes of 33 bytes are enough for a state; the largest has four times as many records. */
const MOST_UPPER = 22;

/** Longest path: a handle has so many bits. */
export const MAX_DEPTH = 256;

/** Nodes that are hashed in one call. */
const AT_ONCE = 4_096;

/** 32-bit words of a hash, a handle, a leaf. */
const WORDS = HASH_SIZE / 4;

/** Room for a tenth more when the slots are full: a state grows slowly. */
const GROWTH = 1.1;

/** What shows that a record is there, or that none is. */
export type MapProof = {
  /** From the root's child down; 32 zero bytes for an absent one. */
  readonly siblings: readonly Uint8Array[];
  /** The other record that stands alone where the handle would be; null where nothing is, or the record itself. */
  readonly other: { readonly handle: Uint8Array; readonly leaf: Uint8Array } | null;
};

/** The tree. Slots are places of records: they stay, also when a record is removed, so that callers keep columns beside them. */
export class PrefixTree {
  readonly #hasher: Hasher;
  #handles!: Uint8Array;
  #leaves!: Uint8Array;
  /** The same memory as words: copying eight of them is cheaper than making views of bytes. */
  #handleWords!: Int32Array;
  #leafWords!: Int32Array;
  /** Slots that are taken, and records among them. */
  #slots = 0;
  #size = 0;
  /** Levels of the array; buckets hang below. */
  #upper = 0;
  /** First slot of a bucket, and the next one of the same bucket; -1 ends. */
  #heads!: Int32Array;
  #next: Int32Array = new Int32Array(0);
  /** Node 1 is the root, 2i and 2i + 1 are the children of i. */
  #kinds!: Uint8Array;
  #hashes!: Uint8Array;
  #hashWords!: Int32Array;
  /** Buckets that are to be made again, and which these are. */
  #touched: number[] = [];
  #isTouched!: Uint8Array;
  /** Where nodes of one call are hashed. */
  readonly #work = workOf(AT_ONCE);

  constructor(hasher: Hasher, expected = 0) {
    this.#hasher = hasher;
    this.#makeRoom(Math.max(expected, 16));
    this.#layOut(upperFor(expected));
  }

  /** A tree of `count` records: handles and leaves of 32 bytes, one behind the other, both are copied. The order is no matter. */
  static ofSorted(hasher: Hasher, handles: Uint8Array, leaves: Uint8Array, count: number): PrefixTree {
    const tree = new PrefixTree(hasher, count);
    tree.#handles.set(handles.subarray(0, count * HANDLE_SIZE));
    tree.#leaves.set(leaves.subarray(0, count * HANDLE_SIZE));
    tree.#slots = count;
    for (let slot = 0; slot < count; slot++) {
      if (!isAbsentLeaf(tree.#leafWords, slot)) tree.#size++;
      tree.#link(slot);
    }
    return tree;
  }

  /** Records that are there. */
  get size(): number {
    return this.#size;
  }

  /** Slots that are taken, by records that are there and by removed ones. */
  get slots(): number {
    return this.#slots;
  }

  /** The slot of a handle; -1: it is not in the state. */
  find(handle: Uint8Array): number {
    const slot = this.#slotOf(handle);
    return slot >= 0 && isAbsentLeaf(this.#leafWords, slot) ? -1 : slot;
  }

  /** The same, also of a record that was removed. */
  #slotOf(handle: Uint8Array): number {
    for (let slot = this.#heads[this.#bucketOf(handle, 0)]!; slot >= 0; slot = this.#next[slot]!) {
      if (isSameAt(this.#handles, slot * HANDLE_SIZE, handle)) return slot;
    }
    return -1;
  }

  /** The handle of a slot: a view, not to be written to. */
  handleAt(slot: number): Uint8Array {
    return this.#handles.subarray(slot * HANDLE_SIZE, (slot + 1) * HANDLE_SIZE);
  }

  /** The record leaf of a slot, `NO_LEAF` for a removed record: a view, good until the next change. */
  leafAt(slot: number): Uint8Array {
    return this.#leaves.subarray(slot * HANDLE_SIZE, (slot + 1) * HANDLE_SIZE);
  }

  /** Gives a handle another leaf; `NO_LEAF` removes it. Its slot, which stays its own. */
  change(handle: Uint8Array, leaf: Uint8Array): number {
    let slot = this.#slotOf(handle);
    if (slot < 0) {
      slot = this.#slots++;
      if (slot === this.#next.length) this.#makeRoom(Math.ceil(slot * GROWTH) + 16);
      this.#handles.set(handle, slot * HANDLE_SIZE);
      if (this.#slots >> this.#upper > 4 * BUCKET_RECORDS && this.#upper < MOST_UPPER) {
        this.#layOut(upperFor(this.#slots));
        for (let each = 0; each < slot; each++) this.#link(each);
      }
      this.#link(slot);
    } else if (!isAbsentLeaf(this.#leafWords, slot)) this.#size--;
    this.#leaves.set(leaf, slot * HANDLE_SIZE);
    if (!isAbsentLeaf(this.#leafWords, slot)) this.#size++;
    this.#touch(this.#bucketOf(this.#handles, slot * HANDLE_SIZE));
    return slot;
  }

  /** The root; hashes what changed since it was asked last. */
  root(): Uint8Array {
    this.#settle();
    return this.#hashes.slice(HASH_SIZE, 2 * HASH_SIZE);
  }

  /** What stands `depth` levels below the root at `index`, counted from the left. `depth`: at most `depthOfNodes`. */
  nodeAt(depth: number, index: number): { readonly kind: number; readonly hash: Uint8Array } {
    if (depth > this.#upper) throw new RangeError(`depth ${depth} of ${this.#upper}`);
    this.#settle();
    const node = 2 ** depth + index;
    return { kind: this.#kinds[node]!, hash: this.#hashes.slice(node * HASH_SIZE, (node + 1) * HASH_SIZE) };
  }

  /** How deep `nodeAt` and `recordsBelow` can be asked. */
  get depthOfNodes(): number {
    return this.#upper;
  }

  /** Slots of the records below a node, by handle. */
  recordsBelow(depth: number, index: number): number[] {
    if (depth > this.#upper) throw new RangeError(`depth ${depth} of ${this.#upper}`);
    const width = 2 ** (this.#upper - depth);
    const all: number[] = [];
    for (let bucket = index * width; bucket < (index + 1) * width; bucket++)
      all.push(...this.#inBucket(bucket));
    return all;
  }

  /** Root of all records as if this tree were the part of another one that begins `depth` levels below its root. */
  rootBelow(depth: number): Uint8Array {
    const slots: number[] = [];
    for (let bucket = 0; bucket < this.#heads.length; bucket++) slots.push(...this.#inBucket(bucket));
    return this.#rootOf(slots, depth);
  }

  /** What shows that a handle has its leaf, or that it is not there. */
  proof(handle: Uint8Array): MapProof {
    this.#settle();
    const siblings: Uint8Array[] = [];
    let node = 1;
    for (let depth = 0; depth < this.#upper; depth++) {
      if (this.#kinds[node] !== BRANCH) return { siblings, other: this.#otherBelow(node, handle) };
      const right = bitAt(handle, 0, depth);
      const away = 2 * node + 1 - right;
      siblings.push(this.#hashes.slice(away * HASH_SIZE, (away + 1) * HASH_SIZE));
      node = 2 * node + right;
    }
    let slots = this.#inBucket(node - 2 ** this.#upper);
    for (let depth = this.#upper; slots.length > 1; depth++) {
      const cut = this.#cut(slots, 0, slots.length, depth);
      const right = bitAt(handle, 0, depth);
      siblings.push(this.#rootOf(right === 1 ? slots.slice(0, cut) : slots.slice(cut), depth + 1));
      slots = right === 1 ? slots.slice(cut) : slots.slice(0, cut);
    }
    return { siblings, other: this.#asOther(slots[0], handle) };
  }

  /** The record that stands alone below a node, unless it is the one of the handle. */
  #otherBelow(node: number, handle: Uint8Array): MapProof['other'] {
    if (this.#kinds[node] === ABSENT) return null;
    let at = node;
    while (at < 2 ** this.#upper) at = this.#kinds[2 * at] === ABSENT ? 2 * at + 1 : 2 * at;
    return this.#asOther(this.#inBucket(at - 2 ** this.#upper)[0], handle);
  }

  #asOther(slot: number | undefined, handle: Uint8Array): MapProof['other'] {
    if (slot === undefined || isSameAt(this.#handles, slot * HANDLE_SIZE, handle)) return null;
    return { handle: this.handleAt(slot).slice(), leaf: this.leafAt(slot).slice() };
  }

  /** Makes the buckets that were touched, and what is above them, again. */
  #settle(): void {
    if (this.#touched.length === 0) return;
    let level = Uint32Array.from(this.#touched).sort();
    this.#touched = [];
    for (let from = 0; from < level.length; from += AT_ONCE) {
      this.#settleBuckets(level.subarray(from, from + AT_ONCE));
    }
    for (let i = 0; i < level.length; i++) {
      this.#isTouched[level[i]!] = 0;
      level[i]! += 2 ** this.#upper;
    }
    while (level[0]! > 1) {
      let count = 0;
      for (let i = 0; i < level.length; i++) {
        const parent = level[i]! >>> 1;
        if (count === 0 || level[count - 1] !== parent) level[count++] = parent;
      }
      level = level.subarray(0, count);
      for (let from = 0; from < count; from += AT_ONCE)
        this.#settleNodes(level.subarray(from, from + AT_ONCE));
    }
  }

  /** Nodes of one level, whose children are as they should be. */
  #settleNodes(nodes: Uint32Array): void {
    const { pairs, pairWords, made, madeWords } = this.#work;
    const hashes = this.#hashWords;
    let branches = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      const left = 2 * node;
      const kind = joined(this.#kinds[left]!, this.#kinds[left + 1]!);
      this.#kinds[node] = kind;
      if (kind === BRANCH) {
        copyWords(hashes, left * WORDS, pairWords, branches * 2 * WORDS, 2 * WORDS);
        branches++;
      } else {
        // A single record rises from whichever side it is on; of two absent ones either is zero.
        const from = this.#kinds[left] === ABSENT ? left + 1 : left;
        copyWords(hashes, from * WORDS, hashes, node * WORDS, WORDS);
      }
    }
    this.#hasher.hashAll(NODE, pairs, 2 * HASH_SIZE, branches, made);
    for (let i = 0, done = 0; i < nodes.length; i++) {
      if (this.#kinds[nodes[i]!] !== BRANCH) continue;
      copyWords(madeWords, done * WORDS, hashes, nodes[i]! * WORDS, WORDS);
      done++;
    }
  }

  #settleBuckets(buckets: Uint32Array): void {
    const order: number[] = [];
    const ends = new Int32Array(buckets.length);
    for (let i = 0; i < buckets.length; i++) {
      this.#gather(buckets[i]!, order);
      ends[i] = order.length;
    }
    const plan = new Plan(order.length);
    const roots = new Int32Array(buckets.length);
    for (let i = 0; i < buckets.length; i++) {
      const from = i === 0 ? 0 : ends[i - 1]!;
      roots[i] = ends[i] === from ? -1 : this.#planned(plan, order, from, ends[i]!, this.#upper);
    }
    const made = plan.hashed(this.#hasher, this.#pieces(order));
    for (let i = 0; i < buckets.length; i++) {
      const node = 2 ** this.#upper + buckets[i]!;
      const count = ends[i]! - (i === 0 ? 0 : ends[i - 1]!);
      this.#kinds[node] = count === 0 ? ABSENT : count === 1 ? SINGLE : BRANCH;
      if (count === 0) this.#hashWords.fill(0, node * WORDS, (node + 1) * WORDS);
      else copyWords(made, roots[i]! * WORDS, this.#hashWords, node * WORDS, WORDS);
    }
  }

  /** Root of the records of these slots, sorted, which agree in their first `depth` bits. */
  #rootOf(slots: readonly number[], depth: number): Uint8Array {
    if (slots.length === 0) return NO_LEAF.slice();
    const plan = new Plan(slots.length);
    const root = this.#planned(plan, slots, 0, slots.length, depth);
    const made = plan.hashed(this.#hasher, this.#pieces(slots));
    return new Uint8Array(made.buffer, root * HASH_SIZE, HASH_SIZE).slice();
  }

  /** Handle and leaf of each slot, as they are hashed. */
  #pieces(order: readonly number[]): Uint8Array {
    const pieces = new Int32Array(order.length * 2 * WORDS);
    for (let i = 0; i < order.length; i++) {
      copyWords(this.#handleWords, order[i]! * WORDS, pieces, i * 2 * WORDS, WORDS);
      copyWords(this.#leafWords, order[i]! * WORDS, pieces, i * 2 * WORDS + WORDS, WORDS);
    }
    return new Uint8Array(pieces.buffer);
  }

  /** Plans the nodes above order[from, to), at least one slot; returns the place of their root among the hashes. */
  #planned(plan: Plan, order: readonly number[], from: number, to: number, depth: number): number {
    if (to - from === 1) return from;
    const cut = this.#cut(order, from, to, depth);
    const left = cut === from ? -1 : this.#planned(plan, order, from, cut, depth + 1);
    const right = cut === to ? -1 : this.#planned(plan, order, cut, to, depth + 1);
    return plan.add(left, right);
  }

  /** Where, in slots sorted by handle, those begin whose bit at `depth` is one. */
  #cut(order: readonly number[], from: number, to: number, depth: number): number {
    let cut = from;
    while (cut < to && bitAt(this.#handles, order[cut]! * HANDLE_SIZE, depth) === 0) cut++;
    return cut;
  }

  /** Slots of the records of a bucket, by handle. */
  #inBucket(bucket: number): number[] {
    const slots: number[] = [];
    this.#gather(bucket, slots);
    return slots;
  }

  /** Adds the slots of the records of a bucket, by handle: they are few, so each is put into its place. */
  #gather(bucket: number, slots: number[]): void {
    const from = slots.length;
    for (let slot = this.#heads[bucket]!; slot >= 0; slot = this.#next[slot]!) {
      if (isAbsentLeaf(this.#leafWords, slot)) continue;
      let at = slots.length;
      slots.push(slot);
      while (at > from && compareAt(this.#handles, slots[at - 1]! * HANDLE_SIZE, slot * HANDLE_SIZE) > 0) {
        slots[at] = slots[at - 1]!;
        slots[--at] = slot;
      }
    }
  }

  #bucketOf(handles: Uint8Array, at: number): number {
    if (this.#upper === 0) return 0;
    const word =
      ((handles[at]! << 24) | (handles[at + 1]! << 16) | (handles[at + 2]! << 8) | handles[at + 3]!) >>> 0;
    return word >>> (32 - this.#upper);
  }

  /** Puts a slot into its bucket, which is to be made again. */
  #link(slot: number): void {
    const bucket = this.#bucketOf(this.#handles, slot * HANDLE_SIZE);
    this.#next[slot] = this.#heads[bucket]!;
    this.#heads[bucket] = slot;
    this.#touch(bucket);
  }

  #touch(bucket: number): void {
    if (this.#isTouched[bucket] === 1) return;
    this.#isTouched[bucket] = 1;
    this.#touched.push(bucket);
  }

  /** Empty buckets and nodes for so many levels. */
  #layOut(upper: number): void {
    this.#upper = upper;
    this.#heads = new Int32Array(2 ** upper).fill(-1);
    this.#kinds = new Uint8Array(2 ** (upper + 1));
    this.#hashes = new Uint8Array(2 ** (upper + 1) * HASH_SIZE);
    this.#hashWords = new Int32Array(this.#hashes.buffer);
    this.#touched = [];
    this.#isTouched = new Uint8Array(2 ** upper);
  }

  #makeRoom(slots: number): void {
    const next = new Int32Array(slots);
    next.set(this.#next);
    const handles = new Uint8Array(slots * HANDLE_SIZE);
    const leaves = new Uint8Array(slots * HANDLE_SIZE);
    if (this.#next.length > 0) {
      handles.set(this.#handles);
      leaves.set(this.#leaves);
    }
    this.#next = next;
    this.#handles = handles;
    this.#leaves = leaves;
    this.#handleWords = new Int32Array(handles.buffer);
    this.#leafWords = new Int32Array(leaves.buffer);
  }
}

/** Nodes that are to be hashed, each after its children. A place is a leaf below `leaves`, a node from there on; -1 is absent. */
class Plan {
  readonly #leaves: number;
  readonly #children: number[] = [];
  readonly #heights: number[] = [];
  /** Nodes by height: those of one height need nothing of each other. */
  readonly #levels: number[][] = [];

  constructor(leaves: number) {
    this.#leaves = leaves;
  }

  add(left: number, right: number): number {
    const height = Math.max(this.#heightOf(left), this.#heightOf(right));
    const node = this.#heights.length;
    this.#children.push(left, right);
    this.#heights.push(height + 1);
    let level = this.#levels[height];
    if (level === undefined) {
      level = [];
      this.#levels[height] = level;
    }
    level.push(node);
    return this.#leaves + node;
  }

  /** Hashes of all places, as words. `pieces`: handle and leaf of each record, 64 bytes. */
  hashed(hasher: Hasher, pieces: Uint8Array): Int32Array {
    const hashes = new Int32Array((this.#leaves + this.#heights.length) * WORDS);
    const bytes = new Uint8Array(hashes.buffer);
    hasher.hashAll(LEAF, pieces, 2 * HASH_SIZE, this.#leaves, bytes);
    for (const level of this.#levels) {
      const pairs = new Int32Array(level.length * 2 * WORDS);
      for (let i = 0; i < level.length; i++) {
        const node = level[i]!;
        const left = this.#children[2 * node]!;
        const right = this.#children[2 * node + 1]!;
        if (left >= 0) copyWords(hashes, left * WORDS, pairs, 2 * i * WORDS, WORDS);
        if (right >= 0) copyWords(hashes, right * WORDS, pairs, (2 * i + 1) * WORDS, WORDS);
      }
      const made = new Int32Array(level.length * WORDS);
      hasher.hashAll(
        NODE,
        new Uint8Array(pairs.buffer),
        2 * HASH_SIZE,
        level.length,
        new Uint8Array(made.buffer),
      );
      for (let i = 0; i < level.length; i++) {
        copyWords(made, i * WORDS, hashes, (this.#leaves + level[i]!) * WORDS, WORDS);
      }
    }
    return hashes;
  }

  #heightOf(place: number): number {
    return place < this.#leaves ? 0 : this.#heights[place - this.#leaves]!;
  }
}

/** Hash of a record as a leaf of the tree. */
export function mapLeafHash(hasher: Hasher, handle: Uint8Array, leaf: Uint8Array): Uint8Array {
  return hashOf(hasher, LEAF, handle, leaf);
}

/** Hash of a node above two others. */
export function mapNodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOf(hasher, NODE, left, right);
}

/** What stands above two places: a single record rises as long as it is alone. */
export function joined(left: number, right: number): number {
  if (left === ABSENT && right === ABSENT) return ABSENT;
  if (left === BRANCH || right === BRANCH) return BRANCH;
  return left === ABSENT || right === ABSENT ? SINGLE : BRANCH;
}

/** Bit `depth` of the handle at `at`, the highest of its first byte being bit 0. */
export function bitAt(handles: Uint8Array, at: number, depth: number): 0 | 1 {
  return ((handles[at + (depth >> 3)]! >> (7 - (depth & 7))) & 1) as 0 | 1;
}

function hashOf(hasher: Hasher, prefix: number, left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * HASH_SIZE);
  pair.set(left);
  pair.set(right, HASH_SIZE);
  const out = new Uint8Array(HASH_SIZE);
  hasher.hashAll(prefix, pair, 2 * HASH_SIZE, 1, out);
  return out;
}

function upperFor(records: number): number {
  return Math.min(MOST_UPPER, Math.max(0, Math.ceil(Math.log2(Math.max(records, 1) / BUCKET_RECORDS))));
}

function isAbsentLeaf(leafWords: Int32Array, slot: number): boolean {
  for (let i = slot * WORDS; i < (slot + 1) * WORDS; i++) if (leafWords[i] !== 0) return false;
  return true;
}

function isSameAt(handles: Uint8Array, at: number, handle: Uint8Array): boolean {
  for (let i = 0; i < HANDLE_SIZE; i++) if (handles[at + i] !== handle[i]) return false;
  return true;
}

function compareAt(handles: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    const difference = handles[a + i]! - handles[b + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function copyWords(from: Int32Array, at: number, to: Int32Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i]!;
}

function workOf(nodes: number) {
  const pairs = new Uint8Array(nodes * 2 * HASH_SIZE);
  const made = new Uint8Array(nodes * HASH_SIZE);
  return { pairs, pairWords: new Int32Array(pairs.buffer), made, madeWords: new Int32Array(made.buffer) };
}
