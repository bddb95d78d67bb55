/** Roles: given and ended. A row is ended, never changed, for the trail names it. */
import { err, ok, type Result } from '@bellwether/basics';
import type { Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import { holdAdministrators, isLastAdministrator } from './administrators.ts';
import { type AuthError, authError } from './errors.ts';
import { lockPerson, mayAtAll, type PeopleOptions, whoOf, written } from './people-rules.ts';
import { plainText } from './plain-text.ts';
import { type Actor, faultOfGrant, type Grant, type GrantFault, type Role } from './rights.ts';

const FAULTS: Readonly<Record<Exclude<GrantFault, 'not-yours-to-give'>, string>> = {
  place: 'This role is not given there.',
  'no-end': 'This role needs an end.',
  'end-too-late': 'The end is more than three months away.',
  'ends-before': 'The end has passed already.',
};

/** Why a role cannot be given there by them; undefined: it can. Whoever holds the machine may give every role. */
export async function refusalOfGrant(
  tx: Transaction<Tables>,
  by: Actor,
  grant: Omit<Grant, 'from'>,
  time: number,
): Promise<AuthError | undefined> {
  const fault = faultOfGrant(by, grant, time);
  if (fault === 'not-yours-to-give') {
    if (by.kind !== 'machine') return authError('AUTH_NOT_YOURS', 'This role is not yours to give.');
  } else if (fault !== undefined) return authError('AUTH_GRANT_INVALID', FAULTS[fault]);
  if (grant.place === 'state') return undefined;
  const office = await tx
    .selectFrom('authorities')
    .select('lea_id')
    .where('lea_id', '=', grant.place)
    .executeTakeFirst();
  return office === undefined ? authError('AUTH_GRANT_INVALID', 'There is no such office.') : undefined;
}

/** Writes a role; gives its number. */
export async function writeGrant(
  tx: Transaction<Tables>,
  by: Actor,
  person: string,
  { role, place, until }: Omit<Grant, 'from'>,
  why: string | null,
  time: number,
): Promise<number> {
  const { id } = await tx
    .insertInto('grants')
    .values({
      person,
      role,
      place,
      from_at: new Date(time),
      until_at: until === null ? null : new Date(until),
      given_by: whoOf(by),
      why,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** `People.giveRole`. Given again, the newer one takes the place of the older, with its end. */
export async function grantRole(
  { db, trail, now }: PeopleOptions,
  by: Actor,
  person: string,
  grant: Omit<Grant, 'from'>,
  reason: string,
  origin: string,
): Promise<Result<void, AuthError>> {
  const why = plainText('why', reason);
  if (why.isErr()) return why;
  const time = now();
  return db.transaction().execute(async (tx) => {
    await holdAdministrators(tx);
    const found = await lockPerson(tx, person);
    if (found === undefined) return err(authError('AUTH_PERSON_UNKNOWN', 'There is no such person.'));
    if (found.state === 'removed') return err(authError('AUTH_PERSON_STATE', `${found.name} is removed.`));
    const refusal = await refusalOfGrant(tx, by, grant, time);
    if (refusal !== undefined) return err(refusal);
    const endsLast = grant.role === 'administrator' && grant.until !== null;
    if (endsLast && (await isLastAdministrator(tx, person, time))) {
      return err(authError('AUTH_LAST_ADMINISTRATOR', `${found.name} cannot be given an end.`));
    }
    const earlier = await tx
      .updateTable('grants')
      .set({ ended_at: new Date(time) })
      .where('person', '=', person)
      .where('role', '=', grant.role)
      .where('place', '=', grant.place)
      .where('ended_at', 'is', null)
      .returning(['id', 'until_at'])
      .execute();
    const id = await writeGrant(tx, by, person, grant, why.value, time);
    await trail.add(tx, {
      who: by,
      act: 'grant.give',
      place: grant.place,
      about: `person:${person}`,
      why: why.value,
      before:
        earlier.length === 0
          ? undefined
          : earlier.map(({ id, until_at }) => ({ grant: id, until: written(until_at) })),
      after: { grant: id, role: grant.role, until: written(grant.until) },
      origin,
    });
    return ok();
  });
}

/** `People.endGrant`. */
export async function finishGrant(
  { db, trail, now }: PeopleOptions,
  by: Actor,
  grant: number,
  reason: string,
  origin: string,
): Promise<Result<void, AuthError>> {
  const why = plainText('why', reason);
  if (why.isErr()) return why;
  const time = now();
  return db.transaction().execute(async (tx) => {
    await holdAdministrators(tx);
    const found = await tx
      .selectFrom('grants')
      .select(['person', 'role', 'place', 'from_at', 'until_at', 'ended_at'])
      .where('id', '=', Number.isSafeInteger(grant) ? grant : 0)
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined) return err(authError('AUTH_PERSON_UNKNOWN', 'There is no such role.'));
    const { person, place, until_at } = found;
    const role = found.role as Role;
    if (found.ended_at !== null) return err(authError('AUTH_PERSON_STATE', 'This role was ended before.'));
    const ending = { role, place, from: found.from_at.getTime(), until: until_at?.getTime() ?? null };
    if (!mayAtAll(by, 'people.change', [ending], time)) {
      return err(authError('AUTH_NOT_YOURS', 'This role is of another place.'));
    }
    if (role === 'administrator' && (await isLastAdministrator(tx, person, time))) {
      return err(authError('AUTH_LAST_ADMINISTRATOR', 'Nobody else could let people in any more.'));
    }
    await endGrants(tx, { grant }, time);
    await trail.add(tx, {
      who: by,
      act: 'grant.end',
      place,
      about: `person:${person}`,
      why: why.value,
      before: { grant, role, until: written(until_at) },
      origin,
    });
    return ok();
  });
}

/** Ends one role, or all of a person; gives those that were ended. */
export async function endGrants(
  tx: Transaction<Tables>,
  which: { readonly grant: number } | { readonly person: string },
  time: number,
): Promise<readonly { readonly id: number; readonly role: string; readonly place: string }[]> {
  const query = tx
    .updateTable('grants')
    .set({ ended_at: new Date(time) })
    .where('ended_at', 'is', null)
    .returning(['id', 'role', 'place']);
  const one =
    'grant' in which ? query.where('id', '=', which.grant) : query.where('person', '=', which.person);
  return one.execute();
}
