import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../log.ts';
import type { Routes } from './app.ts';
import { somebody } from './auth.fixture.ts';
import { contains } from './door.ts';
import { BEARER, TOKEN, testServer } from './server.fixture.ts';
import { createServer } from './server.ts';
import { TokenCheck } from './token.ts';

const HOST = { host: 'localhost:8118' };
const MACHINE = `bellwether=${new TokenCheck(TOKEN).session}`;
const ADAIR = '29001';
const KANSAS_CITY = '29380';

const placeOf = ({ params }: { params: unknown }) => (params as { place: string }).place;

/** One route of each kind of right. */
const ROUTES: Routes = (app) => {
  app.get('/anybody', { config: { right: 'anybody' } }, ({ actor, from }) => ({ who: actor?.kind, from }));
  app.post('/anybody', { config: { right: 'anybody' } }, () => ({}));
  app.get('/own', { config: { right: 'signed-in' } }, ({ actor }) => ({ who: actor?.kind }));
  app.get(
    '/contacts',
    {
      config: {
        right: {
          verb: 'contacts.read',
          of: 'reach',
          asked: ({ query }) => (query as { authority?: string }).authority,
        },
      },
      schema: { querystring: Type.Object({ authority: Type.Optional(Type.String()) }) },
    },
    ({ reach }) => ({ reach: reach === 'all' ? 'all' : [...reach] }),
  );
  app.get('/broken', { config: { right: { verb: 'contacts.read', of: 'reach' } } }, (_request, reply) =>
    reply.code(404).send({}),
  );
  app.get('/stream', { config: { right: { verb: 'contacts.export', of: 'reach' } } }, (_request, reply) => {
    const stream = Readable.from(['some', 'rows']);
    streams.push(stream);
    return reply.send(stream);
  });
  app.get(
    '/live',
    { config: { right: { verb: 'account.read', of: 'reach' }, unattended: true } },
    () => ({}),
  );
  app.post('/lines/:place', { config: { right: { verb: 'lines.send', of: placeOf } } }, () => ({
    taken: true,
  }));
  app.post('/people/:place', { config: { right: { verb: 'people.invite', of: placeOf } } }, () => ({}));
  app.get('/now', { config: { right: { verb: 'account.read', of: 'reach' } } }, async (request) => {
    const before = contains(request.reach, ADAIR);
    whileAnswering();
    return { before, now: contains(await request.reachNow(), ADAIR) };
  });
};
let whileAnswering = (): void => {};
const streams: Readable[] = [];

function setup() {
  const server = testServer(onTestFinished, { routes: [ROUTES] });
  const { app, fake } = server;
  const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') =>
    app.inject({ url: `/api/v1/${url}`, method, headers: { ...HOST, ...headers } });
  /** Signs somebody in; gives the headers of their browser. */
  const signedIn = (...of: Parameters<typeof somebody>) => {
    fake.alone = false;
    const actor = somebody(...of);
    fake.sessions.set(`secret of ${actor.person}`, actor);
    return { cookie: `bellwether-session=${encodeURIComponent(`secret of ${actor.person}`)}` };
  };
  const codeOf = async (answer: ReturnType<typeof ask>) => {
    const { statusCode, json } = await answer;
    return [statusCode, statusCode < 400 ? '' : json().code];
  };
  return { ...server, ask, signedIn, codeOf };
}

describe('a route without a right', () => {
  it('cannot be added, in a room or in a part of one', async () => {
    const { log } = createLog('silent', () => {});
    const start = (routes: Routes) => {
      const none = {} as never;
      const common = { checks: async () => [], metrics: async () => '', onFatal: () => {}, now: () => 0 };
      const app = createServer({
        token: '',
        auth: none,
        https: null,
        log,
        desk: '/none',
        version: '',
        routes: [routes],
        ...common,
      });
      onTestFinished(() => app.close());
      return app.ready();
    };

    await expect(start((app) => void app.get('/new', () => ({})))).rejects.toThrow(
      'GET /api/v1/new declares',
    );
    const inside: Routes = (app) => {
      void app.register(async (scope) => {
        scope.post('/deeper', { config: {} }, () => ({}));
      });
    };
    await expect(start(inside)).rejects.toThrow('POST /api/v1/deeper declares no right');
  });
});

