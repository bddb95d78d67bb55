/** Who sits at the desk in tests: answers of `GET /api/v1/me`. */
import type { GrantRow, MeAnswer } from '@bellwether/api';
import { PLACES } from '../map/shapes.ts';
import { at } from './day.ts';

/** Verbs of an administrator: all but the lines of sensors, and the sheets of offices. */
const EVERYTHING = [
  ...['account.read', 'contacts.read', 'contacts.export', 'sources.read', 'incidents.read'],
  ...['incidents.change', 'decisions.read', 'surface.read', 'surface.answer', 'surface.write'],
  ...['blocks.undo', 'agents.read', 'agents.change', 'appeals.read', 'appeals.answer'],
  ...['drills.read', 'drills.run', 'mail.read', 'mail.release', 'mail.write'],
  ...['keys.read', 'keys.change', 'people.read', 'people.invite', 'people.change', 'people.recover'],
  ...['visits.read', 'trail.read', 'trail.export', 'state.configure', 'sample.clear'],
  ...['rolls.read', 'rolls.letters', 'rolls.operate', 'rolls.erase', 'evidence.read'],
];

/** Verbs of a clerk at their own office. */
const NO_CLERKS = [
  ...['surface.write', 'people.recover', 'trail.export', 'state.configure', 'sample.clear'],
  ...['rolls.operate', 'rolls.erase', 'blocks.undo', 'agents.change', 'drills.run', 'mail.write'],
];
const CLERKS = [...EVERYTHING.filter((verb) => !NO_CLERKS.includes(verb)), 'rolls.sign'];

function grant(role: string, place: string): GrantRow {
  return { id: 1, role, place, from: at(-900), until: null, givenBy: 'Machine', why: null };
}

/** An administrator of the state. */
export const ADMINISTRATOR: MeAnswer = {
  who: 'person',
  person: { id: 'p-1', name: 'Pat Miller', grants: [grant('administrator', 'state')] },
  rights: Object.fromEntries(EVERYTHING.map((verb) => [verb, 'all' as const])),
  steppedUpUntil: null,
  until: at(36),
  needsSetUp: false,
  state: 'Missouri',
  address: 'https://bellwether.example.gov',
  offices: PLACES.map(({ leaId, name }) => ({ leaId, name })),
  directories: [],
  recoveriesWaiting: 0,
};

/** A clerk of some offices. */
export function clerkOf(...places: readonly string[]): MeAnswer {
  return {
    ...ADMINISTRATOR,
    person: { id: 'p-2', name: 'Chris Walker', grants: places.map((place) => grant('clerk', place)) },
    rights: Object.fromEntries(CLERKS.map((verb) => [verb, [...places]])),
  };
}

/** Nobody yet, at a hub that has an administrator and the directory of one county. */
export const STRANGER: MeAnswer = {
  ...ADMINISTRATOR,
  who: 'nobody',
  person: null,
  rights: {},
  until: null,
  directories: [{ name: 'jackson', title: 'Jackson County' }],
};

/** Whoever opened the link with the token, before there is an administrator. */
export const MACHINE: MeAnswer = {
  ...ADMINISTRATOR,
  who: 'machine',
  person: null,
  until: null,
  needsSetUp: true,
  state: null,
};
