/**
 * The blocks as one kind of bouncer holds them, and what changed from one look to the next. Each address or network stands in it
 * once, with the latest end of all decisions about it: a firewall's set has one place for it.
 *
 * Every change has a number. Whoever names the number that it had last is told the difference, in one answer; whoever
 * names one that is forgotten, or none, is told everything.
 */
import { type Cidr, formatCidr, formatIPv4, widthOf } from '@bellwether/basics';
import { aggregated } from '../aggregated.ts';
import type { BlocksInForce } from './block-book.ts';
import type { DecidedBlock } from './sendable.ts';

/** What a kind of bouncer takes. */
export type ViewTakes = {
  readonly guards: 'public' | 'private';
  /** Whether it sees the client behind a proxy: only then it is told of those that only a proxy named. */
  readonly sees: 'packets' | 'client';
  readonly ranges: 'as-they-are' | 'expanded';
  /** Most entries. */
  readonly most: number;
};

/** One entry of a bouncer's set. Times in ms since 1970. */
export type Entry = {
  /** `192.0.2.7` or `192.0.2.0/24`. */
  readonly value: string;
  readonly network: Cidr;
  readonly id: string;
  readonly reason: string;
  readonly from: number;
  readonly until: number;
};

/** What changed: first `deleted` is done, then `added`. An entry whose end was moved is in both. */
export type ViewChange = { readonly deleted: readonly Entry[]; readonly added: readonly Entry[] };

type Step = { readonly value: string; readonly before: Entry | undefined; readonly after: Entry | undefined };

/** Shorter than this a firewall may read as no time at all, or as for ever. ms. */
const SHORTEST = 1_000;

/** Changes that are remembered: four times a full set of the usual size, some 40 MB at most. */
const MOST_STEPS = 200_000;

/** No version of the book: nobody has looked yet, and nobody can name a place in what came before. */
const NEVER = -1;

/** The view. */
export class BlockView {
  readonly takes: ViewTakes;
  #entries = new Map<string, Entry>();
  #steps: Step[] = [];
  /** Number of the first step that is remembered. */
  #first = 0;
  #version = NEVER;
  readonly #made = new WeakMap<DecidedBlock, readonly Entry[]>();
  #due = Number.NEGATIVE_INFINITY;
  #leftOut = 0;

  constructor(takes: ViewTakes) {
    this.takes = takes;
  }

  /** What is in force, by value. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Number of the next change. */
  get sequence(): number {
    return this.#first + this.#steps.length;
  }

  /** Entries that this kind of bouncer is not told of: more than it holds, or networks that its set has no place for. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Brings it to a moment (ms since 1970). */
  update({ version, blocks }: BlocksInForce, at: number): void {
    if (version === this.#version && at < this.#due) return;
    const next = this.#entriesAt(blocks.values(), at);
    const isFirst = this.#version === NEVER;
    for (const [value, before] of this.#entries) {
      if (!next.has(value)) this.#steps.push({ value, before, after: undefined });
    }
    for (const [value, after] of next) {
      const before = this.#entries.get(value);
      if (before?.until === after.until) next.set(value, before);
      else if (!isFirst) this.#steps.push({ value, before, after });
    }
    const tooMany = this.#steps.length - MOST_STEPS;
    if (tooMany > 0) {
      this.#steps = this.#steps.slice(tooMany);
      this.#first += tooMany;
    }
    this.#entries = next;
    this.#version = version;
  }

  /** What changed since a number; undefined where that is not known any more. */
  since(sequence: number): ViewChange | undefined {
    if (sequence < this.#first || sequence > this.sequence) return undefined;
    const before = new Map<string, Entry | undefined>();
    for (const step of this.#steps.slice(sequence - this.#first)) {
      if (!before.has(step.value)) before.set(step.value, step.before);
    }
    const deleted: Entry[] = [];
    const added: Entry[] = [];
    for (const [value, was] of before) {
      const is = this.#entries.get(value);
      if (was === is) continue;
      if (was !== undefined) deleted.push(was);
      if (is !== undefined) added.push(is);
    }
    return { deleted, added };
  }

  /** Entries of blocks that are over, as this kind of bouncer held them, without those that stand again. */
  endedOf(blocks: readonly DecidedBlock[]): Entry[] {
    const ended = new Map<string, Entry>();
    for (const block of blocks) {
      if (!this.#takesIt(block)) continue;
      for (const entry of this.#entriesOf(block)) {
        if (!this.#entries.has(entry.value)) ended.set(entry.value, entry);
        if (ended.size >= this.takes.most) return [...ended.values()];
      }
    }
    return [...ended.values()];
  }

  #entriesAt(blocks: Iterable<DecidedBlock>, at: number): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    this.#due = Number.POSITIVE_INFINITY;
    this.#leftOut = 0;
    for (const block of blocks) {
      if (!this.#takesIt(block) || block.until - at < SHORTEST) continue;
      if (block.from > at) {
        this.#due = Math.min(this.#due, block.from);
        continue;
      }
      this.#due = Math.min(this.#due, block.until - SHORTEST + 1);
      if (!this.#fits(block.network)) this.#leftOut++;
      else for (const entry of this.#entriesOf(block)) keepLonger(entries, entry);
    }
    return this.#atMost(entries);
  }

  #takesIt({ covers, seen }: DecidedBlock): boolean {
    if (seen === 'client' && this.takes.sees !== 'client') return false;
    return covers === 'all' || this.takes.guards === 'private';
  }

  /** No set holds an IPv6 /64 address by address, and to tell its first address alone would only look like a block. */
  #fits({ family, bits }: Cidr): boolean {
    return this.takes.ranges === 'as-they-are' || family === 4 || bits === widthOf(family);
  }

  #entriesOf(block: DecidedBlock): readonly Entry[] {
    const known = this.#made.get(block);
    if (known !== undefined) return known;
    const entries = [...this.#newEntries(block)];
    this.#made.set(block, entries);
    return entries;
  }

  *#newEntries(block: DecidedBlock): Generator<Entry> {
    const { id, network, reason, from, until } = block;
    if (this.takes.ranges === 'as-they-are' || network.bits === widthOf(network.family)) {
      yield { value: formatCidr(network), network, id, reason, from, until };
    } else if (network.family === 4) {
      const first = network.words[3];
      for (let i = 0; i < 2 ** (32 - network.bits); i++) {
        const single: Cidr = { family: 4, words: [0, 0, 0, first + i], bits: 32 };
        yield { value: formatIPv4(first + i), network: single, id, reason, from, until };
      }
    }
  }

  /** No more than it holds: halves are joined first, then what ends soonest is left out. */
  #atMost(entries: Map<string, Entry>): Map<string, Entry> {
    const { most, ranges } = this.takes;
    if (entries.size <= most) return entries;
    let kept = [...entries.values()];
    if (ranges === 'as-they-are') kept = aggregated(kept, joinedEntry);
    kept.sort((a, b) => b.until - a.until || (a.value < b.value ? -1 : 1));
    this.#leftOut += Math.max(0, kept.length - most);
    return new Map(kept.slice(0, most).map((entry) => [entry.value, entry]));
  }
}

/** It ends with the first of its halves; then the other one stands as it is. */
function joinedEntry(network: Cidr, a: Entry, b: Entry): Entry {
  const first = a.until <= b.until ? a : b;
  return { ...first, network, value: formatCidr(network), from: Math.max(a.from, b.from) };
}

function keepLonger(entries: Map<string, Entry>, entry: Entry): void {
  const known = entries.get(entry.value);
  if (known === undefined || known.until < entry.until) entries.set(entry.value, entry);
}
