import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { acmeFailed } from './acme-failure.ts';
import { type Ordering, orderCertificate } from './acme-order.ts';
import { type Answering, fakeDirectory, json } from './directory.fixture.ts';
import { Issuer } from './issued.fixture.ts';

const PROBLEM = 'urn:ietf:params:acme:error:';
const TOKEN = 'a-token-of-128-bits-_0';

/** Long enough for the busiest machine: it is only waited for what does not come. */
const patient = { timeout: 60_000 };

let issuer: Issuer;
beforeAll(() => {
  issuer = new Issuer();
});
afterAll(() => issuer.remove());

/** Orders from a directory that answers like this; what came of it, and what was asked. */
async function order(answers: Record<string, Answering>, change: Partial<Ordering> = {}) {
  const directory = await fakeDirectory(issuer, answers);
  onTestFinished(() => directory.close());
  const ordering: Ordering = {
    name: 'hub.example.gov',
    contact: undefined,
    request: new Uint8Array([1, 2, 3]),
    openChallenge: async () => acmeFailed('nobody listens here'),
    lookEvery: 0,
    ...change,
  };
  const client = await directory.meet();
  const got = client.isErr() ? client : await orderCertificate(client.value, ordering);
  return { got: got.isErr() ? got.error : got.value, asked: directory.asked };
}

/** What the failure says. */
async function said(answers: Record<string, Answering>, change: Partial<Ordering> = {}): Promise<string> {
  const { got } = await order(answers, change);
  return typeof got === 'string' ? got : got.detail;
}

const pending = (challenge: object) => json({ status: 'pending', challenges: [challenge] });
const orderThat = (more: object) =>
  json({ authorizations: ['BASE/proof'], finalize: 'BASE/finalize', ...more });

const ordered = (more: object) =>
  json({ status: 'pending', finalize: 'BASE/finalize', ...more }, 201, { location: '/order' });

