/**
 * The counts of one worker: every line's units go to exactly one place, so the account balances by construction.
 */
import { RULES } from './dispositions.ts';

/** Counts in units: one for each line, and one for each repetition that a line tells. */
export class Tally {
  /** Contacts by rule of the table. */
  readonly byRule: Float64Array = new Float64Array(RULES.length);
  detail = 0;
  /** Of `detail`: lines that had been delivered before. */
  replayed = 0;
  /** Requests of ours to others, inside lines that readers took for contacts. */
  outbound = 0;
  knocks = 0;
  contradictions = 0;
  /** Forwarding headers from somebody who is no proxy of ours. */
  foreignHeaders = 0;
  /** Decisions that were not made, by reason. */
  withheld: Record<string, number> = {};
  /** Event times, ms. */
  from = Number.POSITIVE_INFINITY;
  to = Number.NEGATIVE_INFINITY;

  /** Notes that a decision was due and not made. */
  withhold(reason: string): void {
    this.withheld[reason] = (this.withheld[reason] ?? 0) + 1;
  }
}
