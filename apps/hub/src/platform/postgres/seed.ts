/**
 * Puts the authorities of the sample state into the database: new ones are added, names and figures brought up to date,
 * none removed. Not where a state has given its own list.
 */
import type { Kysely } from 'kysely';
import { AUTHORITIES, type Authority } from './authorities.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Fact that says that the offices are those of a list that somebody gave. */
const OWN_LIST = 'own-offices';

/** From now on no authority is added by the hub itself. */
export async function keepOwnOffices(db: Kysely<Tables>): Promise<void> {
  await db
    .insertInto('facts')
    .values({ name: OWN_LIST, value: 'true' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Adds or updates the authorities. */
export async function seedAuthorities(
  { query }: Pick<Database, 'query'>,
  authorities: readonly Authority[] = AUTHORITIES,
): Promise<void> {
  const own = await query.selectFrom('facts').select('name').where('name', '=', OWN_LIST).executeTakeFirst();
  if (own !== undefined) return;
  const rows = authorities.map(({ leaId, name, fips, kind, registered }) => ({
    lea_id: leaId,
    name,
    fips,
    kind,
    registered,
  }));
  await query
    .insertInto('authorities')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('lea_id').doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        fips: row.ref('excluded.fips'),
        kind: row.ref('excluded.kind'),
        registered: row.ref('excluded.registered'),
      })),
    )
    .execute();
}
