/** When the token of the machine stops opening everything. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { peopleRoutes } from '../features/people/routes.ts';
import { startRecords, type TestRecords } from '../features/watch/watch.fixture.ts';
import { MACHINE } from '../platform/auth/records.fixture.ts';
import { Authenticator } from '../platform/auth/testing/authenticator.ts';
import { emptyTrail } from '../platform/auth/trail.fixture.ts';
import { BEARER, testServer } from '../platform/http/server.fixture.ts';
import { openAuth } from './auth.ts';

const ORIGIN = 'http://localhost:8118';
const HERE = { address: '127.0.0.1', agent: '', site: 'localhost', origin: ORIGIN };

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
afterAll(() => records.stop());
beforeEach(async () => {
  await records.empty();
  await emptyTrail(records.db);
  for (const table of ['sessions', 'recovery_codes', 'codes', 'passkeys', 'grants', 'people'] as const) {
    await records.db.deleteFrom(table).execute();
  }
});

async function opened() {
  const broken: string[] = [];
  const auth = await openAuth({
    db: records.db,
    config: {},
    now: Date.now,
    onBroken: (what) => void broken.push(what),
  });
  onTestFinished(async () => {
    await auth.close();
    expect(broken).toEqual([]);
  });
  return auth;
}

/** Somebody with a passkey, invited by whoever holds the machine. */
async function enrolled(auth: Awaited<ReturnType<typeof opened>>, role: 'clerk' | 'administrator') {
  const place = role === 'clerk' ? '29001' : 'state';
  const invitation = { name: role, phone: null, role, place, until: null, why: null };
  const { person } = (await auth.people.invite(MACHINE, invitation, '')).okOrThrow();
  const { options, ticket } = await auth.passkeys.enrolOptions(person, HERE);
  const credential = new Authenticator(ORIGIN).create(options as never);
  (await auth.passkeys.checkEnrol(ticket, credential, 'Desk', 'enrol', HERE)).okOrThrow();
  return person;
}

describe('a hub', () => {
  it('is alone with its machine until an administrator has a passkey', async () => {
    const auth = await opened();
    await enrolled(auth, 'clerk');
    await auth.lookAgain();
    expect(auth.isAlone()).toBe(true);

    await enrolled(auth, 'administrator');
    await auth.lookAgain();

    expect(auth.isAlone()).toBe(false);
  });

  it('is never alone again, though nobody is there any more', async () => {
    const auth = await opened();
    await enrolled(auth, 'administrator');
    await auth.lookAgain();
    for (const table of ['passkeys', 'grants', 'codes', 'people'] as const) {
      await records.db.deleteFrom(table).execute();
    }
    await auth.lookAgain();

    expect([auth.isAlone(), (await opened()).isAlone()]).toEqual([false, false]);
  });

  it('notices that somebody who has a passkey was given the role of the first administrator', async () => {
    const auth = await opened();
    const person = await enrolled(auth, 'clerk');
    const routes = peopleRoutes({
      db: records.db,
      auth,
      watch: auth.watch,
      stateName: async () => null,
      address: () => null,
      now: Date.now,
    });
    const { app } = testServer(onTestFinished, { auth, routes: [routes] });
    const give = () =>
      app.inject({
        method: 'POST',
        url: `/api/v1/people/${person}/grants`,
        headers: BEARER,
        payload: { role: 'administrator', place: 'state', why: 'the first one' },
      });

    expect((await give()).statusCode).toBe(200);

    expect(auth.isAlone()).toBe(false);
    expect((await give()).statusCode).toBe(403);
  });
});
