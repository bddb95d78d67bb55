/** Visits as they are kept, what is opened where a block kept one waiting, and the rate that they bear out. */
import { missBound } from '@bellwether/drills';
import { type Kysely, sql } from 'kysely';
import type { Probe } from '../../platform/config-probes.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { Visit } from './visit.ts';

/** What the incidents are called. */
export const FALSE_BLOCK = 'false-block';

/** Visits that count for the rate: a month, which is as long as anybody remembers, and long enough for a bound that says something. */
export const RATE_DAYS = 30;

/** Visits stay for so long: an election, and the same one two years before would be another system. */
const KEPT_DAYS = 400;

/** How often the bound may be wrong: as for drills. */
const ALPHA = 0.05;

const DAY = 86_400_000;

/** Keeps a visit. Gives whether a block kept it waiting; then a person has to look. */
export async function keepVisit(
  db: Kysely<Tables>,
  { name, persona, from }: Probe,
  visit: Visit,
  now: number,
): Promise<boolean> {
  const at = new Date(now);
  const byBlock = await isByBlock(db, visit, from, at);
  const { outcome, status, detail, took } = visit;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('probes')
      .values({ at, name, persona, source: from ?? null, outcome, status, detail, took, by_block: byBlock })
      .execute();
    if (!byBlock) return;
    await sql`
      INSERT INTO incidents (key, kind, opened_at, last_at, count, reason, source, destination)
      VALUES (${`${FALSE_BLOCK}|${name}`}, ${FALSE_BLOCK}, ${at}, ${at}, 1, ${outcome}, ${from ?? null}, ${name})
      ON CONFLICT (key) WHERE state <> 'closed'
      DO UPDATE SET last_at = excluded.last_at, count = incidents.count + 1, reason = excluded.reason`.execute(
      tx,
    );
  });
  return byBlock;
}

/** The door says so itself; of whom nobody answers, it is so where a decision covers where it came from. */
async function isByBlock(
  db: Kysely<Tables>,
  { outcome, isDoor }: Visit,
  from: string | undefined,
  at: Date,
): Promise<boolean> {
  if (isDoor) return true;
  if ((outcome !== 'no-answer' && outcome !== 'refused') || from === undefined) return false;
  const covering = await db
    .selectFrom('standing_decisions')
    .select('id')
    .where(sql<boolean>`value >>= ${from}::inet`)
    .where('from_at', '<=', at)
    .where('until_at', '>', at)
    .executeTakeFirst();
  return covering !== undefined;
}

/**
 * How many known-good visits of the last days were kept waiting by a block, and at most how many are. `unanswered`: visits that say
 * nothing about blocks, since the service or the way to it failed; they are not among `visits`.
 */
export type FalseBlocks = {
  readonly days: number;
  readonly visits: number;
  readonly kept: number;
  /** [0, 1]; wrong at one look in twenty at most, if visits fail independently of each other. */
  readonly bound: number;
  readonly unanswered: number;
};

/** The rate; null where nobody visited. */
export async function falseBlocks(db: Kysely<Tables>, now: number): Promise<FalseBlocks | null> {
  const counted = await db
    .selectFrom('probes')
    .select([
      sql<number>`count(*) FILTER (WHERE by_block OR outcome = 'reached')`.as('visits'),
      sql<number>`count(*) FILTER (WHERE by_block)`.as('kept'),
      sql<number>`count(*)`.as('all'),
    ])
    .where('at', '>', new Date(now - RATE_DAYS * DAY))
    .where('at', '<=', new Date(now))
    .executeTakeFirstOrThrow();
  const { visits, kept, all } = counted;
  if (all === 0) return null;
  const bound = missBound({ drills: visits, missed: kept }, ALPHA);
  return { days: RATE_DAYS, visits, kept, bound, unanswered: all - visits };
}

/** Forgets old visits. */
export async function forgetVisits(db: Kysely<Tables>, now: number): Promise<void> {
  await db
    .deleteFrom('probes')
    .where('at', '<', new Date(now - KEPT_DAYS * DAY))
    .execute();
}
