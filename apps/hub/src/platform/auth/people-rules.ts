/** What the records of people have in common: what they need, who acted, and who may act on whom. */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { Sessions, Trail } from './auth-types.ts';
import { type Actor, faultOfGrant, type Grant, reachOf, type Verb } from './rights.ts';
import type { RandomBytes } from './secrets.ts';

/** What people and their codes need. `now`: ms since 1970. */
export type PeopleOptions = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly sessions: Pick<Sessions, 'endAllOf'>;
  readonly now: () => number;
  readonly random: RandomBytes;
};

/** How an actor is written into a row: number of a person, `machine`, or `key:ID`. */
export function whoOf(by: Actor): string {
  if (by.kind === 'person') return by.person;
  return by.kind === 'machine' ? 'machine' : `key:${by.key}`;
}

/** Locks a person to the end of the transaction; undefined: there is none. */
export function lockPerson(
  tx: Transaction<Tables>,
  person: string,
): Promise<{ readonly name: string; readonly state: string } | undefined> {
  return tx
    .selectFrom('people')
    .select(['name', 'state'])
    .where('id', '=', person)
    .forUpdate()
    .executeTakeFirst();
}

/**
 * Whether somebody may do it at all of these places. The door asked for one place; who has roles at others as well is not
 * theirs. Whoever holds the machine may: that is what `bellwether admin` is for.
 */
export function mayAtAll(by: Actor, verb: Verb, grants: readonly Grant[], time: number): boolean {
  if (by.kind !== 'person') return by.kind === 'machine';
  const reach = reachOf(by, verb, time);
  return reach === 'all' || grants.every(({ place }) => reach.has(place));
}

/** Whether somebody could have given a person all these roles; about themselves, everybody may. */
export function mayGiveAll(by: Actor, person: string, grants: readonly Grant[], time: number): boolean {
  if (by.kind !== 'person') return by.kind === 'machine';
  if (by.person === person) return true;
  return grants.every((grant) => faultOfGrant(by, grant, time) !== 'not-yours-to-give');
}

/** A moment as the trail writes it. */
export function written(moment: number | Date | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
