/**
 * Incidents of the desk that the roll opens: registrations that were changed without authority, those that were changed and changed back
 * between two nights, and lists made of the roll that differ from it. One for each office; people close them.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { ExtractReading } from './extract-reading.ts';
import { countsByOffice } from './readings.ts';
import type { Night } from './rolls-files.ts';

/** What they are called. */
export const ROLL_INCIDENTS = {
  unauthorised: 'rolls-unauthorised',
  undone: 'rolls-undone',
  extract: 'rolls-extract',
} as const;

/**
 * Opens an incident for each office of a night in which something was unauthorised, and one where something came and went; one
 * that is open already counts what was found last. A night without findings does not explain the one before.
 */
export async function openRollIncidents(
  db: Kysely<Tables>,
  { unauthorised, undone = [] }: Pick<Night, 'unauthorised' | 'undone'>,
  now: number,
): Promise<void> {
  const found = [
    [ROLL_INCIDENTS.unauthorised, 'unauthorised', countsByOffice(unauthorised)],
    [ROLL_INCIDENTS.undone, 'undone', countsByOffice(undone)],
  ] as const;
  const at = new Date(now);
  for (const [kind, reason, offices] of found) {
    for (const [office, count] of Object.entries(offices)) {
      await sql`
        INSERT INTO incidents (key, kind, authority, opened_at, last_at, count, reason)
        VALUES (${`${kind}|${office}`}, ${kind}, ${office}, ${at}, ${at}, ${count}, ${reason})
        ON CONFLICT (key) WHERE state <> 'closed'
        DO UPDATE SET last_at = excluded.last_at, count = excluded.count`.execute(db);
    }
  }
}

/** Opens an incident for each list that differs from the roll, once: whoever has closed it has seen it. */
export async function openExtractIncidents(
  db: Kysely<Tables>,
  readings: readonly ExtractReading[],
): Promise<void> {
  for (const { id, kind, place, at, differences } of readings) {
    if (differences.length === 0) continue;
    const key = `${ROLL_INCIDENTS.extract}|${id}`;
    const office = officeOfPlace(place);
    await sql`
      INSERT INTO incidents (key, kind, authority, opened_at, last_at, count, reason)
      SELECT ${key}, ${ROLL_INCIDENTS.extract}, ${office}, ${new Date(at)}, ${new Date(at)}, ${differences.length}, ${kind}
      WHERE NOT EXISTS (SELECT 1 FROM incidents WHERE key = ${key})
      ON CONFLICT DO NOTHING`.execute(db);
  }
}

/** The office of `LEA` or `LEA/PRECINCT`. */
export function officeOfPlace(place: string): string {
  return place.split('/', 1)[0]!;
}
