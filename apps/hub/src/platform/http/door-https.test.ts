import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../log.ts';
import { Issuer } from '../tls/issued.fixture.ts';
import { checkPair } from '../tls/pair.ts';
import { Serving } from '../tls/serving.ts';
import type { ServingCertificate } from '../tls/tls-types.ts';
import type { Routes } from './app.ts';
import { somebody } from './auth.fixture.ts';
import { clearSession, clearTicket, setSession, setTicket, type TicketKind, ticketOf } from './cookies.ts';
import { openHttps } from './listening-https.ts';
import { TOKEN, testServer } from './server.fixture.ts';

const NAME = 'hub.example.gov';
const KINDS: readonly TicketKind[] = ['sign-in', 'enrol', 'step-up', 'directory'];

let issuer: Issuer;
let pair: ServingCertificate;
beforeAll(() => {
  issuer = new Issuer();
  const leaf = issuer.leaf(NAME);
  pair = checkPair(leaf.chain, leaf.secret, NAME, Date.now()).okOrThrow();
});
afterAll(() => issuer.remove());

const ROUTES: Routes = (app) => {
  app.get('/who', { config: { right: 'anybody' } }, ({ actor, from }) => ({
    who: actor?.kind ?? null,
    from,
  }));
  app.get('/contacts', { config: { right: { verb: 'contacts.read', of: 'reach' } } }, () => ({}));
  app.post('/change', { config: { right: { verb: 'incidents.change', of: 'reach' } } }, () => ({}));
  app.post('/cookies', { config: { right: 'anybody' } }, (_request, reply) => {
    setSession(reply, 'new secret');
    for (const kind of KINDS) setTicket(reply, kind, `ticket-${kind}`);
    return {};
  });
  app.post('/cookies/back', { config: { right: 'anybody' } }, (_request, reply) => {
    clearSession(reply);
    for (const kind of KINDS) clearTicket(reply, kind);
    return {};
  });
  app.get('/tickets', { config: { right: 'anybody' } }, (asked) =>
    Object.fromEntries(KINDS.map((kind) => [kind, ticketOf(asked, kind) ?? null])),
  );
};

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

async function setup() {
  const server = testServer(onTestFinished, { routes: [ROUTES], https: { name: NAME, port: 443 } });
  const { log } = createLog('silent', () => {});
  const where = { host: '127.0.0.1', port: 0, hasAdministrator: false };
  const source = new Serving(pair).asSource(async () => {});
  const listening = (await openHttps(server.app, where, source, log, {})).okOrThrow();
  onTestFinished(() => listening.close());
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: listening.port,
        servername: NAME,
        ca: issuer.root.cert,
        path,
        method,
        headers: { host: NAME, connection: 'close', ...headers },
      };
      request(options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          body += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      })
        .on('error', reject)
        .end();
    });
  return { ...server, ask };
}

