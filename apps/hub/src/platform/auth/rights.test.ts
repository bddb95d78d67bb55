import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  can,
  faultOfGrant,
  type Grant,
  LONGEST_PASSING,
  needsStepUp,
  ROLES,
  type Role,
  reachOf,
  STEP_UP,
  STEP_UP_LIFE,
  VERBS,
  type Verb,
} from './rights.ts';

/**
 * Who may do what, in words, written from what each of them is there for and not from the table in rights.ts. A verb that
 * is missing here, or somebody who is, fails the test.
 */
const MAY = `
  account.read      administrator analyst navigator clerk deputy vendor auditor observer
  contacts.read     administrator analyst navigator clerk deputy vendor auditor
  contacts.export   administrator analyst navigator clerk auditor
  sources.read      administrator analyst navigator clerk deputy vendor auditor
  incidents.read    administrator analyst navigator clerk deputy vendor auditor
  incidents.change  administrator analyst navigator clerk deputy
  decisions.read    administrator analyst navigator clerk deputy vendor auditor
  surface.read      administrator analyst navigator clerk deputy vendor auditor
  surface.answer    administrator analyst navigator clerk deputy
  surface.write     administrator analyst
  lines.send        machine sensor
  blocks.read       bouncer
  appeals.read      administrator analyst navigator clerk deputy auditor
  appeals.answer    administrator analyst navigator clerk deputy
  blocks.undo       administrator analyst
  agents.read       administrator analyst navigator clerk deputy auditor
  agents.change     administrator
  drills.read       administrator analyst navigator clerk deputy auditor observer machine
  drills.run        administrator analyst machine
  mail.read         administrator analyst navigator clerk deputy auditor
  mail.release      administrator analyst navigator clerk deputy
  mail.write        administrator analyst
  mail.tell         machine sensor
  keys.read         administrator analyst navigator clerk deputy auditor
  keys.change       administrator analyst navigator clerk
  people.read       administrator analyst navigator clerk deputy auditor
  people.invite     administrator clerk
  people.change     administrator clerk
  people.recover    administrator
  visits.read       administrator clerk deputy auditor
  trail.read        administrator clerk auditor
  trail.export      administrator auditor
  rolls.read        administrator analyst navigator clerk deputy auditor
  rolls.sign        clerk deputy
  rolls.letters     administrator clerk deputy
  rolls.operate     administrator
  rolls.erase       administrator
  evidence.read     administrator analyst navigator clerk deputy vendor auditor observer
  state.configure   administrator
  sample.clear      administrator
`;

/** Of those, what asks for the passkey once more. */
const DANGEROUS = `
  people.invite people.change people.recover keys.change agents.change trail.export rolls.letters rolls.operate rolls.erase state.configure sample.clear
`;

const TABLE = new Map(
  MAY.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([verb, ...who]) => [verb!, new Set(who)]),
);

const NOW = Date.UTC(2026, 10, 3, 18);
const DAY = 86_400_000;
const OWN = '29001';
const OTHER = '29380';

/** A grant in each state that it can be in at NOW, and whether it holds. */
const TIMES: readonly (readonly [string, Pick<Grant, 'from' | 'until'>, boolean])[] = [
  ['in force without an end', { from: NOW - DAY, until: null }, true],
  ['in force until later', { from: NOW - DAY, until: NOW + DAY }, true],
  ['begun this moment', { from: NOW, until: null }, true],
  ['in its last moment', { from: NOW - DAY, until: NOW + 1 }, true],
  ['ended this moment', { from: NOW - DAY, until: NOW }, false],
  ['ended long ago', { from: NOW - 2 * DAY, until: NOW - DAY }, false],
  ['not begun', { from: NOW + 1, until: null }, false],
];

function personWith(...grants: readonly Grant[]): Actor {
  return { kind: 'person', person: 'P', name: 'P', grants, session: '1', steppedUp: null };
}

function may(who: string, verb: Verb): boolean {
  return TABLE.get(verb)?.has(who) ?? false;
}

