/** Passkeys as they are kept: new ones, each use, and their end. Every change stands in the trail with it. */
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely, Transaction } from 'kysely';
import type { Row, Tables } from '../postgres/tables.ts';
import type { CodePurpose, PersonActor, Sessions, Trail } from './auth-types.ts';
import { type AuthError, authError } from './errors.ts';
import { commonPlace, grantsInForce } from './people-reading.ts';

/** A computer, a phone and a security key, and as much for the hub's own computer; more nobody keeps an eye on. */
export const MOST_PASSKEYS = 12;

/** What the records need. `now`: ms since 1970. */
export type PasskeyRecords = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly now: () => number;
};

/** A passkey that was checked. */
export type CheckedPasskey = {
  readonly person: string;
  readonly purpose: CodePurpose;
  readonly site: string;
  /** Address that it came from. */
  readonly address: string;
  readonly id: string;
  /** COSE_Key (RFC 9052). */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
  /** What its owner calls the device. */
  readonly name: string;
};

/** Passkeys of somebody that work: not removed, and nor is the person. */
export async function passkeysOf(db: Kysely<Tables>, person: string): Promise<Row<'passkeys'>[]> {
  return await db
    .selectFrom('passkeys')
    .innerJoin('people', 'people.id', 'passkeys.person')
    .selectAll('passkeys')
    .where('passkeys.person', '=', person)
    .where('passkeys.removed_at', 'is', null)
    .where('people.state', '=', 'active')
    .orderBy('passkeys.added_at')
    .orderBy('passkeys.id')
    .execute();
}

/**
 * Keeps a new passkey. Who was invited is active from now on; who recovers loses all older passkeys and sessions, since
 * somebody else may have the device.
 */
export async function keepPasskey(
  { db, trail, sessions, now }: PasskeyRecords & { readonly sessions: Pick<Sessions, 'endAllOf'> },
  passkey: CheckedPasskey,
): Promise<Result<{ person: string; passkey: string }, AuthError>> {
  const { person, purpose, id, name, site, address } = passkey;
  return await db.transaction().execute(async (tx): Promise<Result<KeptPasskey, AuthError>> => {
    const owner = await tx
      .selectFrom('people')
      .select(['name', 'state'])
      .where('id', '=', person)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (owner.state !== (purpose === 'enrol' ? 'invited' : 'active')) {
      return err(authError('AUTH_PERSON_STATE', ''));
    }
    const at = new Date(now());
    const self = {
      who: selfOf(person, owner.name),
      place: commonPlace(await grantsInForce(tx, person, at.getTime())),
      origin: address,
    };
    const kept = await tx
      .selectFrom('passkeys')
      .select('id')
      .where('person', '=', person)
      .where('removed_at', 'is', null)
      .execute();
    if (purpose !== 'recover' && kept.length >= MOST_PASSKEYS) {
      return err(authError('AUTH_TOO_MANY_PASSKEYS', `there are ${kept.length} already`));
    }
    const added = await tx
      .insertInto('passkeys')
      .values({
        id,
        person,
        site,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: [...passkey.transports],
        backed_up: passkey.backedUp,
        name,
        added_at: at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute();
    // Somebody's passkey already, perhaps a removed one: the number is the device's to choose, and is never taken twice.
    if (added.length === 0) return err(authError('AUTH_PASSKEY_REFUSED', ''));
    if (purpose === 'recover') {
      const withdrawn = await tx
        .updateTable('passkeys')
        .set({ removed_at: at })
        .where('person', '=', person)
        .where('removed_at', 'is', null)
        .where('id', '<>', id)
        .returning(['name', 'site'])
        .execute();
      await sessions.endAllOf(person, 'recovered', tx);
      await trail.add(tx, {
        ...self,
        act: 'passkeys.withdraw',
        about: `person:${person}`,
        before: { passkeys: withdrawn },
      });
    }
    if (purpose === 'enrol') {
      await tx.updateTable('people').set({ state: 'active' }).where('id', '=', person).execute();
      await trail.add(tx, {
        ...self,
        act: 'person.enrol',
        about: `person:${person}`,
        before: { state: 'invited' },
        after: { state: 'active' },
      });
    }
    await trail.add(tx, { ...self, act: 'passkey.add', about: `passkey:${id}`, after: { name, site } });
    return ok({ person, passkey: id });
  });
}

type KeptPasskey = { readonly person: string; readonly passkey: string };

/**
 * Keeps that a passkey was used. False where it was removed meanwhile, or where its counter did not go up: then there
 * are two of it (section 6.1.1), which is written to the trail.
 */
export async function useOfPasskey(
  { db, trail, now }: PasskeyRecords,
  used: { readonly id: string; readonly counter: number; readonly backedUp: boolean },
  address: string,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    // The person before the passkey, as everybody locks them who changes both.
    const owner = await tx
      .selectFrom('people')
      .select('state')
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('passkeys').select('person').where('passkeys.id', '=', used.id),
      )
      .forUpdate()
      .executeTakeFirst();
    const kept = await tx
      .selectFrom('passkeys')
      .select(['person', 'counter', 'removed_at'])
      .where('id', '=', used.id)
      .forUpdate()
      .executeTakeFirst();
    if (owner?.state !== 'active' || kept === undefined || kept.removed_at !== null) return false;
    // Devices that do not count always say 0.
    const counts = kept.counter > 0 || used.counter > 0;
    if (counts && used.counter <= kept.counter) {
      await trail.add(tx, {
        who: 'hub',
        act: 'passkey.refuse',
        place: commonPlace(await grantsInForce(tx, kept.person, now())),
        about: `passkey:${used.id}`,
        why: 'its counter went back: there may be a copy of it',
        before: { counter: kept.counter },
        after: { counter: used.counter },
        origin: address,
      });
      return false;
    }
    await tx
      .updateTable('passkeys')
      .set({ counter: used.counter, backed_up: used.backedUp, used_at: new Date(now()) })
      .where('id', '=', used.id)
      .execute();
    return true;
  });
}

