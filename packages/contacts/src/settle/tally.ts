/**
 * The counts of one worker: every line's units go to exactly one place, so the account balances by construction.
 */
import type { StateIo } from '../judge/state.ts';
import { RULES } from './dispositions.ts';

/** Reasons not to decide: a dozen are known. */
const MOST_REASONS = 256;

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

  /** All counts. */
  state(io: StateIo): void {
    io.front('byRule', this.byRule, RULES.length);
    this.detail = io.number('detail', this.detail);
    this.replayed = io.number('replayed', this.replayed);
    this.outbound = io.number('outbound', this.outbound);
    this.knocks = io.number('knocks', this.knocks);
    this.contradictions = io.number('contradictions', this.contradictions);
    this.foreignHeaders = io.number('foreignHeaders', this.foreignHeaders);
    const withheld = io.list<[string, number]>(
      'withheld',
      Object.entries(this.withheld),
      MOST_REASONS,
      (told) => [io.text('reason', told?.[0] ?? ''), io.number('count', told?.[1] ?? 0)],
    );
    this.withheld = Object.fromEntries(withheld);
    this.from = io.number('from', this.from);
    this.to = io.number('to', this.to);
  }

  /** Notes that a decision was due and not made. */
  withhold(reason: string): void {
    this.withheld[reason] = (this.withheld[reason] ?? 0) + 1;
  }
}
