/** People and their roles as the database has them. */
import type { Kysely } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { Person } from './auth-types.ts';
import { type Grant, isInForce, type Place, ROLES, type Role } from './rights.ts';

/** More than a state has people with access; the list stays one answer. */
const MOST_PEOPLE = 10_000;

/** A row of grants, or nothing of one (from an outer join). */
type GrantColumns = {
  readonly role: string | null;
  readonly place: string | null;
  readonly from_at: Date | null;
  readonly until_at: Date | null;
};

/** The grant of a row: none where the row has none, or a role that this version does not know. */
export function grantFrom({ role, place, from_at, until_at }: GrantColumns): readonly Grant[] {
  if (place === null || from_at === null || !isRole(role)) return [];
  return [{ role, place, from: from_at.getTime(), until: until_at?.getTime() ?? null }];
}

/** Roles that a person holds now, oldest first. */
export async function grantsInForce(
  db: Kysely<Tables>,
  person: string,
  time: number,
): Promise<readonly Grant[]> {
  const rows = await db
    .selectFrom('grants')
    .select(['role', 'place', 'from_at', 'until_at'])
    .where('person', '=', person)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.flatMap(grantFrom).filter((grant) => isInForce(grant, time));
}

/** Place of somebody for the trail: their office if they have one only, else the state. */
export function commonPlace(grants: readonly Pick<Grant, 'place'>[]): Place {
  const places = new Set(grants.map(({ place }) => place));
  const [first] = places;
  return places.size === 1 && first !== undefined ? first : 'state';
}

/**
 * People by name, with the roles that were not ended: everybody, removed ones too; or who holds a role at a place (with
 * all their roles, also those elsewhere); or one person.
 */
export async function readPeople(
  db: Kysely<Tables>,
  which: 'all' | { readonly place: Place } | { readonly id: string },
  time: number,
): Promise<readonly Person[]> {
  const now = new Date(time);
  let query = db
    .selectFrom('people')
    .select(['id', 'name', 'phone', 'state'])
    .select(({ selectFrom }) => [
      selectFrom('passkeys')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('passkeys.person', '=', 'people.id')
        .where('removed_at', 'is', null)
        .as('passkeys'),
      selectFrom('sessions')
        .select(({ fn }) => fn.max('seen_at').as('seen'))
        .whereRef('sessions.person', '=', 'people.id')
        .as('seen'),
      selectFrom('codes')
        .select(({ fn }) => fn.max('until_at').as('until'))
        .whereRef('codes.person', '=', 'people.id')
        .where('used_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .where('until_at', '>', now)
        .as('code_until'),
    ])
    .orderBy('name')
    .orderBy('id')
    .limit(MOST_PEOPLE);
  if (which !== 'all') {
    query =
      'id' in which
        ? query.where('id', '=', which.id)
        : query.where('id', 'in', ({ selectFrom }) =>
            selectFrom('grants')
              .select('person')
              .where('place', '=', which.place)
              .where('ended_at', 'is', null)
              .where(({ eb }) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)])),
          );
  }
  const people = await query.execute();
  const grants = await grantsOf(
    db,
    people.map(({ id }) => id),
    now,
  );
  return people.map(({ id, name, phone, state, passkeys, seen, code_until }) => ({
    id,
    name,
    phone,
    state: state as Person['state'],
    grants: grants.get(id) ?? [],
    passkeys: passkeys ?? 0,
    lastSeen: seen?.getTime() ?? null,
    codeUntil: code_until?.getTime() ?? null,
  }));
}

async function grantsOf(
  db: Kysely<Tables>,
  people: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Person['grants']>> {
  const found = new Map<string, Person['grants'][number][]>();
  if (people.length === 0) return found;
  const rows = await db
    .selectFrom('grants')
    .select(['id', 'person', 'role', 'place', 'from_at', 'until_at', 'given_by', 'why'])
    .where(({ eb, fn, val }) => eb('person', '=', fn.any(val(people))))
    .where('ended_at', 'is', null)
    .where(({ eb }) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
    .orderBy('id')
    .execute();
  for (const row of rows) {
    const ofPerson = found.get(row.person) ?? [];
    for (const grant of grantFrom(row)) {
      ofPerson.push({ ...grant, id: row.id, givenBy: row.given_by, why: row.why });
    }
    found.set(row.person, ofPerson);
  }
  return found;
}

function isRole(text: string | null): text is Role {
  return (ROLES as readonly (string | null)[]).includes(text);
}
