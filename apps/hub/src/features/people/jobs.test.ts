import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  addPerson,
  HOUR,
  MACHINE,
  OFFICE,
  startPeople,
  type TestPeople,
} from '../../platform/auth/records.fixture.ts';
import { createRecovery } from '../../platform/auth/recovery.ts';
import { ENDED_KEPT_DAYS, forgetEnded } from './jobs.ts';

const LIFE = ENDED_KEPT_DAYS * 24 * HOUR;

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

async function forget(): Promise<void> {
  await forgetEnded(test.db, test.time);
}

async function count(
  table: 'sessions' | 'codes' | 'recovery_codes' | 'recoveries' | 'trail',
): Promise<number> {
  return (await test.db.selectFrom(table).selectAll().execute()).length;
}

describe('what has ended', () => {
  it('goes after ninety days and not before, if it is a sign-in; the last one tells when they were here', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    const began = test.time;
    const { session } = await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    await test.sessions.end(session, 'signed out');
    // Nobody ever asked this one again: it is over and was never marked so.
    await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    const last = await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);

    test.time = began + LIFE;
    await forget();
    expect(await count('sessions')).toBe(3);
    test.time += 1;
    const entries = await count('trail');
    await forget();

    const left = await test.db.selectFrom('sessions').select('number').execute();
    expect(left).toEqual([{ number: Number(last.session) }]);
    expect((await test.people.find('Bo'))?.lastSeen).toBe(began);
    expect(await count('trail')).toBe(entries);
  });

  it('leaves those signed in who are', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    test.time += 2 * LIFE;
    const { secret } = await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    await forget();

    expect(await count('sessions')).toBe(1);
    expect((await test.sessions.actorOf(secret, OFFICE, false)).isOk()).toBe(true);
  });

  it('goes if it is a code that was read over the phone, and works for its fifteen minutes if not', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    (await test.people.newCode(MACHINE, 'Bo', 'passkey', '')).okOrThrow();
    test.time += 2 * LIFE;
    const { code } = (await test.people.newCode(MACHINE, 'Bo', 'passkey', '')).okOrThrow();
    await forget();

    expect(await count('codes')).toBe(1);
    expect((await test.people.takeCode(code, OFFICE)).isOk()).toBe(true);
  });

  it('goes if it is a printed code that was used or withdrawn, and stays in the drawer if not', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    const recovery = createRecovery(test.options);
    await recovery.makeCodes('Bo', MACHINE, '');
    const [first] = await recovery.makeCodes('Bo', MACHINE, '');
    (await recovery.takePrintedCode(first!, OFFICE)).okOrThrow();
    expect(await count('recovery_codes')).toBe(20);
    test.time += LIFE + 1;
    await forget();

    expect([await count('recovery_codes'), await recovery.codesLeft('Bo')]).toEqual([9, 9]);
  });

  it('goes if it is a question of an administrator, and not while it waits', async () => {
    await addPerson(test, 'Ada', [['administrator', 'state']]);
    await addPerson(test, 'Eve', [['administrator', 'state']]);
    const recovery = createRecovery(test.options);
    const ask = async (person: string) => {
      const [code] = await recovery.makeCodes(person, MACHINE, '');
      expect((await recovery.takePrintedCode(code!, OFFICE)).isErr()).toBe(true);
    };
    await ask('Ada');
    test.time += 2 * LIFE;
    await ask('Eve');
    await forget();

    expect((await recovery.waiting()).map(({ person }) => person)).toEqual(['Eve']);
    expect(await count('recoveries')).toBe(1);
  });
});
