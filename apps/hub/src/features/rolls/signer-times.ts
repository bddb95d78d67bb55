/** From when a signer that came later signs in this hub. */
import type { KnownSigner } from '@bellwether/rolls';
import type { Holding } from './holding.ts';

const HOUR = 3_600_000;

/**
 * How long the hub waits beyond the delay of the policy, ms: witnesses count from when they saw the entry, and one that asks each minute,
 * or was away for a while, saw it later than the log did. An hour is more than either.
 */
export const SIGNER_MARGIN = HOUR;

/** When a signer signs here, ms since 1970: by what the log tells and by when this hub wrote it, whichever is later. */
export function signsFrom(
  { announced }: Pick<Holding, 'announced'>,
  { key, from, delayHours }: KnownSigner,
): number {
  if (delayHours === 0) return from;
  return Math.max(from, (announced.get(key.id) ?? 0) + delayHours * HOUR) + SIGNER_MARGIN;
}

/** Whether a signer may sign now: by the time that the log has told, not by our clock. */
export function signsHere(holding: Pick<Holding, 'announced' | 'fold'>, known: KnownSigner): boolean {
  const { lastSeal, genesis } = holding.fold;
  const told = Date.parse(lastSeal?.at ?? `${genesis.day}T00:00Z`);
  return !known.isRevoked && signsFrom(holding, known) <= told;
}
