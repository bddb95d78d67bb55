import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BodyLimits } from '../../platform/http/body.ts';
import { BEARER, rawConnection, TOKEN, testServer } from '../../platform/http/server.fixture.ts';
import { intakeRoutes } from './routes-intake.ts';
import { FakeIntake } from './sockets/fake-intake.ts';

const URL = '/api/v1/intake/29380/border-firewall';
const LINES = 'one\ntwo\nthree\n';

function setup(limits?: Partial<BodyLimits>) {
  const intake = new FakeIntake();
  const all: BodyLimits = { one: 10_000, all: 40_000, unpacking: 1, ...limits };
  return { intake, ...testServer(onTestFinished, { routes: [intakeRoutes(intake, all)] }) };
}

function post(
  app: ReturnType<typeof setup>['app'],
  payload: string | Buffer,
  headers: Record<string, string> = {},
  url = URL,
) {
  const type = { 'content-type': 'text/plain' };
  return app.inject({ method: 'POST', url, headers: { ...BEARER, ...type, ...headers }, payload });
}

describe('lines that are sent', () => {
  it.each(['text/plain', 'text/plain; charset=utf-8', 'application/x-ndjson', 'application/octet-stream'])(
    'are taken in byte by byte as %s',
    async (type) => {
      const { app, intake } = setup();
      const bytes = Buffer.concat([Buffer.from(LINES), randomBytes(5000), Buffer.from('\n')]);

      const answer = await post(app, bytes, { 'content-type': type });

      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ bytes: bytes.length, duplicate: false });
      expect(intake.arrivals[0]?.lines.equals(bytes)).toBe(true);
      expect(intake.arrivals[0]).toMatchObject({
        authority: '29380',
        sensor: 'border-firewall',
        transport: 'http',
      });
    },
  );

  it('are unpacked', async () => {
    const { app, intake } = setup();

    const answer = await post(app, gzipSync(LINES), { 'content-encoding': 'gzip' });

    expect(answer.json()).toEqual({ lines: 3, bytes: LINES.length, duplicate: false });
    expect(intake.lines).toEqual(['one', 'two', 'three']);
  });

  it('carry the number of their batch, their format and their zone', async () => {
    const { app, intake } = setup();
    const url = '/api/v1/intake/state/web.1?format=nginx&zone=America/Chicago';

    await post(app, LINES, { 'bellwether-batch': 'agent-7/9007199254740991' }, url);

    expect(intake.arrivals[0]).toMatchObject({
      authority: 'state',
      sensor: 'web.1',
      format: 'nginx',
      zone: 'America/Chicago',
      batch: { client: 'agent-7', sequence: 9007199254740991 },
    });
  });

  it('fill the memory for batches for as long as they are in it only', async () => {
    const { app, intake } = setup({ one: 8000, all: 8000 });

    for (let i = 0; i < 10; i++) {
      expect((await post(app, gzipSync('x'.repeat(7000)), { 'content-encoding': 'gzip' })).statusCode).toBe(
        200,
      );
      expect((await post(app, gzipSync('x'.repeat(9000)), { 'content-encoding': 'gzip' })).statusCode).toBe(
        413,
      );
      expect((await post(app, 'x'.repeat(7000))).statusCode).toBe(200);
    }

    expect(intake.arrivals).toHaveLength(20);
  });
});

