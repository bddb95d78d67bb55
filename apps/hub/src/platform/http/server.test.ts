import { Type } from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closed, type Routes } from './app.ts';
import { BEARER, rawConnection, TOKEN, testServer } from './server.fixture.ts';
import { TokenCheck } from './token.ts';

const HOST = { host: 'localhost:8118' };
const COOKIE = `bellwether=${new TokenCheck(TOKEN).session}`;

const EXAMPLES: Routes = (app) => {
  app.get(
    '/example',
    {
      config: { right: { verb: 'account.read', of: 'reach' } },
      schema: { querystring: closed(Type.Object({ limit: Type.Optional(Type.Integer({ maximum: 9 })) })) },
    },
    (request) => ({ limit: request.query.limit ?? null }),
  );
  app.post(
    '/example',
    {
      config: { right: { verb: 'incidents.change', of: 'reach' } },
      schema: { body: Type.Object({ note: Type.String() }) },
    },
    (request) => request.body,
  );
  app.get('/defect', { config: { right: 'anybody' } }, () => {
    throw new TypeError('secret of the inside');
  });
  app.get('/away', { config: { right: 'anybody' } }, () => {
    throw Object.assign(new Error('connect ENOENT /run/x'), { code: 'ENOENT', syscall: 'connect' });
  });
};

describe('who is let in', () => {
  it('is who has the token', async () => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({ url: '/api/v1/example', headers: BEARER });

    expect(answer.statusCode).toBe(200);
  });

  it('is who has the cookie that came for the token, and the token leaves the address bar', async () => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const signIn = await app.inject({ url: `/?token=${TOKEN}`, headers: HOST });

    expect(signIn.statusCode).toBe(303);
    expect(signIn.headers.location).toBe('/');
    expect(signIn.headers['set-cookie']).toBe(`${COOKIE}; Path=/; HttpOnly; SameSite=Strict`);
    expect(signIn.headers['set-cookie']).not.toContain(TOKEN);
    const answer = await app.inject({ url: '/api/v1/example', headers: { ...HOST, cookie: COOKIE } });
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    ['nothing', {}, 'HTTP_TOKEN_MISSING'],
    ['a wrong token', { authorization: 'Bearer wrong' }, 'HTTP_TOKEN_WRONG'],
    ['another scheme', { authorization: `Basic ${TOKEN}` }, 'HTTP_TOKEN_WRONG'],
    ['a wrong cookie', { cookie: 'bellwether=wrong' }, 'HTTP_TOKEN_WRONG'],
    ['the token as a cookie', { cookie: `bellwether=${TOKEN}` }, 'HTTP_TOKEN_WRONG'],
  ])('is nobody who shows %s', async (_what, headers, code) => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({ url: '/api/v1/example', headers: { ...HOST, ...headers } });

    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code, message: expect.any(String), help: expect.any(String) });
  });

  it('gets a page that says what to do, if it is a browser with a wrong token', async () => {
    const { app } = testServer(onTestFinished);

    const answer = await app.inject({ url: '/?token=wrong', headers: HOST });

    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('Open the address that the hub printed');
  });

  it('cannot be kept out by others who guess, and those are told to wait', async () => {
    const { app, clock } = testServer(onTestFinished, { routes: [EXAMPLES] });
    const ask = (token: string) =>
      app.inject({ url: '/api/v1/example', headers: { ...HOST, authorization: `Bearer ${token}` } });

    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await ask(`wrong${i}`)).statusCode);

    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await ask(TOKEN)).statusCode).toBe(200);
    clock.now += 60_000;
    expect((await ask('wrong')).statusCode).toBe(401);
  });

  it.each(['evil.example', 'evil.example:8118', 'localhost.evil.example', '192.168.1.10:8118', '[::2]'])(
    'is nobody who asks for the name %j, whatever address it leads to',
    async (host) => {
      const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

      for (const url of ['/api/v1/example', '/', '/livez', '/metrics']) {
        const answer = await app.inject({ url, headers: { ...BEARER, host } });
        expect([answer.statusCode, answer.json().code]).toEqual([421, 'HTTP_HOST_REFUSED']);
      }
    },
  );

  it.each(['localhost', 'localhost:8118', '127.0.0.1:8118', '[::1]:9000'])('may ask for %s', async (host) => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({ url: '/api/v1/example', headers: { ...BEARER, host } });

    expect(answer.statusCode).toBe(200);
  });
});

