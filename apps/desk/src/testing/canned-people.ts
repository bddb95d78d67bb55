/** Answers about people, their devices, who looked, the trail and keys: a state with some of each. */
import type {
  GrantRow,
  KeysAnswer,
  OwnAnswer,
  PeopleAnswer,
  PersonRow,
  PhoneCode,
  TrailAnswer,
  TrailRow,
  VisitRow,
  VisitsAnswer,
} from '@bellwether/api';
import { at } from './day.ts';

/** Numbers of people as the hub makes them. */
const DANA = 'q7VbPzG2T0mXw4kYh1LsAg';
const LEE = 'aB3dE5gH7jK9mN1pQ3sT5v';

function grant(id: number, role: string, place: string, more: Partial<GrantRow> = {}): GrantRow {
  return { id, role, place, from: at(-900), until: null, givenBy: 'p-1', why: null, ...more };
}

function person(id: string, name: string, grants: GrantRow[], more: Partial<PersonRow> = {}): PersonRow {
  return {
    ...{ id, name, grants, phone: '573-555-0142', state: 'active' as const, passkeys: 2 },
    ...{ lastSeen: at(20), codeUntil: null, ...more },
  };
}

/** Everybody of the state. */
export const PEOPLE: readonly PersonRow[] = [
  person('p-1', 'Pat Miller', [grant(1, 'administrator', 'state', { givenBy: 'machine' })]),
  person('p-2', 'Chris Walker', [grant(2, 'clerk', '29019'), grant(3, 'navigator', '29095')]),
  person(DANA, 'Dana Reyes', [grant(4, 'navigator', '29019'), grant(5, 'navigator', '29025')], {
    phone: '816-555-0119',
  }),
  person(
    'p-4',
    'Bartholomew Featherstonehaugh-Montgomery',
    [grant(6, 'vendor', '29019', { until: at(600), why: 'Looks after the scanners until the canvass.' })],
    { phone: null, passkeys: 1 },
  ),
  person('p-5', 'Sam Ortiz', [grant(7, 'deputy', '29019')], {
    ...{ state: 'invited', passkeys: 0, lastSeen: null, codeUntil: at(24.1) },
  }),
  person(LEE, 'Lee Park', [grant(8, 'administrator', 'state', { givenBy: 'oidc:jackson' })], {
    phone: '314-555-0107',
  }),
  person('p-7', 'Robin Ellis', [], { state: 'removed', passkeys: 0 }),
];

/** All that an administrator may give. */
const MAY_GIVE: PeopleAnswer['mayGive'] = [
  ...['administrator', 'analyst', 'observer'].map((role) => ({ role, at: 'state' as const, mustEnd: false })),
  ...['vendor', 'auditor'].map((role) => ({ role, at: 'state' as const, mustEnd: true })),
  ...['navigator', 'clerk', 'deputy'].map((role) => ({ role, at: 'office' as const, mustEnd: false })),
  ...['vendor', 'auditor'].map((role) => ({ role, at: 'office' as const, mustEnd: true })),
];

/** `GET /people`. */
export const PEOPLE_ANSWER: PeopleAnswer = { people: [...PEOPLE], recoveries: [], mayGive: [...MAY_GIVE] };

/** The same, while an administrator waits for another. */
export const PEOPLE_WAITING: PeopleAnswer = {
  ...PEOPLE_ANSWER,
  recoveries: [
    { ...{ id: 3, person: LEE, name: 'Lee Park' }, asked: at(23), from: '198.51.100.24', until: at(47) },
  ],
};

/** What a clerk of an office is told. */
export const PEOPLE_OF_CLERK: PeopleAnswer = {
  people: PEOPLE.filter(({ grants }) => grants.some(({ place }) => place === '29019')),
  recoveries: [],
  mayGive: [
    { role: 'deputy', at: 'office', mustEnd: false },
    { role: 'vendor', at: 'office', mustEnd: true },
  ],
};

/** A code for the phone that works for `left` ms from now on: clocks of pages run while tests do. */
export function phoneCode(of: string, left: number): PhoneCode {
  return { person: of, code: '4071-0093-5528', until: new Date(Date.now() + left).toISOString() };
}

const AGENTS = {
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
};

/** `GET /own`. */
export const OWN_ANSWER: OwnAnswer = {
  passkeys: [
    {
      ...{ id: 'k-1', name: 'Office computer', site: 'bellwether.example.gov', backedUp: false },
      ...{ added: at(-900), used: at(24) },
    },
    {
      ...{ id: 'k-2', name: 'My phone', site: 'bellwether.example.gov', backedUp: true },
      ...{ added: at(-800), used: null },
    },
  ],
  sessions: [
    {
      ...{ session: '31', how: 'passkey', begun: at(20), seen: at(23), network: '2001:db8:4f::/48' },
      ...{ browser: AGENTS.iphone, here: false },
    },
    {
      ...{ session: '34', how: 'passkey', begun: at(22), seen: at(24), network: '198.51.100.0/24' },
      ...{ browser: AGENTS.edge, here: true },
    },
  ],
  recoveryCodesLeft: 7,
};

function visit(who: string, name: string, role: string, more: Partial<VisitRow>): VisitRow {
  return {
    ...{ who, name, role, place: '29019', verb: 'contacts.read', times: 1 },
    ...{ hour: at(22), first: at(22.03), last: at(22.5), ...more },
  };
}

