/** What agents report: the last of each is kept, and when it came. A report is also the sign that an agent lives. */
import type { AgentReport } from '@bellwether/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { KnownAgent } from './agent-book.ts';

/** Clocks that are further off are told as so much: a hundred years, ms. */
const FURTHEST_CLOCK = 3_155_760_000_000;

/** Where they go. */
export class Reports {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;
  readonly #onTaken: () => void;

  constructor(db: Kysely<Tables>, now: () => number, onTaken: () => void) {
    this.#db = db;
    this.#now = now;
    this.#onTaken = onTaken;
  }

  /** Keeps it; gives the hub's time, ms. */
  async take({ id }: KnownAgent, report: AgentReport): Promise<number> {
    const now = this.#now();
    const ahead = Math.max(-FURTHEST_CLOCK, Math.min(FURTHEST_CLOCK, report.clock - now));
    await this.#db
      .updateTable('agents')
      .set({
        report: JSON.stringify(report),
        version: report.version,
        last_heard: new Date(now),
        clock_ahead: Math.round(ahead),
      })
      .where('id', '=', id)
      .execute();
    this.#onTaken();
    return now;
  }
}
