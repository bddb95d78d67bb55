import type { Result } from '@bellwether/basics';
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
import type { Role } from './rights.ts';

const ADMINISTRATOR = personActor('Ada', [['administrator', 'state']]);
const CLERK = personActor('Cy', [['clerk', '29001']]);
const FROM = '192.0.2.1';

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** `done`, or the code of the refusal. */
async function outcome(act: Promise<Result<unknown, AuthError>>): Promise<string> {
  const done = await act;
  return done.isOk() ? 'done' : done.error.code;
}

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
