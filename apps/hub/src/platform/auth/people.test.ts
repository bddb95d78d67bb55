import type { Result } from '@bellwether/basics';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuthError } from './errors.ts';
import {
  addPerson,
  HOUR,
  MACHINE,
  OFFICE,
  personActor,
  startPeople,
  type TestPeople,
} from './records.fixture.ts';
import { LONGEST_PASSING, type Role } from './rights.ts';

const ADMINISTRATOR = personActor('Ada', [['administrator', 'state']]);
const CLERK = personActor('Cy', [['clerk', '29001']]);
const FROM = '192.0.2.1';

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** Invites; gives the person's number, or the code of the refusal. */
async function invite(wish: object = {}, by = ADMINISTRATOR): Promise<string> {
  const usual = { name: 'Bo Rivera', phone: null, role: 'clerk', place: '29001', until: null, why: null };
  const made = await test.people.invite(by, { ...usual, ...wish } as never, FROM);
  return made.isOk() ? made.value.person : made.error.code;
}

/** `done`, or the code of the refusal. */
async function outcome(act: Promise<Result<unknown, AuthError>>): Promise<string> {
  const done = await act;
  return done.isOk() ? 'done' : done.error.code;
}

describe('an invitation', () => {
  it('is a person, a role, a code and an entry in the trail', async () => {
    const until = test.time + HOUR;
    const person = await invite({ role: 'vendor', until, phone: ' 555  0100 ', why: 'New scanners' });

    expect(await test.people.find(person)).toEqual({
      id: person,
      name: 'Bo Rivera',
      phone: '555 0100',
      state: 'invited',
      grants: [
        {
          id: expect.any(Number),
          role: 'vendor',
          place: '29001',
          from: test.time,
          until,
          givenBy: 'Ada',
          why: 'New scanners',
        },
      ],
      passkeys: 0,
      lastSeen: null,
      codeUntil: expect.any(Number),
    });
    expect(test.acts).toMatchObject([
      { who: ADMINISTRATOR, act: 'person.invite', place: '29001', about: `person:${person}`, origin: FROM },
    ]);
  });

  it.each([
    ['clerk', 'state', null, 'AUTH_GRANT_INVALID'],
    ['administrator', '29001', null, 'AUTH_GRANT_INVALID'],
    ['clerk', '29000', null, 'AUTH_GRANT_INVALID'],
    ['clerk', "29001' OR 1=1", null, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', null, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', LONGEST_PASSING + 1, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', 0, 'AUTH_GRANT_INVALID'],
  ])('as %s at %s until %s is refused', async (role, place, after, code) => {
    const until = after === null ? null : test.time + after;
    expect(await invite({ role, place, until })).toBe(code);
    expect(await test.people.list('all')).toEqual([]);
  });

  it('by a clerk is for deputies of their own office', async () => {
    expect(await invite({ role: 'deputy' }, CLERK)).toMatch(/^[\w-]{22}$/);
    expect(await invite({ role: 'deputy', place: '29003' }, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await invite({ role: 'clerk' }, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await invite({ role: 'administrator', place: 'state' }, CLERK)).toBe('AUTH_NOT_YOURS');
  });

  it('by whoever holds the machine is for anybody, but at places where the role is given', async () => {
    expect(await invite({ role: 'administrator', place: 'state' }, MACHINE)).toMatch(/^[\w-]{22}$/);
    expect(await invite({ role: 'clerk', place: 'state' }, MACHINE)).toBe('AUTH_GRANT_INVALID');
  });

  it.each([
    ['José', 'Jose\u0301'],
    ['O’Brien-Smith, Jr.', '  O’Brien-Smith,\u00a0 Jr. '],
    ["Robert'); DROP TABLE people;--", "Robert'); DROP TABLE people;--"],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['${jndi:ldap://x}', '${jndi:ldap://x}'],
    ['Ñandú 李 👩', 'Ñandú 李 👩'],
  ])('keeps the name %j as it is written, in one form', async (kept, name) => {
    const person = await invite({ name, phone: kept.slice(0, 40), why: kept });
    expect(await test.people.find(person)).toMatchObject({
      name: kept,
      phone: kept.slice(0, 40).trim(),
      grants: [{ why: kept }],
    });
  });

  it.each(['', '  ', 'a\0b', 'a\nb', 'a\u202eb', 'a\u200bb', '\ud800', 'x'.repeat(101), 'x'.repeat(1e6)])(
    'refuses the name %j',
    async (text) => {
      expect(await invite({ name: text })).toBe('AUTH_TEXT_INVALID');
      expect(await invite({ phone: text })).toBe('AUTH_TEXT_INVALID');
      expect(await invite({ why: text.length === 101 ? text.repeat(5) : text })).toBe('AUTH_TEXT_INVALID');
    },
  );

  it('keeps any text or refuses it, and reads it back as it was kept', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(texts, async (name) => {
        const person = await invite({ name });
        if (person === 'AUTH_TEXT_INVALID') return;
        expect((await test.people.find(person))?.name).toBe(
          name.normalize('NFC').trim().replace(/\s+/gu, ' '),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is not there if the trail cannot be written', async () => {
    test.trailBroken = true;
    await expect(invite()).rejects.toThrow('the trail is broken');
    expect(await test.people.list('all')).toEqual([]);
  });
});

describe('the list of people', () => {
  it('of an office has who holds a role there now', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    await addPerson(test, 'Cy', [['clerk', '29003']]);
    await addPerson(test, 'Di', [['vendor', '29001', test.time + HOUR]]);
    await addPerson(test, 'Ed', [['administrator', 'state']]);

    expect((await test.people.list('29001')).map(({ id }) => id)).toEqual(['Bo', 'Di']);
    expect((await test.people.list('all')).map(({ id }) => id)).toEqual(['Bo', 'Cy', 'Di', 'Ed']);
    test.time += HOUR;
    expect((await test.people.list('29001')).map(({ id }) => id)).toEqual(['Bo']);
    expect((await test.people.find('Di'))?.grants).toEqual([]);
    expect(await test.people.find('nobody')).toBeUndefined();
  });
});

describe('a role', () => {
  const give = (role: Role, place: string, until: number | null = null, by = ADMINISTRATOR) =>
    outcome(test.people.giveRole(by, 'Bo', { role, place, until }, 'asked for', FROM));

  it('is given and ended, with who and why', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    expect(await give('clerk', '29003')).toBe('done');
    const [, given] = (await test.people.find('Bo'))!.grants;
    expect(given).toMatchObject({ role: 'clerk', place: '29003', givenBy: 'Ada', why: 'asked for' });

    expect(await outcome(test.people.endGrant(ADMINISTRATOR, given!.id, 'moved', FROM))).toBe('done');
    expect((await test.people.find('Bo'))?.grants).toHaveLength(1);
    expect(await outcome(test.people.endGrant(ADMINISTRATOR, given!.id, 'moved', FROM))).toBe(
      'AUTH_PERSON_STATE',
    );
    expect(test.acts).toMatchObject([
      { act: 'grant.give', place: '29003', about: 'person:Bo', why: 'asked for' },
      { act: 'grant.end', place: '29003', about: 'person:Bo', why: 'moved' },
    ]);
  });

  it('holds at once for who is signed in, and ends at once', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    const { secret } = await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    const places = async () =>
      (await test.sessions.actorOf(secret, OFFICE, false)).okOrThrow().grants.map(({ place }) => place);
    await give('clerk', '29003');
    expect(await places()).toEqual(['29001', '29003']);
    await test.people
      .endGrant(ADMINISTRATOR, (await test.people.find('Bo'))!.grants[0]!.id, 'moved', FROM)
      .then((done) => done.okOrThrow());

    expect(await places()).toEqual(['29003']);
  });

  it('that is given again takes the place of the earlier one', async () => {
    await addPerson(test, 'Bo', [['vendor', '29001', test.time + HOUR]]);
    expect(await give('vendor', '29001', test.time + 2 * HOUR)).toBe('done');

    expect((await test.people.find('Bo'))?.grants).toMatchObject([{ until: test.time + 2 * HOUR }]);
  });

  it('is not given beyond what is one’s own to give, nor to who is not there', async () => {
    await addPerson(test, 'Bo', [['deputy', '29001']]);
    expect(await give('administrator', 'state', null, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await give('clerk', '29001', null, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await give('clerk', 'state')).toBe('AUTH_GRANT_INVALID');
    await test.db.updateTable('people').set({ state: 'removed' }).execute();
    expect(await give('clerk', '29001')).toBe('AUTH_PERSON_STATE');
    const nobody = test.people.giveRole(
      ADMINISTRATOR,
      'Xe',
      { role: 'clerk', place: '29001', until: null },
      'why',
      FROM,
    );
    expect(await outcome(nobody)).toBe('AUTH_PERSON_UNKNOWN');
  });

  it('of another office is not ended by a clerk', async () => {
    await addPerson(test, 'Bo', [['deputy', '29003']]);
    const [grant] = (await test.people.find('Bo'))!.grants;
    expect(await outcome(test.people.endGrant(CLERK, grant!.id, 'why not', FROM))).toBe('AUTH_NOT_YOURS');
  });

  it.each([0, -1, 1.5, Number.NaN, 1e300, Number.MAX_SAFE_INTEGER])('has no number %d', async (id) => {
    expect(await outcome(test.people.endGrant(ADMINISTRATOR, id, 'why not', FROM))).toBe(
      'AUTH_PERSON_UNKNOWN',
    );
  });

  it('needs a reason that can be read', async () => {
    await addPerson(test, 'Bo', [['deputy', '29001']]);
    const given = test.people.giveRole(
      ADMINISTRATOR,
      'Bo',
      { role: 'clerk', place: '29001', until: null },
      ' ',
      FROM,
    );
    expect(await outcome(given)).toBe('AUTH_TEXT_INVALID');
    expect(await outcome(test.people.removePerson(ADMINISTRATOR, 'Bo', 'a\0b', FROM))).toBe(
      'AUTH_TEXT_INVALID',
    );
  });
});

describe('a person who is removed', () => {
  const remove = (person: string, by = ADMINISTRATOR) =>
    outcome(test.people.removePerson(by, person, 'left the office', FROM));

  it('is out while signed in, and has nothing left to come in with', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    const { secret, session } = await test.sessions.begin('Bo', 'passkey', 'passkey-of-Bo', OFFICE, true);
    const { code } = (await test.people.newCode(ADMINISTRATOR, 'Bo', 'passkey', FROM)).okOrThrow();
    const hash = Buffer.alloc(32);
    await test.db
      .insertInto('recovery_codes')
      .values({ hash, person: 'Bo', made_at: new Date(0) })
      .execute();

    expect(await remove('Bo')).toBe('done');

    expect((await test.sessions.actorOf(secret, OFFICE, false)).isErr()).toBe(true);
    expect(await test.sessions.stillStands(session)).toBe(false);
    expect((await test.people.takeCode(code, OFFICE)).isErr()).toBe(true);
    expect(await test.people.find('Bo')).toMatchObject({
      state: 'removed',
      grants: [],
      passkeys: 0,
      codeUntil: null,
    });
    const { withdrawn_at } = await test.db.selectFrom('recovery_codes').selectAll().executeTakeFirstOrThrow();
    expect(withdrawn_at).not.toBe(null);
    expect(test.acts.filter(({ act }) => act === 'person.remove')).toMatchObject([
      {
        place: '29001',
        about: 'person:Bo',
        why: 'left the office',
        after: { state: 'removed', sessions: 1, codes: 1, passkeys: 1, recoveryCodes: 1 },
      },
    ]);
    expect(await remove('Bo')).toBe('AUTH_PERSON_STATE');
    expect(await remove('Xe')).toBe('AUTH_PERSON_UNKNOWN');
  });

  it('is told to each office that they had a role at', async () => {
    await addPerson(test, 'Bo', [
      ['clerk', '29001'],
      ['clerk', '29003'],
    ]);
    await remove('Bo');

    expect(test.acts.map(({ act, place }) => `${act} ${place}`)).toEqual([
      'person.remove state',
      'grant.end 29001',
      'grant.end 29003',
    ]);
  });

  it('was of the office of the clerk who removes them, and of no other', async () => {
    await addPerson(test, 'Bo', [['deputy', '29001']]);
    await addPerson(test, 'Di', [
      ['deputy', '29001'],
      ['deputy', '29003'],
    ]);

    expect(await remove('Di', CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await remove('Bo', CLERK)).toBe('done');
  });

  it('is still there when something of it fails', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    const { session } = await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    test.trailBroken = true;
    await expect(remove('Bo')).rejects.toThrow('the trail is broken');

    expect(await test.people.find('Bo')).toMatchObject({ state: 'active', passkeys: 1 });
    expect(await test.sessions.stillStands(session)).toBe(true);
  });
});

describe('the last administrator', () => {
  const grantOf = async (person: string) => (await test.people.find(person))!.grants[0]!.id;
  const remove = (person: string) => outcome(test.people.removePerson(MACHINE, person, 'left', FROM));
  const end = async (person: string) =>
    outcome(test.people.endGrant(MACHINE, await grantOf(person), 'left', FROM));

  it('is there when there is one with a passkey', async () => {
    await addPerson(test, 'Ada', [['administrator', 'state']], false);
    expect(await test.people.hasAdministrator()).toBe(false);
    await addPerson(test, 'Bo', [['administrator', 'state', test.time + HOUR]]);
    expect(await test.people.hasAdministrator()).toBe(true);
    test.time += HOUR;
    expect(await test.people.hasAdministrator()).toBe(false);
  });

  it('is neither removed, nor loses the role, nor is given an end', async () => {
    await addPerson(test, 'Ada', [['administrator', 'state']]);
    await addPerson(test, 'without-passkey', [['administrator', 'state']], false);
    await addPerson(test, 'for-an-hour', [['administrator', 'state', test.time + HOUR]]);
    const hour = { role: 'administrator', place: 'state', until: test.time + HOUR } as const;

    expect(await remove('Ada')).toBe('AUTH_LAST_ADMINISTRATOR');
    expect(await end('Ada')).toBe('AUTH_LAST_ADMINISTRATOR');
    expect(await outcome(test.people.giveRole(MACHINE, 'Ada', hour, 'why', FROM))).toBe(
      'AUTH_LAST_ADMINISTRATOR',
    );
    expect(await remove('without-passkey')).toBe('done');
    expect(await remove('for-an-hour')).toBe('done');
    expect(await test.people.hasAdministrator()).toBe(true);
  });

  it('stays when two remove each other at the same time: exactly one is removed', async () => {
    for (let round = 0; round < 5; round += 1) {
      await addPerson(test, 'Ada', [['administrator', 'state']]);
      await addPerson(test, 'Bo', [['administrator', 'state']]);
      const acts = round % 2 === 0 ? [remove('Ada'), remove('Bo')] : [remove('Ada'), end('Bo')];

      expect((await Promise.all(acts)).sort()).toEqual(['AUTH_LAST_ADMINISTRATOR', 'done']);
      expect(await test.people.hasAdministrator()).toBe(true);
      await test.empty();
    }
  });
});
