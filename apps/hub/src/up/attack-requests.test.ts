/** Requests that no browser and no honest program sends, over real connections where bytes matter. */
import { type AddressInfo, connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE } from '../features/people/people.fixture.ts';
import { type Listening, openHttp } from '../platform/http/listening.ts';
import { type Attacked, type AttackedHub, startAttacked } from './attacked.fixture.ts';
import { addressOf, bodyOf, HOST, type Route, routesOf, usual } from './document.fixture.ts';

let hub: AttackedHub;
let listening: Listening;
let dana: Attacked;
let routes: readonly Route[];
beforeAll(async () => {
  hub = await startAttacked();
  dana = await hub.somebody('administrator', 'state', '127.0.0.1');
  routes = await routesOf(hub.app);
  const opened = await openHttp(hub.app, { host: '127.0.0.1', port: 0 }, pino({ level: 'silent' }));
  listening = opened.okOrThrow();
});
afterAll(async () => {
  await listening.close();
  await hub.stop();
});

/** Sends these bytes, and gives everything that comes back until the other end has closed. */
function spoken(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect((listening as Listening & AddressInfo).port, '127.0.0.1');
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', () => {}).on('close', () => resolve(text));
    // Not ended by us: a half-closed connection would hide who closes it.
    socket.write(bytes, 'latin1');
  });
}

/** A request with a good cookie, and what a test adds; the connection ends with the answer. */
function request(line: string, headers: readonly string[] = [], body = ''): string {
  const all = [line, 'Connection: close', ...headers];
  return `${all.join('\r\n')}\r\n\r\n${body}`;
}

const HOST_LINE = 'Host: localhost:8118';

/** Status of each answer in what came back. */
function statuses(text: string): readonly number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
}

describe('two requests in one', () => {
  const INNER = `GET /livez HTTP/1.1\r\n${HOST_LINE}\r\n\r\n`;

  it.each([
    ['two lengths', ['Content-Length: 2', `Content-Length: ${INNER.length + 2}`]],
    ['two lengths in one header', [`Content-Length: 2, ${INNER.length + 2}`]],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['a coding that is none', ['Transfer-Encoding: xchunked']],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, identity']],
    ['a blank before the colon', ['Transfer-Encoding : chunked']],
    ['a header that goes on in the next line', ['X-A: b', ' Transfer-Encoding: chunked']],
    ['a length with a sign', ['Content-Length: +5']],
  ])('are refused as one that cannot be understood: %s', async (_, headers) => {
    const bytes = ['POST /api/v1/sign-out HTTP/1.1', HOST_LINE, 'Content-Type: application/json', ...headers];

    const text = await spoken(`${bytes.join('\r\n')}\r\n\r\n0\r\n\r\n${INNER}`);

    expect(statuses(text)).toEqual([400]);
    expect(text).not.toContain('live');
  });

  it.each(['A\r\nX-Planted: 1', 'A\rB', 'A\nB', 'A\0B'])('are not made with a header: %j', async (value) => {
    const text = await spoken(
      request('GET /api/v1/me HTTP/1.1', [HOST_LINE, `User-Agent: ${value}`, `Cookie: ${dana.cookie()}`]),
    );

    expect(statuses(text)).toHaveLength(1);
    expect(text.toLowerCase()).not.toContain('x-planted');
  });
});

describe('a method that gives back what was sent', () => {
  it.each(['TRACE', 'TRACK', 'CONNECT', 'DEBUG', 'PROPFIND'])('is not known here: %s', async (method) => {
    const text = await spoken(
      request(`${method} /api/v1/me HTTP/1.1`, [HOST_LINE, `Cookie: ${dana.cookie()}`]),
    );

    expect(text).not.toContain(dana.browser.session);
    expect(statuses(text).filter((status) => status < 400)).toEqual([]);
    expect(hub.fatal).toEqual([]);
  });
});

