/**
 * Codes that the state office reads over the phone: for one person, one use, fifteen minutes, and only the newest one of a
 * person works. NIST SP 800-63B-4, 4.2.1.2 lets such a code live as long; ours has 40 bits where 20 are asked for.
 *
 * The database keeps SHA-256 of a code. 40 bits can be tried out by whoever reads the live database within those fifteen
 * minutes; that is somebody who holds the machine, and could let themselves in with `bellwether admin` as well.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { CodePurpose, NewCode, Origin } from './auth-types.ts';
import { inGroups, newPhoneCode, readTypedCode } from './code-text.ts';
import { type AuthError, authError } from './errors.ts';
import { commonPlace, grantsInForce } from './people-reading.ts';
import { lockPerson, mayGiveAll, type PeopleOptions, whoOf, written } from './people-rules.ts';
import { plainText } from './plain-text.ts';
import type { Actor } from './rights.ts';
import { hashOf } from './secrets.ts';
import { CLOCK_SLACK } from './session-clock.ts';

/** Fifteen minutes, ms: a call, finding the page, typing twelve digits, and once more after a mistake. */
export const CODE_LIFE = 900_000;

/** A code that was drawn before is drawn again: among a million kept ones, once in a million draws. */
const MOST_DRAWS = 5;

/** In which state a person can use a code of a purpose. */
const STATE_FOR = { enrol: 'invited', passkey: 'active', recover: 'active' } as const satisfies Readonly<
  Record<CodePurpose, string>
>;

/** Makes a code for a person who was locked; the earlier ones are withdrawn. */
export async function drawCode(
  tx: Transaction<Tables>,
  { random }: PeopleOptions,
  wish: { readonly person: string; readonly purpose: CodePurpose; readonly by: Actor; readonly time: number },
): Promise<NewCode> {
  const { person, purpose, by, time } = wish;
  await withdrawOpenCodes(tx, person, time);
  const until = time + CODE_LIFE;
  for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
    const code = newPhoneCode(random);
    const kept = await tx
      .insertInto('codes')
      .values({
        person,
        hash: hashOf(code),
        purpose,
        made_by: whoOf(by),
        made_at: new Date(time),
        until_at: new Date(until),
      })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (kept !== undefined) return { code: inGroups(code), until };
  }
  throw new Error('chance gives the same codes again and again');
}

/** Withdraws what was not used of a person's codes; gives how many. */
export async function withdrawOpenCodes(
  tx: Transaction<Tables>,
  person: string,
  time: number,
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('codes')
    .set({ withdrawn_at: new Date(time) })
    .where('person', '=', person)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** `People.newCode`. */
export async function codeFor(
  options: PeopleOptions,
  by: Actor,
  wish: { readonly person: string; readonly purpose: CodePurpose; readonly why: string | undefined },
  origin: string,
): Promise<Result<NewCode, AuthError>> {
  const { person, purpose } = wish;
  const why = wish.why === undefined ? ok(undefined) : plainText('why', wish.why);
  if (why.isErr()) return why;
  const time = options.now();
  return options.db.transaction().execute(async (tx) => {
    const found = await lockPerson(tx, person);
    if (found === undefined) return err(authError('AUTH_PERSON_UNKNOWN', 'There is no such person.'));
    if (found.state !== STATE_FOR[purpose]) {
      return err(authError('AUTH_PERSON_STATE', `${found.name} is ${found.state}.`));
    }
    const grants = await grantsInForce(tx, person, time);
    if (purpose === 'recover' && by.kind === 'person' && by.person === person) {
      return err(authError('AUTH_NOT_YOURS', 'Somebody else has to let you in again.'));
    }
    // Whoever has the code is that person: only who could give them all their roles may make one.
    if (!mayGiveAll(by, person, grants, time)) {
      return err(authError('AUTH_NOT_YOURS', 'They have roles that are not yours to give.'));
    }
    const made = await drawCode(tx, options, { person, purpose, by, time });
    await options.trail.add(tx, {
      who: by,
      act: 'code.make',
      place: commonPlace(grants),
      about: `person:${person}`,
      why: why.value,
      after: { purpose, until: written(made.until) },
      origin,
    });
    return ok(made);
  });
}

/** `People.withdrawCodes`. */
export async function withdrawAll(
  { db, trail, now }: PeopleOptions,
  by: Actor,
  person: string,
  origin: string,
): Promise<void> {
  const time = now();
  await db.transaction().execute(async (tx) => {
    const withdrawn = await withdrawOpenCodes(tx, person, time);
    if (withdrawn === 0) return;
    const place = commonPlace(await grantsInForce(tx, person, time));
    const about = `person:${person}`;
    await trail.add(tx, { who: by, act: 'code.withdraw', place, about, after: { withdrawn }, origin });
  });
}

/** `People.takeCode`. One statement looks and marks, so that of two who type a code at once one gets in. */
export async function useCode(
  { db, trail, now }: PeopleOptions,
  typed: string,
  origin: Origin,
): Promise<Result<{ person: string; purpose: CodePurpose }, AuthError>> {
  const read = readTypedCode(typed);
  if (read.kind !== 'phone')
    return err(authError('AUTH_CODE_WRONG', 'A code for the phone has twelve digits.'));
  const time = now();
  const at = new Date(time);
  return db.transaction().execute(async (tx) => {
    const taken = await tx
      .updateTable('codes')
      .from('people')
      .set({ used_at: at })
      .whereRef('people.id', '=', 'codes.person')
      .where('codes.hash', '=', hashOf(read.code))
      .where('codes.used_at', 'is', null)
      .where('codes.withdrawn_at', 'is', null)
      .where('codes.until_at', '>', at)
      // A clock that was set back would give it its time again.
      .where('codes.made_at', '<=', new Date(time + CLOCK_SLACK))
      .where(({ eb, and, or }) =>
        or(
          Object.entries(STATE_FOR).map(([purpose, state]) =>
            and([eb('codes.purpose', '=', purpose), eb('people.state', '=', state)]),
          ),
        ),
      )
      .returning(['codes.person', 'codes.purpose'])
      .executeTakeFirst();
    if (taken === undefined) return err(authError('AUTH_CODE_WRONG', 'No open code has these digits.'));
    const { person } = taken;
    const purpose = taken.purpose as CodePurpose;
    const place = commonPlace(await grantsInForce(tx, person, time));
    const about = `person:${person}`;
    await trail.add(tx, {
      who: 'hub',
      act: 'code.use',
      place,
      about,
      after: { purpose },
      origin: origin.address,
    });
    return ok({ person, purpose });
  });
}
