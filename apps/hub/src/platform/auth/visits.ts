/**
 * Who looked at whose data: a row for each hour, place, person and verb. The first look of such a row is on disk before
 * anybody is answered; further ones are counted in memory and written every few seconds, so that reading is not writing.
 */
import { type Kysely, sql } from 'kysely';
import { isDatabaseAway } from '../http/failures.ts';
import type { NewRow, Tables } from '../postgres/tables.ts';
import type { Visits } from './auth-types.ts';
import { type Actor, can, isInForce, type Place, type Verb } from './rights.ts';

/** An hour, ms: who looked when is told by the hour. */
const HOUR = 3_600_000;

/** Seconds that a crash may cost of the count of further looks; that somebody looked is never lost. ms. */
const FLUSH_EVERY = 5_000;

/**
 * Rows that are counted in memory: more than the people of a state look at in an hour (some 20 MB). Looks at further ones
 * are written one by one.
 */
const MOST_ROWS = 50_000;

/** As long as a visit is kept, ms: the 400 days that an office may ask for, and a month to ask in. */
const KEPT = 430 * 86_400_000;

/** How often what is older leaves, ms. */
const FORGET_EVERY = 86_400_000;

/** The place of who looked at all offices at once. */
export const EVERYWHERE: Place = '*';

/** What it needs. */
export type VisitsOptions = {
  readonly db: Kysely<Tables>;
  /** ms since 1970. */
  readonly now: () => number;
  /** ms between two writings of counts; 5 s if nothing is said. */
  readonly flushEvery?: number;
  /** Rows in memory; others in tests only. */
  readonly mostRows?: number;
};

/** Visits, with an end. */
export type RunningVisits = Visits & {
  /** Writes what was counted, if the database is there, and writes no more by itself. */
  stop(): Promise<void>;
};

/** A row in memory. `times`: looks that are not on disk yet. */
type Seen = { readonly row: FirstLook; last: number; times: number };

type FirstLook = {
  readonly hour: Date;
  readonly place: Place;
  readonly who: string;
  readonly verb: Verb;
  readonly role: string;
  readonly first_at: Date;
};

/** Begins to note visits. */
export function createVisits(options: VisitsOptions): RunningVisits {
  const { db, now, flushEvery = FLUSH_EVERY, mostRows = MOST_ROWS } = options;
  const seen = new Map<string, Seen>();
  /** First looks that are being written, by key: who looks meanwhile waits for the same. */
  const writing = new Map<string, Promise<void>>();
  let flushing: Promise<void> = Promise.resolve();
  let forgot = Number.NEGATIVE_INFINITY;

  async function note(actor: Actor, verb: Verb, places: readonly Place[]): Promise<void> {
    if (actor.kind === 'sensor' || actor.kind === 'bouncer') return;
    const time = now();
    const who = actor.kind === 'machine' ? 'machine' : actor.person;
    const hour = Math.floor(time / HOUR) * HOUR;
    const first: { key: string; look: Seen }[] = [];
    const waits: Promise<void>[] = [];
    for (const place of new Set(places)) {
      const key = JSON.stringify([hour, place, who, verb]);
      const known = seen.get(key);
      if (known !== undefined) {
        known.times++;
        known.last = Math.max(known.last, time);
        const written = writing.get(key);
        if (written !== undefined) waits.push(written);
        continue;
      }
      const role = roleOf(actor, verb, place, time);
      const row = { hour: new Date(hour), place, who, verb, role, first_at: new Date(time) };
      first.push({ key, look: { row, last: time, times: 1 } });
    }
    if (first.length > 0) waits.push(writeFirst(first));
    await Promise.all(waits);
  }

  async function writeFirst(looks: readonly { readonly key: string; readonly look: Seen }[]): Promise<void> {
    const written = writeLooks(
      db,
      looks.map(({ look }) => ({ ...look })),
    );
    for (const { key, look } of looks) {
      if (seen.size >= mostRows) continue;
      look.times = 0;
      seen.set(key, look);
      writing.set(key, written);
    }
    try {
      await written;
    } catch (error) {
      // Not on disk: the next look is a first one again.
      for (const { key } of looks) seen.delete(key);
      throw error;
    } finally {
      for (const { key } of looks) writing.delete(key);
    }
  }

  async function flushNow(): Promise<void> {
    const hour = Math.floor(now() / HOUR) * HOUR;
    const counted = [...seen].filter(([key, look]) => look.times > 0 && !writing.has(key));
    const taken = counted.map(([, look]) => ({ ...look }));
    for (const [, look] of counted) look.times = 0;
    try {
      await writeLooks(db, taken);
    } catch (error) {
      for (const [index, [, look]] of counted.entries()) look.times += taken[index]!.times;
      throw error;
    }
    for (const [key, look] of seen) {
      if (look.times === 0 && !writing.has(key) && look.row.hour.getTime() !== hour) seen.delete(key);
    }
    const time = now();
    if (time - forgot < FORGET_EVERY) return;
    await db
      .deleteFrom('visits')
      .where('hour', '<', new Date(time - KEPT))
      .execute();
    forgot = time;
  }
  function flush(): Promise<void> {
    const turn = flushing.then(flushNow);
    flushing = turn.catch(() => {});
    return turn;
  }

  /** What was counted is kept for the next time if the database is away. */
  async function flushIfThere(): Promise<void> {
    await flush().catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
    });
  }
  const timer = setInterval(() => void flushIfThere(), flushEvery).unref();
  return {
    note,
    flush,
    async stop() {
      clearInterval(timer);
      await flushIfThere();
    },
  };
}

/** Rows of one statement: eight parameters each, and PostgreSQL takes 65,535. */
const ROWS_AT_ONCE = 1_000;

/** Adds looks to the rows that are there, or makes them: all of them, or none. */
async function writeLooks(db: Kysely<Tables>, looks: readonly Seen[]): Promise<void> {
  // Always in the same order: two that write the same rows wait for each other, and never both.
  const rows = looks
    .map(({ row, last, times }) => ({ ...row, last_at: new Date(last), times }))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  if (rows.length === 0) return;
  if (rows.length <= ROWS_AT_ONCE) return await writeRows(db, rows);
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      await writeRows(tx, rows.slice(start, start + ROWS_AT_ONCE));
    }
  });
}

async function writeRows(db: Kysely<Tables>, rows: readonly NewRow<'visits'>[]): Promise<void> {
  await db
    .insertInto('visits')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['hour', 'place', 'who', 'verb']).doUpdateSet({
        times: sql`visits.times + excluded.times`,
        last_at: sql`greatest(visits.last_at, excluded.last_at)`,
      }),
    )
    .execute();
}

function rank({ hour, place, who, verb }: FirstLook): string {
  return JSON.stringify([hour.toISOString(), place, who, verb]);
}

/** The role by which somebody may do it there at that moment; of several, the first that was given. */
function roleOf(actor: Actor, verb: Verb, place: Place, time: number): string {
  if (actor.kind !== 'person') return 'machine';
  const grant = actor.grants.find(
    (one) =>
      isInForce(one, time) &&
      can({ ...actor, grants: [one] }, verb, place === EVERYWHERE ? one.place : place, time),
  );
  return grant?.role ?? NO_ROLE;
}

/** Who looks by no role: nothing that the door lets happen. */
const NO_ROLE = 'none';
