import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Issuer } from '../tls/issued.fixture.ts';
import { checkPair } from '../tls/pair.ts';
import { Serving } from '../tls/serving.ts';
import type { ServingCertificate } from '../tls/tls-types.ts';
import { openHttp } from './listening.ts';
import { type HttpsAddress, type HttpsLimits, openHttps } from './listening-https.ts';

const NAME = 'hub.example.gov';
const GET = `GET /livez HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`;

let issuer: Issuer;
let old: ServingCertificate;
let renewed: ServingCertificate;
let authority: string;
beforeAll(() => {
  issuer = new Issuer();
  const pair = () => {
    const leaf = issuer.leaf(NAME);
    return checkPair(leaf.chain, leaf.secret, NAME, Date.now()).okOrThrow();
  };
  old = pair();
  renewed = pair();
  authority = issuer.root.cert;
});
afterAll(() => issuer.remove());

/** An app that answers, opened on a free port with `old`. */
async function opened(limits: Partial<HttpsLimits> = {}, address: Partial<HttpsAddress> = {}, first = old) {
  const lines: string[] = [];
  const app = Fastify({ logger: false }).get('/livez', async () => ({ live: true }));
  let answerHeld: () => void = () => {};
  const held = new Promise<object>((resolve) => {
    answerHeld = () => resolve({ held: true });
  });
  app.get('/held', () => held);
  const serving = new Serving(first);
  const source = serving.asSource(async () => {});
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const where = { host: '127.0.0.1', port: 0, hasAdministrator: false, ...address };
  const listening = await openHttps(app, where, source, log, limits);
  if (listening.isOk()) onTestFinished(() => listening.value.close());
  return { listening, serving, lines, answerHeld, app, log };
}

async function portOf(limits: Partial<HttpsLimits> = {}): Promise<number> {
  return (await opened(limits)).listening.okOrThrow().port;
}

/** A connection with TLS that stands. It fails as a browser's would. */
async function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: NAME,
    ca: authority,
    ...options,
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** Asks over a connection that stands, and gives what came back. */
async function ask(socket: TLSSocket, text = GET): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString('latin1');
}

const serialOf = (socket: TLSSocket): string => socket.getPeerX509Certificate()!.fingerprint256;

