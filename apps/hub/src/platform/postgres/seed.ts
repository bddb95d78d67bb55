/** Puts the authorities into the database: new ones are added, names and figures brought up to date, none removed. */
import { AUTHORITIES, type Authority } from './authorities.ts';
import type { Database } from './database.ts';

/** Adds or updates the authorities. */
export async function seedAuthorities(
  { query }: Pick<Database, 'query'>,
  authorities: readonly Authority[] = AUTHORITIES,
): Promise<void> {
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