describe('an order', () => {
  it('ends with the chain; what the directory knows already is not proven again', async () => {
    const { got, asked } = await order({});

    expect(got).toBe('the chain');
    expect(asked).toEqual(['/dir', '/nonce', '/account', '/orders', '/proof', '/order', '/order', '/chain']);
  });

  it('is finalized with the request when the directory is ready, and looked at until it is valid', async () => {
    let isFinal = false;
    let looks = 0;
    let csr: unknown;
    const { got } = await order({
      '/order': (response, request) => {
        const status = !isFinal ? 'ready' : ++looks < 3 ? 'processing' : 'valid';
        orderThat({ status, certificate: 'BASE/chain' })(response, request);
      },
      '/finalize': (response, { payload }) => {
        isFinal = true;
        csr = payload;
        response.end('{}');
      },
    });

    expect(got).toBe('the chain');
    expect(csr).toEqual({ csr: 'AQID' });
    expect(looks).toBe(3);
  });

  it('is signed with the key until there is an account, and with the account from then on', async () => {
    const signers: unknown[] = [];
    const keep =
      (answering: Answering): Answering =>
      (response, request) => {
        signers.push(request.header);
        answering(response, request);
      };

    const account = json({ status: 'valid' }, 201, { location: '/account/1' });
    const proof = json({ status: 'valid', challenges: [] });
    const { asked } = await order({ '/account': keep(account), '/proof': keep(proof) });

    expect(asked.filter((path) => path === '/nonce')).toHaveLength(1);
    expect(signers[0]).toMatchObject({ alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' }, nonce: 'nonce-1' });
    expect(signers[1]).toMatchObject({ alg: 'ES256', kid: expect.stringMatching(/^https:.*\/account\/1$/) });
    expect(signers[1]).not.toHaveProperty('jwk');
  });

  it('tells the directory a contact that is another one', async () => {
    let changed: unknown;
    await order(
      {
        '/account': json({ status: 'valid', contact: ['mailto:old@example.gov'] }, 200, {
          location: '/account/1',
        }),
        '/account/1': (response, { payload }) => {
          changed = payload;
          response.end('{}');
        },
      },
      { contact: 'it@example.gov' },
    );

    expect(changed).toEqual({ contact: ['mailto:it@example.gov'] });
  });

  it('opens the listener with the answer before it says so, and closes it whatever comes', async () => {
    const done: string[] = [];
    const challenge = { type: 'http-01', url: 'BASE/challenge', token: TOKEN };
    const error = { type: `${PROBLEM}connection`, detail: 'nobody there' };
    let isAsked = false;
    const detail = await said(
      {
        '/proof': (response, request) => {
          const status = isAsked ? 'invalid' : 'pending';
          json({ status, challenges: [{ ...challenge, error }] })(response, request);
        },
        '/challenge': (response) => {
          done.push('asked');
          isAsked = true;
          response.end('{}');
        },
      },
      {
        openChallenge: async () =>
          ({
            isErr: () => false,
            value: {
              port: 1,
              answer: (token: string, text: string) => void done.push(`${token} ${text.length}`),
              close: async () => void done.push('closed'),
            },
          }) as never,
      },
    );

    expect(done).toEqual([`${TOKEN} ${TOKEN.length + 1 + 43}`, 'asked', 'closed']);
    expect(detail).toBe('the directory says: nobody there (connection)');
  });
});

describe('a directory that', () => {
  it.each<[string, Record<string, Answering>, string]>([
    ['is no directory', { '/dir': json({ hello: 'world' }) }, 'otherwise than RFC 8555 says'],
    ['is not there', { '/dir': json({}, 404) }, 'answered with status 404'],
    ['leads elsewhere', { '/dir': json({}, 302, { location: 'https://other.example/' }) }, 'status 302'],
    ['sends a page', { '/dir': (response) => response.end('<!doctype html>') }, 'not JSON'],
    ['sends without end', { '/dir': endless }, 'sent more than any answer'],
    ['ends in the middle', { '/dir': halfway }, 'did not answer'],
    [
      'names an address in the clear',
      { '/dir': json({ newNonce: 'http://a/', newAccount: 'BASE/b', newOrder: 'BASE/c' }) },
      'otherwise than RFC 8555 says',
    ],
    ['gives no nonce', { '/nonce': without('replay-nonce') }, 'gave no nonce (status 200)'],
    ['gives a nonce with a line in it', { '/nonce': odd('replay-nonce', 'a b') }, 'gave no nonce'],
    ['does not say where the account is', { '/account': json({ status: 'valid' }) }, 'where the account is'],
    [
      'has closed the account',
      { '/account': json({ status: 'deactivated' }, 200, { location: '/account/1' }) },
      'the account is deactivated',
    ],
    [
      'does not say where the order is',
      { '/orders': orderThat({ status: 'pending' }) },
      'where the order is',
    ],
    [
      'wants a hundred proofs',
      { '/orders': ordered({ authorizations: Array(100).fill('BASE/proof') }) },
      '/authorizations',
    ],
    [
      'offers no http-01',
      { '/proof': pending({ type: 'dns-01', url: 'BASE/challenge', token: TOKEN }) },
      'no challenge of the kind http-01',
    ],
    [
      'names a path as its token',
      {
        '/proof': pending({
          type: 'http-01',
          url: 'BASE/challenge',
          token: '../../../../etc/passwd-and-more',
        }),
      },
      '/challenges/0/token',
    ],
    [
      'names a short token',
      { '/proof': pending({ type: 'http-01', url: 'BASE/challenge', token: 'abc' }) },
      '/challenges/0/token',
    ],
    [
      'asks what nobody can answer here',
      { '/proof': pending({ type: 'http-01', url: 'BASE/challenge', token: TOKEN }) },
      'nobody listens here',
    ],
    ['never decides', { '/order': orderThat({ status: 'processing' }) }, 'did not decide in time'],
    [
      'refuses the order',
      { '/order': orderThat({ status: 'invalid', error: { type: `${PROBLEM}caa`, detail: 'not for you' } }) },
      'the directory says: not for you (caa)',
    ],
    ['is valid without a certificate', { '/order': orderThat({ status: 'valid' }) }, 'the order is valid'],
    [
      'writes lines into our log',
      {
        '/orders': json(
          { type: `${PROBLEM}malformed`, detail: `one\n\u001b[31mtwo\u202e${'x'.repeat(9999)}` },
          400,
        ),
      },
      'the directory says: one [31mtwo xxx',
    ],
    ['refuses with a page', { '/orders': (response) => response.writeHead(500).end('<p>') }, 'status 500'],
  ])('%s is told', async (_, answers, words) => {
    const detail = await said(answers);

    expect(detail).toContain(words);
    expect(detail.length).toBeLessThan(400);
    expect(detail).not.toMatch(/[\p{C}]/u);
  });

  it('wants patience says for how long', async () => {
    const problem = { type: `${PROBLEM}rateLimited`, detail: 'too many' };

    const { got } = await order({ '/orders': json(problem, 429, { 'retry-after': '3600' }) });

    expect(got).toEqual({
      detail: 'the directory says: too many (rateLimited)',
      problem: 'rateLimited',
      retryAfter: 3_600_000,
    });
  });

  it('refuses each nonce is asked no more after a dozen', async () => {
    const { got, asked } = await order({ '/orders': json({ type: `${PROBLEM}badNonce` }, 400) });

    expect(got).toMatchObject({ problem: 'badNonce' });
    expect(asked.filter((path) => path === '/orders')).toHaveLength(12);
  });

  it('says nothing is left when the hub stops', async () => {
    const directory = await fakeDirectory(issuer, { '/dir': () => {} });
    onTestFinished(() => directory.close());

    const meeting = directory.meet();
    await expect.poll(() => directory.asked, patient).toEqual(['/dir']);
    directory.signal.abort();

    expect(await meeting).toMatchObject({
      error: { detail: expect.stringContaining('did not answer in time') },
    });
  });
});

function endless(response: Parameters<Answering>[0]): void {
  response.writeHead(200);
  const more = (): void => {
    if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
  };
  more();
}

function halfway(response: Parameters<Answering>[0]): void {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"newNonce":', () => response.destroy());
}

function without(header: string): Answering {
  return (response) => {
    response.removeHeader(header);
    response.end();
  };
}

function odd(header: string, value: string): Answering {
  return (response) => {
    response.setHeader(header, value);
    response.end();
  };
}
