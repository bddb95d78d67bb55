/** Who keeps the state's door open: administrators with a passkey. There is always one, once there was one. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { ADMINISTRATORS_LOCK } from '../postgres/locks.ts';
import type { Tables } from '../postgres/tables.ts';

/**
 * Holds the lock of the administrators to the end of the transaction. To be called before anything else in it that may
 * take one away: what it reads afterwards, nobody changes meanwhile.
 */
export async function holdAdministrators(tx: Transaction<Tables>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`.execute(tx);
}

/** Whether there is an administrator with a passkey now. */
export async function someAdministrator(db: Kysely<Tables>, time: number): Promise<boolean> {
  const found = await administrators(db, time).select('people.id').limit(1).executeTakeFirst();
  return found !== undefined;
}

/** Whether a person is an administrator now, with a passkey or without. */
export async function isAdministrator(db: Kysely<Tables>, person: string, time: number): Promise<boolean> {
  const now = new Date(time);
  const found = await db
    .selectFrom('grants')
    .select('id')
    .where('person', '=', person)
    .where('role', '=', 'administrator')
    .where('place', '=', 'state')
    .where('ended_at', 'is', null)
    .where(({ eb }) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * Whether nobody would be left if this person were no administrator any more. One whose role ends by itself does not
 * count as left: it would only be a matter of time.
 */
export async function isLastAdministrator(
  tx: Transaction<Tables>,
  person: string,
  time: number,
): Promise<boolean> {
  const all = await administrators(tx, time).select(['people.id', 'grants.until_at']).execute();
  if (!all.some(({ id }) => id === person)) return false;
  return !all.some(({ id, until_at }) => id !== person && until_at === null);
}

function administrators(db: Kysely<Tables>, time: number) {
  const now = new Date(time);
  return db
    .selectFrom('people')
    .innerJoin('grants', 'grants.person', 'people.id')
    .where('people.state', '=', 'active')
    .where('grants.role', '=', 'administrator')
    .where('grants.place', '=', 'state')
    .where('grants.ended_at', 'is', null)
    .where(({ eb }) => eb.or([eb('grants.until_at', 'is', null), eb('grants.until_at', '>', now)]))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('passkeys')
          .select('passkeys.id')
          .whereRef('passkeys.person', '=', 'people.id')
          .where('passkeys.removed_at', 'is', null),
      ),
    );
}
