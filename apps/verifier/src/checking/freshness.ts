/**
 * How old cosignatures may be. A log that shows everybody an old state, on which all agreed once, is caught by nothing but time: so a
 * quorum has to have cosigned within 26 hours, or the answer is "no".
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type AcceptedCheckpoint, isQuorum, type Policy } from '@bellwether/evidence';
import { FRESH_FOR } from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';

/** How far a cosignature may be ahead of the clock here, in ms: what clocks that are kept differ by, and more. */
const MOST_AHEAD_MS = 600_000;

/** Since when, at the earliest, a quorum stands for a checkpoint: ms since 1970. */
export function quorumTime(policy: Policy, { cosigned }: AcceptedCheckpoint): number {
  const latestFirst = [...cosigned].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const some = new Set<string>();
  for (const [name, time] of latestFirst) {
    some.add(name);
    if (isQuorum(policy, some)) return Number(time) * 1_000;
  }
  return 0;
}

/** The time of the quorum, if it is fresh at `now` (ms since 1970). */
export function checkFreshness(
  policy: Policy,
  accepted: AcceptedCheckpoint,
  now: number,
): Result<number, VerifyError> {
  const notAhead = new Map(
    [...accepted.cosigned].filter(([, time]) => Number(time) * 1_000 <= now + MOST_AHEAD_MS),
  );
  const time = quorumTime(policy, { ...accepted, cosigned: notAhead });
  if (now - time <= FRESH_FOR) return ok(time);
  const found = quorumTime(policy, accepted);
  const detail =
    found > now
      ? `the cosignatures are of ${timeText(found)}, and it is ${timeText(now)}`
      : `the newest cosignatures of a quorum are of ${timeText(found)}, ${hoursText(now - found)} ago; 26 hours are the most`;
  return err({ code: 'VERIFY_NOT_FRESH', detail });
}

/** `2026-11-03 02:31 UTC`. */
export function timeText(ms: number): string {
  const last = 8.64e15;
  return `${new Date(Math.min(Math.max(ms, 0), last)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function hoursText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours > 48 ? `${Math.floor(hours / 24)} days` : `${hours} hours`;
}