describe('the machine', () => {
  it('does what an administrator may while it is alone, by cookie and by token', async () => {
    const { codeOf, ask } = setup();
    const page = { 'sec-fetch-site': 'same-origin' };

    for (const shown of [{ cookie: MACHINE, ...page }, BEARER]) {
      expect(await codeOf(ask('contacts', shown))).toEqual([200, '']);
      expect(await codeOf(ask('people/29001', shown, 'POST'))).toEqual([200, '']);
    }
  });

  it('sends lines and nothing else once there is an administrator, and its cookie opens nothing', async () => {
    const { codeOf, ask, fake } = setup();
    fake.alone = false;

    expect(await codeOf(ask('lines/29001', BEARER, 'POST'))).toEqual([200, '']);
    expect(await codeOf(ask('contacts', BEARER))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('people/29001', BEARER, 'POST'))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('contacts', { cookie: MACHINE }))).toEqual([401, 'AUTH_SIGNED_OUT']);
    expect(
      await codeOf(ask('lines/29001', { cookie: MACHINE, origin: 'http://localhost:8118' }, 'POST')),
    ).toEqual([401, 'AUTH_SIGNED_OUT']);
  });

  it('is on this machine: from another one neither token nor cookie opens anything', async () => {
    const { app } = setup();
    const from = (headers: Record<string, string>) =>
      app.inject({ url: '/api/v1/contacts', remoteAddress: '192.0.2.7', headers: { ...HOST, ...headers } });

    for (const shown of [BEARER, { cookie: MACHINE }]) {
      const answer = await from(shown);
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'HTTP_TOKEN_WRONG']);
    }
    const page = await app.inject({ url: `/?token=${TOKEN}`, remoteAddress: '192.0.2.7', headers: HOST });
    expect([page.statusCode, page.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('is led to the sign-in by its link once there is an administrator, and gets no cookie', async () => {
    const { app, fake } = setup();
    fake.alone = false;

    const answer = await app.inject({ url: `/?token=${TOKEN}`, headers: HOST });

    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is no person: what is about the person who asks is not for it', async () => {
    const { codeOf, ask } = setup();

    expect(await codeOf(ask('own', BEARER))).toEqual([401, 'AUTH_SIGNED_OUT']);
  });

  it('is reached by a browser that still has the session of an earlier hub', async () => {
    const { codeOf, ask } = setup();

    const stale = 'bellwether-session=of-another-time';
    expect(await codeOf(ask('contacts', { cookie: `${stale}; ${MACHINE}` }))).toEqual([200, '']);
    expect(await codeOf(ask('contacts', { cookie: stale }))).toEqual([401, 'AUTH_SESSION_ENDED']);
  });
});

describe('a key', () => {
  const KEY = { authorization: 'Bearer bwk_some-key' };

  it('sends lines of its place, from anywhere, and does nothing else', async () => {
    const { app, fake, codeOf, ask } = setup();
    fake.alone = false;
    fake.keys.set('bwk_some-key', { kind: 'sensor', key: '7', name: 'firewall', place: ADAIR });

    const headers = { ...HOST, ...KEY };
    const far = await app.inject({
      url: '/api/v1/lines/29001',
      method: 'POST',
      remoteAddress: '192.0.2.7',
      headers,
    });
    expect(far.statusCode).toBe(200);
    expect(await codeOf(ask(`lines/${KANSAS_CITY}`, KEY, 'POST'))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('lines/state', KEY, 'POST'))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('contacts', KEY))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('own', KEY))).toEqual([401, 'AUTH_SIGNED_OUT']);
  });

  it('and the token send lines while the database is away', async () => {
    const { fake, codeOf, ask } = setup();
    fake.alone = false;
    fake.away = Object.assign(new Error('gone'), { code: 'ENOENT', syscall: 'connect' });
    fake.keys.set('bwk_some-key', { kind: 'sensor', key: '7', name: 'firewall', place: ADAIR });

    expect(await codeOf(ask('lines/29001', KEY, 'POST'))).toEqual([200, '']);
    expect(await codeOf(ask('lines/29001', BEARER, 'POST'))).toEqual([200, '']);
    const page = { cookie: 'bellwether-session=x' };
    expect(await codeOf(ask('contacts', page))).toEqual([503, 'HTTP_DATABASE_AWAY']);
  });

  it('that is not known opens nothing, not even what is for anybody', async () => {
    const { codeOf, ask } = setup();

    expect(await codeOf(ask('contacts', KEY))).toEqual([401, 'HTTP_TOKEN_WRONG']);
    expect(await codeOf(ask('anybody', KEY))).toEqual([401, 'HTTP_TOKEN_WRONG']);
  });
});

