/** People: invited, listed, removed. Codes and roles have files of their own; this one puts them together. */
import { err, ok, type Result } from '@bellwether/basics';
import type { Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import { holdAdministrators, isLastAdministrator, someAdministrator } from './administrators.ts';
import type { Invitation, NewCode, People } from './auth-types.ts';
import { codeFor, drawCode, useCode, withdrawAll, withdrawOpenCodes } from './codes.ts';
import { type AuthError, authError } from './errors.ts';
import { endGrants, finishGrant, grantRole, refusalOfGrant, writeGrant } from './grants.ts';
import { commonPlace, grantsInForce, readPeople } from './people-reading.ts';
import { lockPerson, mayAtAll, type PeopleOptions, whoOf, written } from './people-rules.ts';
import { plainText } from './plain-text.ts';
import type { Actor } from './rights.ts';
import { newPersonId } from './secrets.ts';

export type { PeopleOptions } from './people-rules.ts';

/** People over these records. */
export function createPeople(options: PeopleOptions): People {
  const { db, now } = options;
  return {
    list: (place) => readPeople(db, place === 'all' ? 'all' : { place }, now()),
    find: async (id) => (await readPeople(db, { id }, now()))[0],
    invite: (by, invitation, origin) => invitePerson(options, by, invitation, origin),
    newCode: (by, person, purpose, origin, why) => codeFor(options, by, { person, purpose, why }, origin),
    withdrawCodes: (by, person, origin) => withdrawAll(options, by, person, origin),
    takeCode: (code, origin) => useCode(options, code, origin),
    giveRole: (by, person, grant, why, origin) => grantRole(options, by, person, grant, why, origin),
    endGrant: (by, grant, why, origin) => finishGrant(options, by, grant, why, origin),
    removePerson: (by, person, why, origin) => takeOut(options, by, person, why, origin),
    hasAdministrator: () => someAdministrator(db, now()),
  };
}

async function invitePerson(
  options: PeopleOptions,
  by: Actor,
  invitation: Invitation,
  origin: string,
): Promise<Result<{ person: string } & NewCode, AuthError>> {
  const name = plainText('name', invitation.name);
  if (name.isErr()) return name;
  const phone = invitation.phone === null ? ok(null) : plainText('phone', invitation.phone);
  if (phone.isErr()) return phone;
  const why = invitation.why === null ? ok(null) : plainText('why', invitation.why);
  if (why.isErr()) return why;
  const { role, place, until } = invitation;
  const time = options.now();
  return options.db.transaction().execute(async (tx) => {
    const refusal = await refusalOfGrant(tx, by, { role, place, until }, time);
    if (refusal !== undefined) return err(refusal);
    const person = newPersonId(options.random);
    await tx
      .insertInto('people')
      .values({ id: person, name: name.value, phone: phone.value, created_at: new Date(time) })
      .execute();
    const grant = await writeGrant(tx, by, person, { role, place, until }, why.value, time);
    const made = await drawCode(tx, options, { person, purpose: 'enrol', by, time });
    await options.trail.add(tx, {
      who: by,
      act: 'person.invite',
      place,
      about: `person:${person}`,
      why: why.value ?? undefined,
      after: {
        name: name.value,
        phone: phone.value,
        grant,
        role,
        until: written(until),
      },
      origin,
    });
    return ok({ person, ...made });
  });
}

async function takeOut(
  options: PeopleOptions,
  by: Actor,
  person: string,
  reason: string,
  origin: string,
): Promise<Result<void, AuthError>> {
  const why = plainText('why', reason);
  if (why.isErr()) return why;
  const time = options.now();
  return options.db.transaction().execute(async (tx) => {
    await holdAdministrators(tx);
    const found = await lockPerson(tx, person);
    if (found === undefined) return err(authError('AUTH_PERSON_UNKNOWN', 'There is no such person.'));
    if (found.state === 'removed') return err(authError('AUTH_PERSON_STATE', `${found.name} is removed.`));
    const grants = await grantsInForce(tx, person, time);
    if (!mayAtAll(by, 'people.change', grants, time)) {
      return err(authError('AUTH_NOT_YOURS', 'They have roles elsewhere: the state office removes them.'));
    }
    if (await isLastAdministrator(tx, person, time)) {
      return err(authError('AUTH_LAST_ADMINISTRATOR', 'Nobody else could let people in any more.'));
    }
    const ended = await endGrants(tx, { person }, time);
    const after = await withdrawEverything(options, tx, person, by, time);
    const about = `person:${person}`;
    const place = commonPlace(ended);
    const common = { who: by, about, why: why.value, origin };
    await options.trail.add(tx, {
      ...common,
      act: 'person.remove',
      place,
      before: { state: found.state },
      after,
    });
    for (const { id, role, place } of ended) {
      await options.trail.add(tx, { ...common, act: 'grant.end', place, before: { grant: id, role } });
    }
    return ok();
  });
}

/** Everything with which somebody could come in again; what a directory calls them stays, so that it lets in nobody new. */
async function withdrawEverything(
  { sessions }: PeopleOptions,
  tx: Transaction<Tables>,
  person: string,
  by: Actor,
  time: number,
): Promise<object> {
  const at = new Date(time);
  await tx.updateTable('people').set({ state: 'removed', removed_at: at }).where('id', '=', person).execute();
  const codes = await withdrawOpenCodes(tx, person, time);
  const passkeys = await tx
    .updateTable('passkeys')
    .set({ removed_at: at })
    .where('person', '=', person)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  const printed = await tx
    .updateTable('recovery_codes')
    .set({ withdrawn_at: at })
    .where('person', '=', person)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('recoveries')
    .set({ decided_at: at, decided_by: whoOf(by), approved: false })
    .where('person', '=', person)
    .where('decided_at', 'is', null)
    .execute();
  const ended = await sessions.endAllOf(person, 'removed', tx, by);
  return {
    state: 'removed',
    sessions: ended,
    codes,
    passkeys: Number(passkeys.numUpdatedRows),
    recoveryCodes: Number(printed.numUpdatedRows),
  };
}