describe('HTTPS', () => {
  it('answers who asks for its name, with TLS 1.3', async () => {
    const socket = await shake(await portOf());

    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(await ask(socket)).toContain('{"live":true}');
  });

  it('takes TLS 1.2 with forward secrecy and AEAD, and no other suite of it', async () => {
    const port = await portOf();

    const socket = await shake(port, { maxVersion: 'TLSv1.2' });

    expect(socket.getCipher().name).toMatch(/^ECDHE-.*(?:GCM|POLY1305)/);
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-CCM']) {
      await expect(shake(port, { maxVersion: 'TLSv1.2', ciphers })).rejects.toThrow(/handshake failure/);
    }
  });

  it('takes no older TLS', async () => {
    const port = await portOf();

    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      // With the level of security at which a client may ask for it at all.
      const options = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
      await expect(shake(port, options)).rejects.toThrow(/protocol version/);
    }
  });

  it('is left by a client that asked for another name', async () => {
    await expect(shake(await portOf(), { servername: 'other.example.gov' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('is left by a client that does not know its authority', async () => {
    await expect(shake(await portOf(), { ca: [] })).rejects.toThrow(/certificate/);
  });

  it('at ::1 too, where nothing else is said', async () => {
    const { listening } = await opened({}, { host: undefined });

    for (const host of listening.okOrThrow().addresses) {
      expect(await ask(await shake(listening.okOrThrow().port, { host }))).toContain('{"live":true}');
    }
  });

  it('lets nobody in while it has no certificate, and everybody from the moment when it has one', async () => {
    const { listening, serving, lines } = await opened({}, {}, null as never);
    const { port } = listening.okOrThrow();
    await expect(shake(port)).rejects.toThrow(/handshake failure/);
    expect(lines.join('')).toContain('no certificate yet');

    serving.serve(old);

    expect(await ask(await shake(port))).toContain('{"live":true}');
  });
});

describe('another address', () => {
  it('is refused without an administrator', async () => {
    const { listening } = await opened({}, { host: '0.0.0.0' });

    expect(listening.isErr() && listening.error.code).toBe('HTTP_ADDRESS_REFUSED');
  });

  it('is taken with one', async () => {
    const { listening } = await opened({}, { host: '0.0.0.0', hasAdministrator: true });

    expect(listening.okOrThrow().addresses).toEqual(['0.0.0.0']);
    expect(await ask(await shake(listening.okOrThrow().port))).toContain('{"live":true}');
  });

  it('is never taken by plain HTTP', async () => {
    const { app, log } = await opened();

    const plain = await openHttp(app, { host: '0.0.0.0', port: 0 }, log);

    expect(plain.isErr() && plain.error.code).toBe('HTTP_ADDRESS_REFUSED');
  });
});

describe('a new certificate', () => {
  it('is shown to new connections under load, and those that stand go on', async () => {
    const { listening, serving, lines } = await opened();
    const { port } = listening.okOrThrow();
    const kept = await shake(port);
    const shown = serialOf(kept);
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    onTestFinished(() => agent.destroy());
    const answers: Promise<number>[] = [];
    for (let i = 0; i < 40; i++) {
      if (i === 20) serving.serve(renewed);
      answers.push(statusOf({ port, agent }));
      if (i % 4 === 0) await answers[i];
    }

    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    expect(await ask(kept)).toContain('{"live":true}');
    const fresh = await shake(port);
    expect(serialOf(fresh)).not.toBe(shown);
    expect(await ask(fresh)).toContain('{"live":true}');
    expect(lines.join('')).toContain('HTTPS has a new certificate');
  });

  it('changes nothing of the terms', async () => {
    const { listening, serving } = await opened();
    const { port } = listening.okOrThrow();

    serving.serve(renewed);

    const options = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    await expect(shake(port, options)).rejects.toThrow(/protocol version/);
    const cbc = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const;
    await expect(shake(port, cbc)).rejects.toThrow(/handshake failure/);
  });
});

describe('a connection', () => {
  it('without TLS gets nothing that it could read, and is ended', async () => {
    const { listening, lines } = await opened();

    const got = await sendPlain(listening.okOrThrow().port, GET);

    expect(got.toString('latin1')).not.toContain('HTTP/1.1');
    expect(got.length).toBeLessThan(16);
    expect(lines.join('')).toContain('handshakes of TLS failed');
  });

  it.each([
    ['says nothing', Buffer.alloc(0)],
    ['stops in the middle of a handshake', Buffer.from('16030100c8010000c40303', 'hex')],
  ])('that %s is ended', async (_, bytes) => {
    const port = await portOf({ handshakeTime: 100 });

    await sendPlain(port, bytes);
  });

  it('that sends its headers too slowly behind a handshake is ended with a problem', async () => {
    const socket = await shake(await portOf({ headersTime: 100, requestTime: 200, checkTime: 20 }));

    const answer = await ask(socket, 'GET /livez HTTP/1.1\r\nHost: h');

    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that is one too many is turned away, and the others go on', async () => {
    const port = await portOf({ connections: 2 });
    const kept = [await shake(port), await shake(port)];

    await expect(shake(port)).rejects.toThrow();

    for (const socket of kept) expect(await ask(socket)).toContain('{"live":true}');
  });

  it('that says nothing behind a handshake is ended', async () => {
    const socket = await shake(await portOf({ idleTime: 100 }));

    await once(socket.resume(), 'close');
  });
});

describe('stopping', () => {
  it('lets a request finish that is being answered, and takes no other', async () => {
    const { listening, answerHeld } = await opened();
    const { port, close } = listening.okOrThrow();
    const socket = await shake(port);
    socket.write('GET /held HTTP/1.1\r\nHost: h\r\n\r\n');
    const answered = once(socket, 'data') as Promise<[Buffer]>;
    await new Promise((resolve) => setTimeout(resolve, 50));

    const closing = close();
    answerHeld();

    expect((await answered)[0].toString()).toContain('{"held":true}');
    await closing;
    await expect(shake(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('does not wait for who is in the middle of a handshake, nor for an answer that never comes', async () => {
    const { listening } = await opened({ closeTime: 50 });
    const { port, close } = listening.okOrThrow();
    const silent = connectPlain(port, '127.0.0.1');
    await once(silent, 'connect');
    const gone = once(silent.resume(), 'close');
    const socket = await shake(port);
    socket.write('GET /held HTTP/1.1\r\nHost: h\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));

    await close();

    await gone;
  });

  it('may follow the stop of plain HTTP on the same app', async () => {
    const { listening, app, log } = await opened();
    const plain = (await openHttp(app, { host: '127.0.0.1', port: 0 }, log)).okOrThrow();

    await plain.close();
    await listening.okOrThrow().close();

    await expect(shake(listening.okOrThrow().port)).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** The status of one request over the agent. */
function statusOf(options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', path: '/livez', servername: NAME, ca: authority, ...options },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode!));
      },
    );
    asked.once('error', reject).end();
  });
}

/** Sends bytes as they are; gives what came back until the other end closed. */
function sendPlain(port: number, bytes: string | Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connectPlain(port, '127.0.0.1', () => void socket.write(bytes));
    socket.on('data', (piece) => void pieces.push(piece));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });
}
