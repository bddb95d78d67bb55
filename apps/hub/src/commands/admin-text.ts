/** What `bellwether admin` says, in words and as JSON. */
import type { Person } from '../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../platform/auth/errors.ts';
import { PASSING, ROLES } from '../platform/auth/rights.ts';
import { describeFailure } from '../platform/doctor/failures.ts';
import type { AdminAnswer, AdminRefusal } from './admin-acts.ts';

/** The answer in words. */
export function answerAsText(answer: AdminAnswer): string {
  if (answer.kind === 'people') return peopleAsText(answer.people);
  if (answer.kind === 'removed') {
    return `${answer.name} is out: signed out everywhere, and without passkeys and codes. It stands in the trail.\n`;
  }
  const { name, person, code, until, url, running, zone } = answer;
  const start = running ? '' : 'The hub does not run now: start it first (`bellwether up`).\n';
  return `The code for ${name} is

    ${code}

It works once, within fifteen minutes: until ${timeIn(zone, until)}. Type it at
${url}
${start}Tell it to nobody else. That it was made stands in the trail, under number ${person}.
`;
}

/** The answer for programs. Times are ISO 8601 in UTC. */
export function answerAsJson(answer: AdminAnswer): object {
  switch (answer.kind) {
    case 'people':
      return { schema: 'bellwether/admin-people@1', people: answer.people.map(personAsJson) };
    case 'removed':
      return { schema: 'bellwether/admin-removed@1', person: answer.person, name: answer.name };
    case 'code': {
      const { person, name, code, until, url, running } = answer;
      return { schema: 'bellwether/admin-code@1', person, name, code, until: iso(until), url, running };
    }
  }
}

/** Why it was not done, and what to do. */
export function refusalText(refusal: AdminRefusal): string {
  if (!('detail' in refusal)) return describeFailure(refusal);
  const { message, help } = AUTH_ERRORS[refusal.code];
  return `${message} ${refusal.detail}\n  ${help} (${refusal.code})`;
}

function personAsJson({ id, name, phone, state, grants, passkeys, lastSeen, codeUntil }: Person): object {
  return {
    id,
    name,
    phone,
    state,
    roles: grants.map(({ role, place, until }) => ({ role, place, until: iso(until) })),
    passkeys,
    lastSeen: iso(lastSeen),
    codeUntil: iso(codeUntil),
  };
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function peopleAsText(people: readonly Person[]): string {
  if (people.length === 0)
    return 'Nobody is here yet. `bellwether admin invite NAME` invites an administrator.\n';
  const lines = people.map(({ id, name, state, grants, passkeys }) => {
    const roles = grants.map(({ role, place }) => `${role} (${place})`).join(', ');
    const keys = passkeys === 1 ? '1 passkey' : `${passkeys} passkeys`;
    return `${id}  ${state.padEnd(7)}  ${keys.padEnd(11)}  ${name}${roles === '' ? '' : `: ${roles}`}\n`;
  });
  return lines.join('');
}

/** The time on the wall there, with its zone. */
function timeIn(zone: string, time: number): string {
  return new Intl.DateTimeFormat('en-US', { timeStyle: 'long', timeZone: zone }).format(time);
}

/** The short form of the manual. */
export function adminHelp(): string {
  return `Usage: bellwether admin invite NAME [--role ROLE] [--place PLACE] [--phone NUMBER]
                                    [--until TIME] [--why TEXT]
       bellwether admin list
       bellwether admin recover PERSON --why TEXT
       bellwether admin revoke PERSON --why TEXT

For the day when nobody can sign in: works on the records of a hub, whether it runs or not, and needs
nothing but the right to read its data folder. Everything is written to the trail, as done by the machine.

  invite     makes a person, and a code with which they make their first passkey
  list       who there is, with their numbers
  recover    a code for somebody who lost every passkey, or who never used the first code
  revoke     removes a person: out within a second, with nothing left to come in with

  --role ROLE      ${ROLES.slice(0, 4).join(', ')},
                   ${ROLES.slice(4).join(', ')}; administrator, if nothing is said
  --place PLACE    state, or the number of an office; state, if nothing is said
  --phone NUMBER   where they are called
  --until TIME     when the role ends, such as 2026-11-30T17:00:00Z; ${[...PASSING].join(' and ')} need one
  --why TEXT       the reason, for the trail
  --data DIR       the hub's data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root,
                   else ~/.local/state/bellwether
  --json           tell as JSON what was done

PERSON is a number from the list, or a name that only one person has. A code is shown once, works once, and
lives for fifteen minutes.

Exit code: 0 done; 1 the records cannot be reached; 2 wrong usage; 3 it was refused: the last administrator
stays, and who is not there cannot be recovered or revoked.
`;
}