describe('who may do what', () => {
  it('is told of every verb that there is, and of no other', () => {
    expect([...TABLE.keys()]).toEqual([...VERBS]);
    const named = new Set([...TABLE.values()].flatMap((who) => [...who]));
    expect([...named].sort()).toEqual([...ROLES, 'machine', 'sensor', 'bouncer'].sort());
  });

  it.each(ROLES)('is as written for each verb, place and time: %s', (role) => {
    let asked = 0;
    for (const verb of VERBS) {
      for (const [when, period, holds] of TIMES) {
        const yes = holds && may(role, verb);
        const atOffice = personWith({ role, place: OWN, ...period });
        const atState = personWith({ role, place: 'state', ...period });
        const answers = {
          'office: own': can(atOffice, verb, OWN, NOW),
          'office: other': can(atOffice, verb, OTHER, NOW),
          'office: state': can(atOffice, verb, 'state', NOW),
          'state: office': can(atState, verb, OWN, NOW),
          'state: state': can(atState, verb, 'state', NOW),
        };
        expect({ verb, when, ...answers }).toEqual({
          verb,
          when,
          'office: own': yes,
          'office: other': false,
          'office: state': false,
          'state: office': yes,
          'state: state': yes,
        });
        asked += Object.keys(answers).length;
      }
    }
    expect(asked).toBe(VERBS.length * TIMES.length * 5);
  });

  it('is as written for the machine, which does what an administrator does while it is alone', () => {
    for (const verb of VERBS) {
      for (const place of [OWN, 'state']) {
        const alone = can({ kind: 'machine', alone: true }, verb, place, NOW);
        const notAlone = can({ kind: 'machine', alone: false }, verb, place, NOW);
        expect([verb, alone]).toEqual([verb, may('machine', verb) || may('administrator', verb)]);
        expect([verb, notAlone]).toEqual([verb, may('machine', verb)]);
      }
    }
  });

  it('is as written for a key, at its own place only', () => {
    const key: Actor = { kind: 'sensor', key: '1', name: 'firewall', place: OWN };
    for (const verb of VERBS) {
      expect([verb, can(key, verb, OWN, NOW)]).toEqual([verb, may('sensor', verb)]);
      expect(can(key, verb, OTHER, NOW)).toBe(false);
      expect(can(key, verb, 'state', NOW)).toBe(false);
    }
  });

  it('is as written for the key of a bouncer: it reads blocks for its own place, and nothing else', () => {
    const takes = { guards: 'private', ranges: 'as-they-are', most: 10 } as const;
    const key: Actor = { kind: 'bouncer', key: '2', name: 'door', place: OWN, takes };
    for (const verb of VERBS) {
      expect([verb, can(key, verb, OWN, NOW)]).toEqual([verb, may('bouncer', verb)]);
      expect(can(key, verb, OTHER, NOW)).toBe(false);
    }
  });

  it('is nothing for who holds no role', () => {
    for (const verb of VERBS) expect(reachOf(personWith(), verb, NOW)).toEqual(new Set());
  });

  it('is what each of several roles allows, and nothing that only all of them together would', () => {
    const grants = fc.array(
      fc.record({
        role: fc.constantFrom(...ROLES),
        place: fc.constantFrom(OWN, OTHER, '29095', 'state'),
        from: fc.constantFrom(NOW - DAY, NOW, NOW + 1),
        until: fc.constantFrom(null, NOW, NOW + 1),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        grants,
        fc.constantFrom(...VERBS),
        fc.constantFrom(OWN, OTHER, 'state'),
        (held, verb, place) => {
          const alone = held.map((grant) => can(personWith(grant), verb, place, NOW));
          expect(can(personWith(...held), verb, place, NOW)).toBe(alone.includes(true));
        },
      ),
    );
  });
});

describe('the passkey once more', () => {
  const withPasskeyAt = (steppedUp: number | null): Actor =>
    ({ ...personWith({ role: 'administrator', place: 'state', from: 0, until: null }), steppedUp }) as Actor;

  it('is asked for what opens doors or cannot be undone, and for nothing else', () => {
    expect([...STEP_UP].sort()).toEqual(DANGEROUS.trim().split(/\s+/).sort());
    for (const verb of VERBS)
      expect([verb, needsStepUp(withPasskeyAt(null), verb, NOW)]).toEqual([verb, STEP_UP.has(verb)]);
  });

  it('holds for five minutes', () => {
    expect(STEP_UP_LIFE).toBe(5 * 60_000);
    expect(needsStepUp(withPasskeyAt(NOW - STEP_UP_LIFE + 1), 'people.invite', NOW)).toBe(false);
    expect(needsStepUp(withPasskeyAt(NOW - STEP_UP_LIFE), 'people.invite', NOW)).toBe(true);
  });

  it('is asked of no program: they have none', () => {
    expect(needsStepUp({ kind: 'machine', alone: true }, 'state.configure', NOW)).toBe(false);
    const key: Actor = { kind: 'sensor', key: '1', name: 'k', place: OWN };
    expect(needsStepUp(key, 'keys.change', NOW)).toBe(false);
  });
});

describe('a role', () => {
  const administrator = personWith({ role: 'administrator', place: 'state', from: 0, until: null });
  const clerk = personWith({ role: 'clerk', place: OWN, from: 0, until: null });

  /** Where each can be held. */
  const PLACES: Readonly<Record<Role, string>> = {
    administrator: 'state',
    analyst: 'state',
    navigator: 'office',
    clerk: 'office',
    deputy: 'office',
    vendor: 'state office',
    auditor: 'state office',
    observer: 'state',
  };

  it.each(ROLES)('is given where it belongs: %s', (role) => {
    const until = NOW + DAY;
    const places = PLACES[role];
    expect(faultOfGrant(administrator, { role, place: 'state', until }, NOW)).toBe(
      places.includes('state') ? undefined : 'place',
    );
    expect(faultOfGrant(administrator, { role, place: OWN, until }, NOW)).toBe(
      places.includes('office') ? undefined : 'place',
    );
  });

  it.each(ROLES)('is given by a clerk only to deputies and vendors of the own office: %s', (role) => {
    if (!PLACES[role].includes('office')) return expect(PLACES[role]).toBe('state');
    const until = NOW + DAY;
    expect(faultOfGrant(clerk, { role, place: OWN, until }, NOW)).toBe(
      role === 'deputy' || role === 'vendor' ? undefined : 'not-yours-to-give',
    );
    return expect(faultOfGrant(clerk, { role, place: OTHER, until }, NOW)).toBe('not-yours-to-give');
  });

  it('of somebody from outside ends within three months', () => {
    for (const role of ['vendor', 'auditor'] as const) {
      const fault = (until: number | null) => faultOfGrant(administrator, { role, place: OWN, until }, NOW);
      expect(fault(null)).toBe('no-end');
      expect(fault(NOW + LONGEST_PASSING)).toBeUndefined();
      expect(fault(NOW + LONGEST_PASSING + 1)).toBe('end-too-late');
    }
  });

  it('does not end before it begins', () => {
    expect(faultOfGrant(administrator, { role: 'deputy', place: OWN, until: NOW }, NOW)).toBe('ends-before');
  });

  it('is given by nobody whose own has ended', () => {
    const former = personWith({ role: 'administrator', place: 'state', from: 0, until: NOW });
    expect(faultOfGrant(former, { role: 'clerk', place: OWN, until: null }, NOW)).toBe('not-yours-to-give');
  });
});
