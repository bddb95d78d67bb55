/** What the hub's account says of the last day: how many knocks, and what became of them. */

import type { NightlyStatement } from '@bellwether/rolls';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';

/** The last day, in hours: what a nightly statement is about. */
const HOURS = 24;

/** Counts of the day before a moment (ms since 1970), over all sensors. */
export async function knockTotals(
  db: Kysely<Tables>,
  now: number,
): Promise<NonNullable<NightlyStatement['knocks']>> {
  const since = new Date(now - HOURS * 3_600_000);
  const sums = await db
    .selectFrom('account_hours')
    .select([
      sql<string>`coalesce(sum(knocks), 0)`.as('knocks'),
      sql<string>`coalesce(sum(through), 0)`.as('through'),
      sql<string>`coalesce(sum(unsettled), 0)`.as('unsettled'),
      sql<string>`coalesce(sum(unreadable), 0)`.as('unreadable'),
    ])
    .where('hour', '>=', since)
    .executeTakeFirstOrThrow();
  const offices = await db
    .selectFrom('account_hours')
    .innerJoin('sensors', 'sensors.id', 'account_hours.sensor')
    .select(sql<string>`count(DISTINCT sensors.authority)`.as('count'))
    .where('account_hours.hour', '>=', since)
    .where('sensors.authority', '!=', 'state')
    .executeTakeFirstOrThrow();
  const all = await db
    .selectFrom('authorities')
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  const [heard, known] = [Number(offices.count), Number(all.count)];
  return {
    accounted: Number(sums.knocks),
    offices: [heard, Math.max(heard, known)],
    through: Number(sums.through),
    stillLookedAt: Number(sums.unsettled),
    notChecked: Number(sums.unreadable),
  };
}
