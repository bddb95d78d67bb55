/**
 * What each source has contacted, in bounded memory: exactly up to sixteen targets, then by HyperLogLog (Flajolet,
 * Fusy, Gandouet, Meunier 2007).
 *
 * Beyond sixteen a target counts as new only when it raises a register. That takes fewer first contacts than there are,
 * and which ones does not depend on how they ended, so the sequential test keeps its bound.
 */
import { mix32 } from '../reading/bytes.ts';
import type { StateIo } from './state.ts';

/** Targets remembered exactly. A source with more has long been judged, or visits us a lot. */
export const EXACT_TARGETS = 16;
/** Targets kept beside the source itself: most sources never touch a third. */
const INLINE_TARGETS = 2;
/** Registers of a HyperLogLog: 6.5 % standard error, 256 bytes. */
const REGISTERS = 256;
const REGISTER_WORDS = REGISTERS / 4;

/** Words of the largest pool that a snapshot may hold: a sketch for each source of a shard. */
const MOST_WORDS = 65_536 * REGISTER_WORDS;

/** Blocks of equal size with a free list, in one growing array. */
export class Pool {
  words: Uint32Array;
  readonly #size: number;
  #used = 0;
  #free: number[] = [];

  constructor(size: number) {
    this.#size = size;
    this.words = new Uint32Array(size * 64);
  }

  /** Offset of an empty block. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) {
      this.words.fill(0, free, free + this.#size);
      return free;
    }
    const at = this.#used;
    this.#used += this.#size;
    this.#makeRoom(this.#used);
    return at;
  }

  give(at: number): void {
    this.#free.push(at);
  }

  /** All blocks. */
  state(io: StateIo): void {
    this.#used = io.size('used', this.#used, MOST_WORDS);
    this.#makeRoom(this.#used);
    io.front('words', this.words, this.#used);
    this.#free = io.list('free', this.#free, MOST_WORDS, (at) => io.number('at', at ?? 0));
  }

  #makeRoom(words: number): void {
    if (words <= this.words.length) return;
    const grown = new Uint32Array(2 ** Math.ceil(Math.log2(words)));
    grown.set(this.words);
    this.words = grown;
  }
}

/** Sets of target hashes for the sources (or prefixes) of one shard. Slots are numbered by the owner. */
export class TargetSets {
  /** Targets known exactly (to EXACT_TARGETS); beyond, EXACT_TARGETS + 1. */
  count: Uint8Array;
  #first: Uint32Array;
  #second: Uint32Array;
  /** Offset of the block in the pool that `count` implies. */
  #block: Uint32Array;
  readonly #exact = new Pool(EXACT_TARGETS);
  readonly #sketches = new Pool(REGISTER_WORDS);

  constructor(slots: number) {
    this.count = new Uint8Array(slots);
    this.#first = new Uint32Array(slots);
    this.#second = new Uint32Array(slots);
    this.#block = new Uint32Array(slots);
  }

  /** Makes room for more slots. */
  grow(slots: number): void {
    this.count = grown(this.count, new Uint8Array(slots));
    this.#first = grown(this.#first, new Uint32Array(slots));
    this.#second = grown(this.#second, new Uint32Array(slots));
    this.#block = grown(this.#block, new Uint32Array(slots));
  }

  /** Adds a target to the slot's set. Returns whether it counts as new. */
  add(slot: number, target: number): boolean {
    const count = this.count[slot]!;
    if (count === 0) {
      this.#first[slot] = target;
      this.count[slot] = 1;
      return true;
    }
    if (this.#first[slot] === target) return false;
    if (count === 1) {
      this.#second[slot] = target;
      this.count[slot] = 2;
      return true;
    }
    if (count > EXACT_TARGETS) return this.#raise(this.#block[slot]!, target);
    if (this.#second[slot] === target) return false;
    if (count === INLINE_TARGETS) this.#block[slot] = this.#exact.take();
    const block = this.#block[slot]!;
    const words = this.#exact.words;
    const inBlock = count - INLINE_TARGETS;
    for (let i = 0; i < inBlock; i++) if (words[block + i] === target) return false;
    if (count < EXACT_TARGETS) {
      words[block + inBlock] = target;
      this.count[slot] = count + 1;
      return true;
    }
    this.#toSketch(slot, block, inBlock);
    this.#raise(this.#block[slot]!, target);
    return true;
  }

  /** How many targets the slot's set holds: exact, or the estimate of the sketch. */
  size(slot: number): number {
    const count = this.count[slot]!;
    if (count <= EXACT_TARGETS) return count;
    const block = this.#block[slot]!;
    const words = this.#sketches.words;
    let sum = 0;
    let zeros = 0;
    for (let i = 0; i < REGISTERS; i++) {
      const rank = (words[block + (i >>> 2)]! >>> ((i & 3) * 8)) & 255;
      sum += 2 ** -rank;
      if (rank === 0) zeros++;
    }
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    const estimate = raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw;
    return Math.max(EXACT_TARGETS + 1, Math.round(estimate));
  }

  /** Empties the slot's set and gives its memory back. */
  clear(slot: number): void {
    const count = this.count[slot]!;
    if (count > EXACT_TARGETS) this.#sketches.give(this.#block[slot]!);
    else if (count > INLINE_TARGETS) this.#exact.give(this.#block[slot]!);
    this.#forget(slot);
  }

  /** All sets of the first `slots` slots. */
  state(io: StateIo, slots: number): void {
    io.front('counts', this.count, slots);
    io.front('first', this.#first, slots);
    io.front('second', this.#second, slots);
    io.front('blocks', this.#block, slots);
    io.within('exact', () => this.#exact.state(io));
    io.within('sketches', () => this.#sketches.state(io));
  }

  /** Moves the set of slot `from` to the empty slot `to`. */
  move(from: number, to: number): void {
    this.count[to] = this.count[from]!;
    this.#first[to] = this.#first[from]!;
    this.#second[to] = this.#second[from]!;
    this.#block[to] = this.#block[from]!;
    this.#forget(from);
  }

  /** An empty slot holds nothing at all, so that two judges who know the same are the same byte for byte. */
  #forget(slot: number): void {
    this.count[slot] = 0;
    this.#first[slot] = 0;
    this.#second[slot] = 0;
    this.#block[slot] = 0;
  }

  #toSketch(slot: number, block: number, inBlock: number): void {
    const sketch = this.#sketches.take();
    this.#raise(sketch, this.#first[slot]!);
    this.#raise(sketch, this.#second[slot]!);
    for (let i = 0; i < inBlock; i++) this.#raise(sketch, this.#exact.words[block + i]!);
    this.#exact.give(block);
    this.#block[slot] = sketch;
    this.count[slot] = EXACT_TARGETS + 1;
  }

  #raise(block: number, target: number): boolean {
    const hash = mix32(target ^ 0x5bd1e995);
    const register = hash & (REGISTERS - 1);
    const rank = Math.clz32((hash >>> 8) | 1) - 7;
    const word = block + (register >>> 2);
    const shift = (register & 3) * 8;
    const words = this.#sketches.words;
    if (((words[word]! >>> shift) & 255) >= rank) return false;
    words[word] = (words[word]! & ~(255 << shift)) | (rank << shift);
    return true;
  }
}

/** Copies a column into a longer one. */
export function grown<
  T extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array,
>(from: T, to: T): T {
  to.set(from);
  return to;
}
