/**
 * Who may change whom. The door has asked where somebody may do it at all; here it is asked about a person: nobody changes
 * themselves, an office sees only who has a role there, and changes only whom it could have invited itself.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { People, Person } from '../../platform/auth/auth-types.ts';
import { type AuthError, authError } from '../../platform/auth/errors.ts';
import {
  type Actor,
  faultOfGrant,
  type Grant,
  isInForce,
  PASSING,
  type Place,
  type Reach,
  ROLES,
  type Role,
} from '../../platform/auth/rights.ts';
import { contains } from '../../platform/http/door.ts';

/** An office that stands for any: no authority of a state has this number. */
const ANY_OFFICE: Place = '00000';

/** A role that the form offers. */
export type OfferedRole = {
  readonly role: Role;
  readonly at: 'state' | 'office';
  readonly mustEnd: boolean;
};

/** A person as somebody with this reach sees them: with their roles there. Undefined: they have none. */
export function seenFrom(person: Person, reach: Reach): Person | undefined {
  if (reach === 'all') return person;
  const grants = person.grants.filter(({ place }) => reach.has(place));
  return grants.length === 0 ? undefined : { ...person, grants };
}

/** Whether somebody may give this role there, or take it away. */
export function mayGive(actor: Actor, role: Role, place: Place, now: number): boolean {
  const until = PASSING.has(role) ? now + 1 : null;
  return faultOfGrant(actor, { role, place, until }, now) === undefined;
}

/** Roles that somebody may give, at the state and at the offices in their reach. */
export function offeredRoles(actor: Actor, reach: Reach, now: number): readonly OfferedRole[] {
  const office = reach === 'all' ? ANY_OFFICE : [...reach].find((place) => place !== 'state');
  const places = [
    { at: 'state', place: 'state' },
    { at: 'office', place: office },
  ] as const;
  return places.flatMap(({ at, place }) =>
    ROLES.filter((role) => place !== undefined && mayGive(actor, role, place, now)).map((role) => ({
      role,
      at,
      mustEnd: PASSING.has(role),
    })),
  );
}

/**
 * The person whom somebody wants to change as a whole (a code, their removal): seen from here, not themselves, and with
 * no role that is not theirs to give. Who is out of sight is answered as who does not exist.
 */
export async function changeablePerson(
  people: Pick<People, 'find'>,
  { actor, reach, now }: { readonly actor: Actor; readonly reach: Reach; readonly now: number },
  id: string,
): Promise<Result<Person, AuthError>> {
  const seen = await visiblePerson(people, { actor, reach }, id);
  if (seen.isErr()) return seen;
  const held = seen.value.grants.filter((grant) => isInForce(grant, now));
  if (held.every(({ role, place }) => mayGive(actor, role, place, now))) return seen;
  return err(authError('AUTH_NOT_YOURS', 'They have roles that the state office gives.'));
}

/** The person whom somebody wants to give a role or take one from; with all their roles. */
export async function visiblePerson(
  people: Pick<People, 'find'>,
  { actor, reach }: { readonly actor: Actor; readonly reach: Reach },
  id: string,
): Promise<Result<Person, AuthError>> {
  const found = await people.find(id);
  if (found === undefined || seenFrom(found, reach) === undefined) {
    return err(authError('AUTH_PERSON_UNKNOWN', ''));
  }
  if (actor.kind === 'person' && actor.person === id) {
    return err(authError('AUTH_NOT_YOURS', 'Nobody changes their own rights: ask somebody else who may.'));
  }
  return ok(found);
}

/** A role of this person that somebody may take away. */
export function endableGrant(
  person: Person,
  { actor, reach, now }: { readonly actor: Actor; readonly reach: Reach; readonly now: number },
  grant: number,
): Result<Grant, AuthError> {
  const found = person.grants.find(({ id }) => id === grant);
  if (found === undefined || !contains(reach, found.place)) {
    return err(authError('AUTH_PERSON_UNKNOWN', 'They have no such role.'));
  }
  if (mayGive(actor, found.role, found.place, now)) return ok(found);
  return err(authError('AUTH_NOT_YOURS', 'The state office gives this role, and takes it away.'));
}