describe('a change by cookie', () => {
  const change = (headers: Record<string, string>) =>
    testServer(onTestFinished, { routes: [EXAMPLES] }).app.inject({
      method: 'POST',
      url: '/api/v1/example',
      headers: { ...HOST, cookie: COOKIE, ...headers },
      payload: { note: 'x' },
    });

  it.each([{ 'sec-fetch-site': 'same-origin' }, { origin: 'http://localhost:8118' }])(
    'is taken from our own pages: %o',
    async (headers) => {
      expect((await change(headers)).statusCode).toBe(200);
    },
  );

  it.each([
    {},
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
  ])('is refused from elsewhere: %o', async (headers) => {
    const answer = await change(headers);

    expect([answer.statusCode, answer.json().code]).toEqual([403, 'HTTP_CROSS_SITE']);
  });

  it('needs no origin if the token comes along: no page can send that', async () => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/example',
      headers: { ...BEARER },
      payload: { note: 'x' },
    });

    expect(answer.statusCode).toBe(200);
  });
});

describe('a request that fails', () => {
  it.each([
    ['/api/v1/example?limit=ten', 'querystring.limit must be integer'],
    ['/api/v1/example?limit=10', 'querystring.limit must be <= 9'],
    ['/api/v1/example?limti=1', 'querystring.limti is not known'],
  ])('names the field: %s', async (url, detail) => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({ url, headers: BEARER });

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'HTTP_REQUEST_INVALID', detail });
  });

  it.each([
    ['no JSON', 'application/json', '{', 400, 'HTTP_REQUEST_INVALID'],
    ['a prototype', 'application/json', '{"__proto__": {}, "note": ""}', 400, 'HTTP_REQUEST_INVALID'],
    ['nothing', 'application/json', '', 400, 'HTTP_REQUEST_INVALID'],
    ['another type', 'text/xml', '<a/>', 415, 'HTTP_MEDIA_TYPE'],
    ['a form', 'application/x-www-form-urlencoded', 'note=x', 415, 'HTTP_MEDIA_TYPE'],
    ['far too much', 'application/json', `"${'x'.repeat(3_000_000)}"`, 413, 'HTTP_BODY_TOO_LARGE'],
  ])('because of its content is told so: %s', async (_what, type, payload, status, code) => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/example',
      headers: { ...BEARER, 'content-type': type },
      payload,
    });

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('because there is nothing gets a problem, and a browser a page', async () => {
    const { app } = testServer(onTestFinished);

    const program = await app.inject({ url: '/api/v1/nothing', headers: BEARER });
    const browser = await app.inject({ url: '/nothing', headers: { ...BEARER, accept: 'text/html' } });

    expect([program.statusCode, program.json().code]).toEqual([404, 'HTTP_NOT_FOUND']);
    expect([browser.statusCode, browser.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it('because the database is away is no reason to stop', async () => {
    const { app, fatal } = testServer(onTestFinished, { routes: [EXAMPLES] });

    const answer = await app.inject({ url: '/api/v1/away', headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([503, 'HTTP_DATABASE_AWAY']);
    expect(fatal).toEqual([]);
  });

  it('because of a defect tells nothing of the inside, is logged, and ends the process after the answer', async () => {
    const { open, fatal, logged } = testServer(onTestFinished, { routes: [EXAMPLES] });
    const { port } = await open();

    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/defect`, {
      headers: { authorization: BEARER.authorization, connection: 'close' },
    });
    const text = await answer.text();

    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'HTTP_UNEXPECTED' });
    expect(text).not.toContain('secret of the inside');
    await expect.poll(() => fatal.map(({ message }) => message)).toEqual(['secret of the inside']);
    expect(logged.join('')).toContain('secret of the inside');
  });
});

describe('the log', () => {
  it('never holds the token, a cookie or what stands behind the ?', async () => {
    const { app, logged } = testServer(onTestFinished, { routes: [EXAMPLES] });
    const asked = [
      { url: `/?token=${TOKEN}`, headers: HOST },
      { url: `/?token=wrong-${TOKEN}`, headers: HOST },
      { url: `/${TOKEN}?token=${TOKEN}`, headers: HOST },
      { url: `/api/v1/example?limit=1&token=${TOKEN}`, headers: BEARER },
      { url: '/api/v1/defect', headers: BEARER },
      { url: '/api/v1/defect', headers: { ...HOST, cookie: COOKIE } },
    ];

    for (const { url, headers } of asked) await app.inject({ url, headers });

    const text = logged.join('');
    expect(logged.length).toBeGreaterThanOrEqual(asked.length);
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(COOKIE);
    expect(text).not.toContain('token=');
    expect(text).not.toContain('limit=');
  });
});

describe('every answer', () => {
  it('carries headers that let a browser do no more than the desk needs', async () => {
    const { app } = testServer(onTestFinished, { routes: [EXAMPLES] });

    for (const url of ['/', '/livez', '/api/v1/example', '/nothing', '/assets/desk-4f2a.js']) {
      const { headers } = await app.inject({ url, headers: HOST });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });
});

describe('the desk', () => {
  it('is one page at all of its addresses, asked for anew each time', async () => {
    const { app } = testServer(onTestFinished);

    for (const url of [
      '/',
      '/contacts?port=22',
      '/sources/203.0.113.9',
      '/offices',
      '/offices/29380',
      '/surface',
      '/rolls/7',
      '/sheets/29019/2026-11-02/1',
      '/evidence/log',
    ]) {
      const answer = await app.inject({ url, headers: { ...HOST, cookie: COOKIE } });
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
      expect(answer.body).toContain('<title>Bellwether</title>');
    }
  });

  it('has files that are named by their content, which are kept for ever', async () => {
    const { app } = testServer(onTestFinished);

    const hashed = await app.inject({ url: '/assets/desk-4f2a.js', headers: HOST });
    const plain = await app.inject({ url: '/favicon.svg', headers: HOST });

    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers['content-type']).toContain('javascript');
    expect(plain.headers['cache-control']).toBe('no-cache');
  });

  it('says what to do where it was not built', async () => {
    const { app } = testServer(onTestFinished, { desk: '/nonexistent/desk' });

    const answer = await app.inject({ url: '/', headers: { ...HOST, cookie: COOKIE } });

    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('<code>npm run build</code>');
  });

  it.each(['/../server.ts', '/%2e%2e/server.ts', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/.git/config'])(
    'gives nothing from outside of its folder: %s',
    async (url) => {
      const { open } = testServer(onTestFinished);
      const { port } = await open();
      const { socket, text, closed: over } = rawConnection(port, onTestFinished);

      socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await over;

      expect(text()).toMatch(/^HTTP\/1\.1 40[034] /);
    },
  );
});

describe('health', () => {
  it('is told without a token', async () => {
    const checks = async () => [{ name: 'database', ok: true, detail: 'answers' }];
    const { app } = testServer(onTestFinished, { checks });

    const live = await app.inject({ url: '/livez', headers: HOST });
    const ready = await app.inject({ url: '/readyz', headers: HOST });
    const metrics = await app.inject({ url: '/metrics', headers: HOST });

    expect(live.json()).toEqual({ live: true });
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, checks: await checks() }]);
    expect([metrics.statusCode, metrics.body]).toEqual([200, 'some 1\n']);
  });

  it('is 503 with the reason where something is wrong', async () => {
    const checks = async () => [
      { name: 'journal', ok: true, detail: '' },
      { name: 'database', ok: false, detail: 'does not answer' },
    ];
    const { app } = testServer(onTestFinished, { checks });

    const ready = await app.inject({ url: '/readyz', headers: HOST });

    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ ready: false, checks: await checks() });
  });

  it('gives the figures to this machine only', async () => {
    const { app } = testServer(onTestFinished);

    const answer = await app.inject({ url: '/metrics', headers: HOST, remoteAddress: '203.0.113.9' });

    expect(answer.statusCode).toBe(404);
  });
});
