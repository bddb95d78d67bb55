import type { PeopleAnswer, PhoneCode } from '@bellwether/api';
import { PeopleAnswer as PeopleShape } from '@bellwether/api';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { HOUR, MACHINE, MINUTE, startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import type { Place, Role } from '../../platform/auth/rights.ts';
import { outcomeOf, testHub } from './people.fixture.ts';

const ADAIR = '29001';
const KANSAS_CITY = '29380';
const DAY = 24 * HOUR;

let records: TestPeople;
beforeAll(async () => {
  records = await startPeople();
});
beforeEach(() => records.empty());
afterAll(() => records.stop());

const setup = () => testHub(records, onTestFinished);

/** Somebody who was invited, and has not come yet. */
async function invite(role: Role, place: Place, name = `${role} of ${place}`): Promise<string> {
  const until = role === 'vendor' || role === 'auditor' ? records.time + DAY : null;
  const invitation = { name, phone: null, role, place, until, why: null };
  return (await records.people.invite(MACHINE, invitation, '')).okOrThrow().person;
}

/** Another role for somebody. */
async function give(person: string, role: Role, place: Place): Promise<void> {
  (
    await records.people.giveRole(MACHINE, person, { role, place, until: null }, 'for a test', '')
  ).okOrThrow();
}

async function grantOf(person: string, role: Role): Promise<number> {
  const grants = (await records.people.find(person))?.grants ?? [];
  return grants.find((grant) => grant.role === role)?.id ?? 0;
}

const why = 'because a test wants it';

describe('GET /people', () => {
  it('shows the state everybody, as the shape says', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    await invite('clerk', ADAIR);
    const gone = await invite('clerk', KANSAS_CITY, 'Gone Clerk');
    (await records.people.removePerson(MACHINE, gone, why, '')).okOrThrow();

    const answer = (await browser.get('people')).json() as PeopleAnswer;

    expect(Value.Errors(PeopleShape, answer)).toEqual([]);
    expect(answer.people.map(({ name, state }) => [name, state])).toEqual([
      ['administrator 1', 'active'],
      ['clerk of 29001', 'invited'],
      ['Gone Clerk', 'removed'],
    ]);
    expect(answer.people[1]?.codeUntil).toBe(new Date(records.time + 15 * MINUTE).toISOString());
  });

  it('shows an office who has a role there, with the roles there, and nobody else', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);
    const both = await invite('deputy', ADAIR, 'Both Deputy');
    await give(both, 'navigator', KANSAS_CITY);
    await invite('deputy', KANSAS_CITY);
    await invite('analyst', 'state');

    const answer = (await browser.get('people')).json() as PeopleAnswer;

    expect(answer.people.map(({ name, grants }) => [name, grants.map(({ place }) => place)])).toEqual([
      ['Both Deputy', [ADAIR]],
      ['clerk 1', [ADAIR]],
    ]);
    expect(answer.recoveries).toEqual([]);
  });

  it('shows no other office to who changes the address', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);

    for (const place of [KANSAS_CITY, 'state']) {
      expect(outcomeOf(await browser.get(`people?place=${place}`))).toBe('403 AUTH_NOT_YOURS');
    }
    expect(outcomeOf(await browser.get(`people?place=${ADAIR}`))).toBe('200');
    expect(outcomeOf(await browser.get(`people?place=' OR 1=1`))).toBe('400 HTTP_REQUEST_INVALID');
  });

  it.each<[Role, Place, readonly string[]]>([
    [
      'administrator',
      'state',
      [
        'administrator',
        'analyst',
        'vendor*',
        'auditor*',
        'observer',
        '|',
        'navigator',
        'clerk',
        'deputy',
      ].concat('vendor*', 'auditor*'),
    ],
    ['clerk', ADAIR, ['|', 'deputy', 'vendor*']],
    ['deputy', ADAIR, ['|']],
    ['analyst', 'state', ['|']],
  ])('offers to the %s at %s the roles that they may give', async (role, place, roles) => {
    const hub = setup();
    const { browser } = await hub.newcomer(role, place);

    const { mayGive } = (await browser.get('people')).json() as PeopleAnswer;

    const at = (kind: string) =>
      mayGive.filter((one) => one.at === kind).map((one) => `${one.role}${one.mustEnd ? '*' : ''}`);
    expect([...at('state'), '|', ...at('office')]).toEqual(roles);
  });

  it('is not for vendors and observers, nor for nobody', async () => {
    const hub = setup();
    const vendor = await hub.newcomer('vendor', ADAIR);

    expect(outcomeOf(await vendor.browser.get('people'))).toBe('403 AUTH_NOT_YOURS');
    expect(outcomeOf(await hub.browser().get('people'))).toBe('401 AUTH_SIGNED_OUT');
  });
});

