import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenForChallenge } from './acme-challenge.ts';

const TOKEN = 'a-token-of-128-bits-_0';
const PLACE = '/.well-known/acme-challenge/';

async function listening() {
  const listener = (await listenForChallenge('127.0.0.1', 0)).okOrThrow();
  onTestFinished(() => listener.close());
  listener.answer(TOKEN, `${TOKEN}.print`);
  return listener;
}

/** Sends a head as it is; gives all that came back. */
function ask(port: number, head: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => void socket.write(head));
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

const get = (path: string, method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\nHost: hub.example.gov\r\n\r\n`;

describe('the listener for the question of a directory', () => {
  it('answers the path of the token, and ends the connection', async () => {
    const { port } = await listening();

    const answer = await ask(port, get(PLACE + TOKEN));

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(`${TOKEN}.print`);
  });

  it.each([
    ['another token', get(`${PLACE}${TOKEN}x`)],
    ['no token', get(PLACE)],
    ['a path around it', get(`/x/..${PLACE}${TOKEN}`)],
    ['the desk', get('/')],
    ['the API', get('/api/v1/me')],
    ['the token with a question behind it', get(`${PLACE}${TOKEN}?a`)],
    ['the token by POST', get(PLACE + TOKEN, 'POST')],
    ['a name of every object', get(`${PLACE}__proto__`)],
  ])('says of %s that there is nothing', async (_, head) => {
    const { port } = await listening();

    const answer = await ask(port, head);

    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('print');
  });

  it.each([
    ['no HTTP', '\x16\x03\x01'],
    ['a head that is too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('ends %s without an answer', async (_, bytes) => {
    const { port } = await listening();

    expect(await ask(port, bytes)).toBe('');
  });

  it('says that its port is taken', async () => {
    const { port } = await listening();

    const second = await listenForChallenge('127.0.0.1', port);

    expect(second.isErr() && second.error.detail).toContain('EADDRINUSE');
  });

  it('is gone when it is closed, whoever holds a connection', async () => {
    const { port, close } = await listening();
    const held = ask(port, 'GET / HTT');
    await new Promise((resolve) => setTimeout(resolve, 20));

    await close();

    expect(await held).toBe('');
    expect(await ask(port, get(PLACE + TOKEN))).toBe('');
  });
});
