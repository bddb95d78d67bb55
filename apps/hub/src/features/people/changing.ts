/** What the routes that change people have in common: whom they are asked about, and which role. */
import type { GiveRole } from '@bellwether/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import type { Role } from '../../platform/auth/rights.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import type { RouteRight } from '../../platform/http/right.ts';
import { askerOf, SIGNED_IN_PROBLEMS } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';
import { changeablePerson, endableGrant, visiblePerson } from './people-rights.ts';

/** Errors of routes that change people. */
export const CHANGING = [
  ...SIGNED_IN_PROBLEMS,
  AUTH_ERRORS.AUTH_STEP_UP,
  AUTH_ERRORS.AUTH_PERSON_UNKNOWN,
  AUTH_ERRORS.AUTH_PERSON_STATE,
];

/** The door asks whether they may change people anywhere; `aboutPerson` asks about this one. */
export const CHANGES: RouteRight = { verb: 'people.change', of: 'reach' };

/** A person, in an address. */
export const PersonParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) });

/** A role of a person, in an address. */
export const GrantParams = Type.Object({
  id: PersonParams.properties.id,
  grant: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});

/** What somebody wants to do to a person: change them as a whole, give them a role, or end the role in the address. */
export type AboutPerson = 'change' | 'give' | 'end-grant';

/** A hook before the handler: answers no where they may not do that to the person in the address. */
export function aboutPerson({ auth, now }: PeopleDependencies, what: AboutPerson) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { id, grant } = request.params as { readonly id: string; readonly grant?: number };
    const asker = { actor: askerOf(request), reach: request.reach, now: now() };
    const find = what === 'change' ? changeablePerson : visiblePerson;
    const person = await find(auth.people, asker, id);
    if (person.isErr()) return sendAuthError(reply, person.error);
    if (what !== 'end-grant') return undefined;
    const endable = endableGrant(person.value, asker, grant ?? 0);
    return endable.isErr() ? sendAuthError(reply, endable.error) : undefined;
  };
}

/** The standard of times knows a second 60, the clocks of computers do not. */
export const NO_SUCH_TIME = { code: 'HTTP_REQUEST_INVALID', detail: 'there is no such time' } as const;

/** A role that somebody wants to give; its end in ms since 1970. */
export type Wish = { readonly role: Role; readonly place: string; readonly until: number | null };

/** A role as it was asked for; undefined where its end is no time. A role that is none can be given nowhere. */
export function wishOf({ role, place, until }: Pick<GiveRole, 'role' | 'place' | 'until'>): Wish | undefined {
  const end = until === undefined ? null : Date.parse(until);
  return Number.isNaN(end) ? undefined : { role: role as Role, place, until: end };
}