describe('a method that a route does not have', () => {
  it('is nothing that there is, whatever the route', async () => {
    const known = new Set(routes.map(([method, path]) => `${method} ${path}`));
    const paths = [...new Set(routes.map(([, path]) => path))];
    const wrong: string[] = [];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        if (known.has(`${method} ${path}`)) continue;
        const url = path.replaceAll(/\{\w+\}/g, '29001');
        const headers = { ...HOST, origin: PAGE, cookie: dana.cookie() };
        const { statusCode, headers: told } = await hub.app.inject({ method, url, headers });
        const allows = Object.keys(told).filter((name) => name.startsWith('access-control'));
        if (statusCode !== 404 || allows.length > 0) wrong.push(`${method} ${path}: ${statusCode}`);
      }
    }

    expect(wrong).toEqual([]);
  });

  it('cannot be named in a header or beside the question', async () => {
    const headers = { ...HOST, cookie: dana.cookie(), 'x-http-method-override': 'POST' };
    const answer = await hub.app.inject({ url: '/api/v1/sign-out?_method=POST', headers });

    expect(answer.statusCode).toBe(404);
  });
});

describe('more fields than a route takes', () => {
  it('are refused wherever JSON is taken: nobody gives themselves what nobody asked them for', async () => {
    const more = {
      id: 'x',
      state: 'active',
      grants: [],
      actor: { kind: 'machine', alone: true },
      given_by: 'machine',
    };
    const wrong: string[] = [];
    let asked = 0;
    for (const route of routes) {
      const [method, path, operation] = route;
      const shape = bodyOf(operation);
      if (shape === undefined) continue;
      const body = usual(shape, hub.clock.now) as object;
      for (const [name, value] of Object.entries(more)) {
        if (name in body) continue;
        asked++;
        const { statusCode, body: text } = await hub.app.inject({
          method,
          url: addressOf(path, operation),
          remoteAddress: '127.0.0.1',
          headers: { ...HOST, origin: PAGE, cookie: dana.cookie() },
          payload: { ...body, [name]: value },
        });
        if (statusCode !== 400 || !text.includes(`body.${name} is not known`)) {
          wrong.push(`${method} ${path} ${name}: ${statusCode} ${text.slice(0, 200)}`);
        }
      }
    }

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
  });
});

describe('a page of somebody else', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const PAGES = [
    { origin: 'https://evil.example' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'http://localhost:9999' },
    { origin: 'http://localhost:9999', 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:8118' },
    { origin: 'null' },
    { 'sec-fetch-site': 'none' },
    {},
  ];

  it.each(PAGES)('changes nothing at any route, by script or by form: %o', async (page) => {
    const wrong: string[] = [];
    for (const [method, path, operation] of routes) {
      if (method === 'GET' || path.includes('/intake/')) continue;
      for (const type of ['application/json', 'text/plain', FORM, 'multipart/form-data; boundary=x']) {
        const shape = bodyOf(operation);
        const { statusCode, body } = await hub.app.inject({
          method,
          url: addressOf(path, operation),
          remoteAddress: '127.0.0.1',
          headers: { ...HOST, ...page, cookie: dana.cookie(), 'content-type': type },
          payload: JSON.stringify(shape === undefined ? {} : usual(shape, hub.clock.now)),
        });
        if (statusCode !== 403 || !body.includes('HTTP_CROSS_SITE')) {
          wrong.push(`${method} ${path} ${type}: ${statusCode} ${body.slice(0, 100)}`);
        }
      }
    }

    expect(wrong).toEqual([]);
  });

  it('cannot send a form as JSON from a page of ours either', async () => {
    for (const type of ['text/plain', FORM]) {
      const headers = { ...HOST, origin: PAGE, cookie: dana.cookie(), 'content-type': type };
      const asked = { method: 'POST', url: '/api/v1/people', remoteAddress: '127.0.0.1', headers } as const;
      const answer = await hub.app.inject({
        ...asked,
        payload: '{"name":"x","role":"clerk","place":"29001"}',
      });

      expect([400, 415]).toContain(answer.statusCode);
    }
  });
});

