/** What has been set up: facts about this hub, and its offices. */
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql, type Transaction } from 'kysely';
import { keepOwnOffices } from '../../platform/postgres/seed.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import { type SetUpError, setUpError } from './errors.ts';
import type { ListedOffice } from './office-list.ts';

type Records = Kysely<Tables>;

/** Facts of the set-up, by name. */
export type SetUpFacts = {
  /** What the state is called. */
  readonly state?: { readonly name: string };
  /** The person who is being set up as first administrator. */
  readonly 'first-administrator'?: { readonly person: string; readonly name: string };
  /** The offices were looked at: replaced, or kept as they are. */
  readonly offices?: { readonly count: number };
  readonly 'https-decided'?: true;
  readonly 'sample-kept'?: true;
};

/** A fact, if it is there. */
export async function factOf<N extends keyof SetUpFacts>(
  db: Records,
  name: N,
): Promise<SetUpFacts[N] | undefined> {
  const row = await db.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value as SetUpFacts[N] | undefined;
}

/** Writes a fact. */
export async function setFact<N extends keyof SetUpFacts>(
  db: Records | Transaction<Tables>,
  name: N,
  value: NonNullable<SetUpFacts[N]>,
): Promise<void> {
  await sql`INSERT INTO facts (name, value) VALUES (${name}, ${JSON.stringify(value)}::jsonb)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(db);
}

/** How many offices there are. */
export async function countOffices(db: Records): Promise<number> {
  const { count } = await db
    .selectFrom('authorities')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Puts this list in place of the offices that are there; refused where one that goes has sensors, roles or keys. */
export async function replaceOffices(
  tx: Transaction<Tables>,
  offices: readonly ListedOffice[],
): Promise<Result<void, SetUpError>> {
  const kept = offices.map(({ leaId }) => leaId);
  const used = await sql<{ lea_id: string; name: string }>`
    SELECT lea_id, name FROM authorities AS a
    WHERE NOT (lea_id = ANY (${kept}))
      AND (EXISTS (SELECT 1 FROM sensors WHERE authority = a.lea_id)
        OR EXISTS (SELECT 1 FROM grants WHERE place = a.lea_id AND ended_at IS NULL)
        OR EXISTS (SELECT 1 FROM keys WHERE place = a.lea_id AND withdrawn_at IS NULL))
    ORDER BY lea_id LIMIT 1`.execute(tx);
  const [first] = used.rows;
  if (first !== undefined) return err(setUpError('SET_UP_OFFICES_IN_USE', `${first.lea_id}, ${first.name}`));
  await sql`DELETE FROM authorities WHERE NOT (lea_id = ANY (${kept}))`.execute(tx);
  for (const { leaId, name, fips, kind, registered } of offices) {
    await tx
      .insertInto('authorities')
      .values({ lea_id: leaId, name, fips, kind, registered })
      .onConflict((conflict) => conflict.column('lea_id').doUpdateSet({ name, fips, kind, registered }))
      .execute();
  }
  await keepOwnOffices(tx);
  return ok();
}
