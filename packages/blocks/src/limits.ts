/**
 * What an office takes from anybody. A hub that was taken over signs whatever it is told to: these limits are checked at the
 * office, and no order changes them.
 */
import { type Cidr, overlaps } from '@bellwether/basics';
import type { Block, Outcome, Refusal } from './block.ts';
import type { Spared } from './order.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The limits. */
export const LIMITS = {
  /**
   * Shortest prefixes, bits. One address, or the /64 of one customer, may be kept from everything; a network holds people who did
   * nothing, so it is kept from private services only, and is never wider than what one small provider hands out.
   */
  shortest: { all: { 4: 32, 6: 64 }, private: { 4: 24, 6: 48 } },
  /** The longest decision has a week; a day more for clocks and lines that were cut. ms. */
  longest: 8 * DAY,
  /** A block may begin so much later than the office's clock says. ms. */
  skew: 10 * MINUTE,
  /** Blocks in force: twice what the largest blocklists of the field have, and what a small computer's kernel holds. */
  most: 200_000,
  /** IPv4 addresses in all: one in a thousand of the Internet. Who orders more does not order blocks, but a cut. */
  mostAddresses: 2 ** 22,
  /** New blocks within an hour: a whole list, and as much again. */
  mostAnHour: 400_000,
  /** Spared sources in force: more than a state's deadline day brings. */
  mostSpared: 20_000,
} as const;

/** What an office does not take. */
export type Refused = Extract<Outcome, { state: 'refused' }>;

/** What a block is held against. */
export type LimitsHere = {
  /** Networks that are never blocked here. */
  readonly never: readonly Cidr[];
  /** ms, by the best clock that there is. */
  readonly now: number;
};

/** Why a block alone is not taken; null: it is. */
export function refusalOf(block: Block, { never, now }: LimitsHere): Refused | null {
  const { network, covers, from, until } = block;
  if (!(until > now)) return refused(block, 'over', `it ended ${said(until)}`);
  if (from > now + LIMITS.skew)
    return refused(block, 'not-yet', `it begins ${said(from)}, and here it is ${said(now)}`);
  if (until > now + LIMITS.longest) return refused(block, 'too-long', `it ends ${said(until)}`);
  const shortest = LIMITS.shortest[covers][network.family];
  if (network.bits < shortest)
    return refused(block, 'too-wide', `/${network.bits}, and here at least /${shortest}`);
  if (never.some((each) => overlaps(each, network)))
    return refused(block, 'never', 'it touches an address that is never blocked here');
  return null;
}

/** Blocks that an office takes of all that were ordered, in the order of their ids' coming; the others with the reason. */
export function withinLimits(
  blocks: Iterable<Block>,
  here: LimitsHere,
): { readonly taken: readonly Block[]; readonly refused: readonly Refused[] } {
  const taken: Block[] = [];
  const out: Refused[] = [];
  let addresses = 0;
  for (const block of blocks) {
    const why = refusalOf(block, here);
    if (why !== null) {
      out.push(why);
      continue;
    }
    const more = block.network.family === 4 ? 2 ** (32 - block.network.bits) : 0;
    if (taken.length >= LIMITS.most) out.push(refused(block, 'too-many', `${LIMITS.most} are in force`));
    else if (addresses + more > LIMITS.mostAddresses)
      out.push(refused(block, 'too-many', `${LIMITS.mostAddresses} addresses are blocked`));
    else {
      addresses += more;
      taken.push(block);
    }
  }
  return { taken, refused: out };
}

/** Who is spared, of those whom an order names: one address or /64 each, and not for ever. */
export function sparedWithinLimits(spared: Iterable<Spared>, now: number): readonly Spared[] {
  const taken: Spared[] = [];
  for (const each of spared) {
    const { network, until } = each;
    if (taken.length >= LIMITS.mostSpared) break;
    if (until > now && until <= now + LIMITS.longest && network.bits >= LIMITS.shortest.all[network.family])
      taken.push(each);
  }
  return taken;
}

function refused({ id }: Block, why: Refusal, detail: string): Refused {
  return { id, state: 'refused', why, detail };
}

function said(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : 'never';
}
