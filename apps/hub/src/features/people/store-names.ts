/** What places are called where people read them. */
import type { Kysely } from 'kysely';
import type { Place } from '../../platform/auth/rights.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** What the state's own place is called while the state has no name. */
const STATE = 'the whole state';

/** All offices, by name. */
export async function officesOf(db: Kysely<Tables>): Promise<{ leaId: string; name: string }[]> {
  return await db.selectFrom('authorities').select(['lea_id as leaId', 'name']).orderBy('name').execute();
}

/** Names of places: of an office its name, of one that is not listed any more its number. */
export async function officeNames(
  db: Kysely<Tables>,
  state: string | null,
): Promise<(place: Place) => string> {
  const rows = await db.selectFrom('authorities').select(['lea_id', 'name']).execute();
  const names = new Map([
    ['state', state ?? STATE],
    ...rows.map(({ lea_id, name }) => [lea_id, name] as const),
  ]);
  return (place) => names.get(place) ?? place;
}