describe('lines that are not taken', () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 'x'));
  const packed = { 'content-encoding': 'gzip' };

  it.each([
    ['too large', 'x'.repeat(10_001), {}, 413, 'HTTP_BODY_TOO_LARGE', 'too-large'],
    ['a gzip bomb', bomb, packed, 413, 'HTTP_BODY_TOO_LARGE', 'too-large'],
    ['packed and cut off', gzipSync(LINES).subarray(0, 20), packed, 400, 'HTTP_BODY_DAMAGED', 'damaged'],
    ['not packed', LINES, packed, 400, 'HTTP_BODY_DAMAGED', 'damaged'],
    ['packed otherwise', LINES, { 'content-encoding': 'br' }, 415, 'HTTP_MEDIA_TYPE', 'media-type'],
    ['packed twice', LINES, { 'content-encoding': 'gzip, gzip' }, 415, 'HTTP_MEDIA_TYPE', 'media-type'],
    ['packed in secret', gzipSync(LINES), {}, 415, 'HTTP_MEDIA_TYPE', 'media-type'],
    [
      'in a batch without number',
      LINES,
      { 'bellwether-batch': 'agent' },
      422,
      'HTTP_BATCH_INVALID',
      'batch-invalid',
    ],
    [
      'in batch 2^53',
      LINES,
      { 'bellwether-batch': 'a/9007199254740992' },
      422,
      'HTTP_BATCH_INVALID',
      'batch-invalid',
    ],
    ['in batch -1', LINES, { 'bellwether-batch': 'a/-1' }, 422, 'HTTP_BATCH_INVALID', 'batch-invalid'],
    [
      'of a client with a slash',
      LINES,
      { 'bellwether-batch': 'a/b/1' },
      422,
      'HTTP_BATCH_INVALID',
      'batch-invalid',
    ],
  ] as const)(
    'because they are %s are told so, and counted',
    async (_what, payload, headers, status, code, reason) => {
      const { app, intake } = setup();

      const answer = await post(app, Buffer.from(payload), headers);

      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(intake.arrivals).toEqual([]);
      expect([...intake.refused.keys()]).toEqual([`http ${reason}`]);
    },
  );

  it.each([
    ['application/json', 415],
    ['text/html', 415],
  ])('because of their type %s are told so', async (type, status) => {
    const { app, intake } = setup();

    const answer = await post(app, '{}', { 'content-type': type });

    expect([answer.statusCode, answer.json().code]).toEqual([status, 'HTTP_MEDIA_TYPE']);
    expect(intake.arrivals).toEqual([]);
  });

  it.each([
    ['/api/v1/intake/2938/x', 'params.authority must match pattern'],
    ["/api/v1/intake/29380/x';DROP%20TABLE%20sensors;--", 'params.sensor must match pattern'],
    ['/api/v1/intake/29380/..%2f..', 'params.sensor must match pattern'],
    [`${URL}?fromat=nginx`, 'querystring.fromat is not known'],
  ])('because of their address are told what is wrong in it: %s', async (url, detail) => {
    const { app, intake } = setup();

    const answer = await post(app, LINES, {}, url);

    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain(detail);
    expect(intake.arrivals).toEqual([]);
  });

  it.each([
    ['INTAKE_AUTHORITY_UNKNOWN', 404, undefined],
    ['INTAKE_BATCH_CHANGED', 409, undefined],
    ['INTAKE_TOO_LARGE', 413, undefined],
    ['INTAKE_FORMAT_UNLISTED', 422, undefined],
    ['INTAKE_BUSY', 503, '1'],
    ['INTAKE_DISK_FULL', 503, '30'],
    ['INTAKE_STOPPING', 503, '1'],
  ] as const)('by the intake get its status and when to try again: %s', async (code, status, retry) => {
    const { app, intake } = setup();
    intake.failure = code;

    const answer = await post(app, LINES);

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['retry-after']).toBe(retry);
  });

  it('are half a batch: the connection ended', async () => {
    const { intake, open } = setup();
    const { port } = await open();
    const { socket, closed } = rawConnection(port, onTestFinished);

    socket.write(
      `POST ${URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n${LINES}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await closed;

    await expect.poll(() => [...intake.refused.keys()]).toEqual(['http cut-off']);
    expect(intake.arrivals).toEqual([]);
  });

  it('are of somebody without the token, and are not even read', async () => {
    const { app, intake } = setup();

    const answer = await post(app, LINES, { authorization: 'Bearer wrong' });

    expect(answer.statusCode).toBe(401);
    expect(intake.arrivals).toEqual([]);
  });

  it('are those for which there is no memory: others fill it', async () => {
    const { open, intake } = setup({ one: 10_000, all: 12_000 });
    const { port } = await open();
    const { socket } = rawConnection(port, onTestFinished);
    socket.write(
      `POST ${URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n${'x'.repeat(9000)}`,
    );
    const send = () =>
      fetch(`http://127.0.0.1:${port}${URL}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' },
        body: 'y'.repeat(5000),
      });

    await expect.poll(async () => (await send()).status).toBe(503);
    socket.write('x'.repeat(999));
    await expect.poll(async () => (await send()).status).toBe(200);

    expect(intake.refused.get('http busy')?.batches).toBeGreaterThan(0);
  });
});
