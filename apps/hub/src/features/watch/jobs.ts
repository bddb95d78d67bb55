/**
 * What the hub does by itself from time to time: it keeps the account of what it refused, notices sensors that fell
 * silent, forgets old batch numbers, and puts the history in order. A job that fails is tried again at its next turn.
 */
import { sql } from 'kysely';
import type { Refusals } from '../../flow/refusals.ts';
import type { Database } from '../../platform/postgres/database.ts';

/** A busy sensor that says nothing for so long has fallen silent, ms. */
export const SILENT_AFTER = 900_000;

/**
 * Usual gaps between minutes with lines that make a silence: by chance alone one of 10^10 gaps is so long, and nights are
 * quieter than days.
 */
const USUAL_GAPS = 24;

/** How long a batch number is remembered: an office that was cut off for a fortnight still sends nothing twice. */
const REMEMBERED_DAYS = 35;

/** Minutes of the account stay for so many days; hours stay for ever. */
const MINUTES_KEPT_DAYS = 40;

/** What the jobs work on. */
export type JobsOptions = {
  readonly db: Database;
  readonly refusals: Refusals;
  readonly now: () => number;
  /** Puts the history in order, if there is cause. */
  readonly compact: () => Promise<void>;
  /** Jobs of other rooms. */
  readonly others: readonly Job[];
  readonly onTrouble: (job: string, error: Error) => void;
  /** Something changed that people see. */
  readonly onChanged: (topic: 'incidents' | 'offices') => void;
};

/** Something that is done by the clock: what it is called in the log, how often, ms, and the work. */
export type Job = { readonly name: string; readonly every: number; readonly work: () => Promise<unknown> };

/** Runs the jobs until it is stopped. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: JobsOptions) {
    this.#options = options;
    const { db, refusals, now } = options;
    const jobs: readonly Job[] = [
      { name: 'refusals', every: 1_000, work: () => keepRefusals(db, refusals, now()) },
      { name: 'silence', every: 15_000, work: () => this.#silence() },
      { name: 'history', every: 60_000, work: () => options.compact() },
      { name: 'forgetting', every: 3_600_000, work: () => forget(db, now()) },
      ...options.others,
    ];
    for (const job of jobs) this.#timers.push(setInterval(() => this.#run(job), job.every));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.allSettled(this.#running.values());
  }

  #run({ name, work }: Job): void {
    // A job that takes longer than its turn leaves the next one out.
    if (this.#running.has(name)) return;
    const running = work()
      .catch((error: Error) => this.#options.onTrouble(name, error))
      .then(() => this.#running.delete(name));
    this.#running.set(name, running);
  }

  async #silence(): Promise<void> {
    const changed = await noticeSilence(this.#options.db, this.#options.now());
    if (changed > 0) {
      this.#options.onChanged('incidents');
      this.#options.onChanged('offices');
    }
  }
}

/** Writes down what was refused, and makes an incident of it. */
export async function keepRefusals(db: Database, refusals: Refusals, now: number): Promise<void> {
  const rows = refusals.take();
  if (rows.length === 0) return;
  try {
    await db.query.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('refusals')
        .values(
          rows.map(({ minute, port, reason, batches, lines, bytes }) => ({
            minute: new Date(minute),
            port,
            reason,
            batches,
            lines,
            bytes,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['minute', 'port', 'reason']).doUpdateSet({
            batches: sql`refusals.batches + excluded.batches`,
            lines: sql`refusals.lines + excluded.lines`,
            bytes: sql`refusals.bytes + excluded.bytes`,
          }),
        )
        .execute();
      for (const { minute, port, reason, batches } of rows) {
        await sql`
          INSERT INTO incidents (key, kind, opened_at, last_at, count, reason, source)
          VALUES (${`intake-refused|${port}|${reason}`}, 'intake-refused', ${new Date(minute)}, ${new Date(now)},
                  ${Math.max(1, batches)}, ${reason}, ${port})
          ON CONFLICT (key) WHERE state <> 'closed'
          DO UPDATE SET count = incidents.count + excluded.count, last_at = excluded.last_at
        `.execute(transaction);
      }
    });
  } catch (error) {
    refusals.giveBack(rows);
    throw error;
  }
}

/**
 * Opens an incident for each sensor that should have been heard, and closes those of sensors that were heard again; gives
 * how many changed. How long is long depends on how often a sensor is heard: half an hour for one that tells of something
 * every minute, a day for one that tells of a few contacts a day. In the sample state, time ends with the sample.
 */
export async function noticeSilence(db: Database, now: number): Promise<number> {
  const overdue = sql`
    WITH sample AS (
      SELECT (value->>'loadedAt')::timestamptz AS loaded_at, (value->>'newest')::timestamptz AS newest
      FROM facts WHERE name = 'sample'
    ), heard AS (
      SELECT s.id, s.authority,
             CASE WHEN s.added_at <= sample.loaded_at THEN s.last_event ELSE s.last_heard END AS last,
             CASE WHEN s.added_at <= sample.loaded_at THEN sample.newest ELSE ${new Date(now)}::timestamptz END AS until,
             (SELECT count(*) FROM account_minutes m
              WHERE m.sensor = s.id AND m.minute > s.last_event - interval '1 day') AS busy
      FROM sensors s LEFT JOIN sample ON true
      WHERE s.last_heard IS NOT NULL
    )
    SELECT id, authority, last, until,
           last < until - least(interval '1 day', greatest(${SILENT_AFTER} * interval '1 ms',
                                ${USUAL_GAPS} * interval '1 day' / greatest(busy, 1))) AS silent
    FROM heard`;
  const opened = await sql`
    INSERT INTO incidents (key, kind, authority, sensor, opened_at, last_at, count, reason)
    SELECT 'sensor-silent|silent|' || id, 'sensor-silent', authority, id, last, until, 1, 'silent'
    FROM (${overdue}) AS o WHERE silent
    ON CONFLICT (key) WHERE state <> 'closed' DO NOTHING`.execute(db.query);
  const closed = await sql`
    UPDATE incidents SET state = 'closed', closed_at = ${new Date(now)}, note = coalesce(note, 'heard again')
    FROM (${overdue}) AS o
    WHERE kind = 'sensor-silent' AND state <> 'closed' AND incidents.sensor = o.id AND NOT o.silent`.execute(
    db.query,
  );
  return Number(opened.numAffectedRows ?? 0n) + Number(closed.numAffectedRows ?? 0n);
}

/** Forgets batch numbers that are weeks old, and remembers that it did; thins the account of old minutes out. */
async function forget(db: Database, now: number): Promise<void> {
  const before = new Date(now - REMEMBERED_DAYS * 86_400_000);
  await sql`
    WITH gone AS (DELETE FROM batches WHERE at < ${before} RETURNING client, sequence)
    INSERT INTO batch_floors (client, sequence)
    SELECT client, max(sequence) FROM gone GROUP BY client
    ON CONFLICT (client) DO UPDATE SET sequence = greatest(batch_floors.sequence, excluded.sequence)`.execute(
    db.query,
  );
  const oldest = new Date(now - MINUTES_KEPT_DAYS * 86_400_000);
  await sql`DELETE FROM account_minutes WHERE minute < ${oldest}`.execute(db.query);
}
