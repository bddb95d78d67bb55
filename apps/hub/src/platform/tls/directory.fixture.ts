/** An ACME directory that answers as a test wants it to: for what no honest one does. It checks no signature. */
import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { meetDirectory } from './acme-client.ts';
import { directoryAgent } from './acme-exchange.ts';
import { accountKeyOf } from './acme-jws.ts';
import type { Issuer } from './issued.fixture.ts';

/** How it answers at one path. */
export type Answering = (
  response: ServerResponse,
  request: { readonly header: Record<string, unknown>; readonly payload: unknown; readonly base: string },
) => void;

/** A directory that runs. */
export type FakeDirectory = {
  readonly base: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  readonly signal: AbortController;
  /** Begins a conversation with it. */
  meet(): ReturnType<typeof meetDirectory>;
  close(): Promise<void>;
};

/** Answers as JSON. */
export function json(value: object, status = 200, headers: Record<string, string> = {}): Answering {
  return (response, { base }) => {
    response.writeHead(status, headers);
    response.end(JSON.stringify(value).replaceAll('BASE', base));
  };
}

const OBJECTS: Readonly<Record<string, Answering>> = {
  '/dir': json({ newNonce: 'BASE/nonce', newAccount: 'BASE/account', newOrder: 'BASE/orders' }),
  '/nonce': (response) => response.writeHead(200).end(),
  '/account': json({ status: 'valid' }, 201, { location: '/account/1' }),
  '/orders': json({ status: 'pending', authorizations: ['BASE/proof'], finalize: 'BASE/finalize' }, 201, {
    location: '/order',
  }),
  '/proof': json({ status: 'valid', challenges: [] }),
  '/order': json({
    status: 'valid',
    authorizations: ['BASE/proof'],
    finalize: 'BASE/finalize',
    certificate: 'BASE/chain',
  }),
  '/chain': (response) => response.end('the chain'),
};

/** Starts one that issues at once, but for what is given. */
export async function fakeDirectory(
  issuer: Issuer,
  answers: Readonly<Record<string, Answering>>,
): Promise<FakeDirectory> {
  const own = issuer.leaf('localhost');
  const asked: string[] = [];
  let nonces = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    asked.push(path);
    const body = await textOf(request);
    const { protected: header = 'e30', payload = '' } = body === '' ? {} : JSON.parse(body);
    const decode = (text: string) => JSON.parse(Buffer.from(text || 'bnVsbA', 'base64url').toString());
    response.setHeader('replay-nonce', `nonce-${nonces++}`);
    const answering = answers[path] ?? OBJECTS[path] ?? ((lost: ServerResponse) => lost.writeHead(404).end());
    answering(response, { header: decode(header), payload: decode(payload), base });
  };
  const server = createServer({ cert: own.chain, key: own.secret }, (request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `https://localhost:${(server.address() as { port: number }).port}`;
  const agent = directoryAgent(issuer.root.cert);
  const signal = new AbortController();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = accountKeyOf(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)!;
  return {
    base,
    asked,
    signal,
    meet: () => meetDirectory({ agent, now: Date.now, signal: signal.signal }, `${base}/dir`, key),
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}
