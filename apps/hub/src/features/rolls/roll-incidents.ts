/** Incidents of the desk: one for each office with registrations that were changed without authority. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';
import { unauthorisedByOffice } from './readings.ts';
import type { Night } from './rolls-files.ts';

/** What they are called. */
export const ROLL_INCIDENT = 'rolls-unauthorised';

/**
 * Opens an incident for each office of a night in which something was unauthorised; one that is open already counts what was
 * found last. People close it: a night without findings does not explain the one before.
 */
export async function openRollIncidents(
  db: Kysely<Tables>,
  { unauthorised }: Pick<Night, 'unauthorised'>,
  now: number,
): Promise<void> {
  const at = new Date(now);
  for (const [office, count] of Object.entries(unauthorisedByOffice(unauthorised))) {
    await sql`
      INSERT INTO incidents (key, kind, authority, opened_at, last_at, count, reason)
      VALUES (${`${ROLL_INCIDENT}|${office}`}, ${ROLL_INCIDENT}, ${office}, ${at}, ${at}, ${count}, 'unauthorised')
      ON CONFLICT (key) WHERE state <> 'closed'
      DO UPDATE SET last_at = excluded.last_at, count = excluded.count`.execute(db);
  }
}
