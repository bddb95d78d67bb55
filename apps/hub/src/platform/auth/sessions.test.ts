import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, HOUR, MINUTE, OFFICE, startPeople, type TestPeople } from './records.fixture.ts';
import { IDLE_LIFE, WHOLE_LIFE } from './session-ends.ts';
import { SEEN_EVERY } from './sessions.ts';

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** A clerk who signs in. */
async function signIn(origin = OFFICE) {
  await addPerson(test, 'Ada', [['clerk', '29001']]);
  return test.sessions.begin('Ada', 'passkey', 'passkey-of-Ada', origin, true);
}

/** What a request with this cookie is answered: the person, or the code of the refusal. */
async function asked(secret: string, origin = OFFICE, unattended = false): Promise<string> {
  const actor = await test.sessions.actorOf(secret, origin, unattended);
  return actor.isOk() ? actor.value.person : actor.error.code;
}

describe('a session', () => {
  it('tells who it is, with the roles that are in force now', async () => {
    const { secret, session } = await signIn();
    await test.db
      .insertInto('grants')
      .values([
        {
          person: 'Ada',
          role: 'auditor',
          place: '29003',
          from_at: new Date(0),
          until_at: new Date(1),
          given_by: 'x',
        },
        {
          person: 'Ada',
          role: 'deputy',
          place: '29005',
          from_at: new Date(0),
          ended_at: new Date(1),
          given_by: 'x',
        },
        { person: 'Ada', role: 'emperor', place: 'state', from_at: new Date(0), given_by: 'x' },
      ])
      .execute();

    expect((await test.sessions.actorOf(secret, OFFICE, false)).okOrThrow()).toEqual({
      kind: 'person',
      person: 'Ada',
      name: 'Ada Example',
      grants: [{ role: 'clerk', place: '29001', from: test.time, until: null }],
      session,
      steppedUp: test.time,
    });
    expect(test.acts).toMatchObject([{ act: 'session.begin', place: '29001', about: `session:${session}` }]);
  });

  it('is known to the database by a hash alone', async () => {
    const { secret } = await signIn();

    const rows = await test.db.selectFrom('sessions').selectAll().execute();

    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(rows[0]?.hash.length).toBe(32);
    expect(JSON.stringify(test.acts)).not.toContain(secret);
  });

  it('is a new one each time, whatever cookie came along', async () => {
    const first = await signIn();
    const second = await test.sessions.begin('Ada', 'passkey', null, OFFICE, false);

    expect(second.secret).not.toBe(first.secret);
    expect(Buffer.from(second.secret, 'base64url')).toHaveLength(32);
    expect((await test.sessions.listOf('Ada')).length).toBe(2);
  });

  it('ends when nothing is done for half an hour', async () => {
    const { secret, session } = await signIn();
    test.time += IDLE_LIFE - 1;
    expect(await test.sessions.stillStands(session)).toBe(true);
    test.time += 1;

    expect(await test.sessions.stillStands(session)).toBe(false);
    expect(await asked(secret)).toBe('AUTH_SESSION_IDLE');
    expect(await asked(secret), 'and stays ended').toBe('AUTH_SESSION_IDLE');
    expect(await test.sessions.listOf('Ada')).toEqual([]);
  });

  it('is kept by use, for twelve hours and no longer', async () => {
    const { secret } = await signIn();
    const begun = test.time;
    while (test.time + IDLE_LIFE - 1 < begun + WHOLE_LIFE) {
      test.time += IDLE_LIFE - 1;
      expect(await asked(secret)).toBe('Ada');
    }
    test.time = begun + WHOLE_LIFE;

    expect(await asked(secret)).toBe('AUTH_SESSION_OVER');
  });

  it('is not kept by a page that nobody touches', async () => {
    const { secret } = await signIn();
    test.time += IDLE_LIFE / 2;
    expect(await asked(secret, OFFICE, true)).toBe('Ada');
    test.time += IDLE_LIFE / 2;

    expect(await asked(secret, OFFICE, true)).toBe('AUTH_SESSION_IDLE');
  });

  it('writes once a minute that it is used', async () => {
    const { secret } = await signIn();
    const seen = async () => (await test.sessions.listOf('Ada'))[0]?.seen;
    const begun = test.time;
    test.time = begun + SEEN_EVERY - 1;
    await asked(secret);
    expect(await seen()).toBe(begun);
    test.time = begun + SEEN_EVERY;
    await asked(secret);

    expect(await seen()).toBe(begun + SEEN_EVERY);
  });

  it('ends for good when its cookie is shown from another network', async () => {
    const { secret, session } = await signIn();
    expect(await asked(secret, { ...OFFICE, address: '192.0.2.200' }), 'the same network').toBe('Ada');

    expect(await asked(secret, { ...OFFICE, address: '203.0.113.9' })).toBe('AUTH_SESSION_ELSEWHERE');
    expect(await asked(secret), 'its owner too').toBe('AUTH_SESSION_ELSEWHERE');
    expect(test.acts.at(-1)).toMatchObject({
      who: 'hub',
      act: 'session.end',
      about: `session:${session}`,
      why: 'elsewhere',
      before: { person: 'Ada', network: '192.0.2.0/24' },
      origin: '203.0.113.9',
    });
  });

  it.each([
    '',
    'x',
    'A'.repeat(43),
    `${'A'.repeat(42)}'`,
    'A'.repeat(10_000),
    "' OR 1=1 --",
    '\0'.repeat(43),
  ])('is nobody for the cookie %j', async (secret) => {
    await signIn();
    expect(await asked(secret)).toBe('AUTH_SIGNED_OUT');
  });

  it('is over at once when the person is removed, also in the middle of a removal that ended no session', async () => {
    const { secret, session } = await signIn();
    await test.db.updateTable('people').set({ state: 'removed' }).execute();

    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
    expect(await test.sessions.stillStands(session)).toBe(false);
  });

  it('is ended by its owner, once', async () => {
    const { secret, session } = await signIn();
    await test.sessions.end(session, 'signed out');
    await test.sessions.end(session, 'signed out');

    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
    expect(test.acts.filter(({ act }) => act === 'session.end')).toHaveLength(1);
  });

  it('ends everywhere at once', async () => {
    const { secret } = await signIn();
    const other = await test.sessions.begin('Ada', 'passkey', null, OFFICE, false);

    expect(await test.sessions.endAllOf('Ada', 'signed out everywhere')).toBe(2);
    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
    expect(await asked(other.secret)).toBe('AUTH_SESSION_ENDED');
  });

  it('keeps a browser that calls itself strange names, without what cannot be seen', async () => {
    const { session } = await signIn({ ...OFFICE, agent: `a\0b\r\nSet-Cookie: x\u202e${'y'.repeat(300)}` });

    const [row] = await test.sessions.listOf('Ada');

    expect(row).toMatchObject({ session, agent: expect.stringMatching(/^a b {2}Set-Cookie: x y+$/) });
    expect(row?.agent.length).toBe(200);
  });

  it.each(['0', '-1', '1e3', '99999999999999999999', "1' OR 1=1", ''])(
    'has no number %j',
    async (session) => {
      await signIn();
      await test.sessions.end(session, 'x');
      await test.sessions.stepUp(session);

      expect(await test.sessions.stillStands(session)).toBe(false);
      expect(await test.sessions.listOf('Ada')).toHaveLength(1);
    },
  );

  it('remembers when the passkey was shown again', async () => {
    const { secret, session } = await signIn();
    test.time += 10 * MINUTE;
    await test.sessions.stepUp(session);

    expect((await test.sessions.actorOf(secret, OFFICE, false)).okOrThrow().steppedUp).toBe(test.time);
  });
});

