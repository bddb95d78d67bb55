/**
 * What `nft -j list table inet bellwether` and `nft -j list flowtables` tell (libnftables-json(5)), read strictly: what is not as we
 * know it is no proof that anything is blocked.
 */
import { err, ok, parseCidr, type Result, readAddressText } from '@bellwether/basics';
import { rangeOf4, rangeOf6 } from './cover.ts';
import type { BlocksError } from './errors.ts';
import { COVER_SETS, TABLE } from './nft-text.ts';

/** Longest text: a hundred bytes for each of two hundred thousand elements, three times. */
const MOST_TEXT = 64 * 1024 * 1024;

/** An element as it was read: seconds until it ends, whole ones, rounded down; null: it never ends. */
export type ReadPiece<P extends number | bigint = number | bigint> = {
  readonly first: P;
  readonly last: P;
  readonly expires: number | null;
};

/** A table as it was read. */
export type ReadTable = {
  /** Pieces in rising order, by set. */
  readonly sets: Readonly<Record<(typeof COVER_SETS)[number], readonly ReadPiece[]>>;
  /** Chains with their hooks: `input filter input -10 accept`. */
  readonly chains: readonly string[];
  /** Rules in their order, each chain's own, without handles and counts. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** Packets dropped by each rule that counts, by its comment. */
  readonly dropped: ReadonlyMap<string, number>;
};

/** Reads a listing of the table; `absent` where there is no such table. */
export function readTable(text: string): Result<ReadTable | 'absent', BlocksError> {
  const list = entriesOf(text);
  if (list === undefined) return unreadableListing('it is no JSON of nft');
  const sets = Object.fromEntries(COVER_SETS.map((name) => [name, []])) as unknown as Record<
    (typeof COVER_SETS)[number],
    ReadPiece[]
  >;
  const chains: string[] = [];
  const rules = new Map<string, string[]>();
  const dropped = new Map<string, number>();
  let isThere = false;
  for (const { table, set, chain, rule } of list) {
    if (table?.name === TABLE) isThere = true;
    if (set?.table === TABLE && COVER_SETS.some((name) => name === set.name)) {
      const name = set.name as (typeof COVER_SETS)[number];
      for (const each of Array.isArray(set.elem) ? set.elem : []) {
        const piece = pieceOf(each, name.endsWith('4') ? 4 : 6);
        if (piece === undefined)
          return unreadableListing(`an element of ${name} is none: ${JSON.stringify(each)?.slice(0, 120)}`);
        sets[name].push(piece);
      }
    }
    if (chain?.table === TABLE) {
      const { name, type = '-', hook = '-', prio = '-', policy = '-' } = chain;
      chains.push([name, type, hook, prio, policy].join(' '));
    }
    if (rule?.table === TABLE) {
      const { chain: of, comment = '', expr } = rule;
      if (typeof of !== 'string' || !Array.isArray(expr)) return unreadableListing('a rule is none');
      rules.set(of, [...(rules.get(of) ?? []), `${comment}: ${JSON.stringify(expr.map(withoutCounts))}`]);
      for (const each of expr as Json[]) {
        const packets = (each.counter as Json | undefined)?.packets;
        if (typeof packets === 'number') dropped.set(String(comment), packets);
      }
    }
  }
  for (const pieces of Object.values(sets)) pieces.sort((a, b) => (a.first < b.first ? -1 : 1));
  return ok(isThere ? { sets, chains: chains.sort(), rules, dropped } : 'absent');
}

/** Names of flowtables, of a listing of them: connections in one pass no chain of `forward`. */
export function readFlowtables(text: string): Result<readonly string[], BlocksError> {
  const list = entriesOf(text);
  if (list === undefined) return unreadableListing('it is no JSON of nft');
  return ok(
    list.flatMap(({ flowtable }) =>
      flowtable === undefined ? [] : [`${String(flowtable.table)} ${String(flowtable.name)}`],
    ),
  );
}

type Json = { readonly [name: string]: unknown };
type Entry = Readonly<Partial<Record<'table' | 'set' | 'chain' | 'rule' | 'flowtable', Json>>>;

function entriesOf(text: string): readonly Entry[] | undefined {
  if (text.length > MOST_TEXT) return undefined;
  try {
    const { nftables } = JSON.parse(text) as { nftables?: unknown };
    return Array.isArray(nftables) ? (nftables as Entry[]) : undefined;
  } catch {
    return undefined;
  }
}

/** `{"elem": {"val": V, "expires": s}}`, V an address, a prefix or a range. */
function pieceOf(each: unknown, family: 4 | 6): ReadPiece | undefined {
  const { elem } = (each ?? {}) as { elem?: { val?: unknown; expires?: unknown } };
  const value = elem === undefined ? each : elem.val;
  const expires = typeof elem?.expires === 'number' ? elem.expires : null;
  const range = rangeOf(value, family);
  return range === undefined ? undefined : { ...range, expires };
}

function rangeOf(
  value: unknown,
  family: 4 | 6,
): { first: number | bigint; last: number | bigint } | undefined {
  if (typeof value === 'string') return networkRange(value, family);
  const { prefix, range } = (value ?? {}) as { prefix?: { addr?: unknown; len?: unknown }; range?: unknown };
  if (prefix !== undefined) return networkRange(`${String(prefix.addr)}/${String(prefix.len)}`, family);
  if (!Array.isArray(range) || range.length !== 2) return undefined;
  const [first, last] = [
    positionOf(String(range[0]), family, false),
    positionOf(String(range[1]), family, true),
  ];
  return first === undefined || last === undefined || first > last ? undefined : { first, last };
}

function networkRange(
  text: string,
  family: 4 | 6,
): { first: number | bigint; last: number | bigint } | undefined {
  const network = parseCidr(text).unwrapOr(undefined);
  if (network?.family !== family) return undefined;
  // Within a /64 nothing of ours begins or ends.
  if (family === 6 && network.bits > 64) return undefined;
  return family === 4 ? rangeOf4(network) : rangeOf6(network);
}

function positionOf(text: string, family: 4 | 6, isLast: boolean): number | bigint | undefined {
  const read = readAddressText(text);
  if (read?.family !== family) return undefined;
  const { words } = read;
  if (family === 4) return words[3];
  const rest = isLast ? 0xffff_ffff : 0;
  if (words[2] !== rest || words[3] !== rest) return undefined;
  return BigInt(words[0]) * 0x1_0000_0000n + BigInt(words[1]);
}

function withoutCounts(expression: unknown): unknown {
  const { counter } = expression as Json;
  return counter === undefined ? expression : 'counter';
}

function unreadableListing(detail: string): Result<never, BlocksError> {
  return err({ code: 'BLOCKS_LISTING_MALFORMED', detail });
}
