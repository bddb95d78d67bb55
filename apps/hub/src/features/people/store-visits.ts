/** What the records tell of who looked, and of who from outside may look. */
import type { VisitRow, VisitsAnswer } from '@bellwether/api';
import type { Kysely } from 'kysely';
import { PASSING, type Place } from '../../platform/auth/rights.ts';
import { EVERYWHERE } from '../../platform/auth/visits.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** Rows of an answer: what a person reads; older ones are asked for by fewer days. */
const MOST_ROWS = 1_000;

/** More than an office ever has at a time. */
const MOST_OUTSIDERS = 500;

const HOUR = 3_600_000;

/** Name of who looked by the machine itself. */
const MACHINE_NAME = 'whoever runs the machine';

/** Visits to a place, and to all places at once, since a moment, the latest first; and whether there were more. */
export async function visitsOf(
  db: Kysely<Tables>,
  place: Place,
  since: Date,
): Promise<{ readonly visits: readonly VisitRow[]; readonly more: boolean }> {
  const rows = await db
    .selectFrom('visits')
    .leftJoin('people', 'people.id', 'visits.who')
    .select(['hour', 'place', 'who', 'people.name as name', 'role', 'verb', 'first_at', 'last_at', 'times'])
    .where('place', 'in', [place, EVERYWHERE])
    // The index knows the hour.
    .where('hour', '>', new Date(since.getTime() - HOUR))
    .where('last_at', '>=', since)
    .orderBy('hour', 'desc')
    .orderBy('last_at', 'desc')
    .orderBy('who')
    .orderBy('verb')
    .orderBy('place')
    .limit(MOST_ROWS + 1)
    .execute();
  const visits = rows.slice(0, MOST_ROWS).map((row) => ({
    hour: row.hour.toISOString(),
    place: row.place,
    who: row.who,
    name: row.name ?? (row.who === 'machine' ? MACHINE_NAME : row.who),
    role: row.role,
    verb: row.verb,
    first: row.first_at.toISOString(),
    last: row.last_at.toISOString(),
    times: row.times,
  }));
  return { visits, more: rows.length > MOST_ROWS };
}

/** Vendors and auditors whose grants cover a place now: those at the place, and those at the state, which reach all. */
export async function outsidersOf(
  db: Kysely<Tables>,
  place: Place,
  now: Date,
): Promise<VisitsAnswer['outsiders']> {
  const rows = await db
    .selectFrom('grants')
    .innerJoin('people', 'people.id', 'grants.person')
    .select(['person', 'people.name as name', 'role', 'place', 'until_at', 'why'])
    .where('place', 'in', [place, 'state'])
    .where('role', 'in', [...PASSING])
    .where('people.state', '!=', 'removed')
    .where('ended_at', 'is', null)
    .where('from_at', '<=', now)
    .where('until_at', '>', now)
    .orderBy('until_at')
    .orderBy('grants.id')
    .limit(MOST_OUTSIDERS)
    .execute();
  return rows.map(({ person, name, role, place: at, until_at, why }) => ({
    person,
    name,
    role,
    place: at,
    // Not null, since it lies behind `now`.
    until: until_at!.toISOString(),
    why,
  }));
}