describe('a clock that goes back', () => {
  it('by less than a minute is taken as it is', async () => {
    const { secret } = await signIn();
    test.time -= MINUTE;

    expect(await asked(secret)).toBe('Ada');
  });

  it('ends all sessions, for nobody knows how old they are', async () => {
    const { secret } = await signIn();
    test.time += 10 * MINUTE;
    await asked(secret);
    test.time -= 2 * MINUTE;

    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
    expect(test.acts.at(-1)).toMatchObject({ act: 'session.end-all', place: 'state' });
    const again = await test.sessions.begin('Ada', 'passkey', null, OFFICE, true);
    expect(await asked(again.secret), 'who signs in anew is in').toBe('Ada');
  });

  it('does not revive a session that was too old, though nobody had looked at it', async () => {
    const { secret } = await signIn();
    await addPerson(test, 'Bo', []);
    test.time += 40 * MINUTE;
    await test.sessions.begin('Bo', 'passkey', null, OFFICE, true);
    test.time -= 30 * MINUTE;

    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
  });

  it('while the hub was down: a session from the future is ended', async () => {
    const { secret, session } = await signIn();
    const later = new Date(test.time + HOUR);
    await test.db.updateTable('sessions').set({ created_at: later, seen_at: later }).execute();

    expect(await test.sessions.stillStands(session)).toBe(false);
    expect(await asked(secret)).toBe('AUTH_SESSION_ENDED');
  });

  it('ends them before anybody who asks meanwhile is answered, and again if it could not', async () => {
    const { secret } = await signIn();
    test.time -= HOUR;
    test.trailBroken = true;
    const failures = await Promise.allSettled([asked(secret), asked(secret), asked(secret)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    test.trailBroken = false;

    expect(await Promise.all([asked(secret), asked(secret)])).toEqual([
      'AUTH_SESSION_ENDED',
      'AUTH_SESSION_ENDED',
    ]);
  });
});
