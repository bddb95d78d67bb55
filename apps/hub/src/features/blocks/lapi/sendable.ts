/**
 * Whether a decision, as it is kept, can be told to firewalls of others. Some of them throw a whole answer away for one
 * entry that they cannot read, so nothing that is doubtful is ever told: it is left out, and counted.
 */
import { type Cidr, parseCidr } from '@bellwether/basics';
import type { Block, Covers } from '@bellwether/blocks';

/** A block, and where its source is seen: its packets, or the client behind a proxy alone. */
export type DecidedBlock = Block & { readonly seen: 'packets' | 'client' };

/** A decision as the database has it. Times in ms since 1970; `Infinity` where the database says so. */
export type KeptDecision = {
  readonly id: number;
  readonly value: string;
  readonly reason: string;
  readonly covers: string;
  readonly seen: string;
  readonly from: number;
  readonly until: number;
};

/**
 * Shortest prefixes that are told to anybody. They are the widest that an office takes from its hub: a wider one is a mistake, and
 * a firewall would turn a whole provider away for it.
 */
const WIDEST = { 4: 24, 6: 48 } as const;

/** Thirty days, ms: four times the longest block that is decided. What lasts longer was not decided here. */
const LONGEST = 30 * 86_400_000;

const REASON = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The block that is told, or undefined if nobody is to be told of it. */
export function sendableOf(kept: KeptDecision): DecidedBlock | undefined {
  const { id, value, reason, covers, seen, from, until } = kept;
  if (!Number.isSafeInteger(id) || !isCovers(covers) || !isSeen(seen)) return undefined;
  if (!Number.isFinite(from) || !Number.isFinite(until) || until - from > LONGEST) return undefined;
  const network = parseCidr(value);
  if (network.isErr() || isTooWide(network.value)) return undefined;
  // A reason that cannot be read is no reason to let somebody in.
  return {
    id: String(id),
    network: network.value,
    covers,
    seen,
    from,
    until,
    reason: REASON.test(reason) ? reason : 'other',
  };
}

function isCovers(text: string): text is Covers {
  return text === 'all' || text === 'private';
}

function isSeen(text: string): text is DecidedBlock['seen'] {
  return text === 'packets' || text === 'client';
}

function isTooWide({ family, bits }: Cidr): boolean {
  return bits < WIDEST[family];
}
