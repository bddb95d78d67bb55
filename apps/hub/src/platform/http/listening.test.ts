import { createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHttp } from './listening.ts';
import { BEARER, rawConnection, testServer } from './server.fixture.ts';

const QUIET = pino({ level: 'silent' });
const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
const FOR_ANYBODY = { config: { right: 'anybody' } } as const;
const GET = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('the hub listens', () => {
  it('at 127.0.0.1, and at ::1 where the machine has it, on one port', async () => {
    const { app } = testServer(onTestFinished);

    const listening = (await openHttp(app, { port: 0 }, QUIET)).okOrThrow();
    onTestFinished(() => listening.close());

    expect(listening.addresses).toEqual(HAS_IPV6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']);
    for (const address of listening.addresses) {
      const host = address.includes(':') ? `[${address}]` : address;
      expect((await fetch(`http://${host}:${listening.port}/livez`)).status).toBe(200);
    }
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', 'example.org', '', '127.0.0.1.example.org', '::ffff:127.0.0.1'])(
    'never at %j: others would reach it',
    async (host) => {
      const { app } = testServer(onTestFinished);

      const opened = await openHttp(app, { host, port: 0 }, QUIET);

      expect(opened.isErr() && opened.error.code).toBe('HTTP_ADDRESS_REFUSED');
    },
  );

  it('never beside another program on the same port', async () => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { app } = testServer(onTestFinished);

    const opened = await openHttp(app, { port }, QUIET);

    expect(opened.isErr() && opened.error.code).toBe('HTTP_ADDRESS_TAKEN');
  });
});

describe('a connection', () => {
  it('that sends its headers too slowly is ended with a problem', async () => {
    const limits = { headersTime: 100, requestTime: 200, checkTime: 20 };
    const { port } = await testServer(onTestFinished, { limits }).open();
    const { socket, text, closed } = rawConnection(port, onTestFinished);

    socket.write('GET /livez HTTP/1.1\r\nHost: local');
    await closed;

    expect(text()).toMatch(/^HTTP\/1\.1 408 /);
    expect(text()).toContain('HTTP_TOO_SLOW');
  });

  it('that sends its content too slowly is ended', async () => {
    const limits = { headersTime: 100, requestTime: 200, checkTime: 20 };
    const { port } = await testServer(onTestFinished, {
      limits,
      routes: [(app) => void app.post('/slow', FOR_ANYBODY, (request) => request.body)],
    }).open();
    const { socket, text, closed } = rawConnection(port, onTestFinished);
    const head = `Host: localhost\r\nAuthorization: ${BEARER.authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n`;

    socket.write(`POST /api/v1/slow HTTP/1.1\r\n${head}\r\n{`);
    const drip = setInterval(() => socket.write(' '), 10);
    await closed;
    clearInterval(drip);

    expect(text()).not.toContain('200 OK');
  });

  it('that says nothing at all is ended', async () => {
    const { port } = await testServer(onTestFinished, { limits: { idleTime: 100 } }).open();

    const { closed } = rawConnection(port, onTestFinished);

    await closed;
  });

  it('that is one too many is turned away, and the others go on', async () => {
    const { port } = await testServer(onTestFinished, { limits: { connections: 2 } }).open();
    const kept = [rawConnection(port, onTestFinished), rawConnection(port, onTestFinished)];
    for (const { socket, text } of kept) {
      socket.write(GET);
      await expect.poll(text).toContain('{"live":true}');
    }

    const extra = rawConnection(port, onTestFinished);
    extra.socket.write(GET);
    await extra.closed;

    expect(extra.text()).toBe('');
    kept[0]?.socket.write(GET);
    await expect.poll(() => kept[0]?.text().split('{"live":true}').length).toBe(3);
  });

  it.each([
    ['headers of 20 KB', `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ['no Host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('with %s is answered and ended', async (_what, bytes, status) => {
    const { port } = await testServer(onTestFinished).open();
    const { socket, text, closed } = rawConnection(port, onTestFinished);

    socket.write(Buffer.from(bytes, 'latin1'));
    await closed;

    expect(text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

describe('stopping', () => {
  it('lets a request finish that is being answered, and takes no other', async () => {
    let answer: (value: object) => void = () => {};
    const held = new Promise<object>((resolve) => {
      answer = resolve;
    });
    const routes = [
      (app: { get(path: string, options: object, handler: () => Promise<object>): unknown }) =>
        void app.get('/held', FOR_ANYBODY, () => held),
    ];
    const { app } = testServer(onTestFinished, { routes: routes as never });
    const listening = (await openHttp(app, { host: '127.0.0.1', port: 0 }, QUIET)).okOrThrow();
    const asked = fetch(`http://127.0.0.1:${listening.port}/api/v1/held`, {
      headers: { authorization: BEARER.authorization },
    });
    await new Promise((resolve) => setTimeout(resolve, 50));

    const closing = listening.close();
    answer({ held: true });

    expect(await (await asked).json()).toEqual({ held: true });
    await closing;
    await expect(fetch(`http://127.0.0.1:${listening.port}/livez`)).rejects.toThrow();
  });

  it('does not wait for ever for one that never ends', async () => {
    const { app } = testServer(onTestFinished, {
      routes: [(scope) => void scope.get('/never', FOR_ANYBODY, () => new Promise(() => {}))],
    });
    const listening = (
      await openHttp(app, { host: '127.0.0.1', port: 0 }, QUIET, { closeTime: 50 })
    ).okOrThrow();
    const { socket, closed } = rawConnection(listening.port, onTestFinished);
    socket.write(
      `GET /api/v1/never HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${BEARER.authorization}\r\n\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));

    await listening.close();

    await closed;
  });
});
