/**
 * The blocks that are in force, in memory: loaded once, then only what is new, so that a thousand firewalls that ask every
 * ten seconds cost the database one small question each half second. A row that was changed or taken away behind our back is
 * noticed by count and sum, and then everything is loaded again.
 */
import { type Kysely, sql } from 'kysely';
import { isDatabaseAway } from '../../../platform/http/failures.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { type DecidedBlock, type KeptDecision, sendableOf } from './sendable.ts';

/** Half a second, ms: who asks more often is answered from memory. Bouncers ask every ten seconds. */
const FRESH = 500;

/**
 * Five seconds, ms: how often all rows that we know are counted again in the database, for those that were lifted or changed. It is the
 * one question here whose cost grows with the blocks, and who is lifted waits for the next question of a bouncer anyway.
 */
export const COUNTED_EVERY = 5_000;

/**
 * A day, ms: a bouncer whose place we do not know is told what ended within it. Longer ago, and its own set has let go of
 * nearly all by itself.
 */
const ENDED_WITHIN = 86_400_000;

/** More blocks than end in a busy day; the newest count. */
const MOST_ENDED = 20_000;

/** What it needs. `now`: ms since 1970. */
export type BlockBookOptions = {
  readonly db: Kysely<Tables>;
  readonly now: () => number;
  /** Told of decisions that nobody is told of, when that number changes. */
  readonly onLeftOut: (count: number) => void;
};

/** What is in force. `version` rises when a block came, went or changed; blocks that ended by the clock may still be in it. */
export type BlocksInForce = { readonly version: number; readonly blocks: ReadonlyMap<number, DecidedBlock> };

/** The book. */
export class BlockBook {
  readonly #options: BlockBookOptions;
  readonly #blocks = new Map<number, DecidedBlock>();
  /** Ends of all rows, those among them of which nobody is told; `Infinity` is kept as it is. */
  readonly #ends = new Map<number, number>();
  #lastId = 0;
  #version = 0;
  #leftOut = 0;
  #looked = Number.NEGATIVE_INFINITY;
  #counted = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(options: BlockBookOptions) {
    this.#options = options;
  }

  /** What is in force now. While the database is away, what was known last; throws if nothing was. */
  async inForce(): Promise<BlocksInForce> {
    const age = this.#options.now() - this.#looked;
    if (age < 0 || age >= FRESH) await this.#lookOnce();
    return { version: this.#version, blocks: this.#blocks };
  }

  /** Blocks that ended lately, for whoever may still hold one of them. */
  async endedLately(): Promise<readonly DecidedBlock[]> {
    const now = this.#options.now();
    const { rows } = await sql<KeptDecision>`
      SELECT ${COLUMNS} FROM standing_decisions
      WHERE until_at <= ${new Date(now)} AND until_at > ${new Date(now - ENDED_WITHIN)}
      ORDER BY until_at DESC LIMIT ${MOST_ENDED}`.execute(this.#options.db);
    return rows.map(sendableOf).filter((block) => block !== undefined);
  }

  #lookOnce(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => {
        if (this.#version === 0 || !isDatabaseAway(error)) throw error;
      })
      .finally(() => {
        this.#looked = this.#options.now();
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const now = this.#options.now();
    this.#forgetEnded(now);
    if (!(now - this.#counted >= 0 && now - this.#counted < COUNTED_EVERY)) {
      if (!(await this.#isAsKept(now))) this.#forgetAll();
      this.#counted = now;
    }
    const { rows } = await sql<KeptDecision>`
      SELECT ${COLUMNS} FROM standing_decisions WHERE id > ${this.#lastId} AND until_at > ${new Date(now)} ORDER BY id`.execute(
      this.#options.db,
    );
    if (rows.length > 0 || this.#version === 0) this.#version++;
    for (const row of rows) {
      this.#lastId = Math.max(this.#lastId, row.id);
      this.#ends.set(row.id, row.until);
      const block = sendableOf(row);
      if (block !== undefined) this.#blocks.set(row.id, block);
    }
    const leftOut = this.#ends.size - this.#blocks.size;
    if (leftOut !== this.#leftOut) this.#options.onLeftOut(leftOut);
    this.#leftOut = leftOut;
  }

  /** Whether the rows that we know are in the database as we know them. */
  async #isAsKept(now: number): Promise<boolean> {
    const { rows } = await sql<{ count: number; sum: number }>`
      SELECT count(*) AS count, coalesce(sum(${SECONDS}), 0) AS sum
      FROM standing_decisions WHERE id <= ${this.#lastId} AND until_at > ${new Date(now)}`.execute(
      this.#options.db,
    );
    let sum = 0;
    for (const end of this.#ends.values()) sum += seconds(end);
    return rows[0]!.count === this.#ends.size && rows[0]!.sum === sum;
  }

  #forgetAll(): void {
    this.#blocks.clear();
    this.#ends.clear();
    this.#lastId = 0;
    this.#version++;
  }

  #forgetEnded(now: number): void {
    for (const [id, end] of this.#ends) {
      if (end > now) continue;
      this.#ends.delete(id);
      if (this.#blocks.delete(id)) this.#version++;
    }
  }
}

/** The database's own word for a time without end is no number that can be summed. */
const SECONDS = sql`floor(extract(epoch FROM least(until_at, '3000-01-01Z'::timestamptz)))::bigint`;

const LAST_SECOND = Date.UTC(3000, 0, 1) / 1000;

const COLUMNS = sql`id, value::text AS value, reason, covers, seen,
  floor(extract(epoch FROM from_at)::float8 * 1000) AS "from",
  floor(extract(epoch FROM until_at)::float8 * 1000) AS "until"`;

function seconds(end: number): number {
  return Math.min(Math.floor(end / 1000), LAST_SECOND);
}