describe('with TLS', () => {
  it.each([NAME, `${NAME}:8443`, 'HUB.Example.GOV'])('the hub is asked by its name: %s', async (host) => {
    const { ask } = await setup();

    expect((await ask('/livez', { host })).status).toBe(200);
  });

  it.each([
    'localhost',
    '127.0.0.1',
    'evil.example',
    `${NAME}.evil.example`,
    `${NAME}.`,
    `x.${NAME}`,
    `${NAME}:x`,
  ])('the hub is asked by no other name: %s', async (host) => {
    const { ask } = await setup();

    for (const path of ['/api/v1/who', '/', '/livez']) {
      const { status, body } = await ask(path, { host });
      expect([status, JSON.parse(body).code]).toEqual([421, 'HTTP_HOST_REFUSED']);
    }
  });

  it('a request tells the site of its passkeys, and its origin as browsers write it', async () => {
    const { ask } = await setup();
    const from = async (host: string) => JSON.parse((await ask('/api/v1/who', { host })).body).from;

    expect(await from(`${NAME}:8443`)).toMatchObject({ site: NAME, origin: `https://${NAME}:8443` });
    expect(await from(`${NAME}:443`)).toMatchObject({ site: NAME, origin: `https://${NAME}` });
    expect(await from('HUB.example.gov')).toMatchObject({ site: NAME, origin: `https://${NAME}` });
  });

  it('every answer says that the name is asked with TLS only, and without TLS none does', async () => {
    const { ask, app } = await setup();

    for (const path of ['/', '/livez', '/api/v1/contacts', '/nothing']) {
      expect((await ask(path)).headers['strict-transport-security']).toBe('max-age=31536000');
      const plain = await app.inject({ url: path, headers: { host: 'localhost' } });
      expect(plain.headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('cookies belong to the one name, and no script sees them', async () => {
    const { ask } = await setup();

    const { headers } = await ask('/api/v1/cookies', { origin: `https://${NAME}` }, 'POST');

    expect(headers['set-cookie']).toEqual([
      '__Host-bellwether=new%20secret; Path=/; HttpOnly; Secure; SameSite=Strict',
      '__Host-bellwether-sign-in=ticket-sign-in; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict',
      '__Host-bellwether-enrol=ticket-enrol; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict',
      '__Host-bellwether-step-up=ticket-step-up; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict',
      '__Host-bellwether-directory=ticket-directory; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
  });

  it('a session is that of its own cookie: the one without TLS opens nothing here, nor this one there', async () => {
    const { ask, fake, app } = await setup();
    fake.alone = false;
    fake.sessions.set('secret', somebody('clerk', '29001'));
    const plain = (cookie: string) =>
      app.inject({ url: '/api/v1/contacts', headers: { host: 'localhost', cookie } });

    expect((await ask('/api/v1/contacts', { cookie: '__Host-bellwether=secret' })).status).toBe(200);
    expect((await ask('/api/v1/contacts', { cookie: 'bellwether-session=secret' })).status).toBe(401);
    expect((await plain('__Host-bellwether=secret')).statusCode).toBe(401);
    expect((await plain('bellwether-session=secret')).statusCode).toBe(200);
  });

  it('a change by cookie comes from the page of that name with TLS', async () => {
    const { ask, fake } = await setup();
    fake.alone = false;
    fake.sessions.set('secret', somebody('clerk', '29001'));
    const change = async (headers: Record<string, string>) =>
      (await ask('/api/v1/change', { cookie: '__Host-bellwether=secret', ...headers }, 'POST')).status;

    expect(await change({ origin: `https://${NAME}` })).toBe(200);
    expect(await change({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    for (const origin of [`http://${NAME}`, `https://${NAME}:8443`, 'https://evil.example', 'null']) {
      expect(await change({ origin })).toBe(403);
    }
    expect(await change({})).toBe(403);
    expect(await change({ 'sec-fetch-site': 'same-site', origin: `https://${NAME}` })).toBe(403);
  });

  it('the token works on the machine itself, as without', async () => {
    const { ask } = await setup();

    expect((await ask('/api/v1/contacts', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });
});

describe('without TLS', () => {
  const PLAIN = { host: 'localhost:8118', origin: 'http://localhost:8118' };

  it('the hub is not asked by its name with TLS', async () => {
    const { app } = testServer(onTestFinished, { https: { name: NAME, port: 443 } });

    expect((await app.inject({ url: '/livez', headers: { host: NAME } })).statusCode).toBe(421);
  });

  it('cookies have plain names, and are given and taken back alike', async () => {
    const { app } = testServer(onTestFinished, { routes: [ROUTES] });
    const given = await app.inject({ method: 'POST', url: '/api/v1/cookies', headers: PLAIN });
    const back = await app.inject({ method: 'POST', url: '/api/v1/cookies/back', headers: PLAIN });

    expect(given.headers['set-cookie']).toContain(
      'bellwether-session=new%20secret; Path=/; HttpOnly; SameSite=Strict',
    );
    expect(given.headers['set-cookie']).toContain(
      'bellwether-directory=ticket-directory; Max-Age=300; Path=/; HttpOnly; SameSite=Lax',
    );
    expect(given.cookies.map(({ name }) => name)).toEqual(back.cookies.map(({ name }) => name));
    for (const { value, expires, httpOnly, path } of back.cookies) {
      expect([value, expires?.getTime(), httpOnly, path]).toEqual(['', 0, true, '/']);
    }
  });

  it('a ticket comes back as the one that it is, and too long a one not at all', async () => {
    const { app } = testServer(onTestFinished, { routes: [ROUTES] });
    const cookie = `bellwether-enrol=a; bellwether-step-up=${'x'.repeat(513)}; bellwether-sign-in=; __Host-bellwether-directory=b`;

    const answer = await app.inject({ url: '/api/v1/tickets', headers: { ...PLAIN, cookie } });

    expect(answer.json()).toEqual({ 'sign-in': null, enrol: 'a', 'step-up': null, directory: null });
  });
});
