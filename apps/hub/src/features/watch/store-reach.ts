/** What lies in somebody's reach, as conditions of SQL: every question about data of offices holds one. */
import { type RawBuilder, sql } from 'kysely';
import type { Place, Reach } from '../../platform/auth/rights.ts';

/** Whether a column names a place in reach. What has no place belongs to the state. */
export function placeInReach(column: string, reach: Reach): RawBuilder<boolean> {
  if (reach === 'all') return sql<boolean>`true`;
  return sql<boolean>`coalesce(${sql.ref(column)}, 'state') = ANY(${sql.val(placesOf(reach))}::text[])`;
}

/** Whether a column names a sensor in reach, by its number. */
export function sensorInReach(column: string, reach: Reach): RawBuilder<boolean> {
  if (reach === 'all') return sql<boolean>`true`;
  const places = sql.val(placesOf(reach));
  return sql<boolean>`${sql.ref(column)} IN (SELECT id FROM sensors WHERE authority = ANY(${places}::text[]))`;
}

function placesOf(reach: ReadonlySet<Place>): Place[] {
  return [...reach];
}
