/**
 * What looks like answers and was not seen to be asked for, by source: fewer than four distinct (address, port) in 24
 * hours pass for answers to requests that no sensor saw. With the fourth the source asks, and what passed for replies
 * is settled anew.
 */
import { R } from '../settle/dispositions.ts';
import type { StateIo } from './state.ts';
import { grown, Pool } from './targets.ts';

/** From so many distinct (address, port) on, what looks like answers is settled as contacts. */
const UNASKED = 4;
/** Targets remembered of one source. */
const KEPT = UNASKED - 1;
/** A target counts for a day; a source that asks is believed again when it was silent for a day. Seconds. */
const REPLY_SECONDS = 86_400;

// Words of a block: how many targets are kept (UNASKED: this one asks), then for each its hash, contacts and time.
const TARGETS = 1;
const UNITS = TARGETS + KEPT;
const SECONDS = UNITS + KEPT;
const WORDS = SECONDS + KEPT;

/** What `Replies.note` says. */
export const Answer = {
  /** It passes for a reply, so far. */
  passes: 0,
  /** It is the fourth: this one asks, and `settledAnew` contacts before it did. */
  fourth: 1,
  /** The source is known to ask. */
  asks: 2,
} as const;
export type Answer = (typeof Answer)[keyof typeof Answer];

/** With `Answer.fourth`: contacts of the source, in units, that had passed for replies. */
export let settledAnew = 0;

export class Replies {
  /** Block of a source's slot, 0 if it has sent nothing like an answer. */
  #block: Uint32Array;
  readonly #pool = new Pool(WORDS);

  constructor(slots: number) {
    this.#block = new Uint32Array(slots);
    this.#pool.take();
  }

  grow(slots: number): void {
    this.#block = grown(this.#block, new Uint32Array(slots));
  }

  /** Notes what looks like an answer from the source at `slot`, at `time` ms. `unasked` is its rule if it is none. */
  note(slot: number, target: number, units: number, time: number, unasked: number): Answer {
    let block = this.#block[slot]!;
    if (block === 0) {
      block = this.#pool.take();
      this.#block[slot] = block;
    }
    const { words } = this.#pool;
    const now = Math.floor(time / 1000) >>> 0;
    if (words[block] === UNASKED) {
      if (!isOver(words[block + SECONDS]!, now)) {
        words[block + SECONDS] = now;
        return Answer.asks;
      }
      words[block] = 0;
    }
    const count = this.#forget(block, now);
    let k = 0;
    while (k < count && words[block + TARGETS + k] !== target) k++;
    if (k === KEPT) {
      settledAnew = 0;
      for (let kept = 0; kept < KEPT; kept++) settledAnew += words[block + UNITS + kept]!;
      words[block] = UNASKED;
      words[block + UNITS] = unasked;
      words[block + SECONDS] = now;
      return Answer.fourth;
    }
    if (k === count) {
      words[block + TARGETS + k] = target;
      words[block + UNITS + k] = 0;
      words[block] = count + 1;
    }
    words[block + UNITS + k] = words[block + UNITS + k]! + units;
    words[block + SECONDS + k] = now;
    return Answer.passes;
  }

  /** After `Answer.fourth`: the targets of what had passed for replies. */
  formerTargets(slot: number): Uint32Array {
    const at = this.#block[slot]! + TARGETS;
    return this.#pool.words.slice(at, at + KEPT);
  }

  /** How contacts of the source that passed for replies are settled now. */
  ruleOf(slot: number): number {
    const block = this.#block[slot]!;
    const { words } = this.#pool;
    return block !== 0 && words[block] === UNASKED ? words[block + UNITS]! : R.reply;
  }

  /** Forgets one contact that passed for a reply: another line has settled it otherwise. */
  takeBack(slot: number): void {
    const block = this.#block[slot]!;
    const { words } = this.#pool;
    for (let k = 0; block !== 0 && k < words[block]!; k++) {
      const at = block + UNITS + k;
      if (words[at] === 0) continue;
      words[at] = words[at]! - 1;
      return;
    }
  }

  /** Forgets a source. */
  clear(slot: number): void {
    const block = this.#block[slot]!;
    if (block !== 0) this.#pool.give(block);
    this.#block[slot] = 0;
  }

  /** Gives the memory of slot `from` to the slot `to`, which has none. */
  move(from: number, to: number): void {
    this.#block[to] = this.#block[from]!;
    this.#block[from] = 0;
  }

  /** What the first `slots` sources sent. */
  state(io: StateIo, slots: number): void {
    io.front('blocks', this.#block, slots);
    io.within('pool', () => this.#pool.state(io));
  }

  /** Drops targets that are a day old. Returns how many remain. */
  #forget(block: number, now: number): number {
    const { words } = this.#pool;
    let to = 0;
    for (let from = 0; from < words[block]!; from++) {
      if (isOver(words[block + SECONDS + from]!, now)) continue;
      for (const column of [TARGETS, UNITS, SECONDS])
        words[block + column + to] = words[block + column + from]!;
      to++;
    }
    words[block] = to;
    return to;
  }
}

/** Whether a day has passed. By difference, so that clocks which step back and the year 2106 do no harm. */
function isOver(since: number, now: number): boolean {
  return ((now - since) | 0) >= REPLY_SECONDS;
}
