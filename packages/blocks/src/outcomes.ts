/**
 * What was ordered against what was read back: the outcome of each block, and whether packets meet the table at all. Nobody says
 * "enforced" who has not read it.
 */
import type { Block, Outcome } from './block.ts';
import { type Cover, coverOf, type Piece } from './cover.ts';
import type { Refused } from './limits.ts';
import type { ReadPiece, ReadTable } from './nft-listing.ts';
import { COVER_SETS } from './nft-text.ts';

/** The kernel tells whole seconds, and reading takes time: an end may differ by so much, ms. */
const TOLERANCE = 2_500;

/** Blocks that end so soon may be gone when they are read. ms. */
const ENDING = 3_000;

/** Whether packets meet the blocks, and why not. */
export type Point = { readonly state: 'enforcing' | 'none' | 'damaged'; readonly why: readonly string[] };

/** The outcomes of a read-back. */
export type Enforcement = {
  readonly point: Point;
  readonly decided: number;
  readonly enforced: number;
  readonly refused: readonly Refused[];
  readonly missing: readonly Extract<Outcome, { state: 'missing' }>[];
};

/** What a read-back is compared with. */
export type ReadBackInput = {
  /** Blocks that the office took, their cover, and those that it refused. */
  readonly taken: readonly Block[];
  readonly cover: Cover;
  readonly refused: readonly Refused[];
  /** What was read, and what the table looked like when it was written; null: it cannot be read, or is not there. */
  readonly table: ReadTable | null;
  readonly written: Pick<ReadTable, 'chains' | 'rules'> | null;
  /** Names of flowtables. */
  readonly flowtables: readonly string[];
  /** How long the longest writing took, ms: what is written last counts from then. */
  readonly slack: number;
  /** When it was read, ms, by the clock that ends are meant by. */
  readonly now: number;
};

/** Compares. */
export function outcomesOf({
  taken,
  cover,
  refused,
  table,
  written,
  flowtables,
  slack,
  now,
}: ReadBackInput): Enforcement {
  const live = taken.filter(({ until }) => until > now + ENDING);
  const decided = live.length + refused.length;
  if (table === null) {
    const missing = live.map(({ id }) => ({
      id,
      state: 'missing' as const,
      detail: 'the table is not in the kernel',
    }));
    return {
      point: { state: 'damaged', why: ['the table is not in the kernel'] },
      decided,
      enforced: 0,
      refused,
      missing,
    };
  }
  const damage = damageOf(table, written);
  const missing: Extract<Outcome, { state: 'missing' }>[] = [];
  const faults = COVER_SETS.map(
    (set) => [set, faultsOf<number | bigint>(cover[set], table.sets[set], now, TOLERANCE + slack)] as const,
  );
  if (faults.some(([, list]) => list.length > 0)) {
    for (const block of live) {
      const detail = faultAt(block, faults);
      if (detail !== null) missing.push({ id: block.id, state: 'missing', detail });
    }
  }
  const unspared = faults.some(([set, list]) => set.startsWith('spared') && list.length > 0);
  const why = [
    ...damage,
    ...(unspared ? ['somebody who was let in to voters’ services is not in the set of them'] : []),
    ...flowtables.map(
      (name) => `flowtable ${name}: connections that it carries pass us until they are ended`,
    ),
  ];
  return {
    point: { state: damage.length > 0 || missing.length > 0 || unspared ? 'damaged' : 'enforcing', why },
    decided,
    enforced: damage.length > 0 ? 0 : live.length - missing.length,
    refused,
    missing,
  };
}

/** What is not as it was written: chains, hooks, rules and their order. */
function damageOf(table: ReadTable, written: ReadBackInput['written']): string[] {
  if (written === null) return [];
  const why: string[] = [];
  for (const chain of written.chains)
    if (!table.chains.includes(chain)) why.push(`chain "${chain}" is not there any more`);
  for (const [chain, rules] of written.rules) {
    const now = table.rules.get(chain) ?? [];
    const at = rules.findIndex((rule, i) => now[i] !== rule);
    if (at >= 0)
      why.push(
        `chain ${chain}: rule ${at + 1} is not ours any more, but ${(now[at] ?? 'none').slice(0, 160)}`,
      );
    else if (now.length > rules.length)
      why.push(`chain ${chain} has ${now.length - rules.length} rules that are not ours`);
  }
  return why;
}

/** Pieces that are not in the kernel as they should be. */
function faultsOf<P extends number | bigint>(
  expected: readonly Piece<P>[],
  read: readonly ReadPiece[],
  now: number,
  tolerance: number,
): readonly { readonly first: P; readonly last: P; readonly detail: string }[] {
  const byFirst = new Map(read.map((piece) => [piece.first, piece]));
  const faults: { first: P; last: P; detail: string }[] = [];
  for (const { first, last, until } of expected) {
    if (until <= now + ENDING) continue;
    const found = byFirst.get(first);
    const fault = (detail: string): void => void faults.push({ first, last, detail });
    if (found === undefined || found.last !== last) fault('its addresses are not in the set');
    else if (found.expires === null) fault('it has no end in the kernel');
    else if (Math.abs(found.expires * 1_000 - (until - now)) > tolerance)
      fault(`it ends in ${found.expires} s, and ${Math.round((until - now) / 1_000)} s were ordered`);
  }
  return faults;
}

function faultAt(
  { network, covers }: Block,
  faults: readonly (readonly [
    string,
    readonly { readonly first: number | bigint; readonly last: number | bigint; readonly detail: string }[],
  ])[],
): string | null {
  const set = `${covers}${network.family}`;
  const range = coverOf([{ network, covers, until: 1 }])[set as keyof Cover][0]!;
  const mine = faults.find(([name]) => name === set)?.[1] ?? [];
  const fault = mine.find(({ first, last }) => first <= range.last && last >= range.first);
  return fault?.detail ?? null;
}