describe('inviting', () => {
  it('gives a code that is shown once, and stands in the trail without it', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');

    const answer = await browser.post('people', { name: 'Ann Clerk', role: 'clerk', place: ADAIR });

    const { code, until } = answer.json() as PhoneCode;
    expect(code).toMatch(/^\d{4}-\d{4}-\d{4}$/);
    expect(until).toBe(new Date(records.time + 15 * MINUTE).toISOString());
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(JSON.stringify(records.acts)).not.toContain(code);
    expect(JSON.stringify(records.acts)).not.toContain(code.replaceAll('-', ''));
  });

  it('needs the passkey once more', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    records.time += 5 * MINUTE;

    const answer = await browser.post('people', { name: 'Ann', role: 'clerk', place: ADAIR });

    expect(outcomeOf(answer)).toBe('401 AUTH_STEP_UP');
  });

  it.each<[string, object, string]>([
    ['a clerk', { role: 'clerk', place: ADAIR }, '403 AUTH_NOT_YOURS'],
    ['an administrator', { role: 'administrator', place: 'state' }, '403 AUTH_NOT_YOURS'],
    ['somebody of another office', { role: 'deputy', place: KANSAS_CITY }, '403 AUTH_NOT_YOURS'],
    ['a deputy', { role: 'deputy', place: ADAIR }, '200'],
    ['a vendor without an end', { role: 'vendor', place: ADAIR }, '422 AUTH_GRANT_INVALID'],
  ])('by a clerk: %s', async (_, wish, outcome) => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);

    expect(outcomeOf(await browser.post('people', { name: 'New Person', ...wish }))).toBe(outcome);
  });

  it.each<[string, object, string]>([
    ['a role that is none', { role: 'king' }, '422 AUTH_GRANT_INVALID'],
    ['a role of everything', { role: '__proto__' }, '422 AUTH_GRANT_INVALID'],
    ['a clerk of the state', { place: 'state' }, '422 AUTH_GRANT_INVALID'],
    ['an office that is none', { place: '00000' }, '422 AUTH_GRANT_INVALID'],
    ['a place that is none', { place: `29001' --` }, '400 HTTP_REQUEST_INVALID'],
    ['an end in a second that is none', { until: '2026-12-31T23:59:60Z' }, '400 HTTP_REQUEST_INVALID'],
    ['an end that is over', { until: '2020-01-01T00:00:00Z' }, '422 AUTH_GRANT_INVALID'],
    ['a name with a line in it', { name: 'Ann\r\nX: y' }, '422 AUTH_TEXT_INVALID'],
    ['a name with NUL', { name: 'Ann\u0000' }, '400 HTTP_REQUEST_INVALID'],
    ['a name that turns its direction', { name: 'Ann\u202Enitram' }, '422 AUTH_TEXT_INVALID'],
    ['a name without end', { name: 'A'.repeat(101) }, '400 HTTP_REQUEST_INVALID'],
    ['more than is asked for', { state: 'active' }, '400 HTTP_REQUEST_INVALID'],
  ])('is refused with %s', async (_, wish, outcome) => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    const good = { name: 'Ann Clerk', role: 'clerk', place: ADAIR };

    expect(outcomeOf(await browser.post('people', { ...good, ...wish }))).toBe(outcome);
    expect(hub.fatal).toEqual([]);
  });

  it('keeps what looks like SQL as the text that it is', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    const name = `Robert'); DROP TABLE people; --`;

    await browser.tell('people', { name, role: 'clerk', place: ADAIR, phone: `' OR 1=1`, why: `${why}'` });

    const { people } = (await browser.get('people')).json() as PeopleAnswer;
    expect(people.map((person) => person.name)).toContain(name);
  });
});