describe('somebody', () => {
  it('who is signed out is told so, and before there is an administrator where the token is', async () => {
    const { codeOf, ask, fake } = setup();

    expect(await codeOf(ask('contacts'))).toEqual([401, 'HTTP_TOKEN_MISSING']);
    fake.alone = false;
    expect(await codeOf(ask('contacts'))).toEqual([401, 'AUTH_SIGNED_OUT']);
    expect(await codeOf(ask('contacts', { cookie: 'bellwether-session=forged' }))).toEqual([
      401,
      'AUTH_SESSION_ENDED',
    ]);
    expect((await ask('contacts')).headers['www-authenticate']).toBe('Bearer realm="bellwether"');
  });

  it('reaches their own office and no other', async () => {
    const { ask, signedIn, codeOf } = setup();
    const clerk = signedIn('clerk', ADAIR);

    expect((await ask('contacts', clerk)).json()).toEqual({ reach: [ADAIR] });
    expect((await ask(`contacts?authority=${ADAIR}`, clerk)).json()).toEqual({ reach: [ADAIR] });
    for (const other of [KANSAS_CITY, 'state', '99999', '', '*']) {
      expect(await codeOf(ask(`contacts?authority=${other}`, clerk))).toEqual([403, 'AUTH_NOT_YOURS']);
    }
  });

  it('of the state reaches all, or the one that they ask for', async () => {
    const { ask, signedIn } = setup();
    const analyst = signedIn('analyst', 'state');

    expect((await ask('contacts', analyst)).json()).toEqual({ reach: 'all' });
    expect((await ask(`contacts?authority=${ADAIR}`, analyst)).json()).toEqual({ reach: [ADAIR] });
  });

  it('whose role does not allow it, or whose role has ended, is refused', async () => {
    const { ask, signedIn, codeOf, clock } = setup();

    expect(await codeOf(ask('contacts', signedIn('observer', 'state')))).toEqual([403, 'AUTH_NOT_YOURS']);
    const grants = [{ role: 'auditor', place: ADAIR, from: 0, until: clock.now + 1000 }] as const;
    const auditor = signedIn('auditor', ADAIR, { grants });
    expect(await codeOf(ask('contacts', auditor))).toEqual([200, '']);
    clock.now += 1000;
    expect(await codeOf(ask('contacts', auditor))).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(await codeOf(ask('own', auditor))).toEqual([200, '']);
  });

  it('shows their passkey once more for what is dangerous, where they may do it at all', async () => {
    const { ask, signedIn, codeOf, clock } = setup();
    const page = { 'sec-fetch-site': 'same-origin' };
    const invite = (place: string, cookie: object) =>
      codeOf(ask(`people/${place}`, { ...cookie, ...page }, 'POST'));

    const clerk = signedIn('clerk', ADAIR);
    expect(await invite(ADAIR, clerk)).toEqual([401, 'AUTH_STEP_UP']);
    expect(await invite(KANSAS_CITY, clerk)).toEqual([403, 'AUTH_NOT_YOURS']);
    const sure = signedIn('clerk', ADAIR, { steppedUp: clock.now - 1000 });
    expect(await invite(ADAIR, sure)).toEqual([200, '']);
    clock.now += 300_000;
    expect(await invite(ADAIR, sure)).toEqual([401, 'AUTH_STEP_UP']);
  });

  it('is told to the ways in, as are the address, the browser and the site', async () => {
    const { ask, signedIn } = setup();
    const headers = { ...signedIn('clerk', ADAIR), 'user-agent': 'x'.repeat(500), host: 'LOCALHOST:9000' };

    expect((await ask('anybody', headers)).json()).toEqual({
      who: 'person',
      from: {
        address: '127.0.0.1',
        agent: 'x'.repeat(200),
        site: 'localhost',
        origin: 'http://localhost:9000',
      },
    });
  });

  it('may be nobody at the ways in', async () => {
    const { ask } = setup();

    for (const shown of [{}, { cookie: 'bellwether-session=forged' }, { cookie: 'bellwether=wrong' }]) {
      const answer = await ask('anybody', shown);
      expect([answer.statusCode, answer.json().who]).toEqual([200, undefined]);
    }
  });

  it('is not kept signed in by a page that nobody touches', async () => {
    const { ask, signedIn, fake } = setup();
    const clerk = signedIn('clerk', ADAIR);

    await ask('contacts', clerk);
    await ask('contacts', { ...clerk, 'bellwether-unattended': '1' });
    await ask('live', clerk);
    await ask('now', clerk);

    expect(fake.asked.map(({ unattended }) => unattended)).toEqual([false, true, true, false, true]);
  });

  it('is out while an answer goes on, if they are removed meanwhile', async () => {
    const { ask, signedIn, fake } = setup();
    const clerk = signedIn('clerk', ADAIR);

    whileAnswering = () => {};
    expect((await ask('now', clerk)).json()).toEqual({ before: true, now: true });
    whileAnswering = () => fake.sessions.clear();
    expect((await ask('now', clerk)).json()).toEqual({ before: true, now: false });
  });
});

