/**
 * Printed codes, for the day when every device is lost; and administrators, for whom a printed code is not enough: a
 * second administrator has to agree, and reads out a code over the phone. Nobody decides about themselves.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import { isAdministrator } from './administrators.ts';
import type { NewCode, Origin, Recovery } from './auth-types.ts';
import { inGroups, newPrintedCode, readTypedCode } from './code-text.ts';
import { drawCode } from './codes.ts';
import { type AuthError, authError } from './errors.ts';
import { commonPlace, grantsInForce } from './people-reading.ts';
import { lockPerson, type PeopleOptions, whoOf } from './people-rules.ts';
import { type Actor, can } from './rights.ts';
import { hashOf } from './secrets.ts';

/** As many as fit on a card, and enough for years of lost phones. */
export const PRINTED_CODES = 10;

/** A day, ms: until the other administrator is back at work; longer, and whoever stole a drawer's card could wait for a slip. */
export const RECOVERY_LIFE = 86_400_000;

/** Recovery over these records. */
export function createRecovery(options: PeopleOptions): Recovery {
  const { db, now } = options;
  return {
    makeCodes: (person, by, origin) => printCodes(options, person, by, origin),
    async codesLeft(person) {
      const { left } = await db
        .selectFrom('recovery_codes')
        .select(({ fn }) => fn.countAll<number>().as('left'))
        .where('person', '=', person)
        .where('used_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirstOrThrow();
      return left;
    },
    takePrintedCode: (code, origin) => usePrinted(options, code, origin),
    async waiting() {
      const rows = await db
        .selectFrom('recoveries')
        .innerJoin('people', 'people.id', 'recoveries.person')
        .select(['recoveries.id', 'person', 'name', 'asked_at', 'asked_from', 'until_at'])
        .where('decided_at', 'is', null)
        .where('until_at', '>', new Date(now()))
        .where('people.state', '=', 'active')
        .orderBy('recoveries.id')
        .execute();
      return rows.map(({ id, person, name, asked_at, asked_from, until_at }) => ({
        id,
        person,
        name,
        asked: asked_at.getTime(),
        from: asked_from,
        until: until_at.getTime(),
      }));
    },
    decideRecovery: (by, id, approved, origin) => decide(options, by, id, approved, origin),
  };
}

async function printCodes(
  { db, trail, now, random }: PeopleOptions,
  person: string,
  by: Actor,
  origin: string,
): Promise<readonly string[]> {
  const time = now();
  return db.transaction().execute(async (tx) => {
    const found = await lockPerson(tx, person);
    // Removed in the same second: codes would open nothing.
    if (found === undefined || found.state === 'removed') return [];
    await tx
      .updateTable('recovery_codes')
      .set({ withdrawn_at: new Date(time) })
      .where('person', '=', person)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .execute();
    const codes = Array.from({ length: PRINTED_CODES }, () => newPrintedCode(random));
    const made_at = new Date(time);
    await tx
      .insertInto('recovery_codes')
      .values(codes.map((code) => ({ hash: hashOf(code), person, made_at })))
      .execute();
    await trail.add(tx, {
      who: by,
      act: 'recovery-codes.make',
      place: commonPlace(await grantsInForce(tx, person, time)),
      about: `person:${person}`,
      after: { codes: codes.length },
      origin,
    });
    return codes.map(inGroups);
  });
}

async function usePrinted(
  { db, trail, now }: PeopleOptions,
  typed: string,
  origin: Origin,
): Promise<Result<{ person: string }, AuthError>> {
  const read = readTypedCode(typed);
  if (read.kind === 'mistyped') {
    return err(authError('AUTH_CODE_MISTYPED', 'One of its characters is not what was printed.'));
  }
  if (read.kind !== 'printed') {
    return err(authError('AUTH_CODE_WRONG', 'A printed code has twenty letters and digits.'));
  }
  const time = now();
  return db.transaction().execute(async (tx) => {
    const person = await takePrinted(tx, hashOf(read.code), time);
    if (person === undefined) return err(authError('AUTH_CODE_WRONG', 'No printed code reads like this.'));
    const place = commonPlace(await grantsInForce(tx, person, time));
    const waits = await isAdministrator(tx, person, time);
    const asks = waits && (await ask(tx, person, origin, time));
    // The trail comes last: who writes it waits for nobody any more.
    const entry = { who: 'hub', place, about: `person:${person}`, origin: origin.address } as const;
    await trail.add(tx, { ...entry, act: 'recovery-code.use' });
    if (asks) await trail.add(tx, { ...entry, act: 'recovery.ask' });
    if (!waits) return ok({ person });
    return err(authError('AUTH_RECOVERY_WAITS', 'The code was right; it waits for a day.'));
  });
}

/** Marks a printed code as used; gives whose it was. The person is locked first, as by whoever removes them or prints anew. */
async function takePrinted(tx: Transaction<Tables>, hash: Buffer, time: number): Promise<string | undefined> {
  const known = await tx
    .selectFrom('recovery_codes')
    .select('person')
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (known === undefined || (await lockPerson(tx, known.person))?.state !== 'active') return undefined;
  // One statement looks and marks, so that of two who type it at once one gets in.
  const taken = await tx
    .updateTable('recovery_codes')
    .set({ used_at: new Date(time) })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returning('person')
    .executeTakeFirst();
  return taken?.person;
}

/** Asks the other administrators, unless that was done and still waits. */
async function ask(tx: Transaction<Tables>, person: string, origin: Origin, time: number): Promise<boolean> {
  const at = new Date(time);
  await tx
    .updateTable('recoveries')
    .set({ decided_at: at, decided_by: 'hub', approved: false })
    .where('person', '=', person)
    .where('decided_at', 'is', null)
    .where('until_at', '<=', at)
    .execute();
  const until_at = new Date(time + RECOVERY_LIFE);
  const asked = await tx
    .insertInto('recoveries')
    .values({ person, asked_at: at, asked_from: origin.address, until_at })
    .onConflict((conflict) => conflict.column('person').where('decided_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  return asked !== undefined;
}

async function decide(
  options: PeopleOptions,
  by: Actor,
  id: number,
  approved: boolean,
  origin: string,
): Promise<Result<NewCode | null, AuthError>> {
  const time = options.now();
  return options.db.transaction().execute(async (tx) => {
    const waits = await tx
      .selectFrom('recoveries')
      .select(['person', 'until_at', 'decided_at'])
      .where('id', '=', Number.isSafeInteger(id) ? id : 0)
      .executeTakeFirst();
    if (waits === undefined) return err(authError('AUTH_PERSON_STATE', 'Nobody waits under this number.'));
    const { person } = waits;
    if (!mayDecide(by, person, time)) {
      return err(authError('AUTH_NOT_YOURS', 'Another administrator decides about this.'));
    }
    const found = await lockPerson(tx, person);
    const marked = await tx
      .updateTable('recoveries')
      .set({ decided_at: new Date(time), decided_by: whoOf(by), approved })
      .where('id', '=', id)
      .where('decided_at', 'is', null)
      .where('until_at', '>', new Date(time))
      .returning('id')
      .executeTakeFirst();
    if (marked === undefined || found?.state !== 'active') {
      return err(authError('AUTH_PERSON_STATE', 'It was decided before, or a day has passed.'));
    }
    const made = approved ? await drawCode(tx, options, { person, purpose: 'recover', by, time }) : null;
    await options.trail.add(tx, {
      who: by,
      act: approved ? 'recovery.approve' : 'recovery.refuse',
      place: 'state',
      about: `person:${person}`,
      origin,
    });
    return ok(made);
  });
}

/** Administrators may, for others than themselves, whatever roles they hold; and whoever holds the machine. */
function mayDecide(by: Actor, person: string, time: number): boolean {
  if (by.kind === 'machine') return true;
  return by.kind === 'person' && by.person !== person && can(by, 'people.recover', 'state', time);
}