describe('changing a person', () => {
  /** Everything that can be done to somebody, in an order in which each is possible. */
  async function allOf(browser: { post(path: string, body: object): Promise<never> }, person: string) {
    const grant = (await records.people.find(person))?.grants[0]?.id ?? 1;
    const wish = { role: 'deputy', place: ADAIR, why };
    const answers = [
      await browser.post(`people/${person}/code`, { purpose: 'enrol' }),
      await browser.post(`people/${person}/code/withdrawal`, {}),
      await browser.post(`people/${person}/grants`, wish),
      await browser.post(`people/${person}/grants/${grant}/end`, { why }),
      await browser.post(`people/${person}/removal`, { why }),
    ];
    return answers.map(outcomeOf);
  }

  it('is everything for the state', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');

    expect(await allOf(browser as never, await invite('clerk', ADAIR))).toEqual(Array(5).fill('200'));
  });

  it('is for a clerk what they could have given themselves', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);

    expect(await allOf(browser as never, await invite('deputy', ADAIR))).toEqual([
      '200',
      '200',
      '200',
      // Given once more, the role had taken the place of the one before.
      '404 AUTH_PERSON_UNKNOWN',
      '200',
    ]);
  });

  it('of another office, of the state, or of nobody is answered as if there were nobody', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);
    const people = [
      await invite('deputy', KANSAS_CITY),
      await invite('analyst', 'state'),
      'AAAAAAAAAAAAAAAA',
    ];

    for (const person of people) {
      expect(await allOf(browser as never, person)).toEqual(Array(5).fill('404 AUTH_PERSON_UNKNOWN'));
    }
  });

  it('with roles that the state gives is not a clerk’s, whatever else they are', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', ADAIR);
    const colleague = await invite('clerk', ADAIR);
    const navigator = await invite('deputy', ADAIR);
    await give(navigator, 'navigator', KANSAS_CITY);

    for (const person of [colleague, navigator]) {
      for (const [act, body] of [
        ['code', { purpose: 'enrol' }],
        ['code/withdrawal', {}],
        ['removal', { why }],
      ] as const) {
        expect(outcomeOf(await browser.post(`people/${person}/${act}`, body))).toBe('403 AUTH_NOT_YOURS');
      }
    }
    const end = async (person: string, role: Role) =>
      outcomeOf(await browser.post(`people/${person}/grants/${await grantOf(person, role)}/end`, { why }));
    expect(await end(colleague, 'clerk')).toBe('403 AUTH_NOT_YOURS');
    expect(await end(navigator, 'navigator')).toBe('404 AUTH_PERSON_UNKNOWN');
    expect(await end(navigator, 'deputy')).toBe('200');
    const clerk = { role: 'clerk', place: ADAIR, why };
    expect(outcomeOf(await browser.post(`people/${colleague}/grants`, clerk))).toBe('403 AUTH_NOT_YOURS');
  });

  it('is nobody’s where it is themselves', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    await hub.newcomer('administrator', 'state');
    const clerk = await hub.newcomer('clerk', ADAIR);

    expect(await allOf(admin.browser as never, admin.person)).toEqual(Array(5).fill('403 AUTH_NOT_YOURS'));
    expect(await allOf(clerk.browser as never, clerk.person)).toEqual(Array(5).fill('403 AUTH_NOT_YOURS'));
  });

  it('is nobody’s who has another role', async () => {
    const hub = setup();
    const person = await invite('deputy', ADAIR);
    const roles = [
      ['deputy', ADAIR],
      ['navigator', ADAIR],
      ['analyst', 'state'],
      ['auditor', 'state'],
      ['observer', 'state'],
    ] as const;

    for (const [role, place] of roles) {
      const { browser } = await hub.newcomer(role, place);
      expect(await allOf(browser as never, person)).toEqual(Array(5).fill('403 AUTH_NOT_YOURS'));
    }
  });

  it('needs the passkey once more', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    const person = await invite('clerk', ADAIR);
    records.time += 5 * MINUTE;

    expect(await allOf(browser as never, person)).toEqual(Array(5).fill('401 AUTH_STEP_UP'));
  });

  it('with a code for who lost every device is the state’s', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    const clerk = await hub.newcomer('clerk', ADAIR);
    const deputy = await hub.newcomer('deputy', ADAIR);
    const code = async (browser: typeof admin.browser, purpose: string) =>
      outcomeOf(await browser.post(`people/${deputy.person}/code`, { purpose }));

    expect(await code(clerk.browser, 'recover')).toBe('403 AUTH_NOT_YOURS');
    expect(await code(clerk.browser, 'passkey')).toBe('200');
    expect(await code(clerk.browser, 'enrol')).toBe('409 AUTH_PERSON_STATE');
    expect(await code(admin.browser, 'recover')).toBe('200');
  });

  it('ends with the last administrator', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    const other = await hub.newcomer('administrator', 'state');

    await admin.browser.tell(`people/${other.person}/removal`, { why });

    expect(outcomeOf(await other.browser.get('people'))).toBe('401 AUTH_SESSION_ENDED');
    const last = await records.people.removePerson(MACHINE, admin.person, why, '');
    expect(last.isErr() && last.error.code).toBe('AUTH_LAST_ADMINISTRATOR');
  });

  it('takes effect at the next question: a role that was taken away shows nothing any more', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    const clerk = await hub.newcomer('clerk', ADAIR);
    expect(outcomeOf(await clerk.browser.get('people'))).toBe('200');

    const grant = await grantOf(clerk.person, 'clerk');
    await admin.browser.tell(`people/${clerk.person}/grants/${grant}/end`, { why });

    expect(outcomeOf(await clerk.browser.get('people'))).toBe('403 AUTH_NOT_YOURS');
  });

  it('is refused with a reason that is none, and from a page of somebody else', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('administrator', 'state');
    const person = await invite('clerk', ADAIR);
    const foreign = { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9999' };

    expect(outcomeOf(await browser.post(`people/${person}/removal`, { why: '  ' }))).toBe(
      '400 HTTP_REQUEST_INVALID',
    );
    expect(outcomeOf(await browser.post(`people/${person}/removal`, { why: '     ' }))).toBe(
      '422 AUTH_TEXT_INVALID',
    );
    expect(outcomeOf(await browser.post(`people/${person}/removal`, { why }, foreign))).toBe(
      '403 HTTP_CROSS_SITE',
    );
  });
});