describe('a name that is not ours', () => {
  it.each([
    'localhost.:8118',
    'dana@localhost:8118',
    'localhost:8118@evil.example',
    'localhost:8118.evil.example',
    'evil.example',
    'localhost:8118/',
    'localhost, evil.example',
    '127.0.0.1.nip.io',
    '0.0.0.0:8118',
    'localhost:123456',
    '',
  ])('is refused in the header Host: %j', async (host) => {
    const text = await spoken(
      request('GET /api/v1/me HTTP/1.1', [`Host: ${host}`, `Cookie: ${dana.cookie()}`]),
    );

    expect([400, 421]).toContain(statuses(text)[0]);
    expect(text).not.toContain('administrator 1');
  });

  it.each([
    'http://evil.example/api/v1/me',
    'http://localhost:8118@evil.example/api/v1/me',
    '//evil.example/api/v1/me',
  ])('leads nowhere in the line of the request: %s', async (target) => {
    const text = await spoken(request(`GET ${target} HTTP/1.1`, [HOST_LINE, `Cookie: ${dana.cookie()}`]));

    expect(statuses(text)[0]).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('administrator 1');
  });

  it.each([
    ['none', []],
    ['two', [HOST_LINE, 'Host: evil.example']],
    ['two, the good one last', ['Host: evil.example', HOST_LINE]],
  ])('is not hidden behind another one: %s', async (_, hosts) => {
    const text = await spoken(request('GET /api/v1/me HTTP/1.1', [...hosts, `Cookie: ${dana.cookie()}`]));

    expect([400, 421]).toContain(statuses(text)[0]);
    expect(text).not.toContain('administrator 1');
  });

  it('in headers of proxies is not read at all', async () => {
    const proxied = [
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-For: 203.0.113.9',
      'Forwarded: for=203.0.113.9',
    ];
    const text = await spoken(
      request('GET /api/v1/own HTTP/1.1', [HOST_LINE, ...proxied, `Cookie: ${dana.cookie()}`]),
    );

    expect(statuses(text)).toEqual([200]);
    expect(text).not.toMatch(/evil\.example|203\.0\.113/);
  });
});

describe('cookies', () => {
  it('of 10 kB beside the good one keep nobody out, and 10 kB in its place are nobody', async () => {
    const large = 'x'.repeat(10_000);
    const asked = async (cookie: string) =>
      statuses(await spoken(request('GET /api/v1/own HTTP/1.1', [HOST_LINE, `Cookie: ${cookie}`])));

    expect(await asked(`${dana.cookie()}; other=${large}`)).toEqual([200]);
    expect(await asked(`bellwether-session=${large}`)).toEqual([401]);
    expect(await asked(`other=${large}${large}`)).toEqual([431]);
  });

  it('of the same name twice are nobody: one of them was planted, and nobody knows which', async () => {
    const eve = await hub.somebody('clerk', '29001', '127.0.0.1');
    const good = dana.cookie();
    const asked = async (cookie: string) =>
      spoken(request('GET /api/v1/me HTTP/1.1', [HOST_LINE, `Cookie: ${cookie}`]));

    for (const cookie of [`${good}; ${eve.cookie()}`, `${eve.cookie()}; ${good}`]) {
      const text = await asked(cookie);
      expect(text).toContain('"who":"nobody"');
    }
    expect(await asked(good)).toContain('administrator 1');
  });

  it('with the name that belongs to TLS open nothing without it', async () => {
    const cookie = `__Host-bellwether=${dana.browser.session}`;
    const text = await spoken(request('GET /api/v1/own HTTP/1.1', [HOST_LINE, `Cookie: ${cookie}`]));

    expect(statuses(text)).toEqual([401]);
  });
});
