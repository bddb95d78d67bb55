/**
 * Items of one batch, folded into the state one after the other. The hot path of replay: a year of a state has 3.65 million
 * of them, so they are looked at where they lie and no object is made of any. `parseItem` is the plain form beside it.
 */
import { decodeBase64, HASH_SIZE, type Hasher, isSame } from '@bellwether/evidence';
import type { BatchEntry } from './entries.ts';
import { changesOf } from './fold-policy.ts';
import type { FoldRule } from './fold-rules.ts';
import { ITEM_AT, ITEM_BYTES, itemFault, KIND_BYTES, numberAt } from './item.ts';
import { rootOfHashes } from './merkle-root.ts';

/** The state that is folded into: the prefix tree over handles, or anything that does the same. */
export type RollState = {
  /** Slot of the handle at a place (0 where none is told) of some bytes, its own while it is in the state; -1: it is not. */
  find(bytes: Uint8Array, at?: number): number;
  leafAt(slot: number): Uint8Array;
  /** Whether the leaf of a slot is the one at a place of some bytes. */
  hasLeaf(slot: number, bytes: Uint8Array, at: number): boolean;
  /** Gives a handle a leaf, or takes it away by `NO_LEAF`; what is handed in is lent. The slot. */
  change(handle: Uint8Array, leaf: Uint8Array): number;
  /** The same for a handle whose slot is known; the leaf stands at a place of some bytes. */
  changeAt(slot: number, bytes: Uint8Array, at: number): void;
  root(): Uint8Array;
  /** Handles in the state. */
  readonly size: number;
  /**
   * Handles that are asked for soon: `count` of them in some bytes, the first at `at`, each `step` behind the one before. Fetches from memory
   * what is looked at then, which takes a third of the time when nothing has to wait for anything else. Slots that are likely theirs.
   */
  lookAhead(bytes: Uint8Array, at: number, step: number, count: number): Int32Array;
};

/** A rule that is broken, and how; `index` where it is not the entry at hand that broke it. */
export type Breach = { readonly rule: FoldRule; readonly what: string; readonly index?: bigint };

/** Items that room is made for at first: what an office does in a day; it grows by what is really there. */
const FIRST_ROOM = 128;

/** Versions by slot, and handles that never come again. A slot that was never written has version 1, as in the genesis. */
export class Versions {
  #above = new Uint32Array(0);
  readonly #gone = new Set<string>();

  constructor(slots: number) {
    this.#above = new Uint32Array(slots);
  }

  at(slot: number): number {
    return (this.#above[slot] ?? 0) + 1;
  }

  set(slot: number, version: number): void {
    if (slot >= this.#above.length) {
      const grown = new Uint32Array(Math.max(slot + 1, this.#above.length * 2));
      grown.set(this.#above);
      this.#above = grown;
    }
    this.#above[slot] = version - 1;
  }

  /** Fetches from memory what these slots have: see `RollState.lookAhead`. What it gives is of no use. */
  lookAhead(slots: Int32Array): number {
    let seen = 0;
    for (let i = 0; i < slots.length; i++) seen ^= this.#above[slots[i]!] ?? 0;
    return seen;
  }

  /** The handle was removed or erased. */
  retire(handle: Uint8Array): void {
    this.#gone.add(String.fromCharCode(...handle));
  }

  isRetired(handle: Uint8Array): boolean {
    return this.#gone.size > 0 && this.#gone.has(String.fromCharCode(...handle));
  }
}

/** A batch whose items are coming. */
export class BatchReading {
  readonly entry: BatchEntry;
  readonly index: bigint;
  readonly #due: number;
  readonly #counts = [0, 0, 0];
  /** Hashes of the items as leaves: of the log and of the batch alike (RFC 6962, section 2.1). */
  #hashes = new Uint8Array(FIRST_ROOM * HASH_SIZE);
  #read = 0;

  constructor(entry: BatchEntry, index: bigint) {
    this.entry = entry;
    this.index = index;
    this.#due = changesOf(entry);
  }

  /** Whether all items are there. */
  get isDone(): boolean {
    return this.#read === this.#due;
  }

  /**
   * Folds the item at a place, whose leaf hash is `hashes[which]`; null if it may be. The state has changed then. Whether the hash is that
   * of the item is the caller's care.
   */
  fold(
    bytes: Uint8Array,
    at: number,
    hashes: Uint8Array,
    which: number,
    state: RollState,
    versions: Versions,
  ): Breach | null {
    const fault = itemFault(bytes, at);
    if (fault !== null) return { rule: 'form', what: fault };
    if (numberAt(bytes, at + ITEM_AT.batch) !== this.entry.batch) {
      return { rule: 'order', what: `an item of another batch than ${this.entry.batch}` };
    }
    const kind = bytes[at + ITEM_AT.kind]!;
    const version = numberAt(bytes, at + ITEM_AT.version);
    const slot = state.find(bytes, at + ITEM_AT.handle);
    if (kind === KIND_BYTES.new) {
      const handle = bytes.subarray(at + ITEM_AT.handle, at + ITEM_AT.oldLeaf);
      if (slot >= 0) return { rule: 'handle', what: 'a new record with a handle that is in the state' };
      if (versions.isRetired(handle))
        return { rule: 'handle', what: 'a handle that was removed comes again' };
      versions.set(state.change(handle, bytes.subarray(at + ITEM_AT.newLeaf, at + ITEM_BYTES)), version);
    } else {
      if (slot < 0) return { rule: 'handle', what: 'a change of a record that is not in the state' };
      if (version !== versions.at(slot) + 1) {
        return { rule: 'version', what: `version ${version} after version ${versions.at(slot)}` };
      }
      if (!state.hasLeaf(slot, bytes, at + ITEM_AT.oldLeaf)) {
        return { rule: 'leaf', what: 'the old leaf is not the one in the state' };
      }
      state.changeAt(slot, bytes, at + ITEM_AT.newLeaf);
      if (kind === KIND_BYTES.changed) versions.set(slot, version);
      else versions.retire(bytes.subarray(at + ITEM_AT.handle, at + ITEM_AT.oldLeaf));
    }
    this.#keep(hashes, which);
    this.#counts[kind - 1]!++;
    return null;
  }

  /** Whether the items that came are those that the batch tells; asked when all are there. */
  finish(hasher: Hasher): Breach | null {
    const { counts, root } = this.entry;
    const [added, changed, removed] = this.#counts;
    if (added !== counts.new || changed !== counts.changed || removed !== counts.removed) {
      return { rule: 'counts', what: 'the kinds of the items are not those that the batch counts' };
    }
    const computed = rootOfHashes(hasher, this.#hashes, this.#read);
    return isSame(computed, decodeBase64(root)!)
      ? null
      : { rule: 'root', what: `the items of batch ${this.entry.batch} have another root` };
  }

  #keep(hashes: Uint8Array, which: number): void {
    const to = this.#read * HASH_SIZE;
    if (to === this.#hashes.length) {
      const grown = new Uint8Array(this.#hashes.length * 2);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    for (let i = 0; i < HASH_SIZE; i++) this.#hashes[to + i] = hashes[which * HASH_SIZE + i]!;
    this.#read++;
  }
}