/** `GET /visits`. */
export const VISITS_ANSWER: VisitsAnswer = {
  visits: [
    visit('p-1', 'Pat Miller', 'administrator', { place: '*', verb: 'account.read', times: 212 }),
    visit(DANA, 'Dana Reyes', 'navigator', { times: 9 }),
    visit(DANA, 'Dana Reyes', 'navigator', {
      ...{ hour: at(24), first: at(24.01), last: at(24.5), times: 5 },
    }),
    visit(DANA, 'Dana Reyes', 'navigator', { verb: 'incidents.read', times: 2, last: at(24.2) }),
    visit('p-4', 'Bartholomew Featherstonehaugh-Montgomery', 'vendor', {
      ...{ hour: at(0), first: at(0.25), last: at(0.25), verb: 'sources.read' },
    }),
    visit('machine', 'whoever runs the machine', 'machine', {
      ...{ hour: at(-30), first: at(-30), last: at(-29.5), verb: 'surface.read', times: 3 },
    }),
  ],
  more: false,
  outsiders: [
    {
      ...{ person: 'p-4', name: 'Bartholomew Featherstonehaugh-Montgomery', role: 'vendor' },
      ...{ place: '29019', until: at(600), why: 'Looks after the scanners until the canvass.' },
    },
    {
      ...{ person: 'p-9', name: 'Kim Novak', role: 'auditor', place: 'state' },
      ...{ until: at(1400), why: null },
    },
  ],
};

/** Who looked at an office where nobody did. */
export const NO_VISITS: VisitsAnswer = { visits: [], more: false, outsiders: [] };

const HASH = 'c0ffee'.padEnd(64, '0');

function entry(number: number, act: string, about: string, more: Partial<TrailRow> = {}): TrailRow {
  return {
    ...{ number, act, about, at: at(number / 2), who: 'p-1', name: 'Pat Miller', place: '29019' },
    ...{ why: null, before: null, after: null, origin: '198.51.100.24', previous: HASH, hash: HASH },
    ...more,
  };
}

/** `GET /trail`. */
export const TRAIL_ANSWER: TrailAnswer = {
  entries: [
    entry(48, 'incident.change', 'incident:7', {
      ...{ who: 'p-2', name: 'Chris Walker' },
      before: { state: 'open', note: null },
      after: { state: 'closed', note: 'It was our own technician, who had told nobody.' },
    }),
    entry(47, 'grant.end', `person:${LEE}`, {
      ...{ place: 'state', why: 'Works for another office now.', before: { grant: 8, role: 'analyst' } },
    }),
    entry(46, 'grant.give', 'person:p-4', {
      why: 'Looks after the scanners until the canvass.',
      before: [{ grant: 4, until: at(300) }],
      after: { grant: 6, role: 'vendor', until: at(600) },
    }),
    entry(45, 'passkey.add', 'passkey:AbC', {
      ...{ who: DANA, name: 'Dana Reyes', after: { name: 'Office computer', site: 'hub.example' } },
    }),
    entry(44, 'person.invite', `person:${DANA}`, {
      after: { name: 'Dana Reyes', phone: '816-555-0119', grant: 4, role: 'navigator', until: null },
    }),
    entry(43, 'code.use', 'person:p-5', {
      ...{ who: 'hub', name: 'Bellwether', after: { purpose: 'enrol' } },
    }),
    entry(42, 'surface.state', 'surface:12', {
      place: 'state',
      before: { version: 11, sha256: '9f2c'.repeat(16) },
      after: { version: 12, sha256: '81aa'.repeat(16) },
    }),
    entry(41, 'https.configured', 'https', {
      place: 'state',
      who: 'machine',
      name: 'whoever runs the machine',
    }),
  ],
  more: true,
  whole: true,
};

/** `GET /keys`. */
export const KEYS_ANSWER: KeysAnswer = {
  keys: [
    {
      ...{ id: 1, place: '29019', name: 'Firewall of the courthouse', madeBy: 'p-2' },
      ...{ made: at(-700), used: at(24) },
    },
    {
      ...{ id: 2, place: '29019', name: 'Web server', madeBy: 'machine', made: at(-20), used: null },
      bouncer: { guards: 'public', ranges: 'by-agent', most: 50_000 },
    },
  ],
};

/** The body of an answer about people; undefined where the path is about something else. */
export function cannedPeople(path: string, terms: URLSearchParams): unknown {
  switch (path) {
    case 'people': {
      const place = terms.get('place');
      if (place === null) return PEOPLE_ANSWER;
      const people = PEOPLE.filter(({ grants }) => grants.some((one) => one.place === place));
      return { ...PEOPLE_ANSWER, people };
    }
    case 'own':
      return OWN_ANSWER;
    case 'visits':
      return terms.get('place') === '29019' ? VISITS_ANSWER : NO_VISITS;
    case 'trail':
      return terms.has('before')
        ? {
            ...TRAIL_ANSWER,
            more: false,
            entries: [entry(1, 'state.named', 'state', { place: 'state', after: { name: 'Missouri' } })],
          }
        : TRAIL_ANSWER;
    case 'keys':
      return terms.get('place') === '29019' ? KEYS_ANSWER : { keys: [] };
    default:
      return undefined;
  }
}