/** Removes a passkey of one's own, with the sessions it began elsewhere. One remains for the site where this is asked. */
export async function removeOwnPasskey(
  { db, trail, now }: PasskeyRecords,
  by: PersonActor,
  id: string,
  address: string,
): Promise<Result<void, AuthError>> {
  return await db.transaction().execute(async (tx): Promise<Result<void, AuthError>> => {
    // Two that remove each other's last passkey at the same time wait here for one another.
    await tx.selectFrom('people').select('id').where('id', '=', by.person).forUpdate().execute();
    const kept = await passkeysOf(tx, by.person);
    const removed = kept.find((one) => one.id === id);
    if (removed === undefined) return err(authError('AUTH_PASSKEY_UNKNOWN', ''));
    const here = await siteOf(tx, by.session);
    const remaining = kept.filter((one) => one.id !== id && (here === undefined || one.site === here));
    if ((here === undefined || here === removed.site) && remaining.length === 0) {
      return err(authError('AUTH_LAST_PASSKEY', ''));
    }
    const at = new Date(now());
    await tx.updateTable('passkeys').set({ removed_at: at }).where('id', '=', id).execute();
    await tx
      .updateTable('sessions')
      .set({ ended_at: at, ended_why: 'its passkey was removed' })
      .where('passkey', '=', id)
      .where('ended_at', 'is', null)
      .where('number', '<>', Number(by.session))
      .execute();
    await trail.add(tx, {
      who: by,
      act: 'passkey.remove',
      place: commonPlace(await grantsInForce(tx, by.person, at.getTime())),
      about: `passkey:${id}`,
      before: { name: removed.name, site: removed.site },
      origin: address,
    });
    return ok();
  });
}

/** The site whose passkey began this session; undefined if a directory did. */
async function siteOf(tx: Transaction<Tables>, session: string): Promise<string | undefined> {
  const found = await tx
    .selectFrom('sessions')
    .innerJoin('passkeys', 'passkeys.id', 'sessions.passkey')
    .select('passkeys.site')
    .where('sessions.number', '=', Number(session))
    .executeTakeFirst();
  return found?.site;
}

/** A person who acts and has no session yet. */
export function selfOf(person: string, name: string): PersonActor {
  return { kind: 'person', person, name, grants: [], session: '', steppedUp: null };
}
