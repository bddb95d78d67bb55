/**
 * Overlapping blocks as disjoint pieces, each with the latest end of all blocks that cover it: the only form in which nftables
 * takes them whole. It refuses a transaction for one element inside another, and where it merges by itself (`auto-merge`) it
 * shortens ends in silence.
 *
 * Positions are numbers for IPv4, and for IPv6 the first 64 bits of an address: nobody blocks less than a /64.
 */
import type { Cidr } from '@bellwether/basics';
import type { Block } from './block.ts';
import type { Spared } from './order.ts';

/** A piece: from `first` to `last`, both in it, until `until` (ms). */
export type Piece<Position extends number | bigint> = {
  readonly first: Position;
  readonly last: Position;
  readonly until: number;
};

/** The sets, of each family: blocks of everything, blocks of private services, and who is spared. Pieces in rising order. */
export type Cover = {
  readonly all4: readonly Piece<number>[];
  readonly all6: readonly Piece<bigint>[];
  readonly private4: readonly Piece<number>[];
  readonly private6: readonly Piece<bigint>[];
  readonly spared4: readonly Piece<number>[];
  readonly spared6: readonly Piece<bigint>[];
};

/** Nothing is blocked, and nobody spared. */
export const NO_COVER: Cover = {
  all4: [],
  all6: [],
  private4: [],
  private6: [],
  spared4: [],
  spared6: [],
};

/** The cover of some blocks, and of who is spared: two may have been let in at one address, and that of one ends first. */
export function coverOf(
  blocks: Iterable<Pick<Block, 'network' | 'covers' | 'until'>>,
  spared: Iterable<Pick<Spared, 'network' | 'until'>> = [],
): Cover {
  const of = { all4: [], all6: [], private4: [], private6: [], spared4: [], spared6: [] } as {
    [Name in keyof Cover]: Cover[Name][number][];
  };
  const add = (kind: 'all' | 'private' | 'spared', network: Cidr, until: number): void => {
    if (network.family === 4) of[`${kind}4`].push({ ...rangeOf4(network), until });
    else of[`${kind}6`].push({ ...rangeOf6(network), until });
  };
  for (const { network, covers, until } of blocks) add(covers, network, until);
  for (const { network, until } of spared) add('spared', network, until);
  return {
    all4: disjoint(of.all4, 1),
    all6: disjoint(of.all6, 1n),
    private4: disjoint(of.private4, 1),
    private6: disjoint(of.private6, 1n),
    spared4: disjoint(of.spared4, 1),
    spared6: disjoint(of.spared6, 1n),
  };
}

/** What has to be taken out of a set and put into it, so that it becomes the other. */
export function changeOfPieces<P extends number | bigint>(
  before: readonly Piece<P>[],
  after: readonly Piece<P>[],
): { readonly out: readonly Piece<P>[]; readonly in: readonly Piece<P>[] } {
  const out: Piece<P>[] = [];
  const into: Piece<P>[] = [];
  let a = 0;
  let b = 0;
  while (a < before.length || b < after.length) {
    const old = before[a];
    const now = after[b];
    if (old !== undefined && now !== undefined && old.first === now.first) {
      if (old.last !== now.last || old.until !== now.until) {
        out.push(old);
        into.push(now);
      }
      a++;
      b++;
    } else if (now === undefined || (old !== undefined && old.first < now.first)) {
      out.push(old!);
      a++;
    } else {
      into.push(now);
      b++;
    }
  }
  return { out, in: into };
}

/** The piece that an address lies in; undefined: none. */
export function pieceAt(
  cover: Cover,
  kind: Block['covers'] | 'spared',
  source: Cidr,
): Piece<number | bigint> | undefined {
  return source.family === 4
    ? find(cover[`${kind}4`], source.words[3])
    : find(cover[`${kind}6`], BigInt(source.words[0]) * 0x1_0000_0000n + BigInt(source.words[1]));
}

/** First and last address of an IPv4 network. */
export function rangeOf4({ words, bits }: Cidr): { readonly first: number; readonly last: number } {
  const first = words[3];
  return { first, last: first + 2 ** (32 - bits) - 1 };
}

/** First and last /64 of an IPv6 network of at most 64 bits; one with more bits is its /64. */
export function rangeOf6({ words, bits }: Cidr): { readonly first: bigint; readonly last: bigint } {
  const first = BigInt(words[0]) * 0x1_0000_0000n + BigInt(words[1]);
  return { first, last: first + (1n << BigInt(64 - Math.min(64, bits))) - 1n };
}

function find<P extends number | bigint>(pieces: readonly Piece<P>[], at: P): Piece<P> | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pieces[middle]!.first <= at) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low - 1];
  return piece !== undefined && at <= piece.last ? piece : undefined;
}

/** From left to right over all places where something begins or ends, with those that cover the place in a heap by their end. */
function disjoint<P extends number | bigint>(ranges: readonly Piece<P>[], one: P): Piece<P>[] {
  const next = (position: P): P => ((position as number) + (one as number)) as P;
  const before = (position: P): P => ((position as number) - (one as number)) as P;
  const byFirst = ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  // Nearly always nothing overlaps, and then there is nothing to be cut.
  if (byFirst.every(({ first }, i) => i === 0 || byFirst[i - 1]!.last < first)) return joined(byFirst, next);
  const cuts = [...new Set(byFirst.flatMap(({ first, last }) => [first, next(last)]))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  const open = new LatestFirst<P>();
  const pieces: Piece<P>[] = [];
  let at = 0;
  for (const [i, cut] of cuts.entries()) {
    for (; at < byFirst.length && byFirst[at]!.first === cut; at++) open.add(byFirst[at]!);
    const latest = open.latestAt(cut);
    if (latest === undefined) continue;
    const last = before(cuts[i + 1]!);
    pieces.push({ first: cut, last, until: latest.until });
  }
  return joined(pieces, next);
}

/** Pieces that stand side by side and end together as one. */
function joined<P extends number | bigint>(
  pieces: readonly Piece<P>[],
  next: (position: P) => P,
): Piece<P>[] {
  const out: Piece<P>[] = [];
  for (const piece of pieces) {
    const previous = out.at(-1);
    if (previous !== undefined && previous.until === piece.until && next(previous.last) === piece.first)
      out[out.length - 1] = { ...previous, last: piece.last };
    else out.push(piece);
  }
  return out;
}

/** A binary heap of ranges, that with the latest end on top; what is over is taken away when it comes to the top. */
class LatestFirst<P extends number | bigint> {
  readonly #heap: Piece<P>[] = [];

  add(range: Piece<P>): void {
    const heap = this.#heap;
    let at = heap.push(range) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.until >= range.until) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = range;
  }

  latestAt(position: P): Piece<P> | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.last < position) this.#removeTop();
    return this.#heap[0];
  }

  #removeTop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.until > heap[child]!.until) child++;
      if (heap[child]!.until <= last.until) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
