/**
 * Who a directory says somebody is, and the roles that it gives them. Those end with the session that they began in: who
 * leaves an office is out that day, also with a passkey. The directory is asked for them anew at each sign-in.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DIRECTORY_LOCK } from '../postgres/locks.ts';
import type { Tables } from '../postgres/tables.ts';
import type { Act, Trail } from './auth-types.ts';
import { type AuthError, authError } from './errors.ts';
import type { MappedRole } from './oidc-roles.ts';
import { commonPlace } from './people-reading.ts';
import { newPersonId, type RandomBytes } from './secrets.ts';
import { WHOLE_LIFE } from './session-ends.ts';

/** What the records need. `now`: ms since 1970. */
export type DirectoryRecords = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly now: () => number;
  readonly random: RandomBytes;
};

/** Somebody as a directory tells of them. */
export type ToldPerson = {
  /** Name of the directory in the configuration. */
  readonly directory: string;
  /** What the directory calls them for ever (claim `sub`). */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly MappedRole[];
  /** Address that they come from. */
  readonly address: string;
};

/** Lets somebody in with the roles that the directory gives now, or, where it gives none, ends those that it gave. */
export async function admitTold(
  records: DirectoryRecords,
  told: ToldPerson,
): Promise<Result<{ person: string }, AuthError>> {
  return await records.db
    .transaction()
    .execute(async (tx): Promise<Result<{ person: string }, AuthError>> => {
      await sql`SELECT pg_advisory_xact_lock(${DIRECTORY_LOCK})`.execute(tx);
      const known = await tx
        .selectFrom('identities')
        .innerJoin('people', 'people.id', 'identities.person')
        .select(['people.id', 'people.state'])
        .where('directory', '=', told.directory)
        .where('subject', '=', told.subject)
        .forUpdate('people')
        .executeTakeFirst();
      const isWelcome = told.roles.length > 0 && (known === undefined || known.state === 'active');
      const acts: Act[] = [];
      if (known !== undefined) {
        acts.push(...(await endOthers(tx, records, known.id, told, isWelcome ? told.roles : [])));
      }
      const person = known?.id ?? newPersonId(records.random);
      if (isWelcome) {
        if (known === undefined) acts.push(await addPerson(tx, records, person, told));
        for (const role of told.roles) acts.push(...(await prolong(tx, records, person, role, told)));
      }
      // The trail comes last: who writes it waits for nobody any more.
      for (const act of acts) await records.trail.add(tx, act);
      // One answer for who is in no group and who was removed.
      return isWelcome ? ok({ person }) : err(authError('AUTH_DIRECTORY_REFUSED', ''));
    });
}

async function addPerson(
  tx: Transaction<Tables>,
  { now }: DirectoryRecords,
  person: string,
  { directory, subject, name, roles, address }: ToldPerson,
): Promise<Act> {
  const at = new Date(now());
  await tx.insertInto('people').values({ id: person, name, state: 'active', created_at: at }).execute();
  await tx.insertInto('identities').values({ directory, subject, person, added_at: at }).execute();
  return {
    ...actOf(person, directory, address),
    act: 'person.join',
    place: commonPlace(roles),
    after: { name, directory, subject },
  };
}

/** Ends what the directory gave and gives no longer. */
async function endOthers(
  tx: Transaction<Tables>,
  { now }: DirectoryRecords,
  person: string,
  { directory, address }: ToldPerson,
  remaining: readonly MappedRole[],
): Promise<readonly Act[]> {
  const at = new Date(now());
  const held = await heldFrom(tx, person, directory, at);
  const over = held.filter(
    ({ role, place }) => !remaining.some((one) => one.role === role && one.place === place),
  );
  for (const { id } of over) {
    await tx.updateTable('grants').set({ ended_at: at }).where('id', '=', id).execute();
  }
  return over.map(({ id, role, place }) => ({
    ...actOf(person, directory, address),
    act: 'grant.end',
    place,
    before: { grant: id, role },
  }));
}

/** Gives a role for as long as a session lasts; one that holds still, for as long again: that is no act of its own. */
async function prolong(
  tx: Transaction<Tables>,
  { now }: DirectoryRecords,
  person: string,
  { role, place }: MappedRole,
  { directory, address }: ToldPerson,
): Promise<readonly Act[]> {
  const at = new Date(now());
  const until = new Date(at.getTime() + WHOLE_LIFE);
  const held = await heldFrom(tx, person, directory, at);
  const same = held.find((one) => one.role === role && one.place === place);
  if (same !== undefined) {
    await tx.updateTable('grants').set({ until_at: until }).where('id', '=', same.id).execute();
    return [];
  }
  const { id } = await tx
    .insertInto('grants')
    .values({ person, role, place, from_at: at, until_at: until, given_by: giverOf(directory) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const after = { grant: id, role, until: until.toISOString() };
  return [{ ...actOf(person, directory, address), act: 'grant.give', place, after }];
}

/** Roles that a directory gave, and that hold. */
async function heldFrom(tx: Transaction<Tables>, person: string, directory: string, at: Date) {
  return await tx
    .selectFrom('grants')
    .select(['id', 'role', 'place'])
    .where('person', '=', person)
    .where('given_by', '=', giverOf(directory))
    .where('ended_at', 'is', null)
    .where('until_at', '>', at)
    .execute();
}

/** How a directory stands where people stand who give roles. */
function giverOf(directory: string): string {
  return `oidc:${directory}`;
}

/** What all that a directory does to somebody has in common. */
function actOf(
  person: string,
  directory: string,
  origin: string,
): Pick<Act, 'who' | 'about' | 'why' | 'origin'> {
  return { who: 'hub', about: `person:${person}`, why: `the directory ${directory} says so`, origin };
}
