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
import {
  bytesOf,
  copyWords,
  LEAF_MARK,
  NO_PLACE,
  NODE_MARK,
  NodePlan,
  PAIR_WORDS,
  WORDS,
} from './prefix-tree-plan.ts';
import { HANDLE_SIZE, NO_LEAF } from './rolls-types.ts';

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

/** Bytes of a record: handle and leaf, as they are hashed and as buckets of a state have them. */
const RECORD_BYTES = 2 * HANDLE_SIZE;

/** Nodes from which a run of neighbours is hashed where it lies: below, copying costs less than one more call. */
const LONG_RUN = 64;

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
  /** Handle and leaf of each slot, side by side: whoever looks at one looks at the other, and both are hashed together. */
  #records!: Uint8Array;
  /** The same memory as words: copying eight of them is cheaper than making views of bytes. */
  #recordWords!: Int32Array;
  /** Slots that are taken, and records among them. */
  #slots = 0;
  #size = 0;
  /** Levels of the array; buckets hang below. */
  #upper = 0;
  /** First slot of a bucket, and the next one of the same bucket; -1 ends. */
  #heads!: Int32Array;
  #next!: Int32Array;
  /** Node 1 is the root, 2i and 2i + 1 are the children of i. */
  #kinds!: Uint8Array;
  #hashes!: Uint8Array;
  #hashWords!: Int32Array;
  /** Buckets that are to be made again: a bit each, which stays in a second-level cache, and how many they are. */
  #touched!: Uint32Array;
  #touchedCount = 0;
  /** Where nodes of one call are hashed. */
  readonly #pairs = new Int32Array(AT_ONCE * PAIR_WORDS);
  readonly #made = new Int32Array(AT_ONCE * WORDS);
  readonly #plan = new NodePlan();
  /** Slots of the last `lookAhead`, and what it saw. */
  #ahead = new Int32Array(0);
  #seen = 0;

  constructor(hasher: Hasher, expected = 0) {
    this.#hasher = hasher;
    this.#hold(new Uint8Array(Math.max(expected, 16) * RECORD_BYTES));
    this.#layOut(upperFor(expected));
  }

  /** A tree of `count` records: handles and leaves of 32 bytes, one behind the other, both are copied. The order is no matter. */
  static ofSorted(hasher: Hasher, handles: Uint8Array, leaves: Uint8Array, count: number): PrefixTree {
    const records = new Uint8Array(count * RECORD_BYTES);
    for (let slot = 0; slot < count; slot++) {
      const [at, from] = [slot * RECORD_BYTES, slot * HANDLE_SIZE];
      records.set(handles.subarray(from, from + HANDLE_SIZE), at);
      records.set(leaves.subarray(from, from + HANDLE_SIZE), at + HANDLE_SIZE);
    }
    return PrefixTree.ofRecords(hasher, records, count);
  }

  /**
   * A tree of the first `count` records of 64 bytes, handle and leaf, as the buckets of a state have them. The memory is the tree's from
   * then on. Throws on half a record, or on memory that does not begin where a word does. The order is no matter.
   */
  static ofRecords(hasher: Hasher, records: Uint8Array, count: number): PrefixTree {
    if (records.length % RECORD_BYTES !== 0) throw new RangeError('the records end within one');
    const tree = new PrefixTree(hasher);
    tree.#hold(records);
    tree.#layOut(upperFor(count));
    tree.#slots = count;
    // From the last to the first, so that a bucket of sorted records begins with its first one.
    for (let slot = count - 1; slot >= 0; slot--) {
      if (!isAbsentLeaf(tree.#recordWords, slot)) tree.#size++;
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

  /** The slot of the handle that stands at a place of some bytes; -1: it is not in the state. */
  find(bytes: Uint8Array, at = 0): number {
    const slot = this.#slotOf(bytes, at);
    return slot >= 0 && isAbsentLeaf(this.#recordWords, slot) ? -1 : slot;
  }

  /** See `RollState`. The slots are good until the next call. */
  lookAhead(bytes: Uint8Array, at: number, step: number, count: number): Int32Array {
    if (this.#ahead.length < count) this.#ahead = new Int32Array(count);
    const slots = this.#ahead.subarray(0, count);
    for (let i = 0; i < count; i++) slots[i] = this.#heads[this.#bucketOf(bytes, at + i * step)]!;
    // A record may lie across two lines of the cache. What was read is kept, or a compiler would leave out reading it.
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (slot < 0) continue;
      seen ^= this.#recordWords[slot * PAIR_WORDS]! ^ this.#recordWords[(slot + 1) * PAIR_WORDS - 1]!;
      seen ^= this.#next[slot]!;
    }
    this.#seen = seen;
    return slots;
  }

  /** What `lookAhead` read last: of no use. */
  get seen(): number {
    return this.#seen;
  }

  /** The same, also of a record that was removed. */
  #slotOf(bytes: Uint8Array, at: number): number {
    for (let slot = this.#heads[this.#bucketOf(bytes, at)]!; slot >= 0; slot = this.#next[slot]!) {
      if (isSameAt(this.#records, slot * RECORD_BYTES, bytes, at)) return slot;
    }
    return -1;
  }

  /** The handle of a slot: a view, not to be written to. */
  handleAt(slot: number): Uint8Array {
    return this.#records.subarray(slot * RECORD_BYTES, slot * RECORD_BYTES + HANDLE_SIZE);
  }

  /** The record leaf of a slot, `NO_LEAF` for a removed record: a view, good until the next change. */
  leafAt(slot: number): Uint8Array {
    return this.#records.subarray(slot * RECORD_BYTES + HANDLE_SIZE, (slot + 1) * RECORD_BYTES);
  }

  /** Whether the leaf of a slot is the one that stands at a place of some bytes. */
  hasLeaf(slot: number, bytes: Uint8Array, at: number): boolean {
    return isSameAt(this.#records, slot * RECORD_BYTES + HANDLE_SIZE, bytes, at);
  }

  /** Gives a handle another leaf; `NO_LEAF` removes it. Its slot, which stays its own. */
  change(handle: Uint8Array, leaf: Uint8Array): number {
    let slot = this.#slotOf(handle, 0);
    if (slot < 0) {
      slot = this.#slots++;
      if (slot === this.#next.length) this.#makeRoom(Math.ceil(slot * GROWTH) + 16);
      this.#records.set(handle, slot * RECORD_BYTES);
      if (this.#slots >> this.#upper > 4 * BUCKET_RECORDS && this.#upper < MOST_UPPER) {
        this.#layOut(upperFor(this.#slots));
        for (let each = 0; each < slot; each++) this.#link(each);
      }
      this.#link(slot);
    }
    this.changeAt(slot, leaf, 0);
    return slot;
  }

  /** Gives the record of a slot the leaf that stands at a place of some bytes; `NO_LEAF` removes it. */
  changeAt(slot: number, bytes: Uint8Array, at: number): void {
    if (!isAbsentLeaf(this.#recordWords, slot)) this.#size--;
    const to = slot * RECORD_BYTES + HANDLE_SIZE;
    for (let i = 0; i < HANDLE_SIZE; i++) this.#records[to + i] = bytes[at + i]!;
    if (!isAbsentLeaf(this.#recordWords, slot)) this.#size++;
    this.#touch(this.#bucketOf(this.#records, slot * RECORD_BYTES));
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
    if (slot === undefined || isSameAt(this.#records, slot * RECORD_BYTES, handle, 0)) return null;
    return { handle: this.handleAt(slot).slice(), leaf: this.leafAt(slot).slice() };
  }

  /** Makes the buckets that were touched, and what is above them, again. */
  #settle(): void {
    if (this.#touchedCount === 0) return;
    let level = this.#takeTouched();
    for (let from = 0; from < level.length; from += AT_ONCE) {
      this.#settleBuckets(level.subarray(from, from + AT_ONCE));
    }
    for (let i = 0; i < level.length; i++) level[i]! += 2 ** this.#upper;
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

  /** Buckets that were touched, ascending; none is any more. */
  #takeTouched(): Uint32Array {
    const buckets = new Uint32Array(this.#touchedCount);
    let count = 0;
    for (let word = 0; count < buckets.length; word++) {
      for (let bits = this.#touched[word]!; bits !== 0; ) {
        const bit = 31 - Math.clz32(bits & -bits);
        buckets[count++] = 32 * word + bit;
        bits &= bits - 1;
      }
    }
    this.#touched.fill(0);
    this.#touchedCount = 0;
    return buckets;
  }

  /** Nodes of one level, ascending, whose children are as they should be. */
  #settleNodes(nodes: Uint32Array): void {
    const last = nodes.length - 1;
    const isRun = nodes.length >= LONG_RUN && nodes[last]! - nodes[0]! === last;
    if (isRun && this.#areBranches(nodes[0]!, nodes.length)) {
      const [from, to] = [nodes[0]! * HASH_SIZE, (nodes[last]! + 1) * HASH_SIZE];
      const children = this.#hashes.subarray(2 * from, 2 * to);
      this.#hasher.hashAll(NODE_MARK, children, 2 * HASH_SIZE, nodes.length, this.#hashes.subarray(from, to));
      return;
    }
    const hashes = this.#hashWords;
    let branches = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      const left = 2 * node;
      const kind = joined(this.#kinds[left]!, this.#kinds[left + 1]!);
      this.#kinds[node] = kind;
      if (kind === BRANCH) {
        copyWords(hashes, left * WORDS, this.#pairs, branches * PAIR_WORDS, PAIR_WORDS);
        branches++;
      } else {
        // A single record rises from whichever side it is on; of two absent ones either is zero.
        const from = this.#kinds[left] === ABSENT ? left + 1 : left;
        copyWords(hashes, from * WORDS, hashes, node * WORDS, WORDS);
      }
    }
    this.#hasher.hashAll(NODE_MARK, bytesOf(this.#pairs), 2 * HASH_SIZE, branches, bytesOf(this.#made));
    for (let i = 0, done = 0; i < nodes.length; i++) {
      if (this.#kinds[nodes[i]!] !== BRANCH) continue;
      copyWords(this.#made, done * WORDS, hashes, nodes[i]! * WORDS, WORDS);
      done++;
    }
  }

  /** Whether so many neighbours are nodes above two others, which is noted. */
  #areBranches(first: number, count: number): boolean {
    for (let node = first; node < first + count; node++) {
      if (joined(this.#kinds[2 * node]!, this.#kinds[2 * node + 1]!) !== BRANCH) return false;
    }
    this.#kinds.fill(BRANCH, first, first + count);
    return true;
  }

  #settleBuckets(buckets: Uint32Array): void {
    const order: number[] = [];
    const ends = new Int32Array(buckets.length);
    for (let i = 0; i < buckets.length; i++) {
      this.#gather(buckets[i]!, order);
      ends[i] = order.length;
    }
    const plan = this.#plan;
    plan.restart(order.length);
    const roots = new Int32Array(buckets.length);
    for (let i = 0, from = 0; i < buckets.length; from = ends[i++]!) {
      roots[i] = ends[i] === from ? NO_PLACE : this.#planned(order, from, ends[i]!, this.#upper);
    }
    const made = plan.hashAll(this.#hasher, this.#recordsOf(order));
    for (let i = 0, from = 0; i < buckets.length; from = ends[i++]!) {
      const node = 2 ** this.#upper + buckets[i]!;
      const count = ends[i]! - from;
      this.#kinds[node] = count === 0 ? ABSENT : count === 1 ? SINGLE : BRANCH;
      if (count === 0) this.#hashWords.fill(0, node * WORDS, (node + 1) * WORDS);
      else copyWords(made, roots[i]! * WORDS, this.#hashWords, node * WORDS, WORDS);
    }
  }

  /** Root of the records of these slots, sorted, which agree in their first `depth` bits. */
  #rootOf(slots: readonly number[], depth: number): Uint8Array {
    if (slots.length === 0) return NO_LEAF.slice();
    this.#plan.restart(slots.length);
    const root = this.#planned(slots, 0, slots.length, depth);
    const made = this.#plan.hashAll(this.#hasher, this.#recordsOf(slots));
    return bytesOf(made).slice(root * HASH_SIZE, (root + 1) * HASH_SIZE);
  }

  /** Handle and leaf of each slot, as they are hashed. */
  #recordsOf(order: readonly number[]): Uint8Array {
    const first = order[0] ?? 0;
    let run = 0;
    while (run < order.length && order[run] === first + run) run++;
    // A state that was read from its files lies in its order already.
    if (run === order.length)
      return this.#records.subarray(first * RECORD_BYTES, (first + run) * RECORD_BYTES);
    const records = new Int32Array(order.length * PAIR_WORDS);
    for (let i = 0; i < order.length; i++)
      copyWords(this.#recordWords, order[i]! * PAIR_WORDS, records, i * PAIR_WORDS, PAIR_WORDS);
    return bytesOf(records);
  }

  /** Plans the nodes above order[from, to), at least one slot; returns the place of their root among the hashes. */
  #planned(order: readonly number[], from: number, to: number, depth: number): number {
    if (to - from === 1) return from;
    const cut = this.#cut(order, from, to, depth);
    const left = cut === from ? NO_PLACE : this.#planned(order, from, cut, depth + 1);
    const right = cut === to ? NO_PLACE : this.#planned(order, cut, to, depth + 1);
    return this.#plan.add(left, right);
  }

  /** Where, in slots sorted by handle, those begin whose bit at `depth` is one. */
  #cut(order: readonly number[], from: number, to: number, depth: number): number {
    let cut = from;
    while (cut < to && bitAt(this.#records, order[cut]! * RECORD_BYTES, depth) === 0) cut++;
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
      if (isAbsentLeaf(this.#recordWords, slot)) continue;
      let at = slots.length;
      slots.push(slot);
      while (at > from && compareAt(this.#records, slots[at - 1]! * RECORD_BYTES, slot * RECORD_BYTES) > 0) {
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
    const bucket = this.#bucketOf(this.#records, slot * RECORD_BYTES);
    this.#next[slot] = this.#heads[bucket]!;
    this.#heads[bucket] = slot;
    this.#touch(bucket);
  }

  #touch(bucket: number): void {
    const bit = 1 << (bucket & 31);
    const word = this.#touched[bucket >>> 5]!;
    if ((word & bit) !== 0) return;
    this.#touched[bucket >>> 5] = word | bit;
    this.#touchedCount++;
  }

  /** Empty buckets and nodes for so many levels. */
  #layOut(upper: number): void {
    this.#upper = upper;
    this.#heads = new Int32Array(2 ** upper).fill(-1);
    this.#kinds = new Uint8Array(2 ** (upper + 1));
    this.#hashes = new Uint8Array(2 ** (upper + 1) * HASH_SIZE);
    this.#hashWords = new Int32Array(this.#hashes.buffer);
    this.#touched = new Uint32Array(Math.ceil(2 ** upper / 32));
    this.#touchedCount = 0;
  }

  #makeRoom(slots: number): void {
    const [records, next] = [this.#records, this.#next];
    this.#hold(new Uint8Array(slots * RECORD_BYTES));
    this.#records.set(records);
    this.#next.set(next);
  }

  /** Keeps the slots in this memory. */
  #hold(records: Uint8Array): void {
    this.#records = records;
    this.#recordWords = new Int32Array(records.buffer, records.byteOffset, records.length / 4);
    this.#next = new Int32Array(records.length / RECORD_BYTES);
  }
}

/** Hash of a record as a leaf of the tree. */
export function mapLeafHash(hasher: Hasher, handle: Uint8Array, leaf: Uint8Array): Uint8Array {
  return hashOf(hasher, LEAF_MARK, handle, leaf);
}

/** Hash of a node above two others. */
export function mapNodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOf(hasher, NODE_MARK, left, right);
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

function isAbsentLeaf(recordWords: Int32Array, slot: number): boolean {
  const end = (slot + 1) * PAIR_WORDS;
  for (let i = end - WORDS; i < end; i++) if (recordWords[i] !== 0) return false;
  return true;
}

function isSameAt(records: Uint8Array, at: number, bytes: Uint8Array, from: number): boolean {
  // From the end: handles of one bucket begin alike.
  for (let i = HANDLE_SIZE - 1; i >= 0; i--) if (records[at + i] !== bytes[from + i]) return false;
  return true;
}

function compareAt(records: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    const difference = records[a + i]! - records[b + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