describe('another page', () => {
  const CROSS = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
    { origin: 'https://localhost:8118' },
    { origin: 'null' },
    {},
  ];

  it.each(CROSS)('changes nothing in the name of who is signed in: %o', async (headers) => {
    const { ask, signedIn, codeOf, fake } = setup();
    const clerk = signedIn('clerk', ADAIR, { steppedUp: 1_800_000_000_000 });

    const answer = await codeOf(ask('people/29001', { ...clerk, ...headers }, 'POST'));

    expect(answer).toEqual([403, 'HTTP_CROSS_SITE']);
    // It does not keep the session alive either.
    expect(fake.asked).toEqual([]);
  });

  it.each(CROSS)('signs nobody in or out: %o', async (headers) => {
    const { ask, codeOf } = setup();

    expect(await codeOf(ask('anybody', headers, 'POST'))).toEqual([403, 'HTTP_CROSS_SITE']);
  });

  it('reads nothing, but a directory leads back to us as if nobody were signed in', async () => {
    const { ask, signedIn, codeOf } = setup();
    const clerk = { ...signedIn('clerk', ADAIR), 'sec-fetch-site': 'cross-site' };

    expect(await codeOf(ask('contacts', clerk))).toEqual([403, 'HTTP_CROSS_SITE']);
    const back = await ask('anybody', clerk);
    expect([back.statusCode, back.json().who]).toEqual([200, undefined]);
  });
});

describe('who looked', () => {
  it('is noted with whose data it was, before the answer goes out', async () => {
    const { ask, signedIn, fake } = setup();
    const clerk = signedIn('clerk', ADAIR);
    const analyst = signedIn('analyst', 'state');

    await ask('contacts', clerk);
    await ask('contacts', analyst);
    await ask(`contacts?authority=${ADAIR}`, analyst);
    await ask('stream', analyst);

    expect(fake.looks).toEqual([
      { who: 'clerk-29001', verb: 'contacts.read', places: [ADAIR] },
      { who: 'analyst-state', verb: 'contacts.read', places: ['*'] },
      { who: 'analyst-state', verb: 'contacts.read', places: [ADAIR] },
      { who: 'analyst-state', verb: 'contacts.export', places: ['*'] },
    ]);
  });

  it('is nobody where nothing was seen, nor a program, nor who asks about themselves', async () => {
    const { ask, signedIn, fake } = setup();

    await ask('contacts', BEARER);
    const clerk = signedIn('clerk', ADAIR);
    await ask(`contacts?authority=${KANSAS_CITY}`, clerk);
    await ask('contacts?authority=29001&authority=29380', clerk);
    await ask('broken', clerk);
    await ask('own', clerk);
    await ask('anybody', clerk);

    expect(fake.looks).toEqual([]);
  });

  it('sees nothing where it cannot be noted', async () => {
    const { app, ask, signedIn, fake } = setup();
    const analyst = signedIn('analyst', 'state');
    const { note } = fake.auth.visits;
    fake.auth.visits.note = async () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT', syscall: 'connect' });
    };

    const answer = await ask('contacts', analyst);
    const stream = await ask('stream', analyst);

    expect([answer.statusCode, answer.json().code]).toEqual([503, 'HTTP_DATABASE_AWAY']);
    expect([stream.statusCode, stream.json().code]).toEqual([503, 'HTTP_DATABASE_AWAY']);
    expect(streams.at(-1)!.destroyed).toBe(true);
    fake.auth.visits.note = note;
    expect((await app.inject({ url: '/api/v1/contacts', headers: { ...HOST, ...analyst } })).statusCode).toBe(
      200,
    );
  });
});
