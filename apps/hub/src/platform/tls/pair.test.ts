import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Issuer } from './issued.fixture.ts';
import { checkPair, MOST_PEM } from './pair.ts';

const NAME = 'hub.example.gov';
const DAY = 86_400_000;

let issuer: Issuer;
let good: ReturnType<Issuer['leaf']>;
beforeAll(() => {
  issuer = new Issuer();
  good = issuer.leaf(NAME);
});
afterAll(() => issuer.remove());

/** The code and the words of the refusal; undefined if it is taken. */
function refusal(chain: string, key: string, name = NAME, now = Date.now()): string | undefined {
  const checked = checkPair(chain, key, name, now);
  return checked.isErr() ? `${checked.error.code}: ${checked.error.detail}` : undefined;
}

describe('a chain and its key', () => {
  it('are taken as they are, with the days on which they begin and end', () => {
    const checked = checkPair(good.chain, good.secret, NAME, Date.now()).okOrThrow();

    expect(checked.cert).toBe(good.chain);
    expect(checked.notAfter - checked.notBefore).toBe(90 * DAY);
  });

  it('may carry text around them, which is not passed on', () => {
    const bag = `Bag Attributes\n    friendlyName: hub\n${good.chain}\nthe end\n`;

    expect(checkPair(bag, good.secret, NAME, Date.now()).okOrThrow().cert).toBe(good.chain);
  });

  it.each([
    ['RSA of 2048 bits', ['rsa:2048']],
    ['P-384', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ])('may be of %s', (_, newKey) => {
    const leaf = issuer.leaf(NAME, { newKey });

    expect(refusal(leaf.chain, leaf.secret)).toBeUndefined();
  });

  it('may be one certificate that issued itself', () => {
    const own = issuer.issue(NAME, [`subjectAltName=DNS:${NAME}`]);

    expect(refusal(own.cert, own.secret)).toBeUndefined();
  });

  it('may name the hub by a wildcard', () => {
    const leaf = issuer.leaf('*.example.gov');

    expect(refusal(leaf.chain, leaf.secret)).toBeUndefined();
    expect(refusal(leaf.chain, leaf.secret, 'a.b.example.gov')).toContain('not for a.b.example.gov');
  });

  it('may have a key in the older form that openssl writes', () => {
    const path = join(issuer.folder, 'sec1.key');
    execFileSync('openssl', ['ec', '-in', good.key, '-out', path], { stdio: 'ignore' });
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

    expect(refusal(good.chain, parameters + readFileSync(path, 'utf8'))).toBeUndefined();
  });
});

describe('refused is', () => {
  it('a chain whose order is another', () => {
    expect(refusal(issuer.middle.cert + good.cert, good.secret)).toContain('did not issue');
    expect(refusal(good.cert + issuer.root.cert + issuer.middle.cert, good.secret)).toContain(
      'certificate 2 of the file (CN=Root)',
    );
  });

  it('a chain with an authority of the same name that did not sign it', () => {
    const other = new Issuer();
    const mixed = good.cert + other.middle.cert;
    other.remove();

    expect(refusal(mixed, good.secret)).toContain('did not issue');
  });

  it('a chain whose second certificate is no authority', () => {
    const below = issuer.issue(
      'below',
      ['subjectAltName=DNS:hub.example.gov', 'basicConstraints=CA:FALSE'],
      good,
    );

    expect(refusal(below.cert + good.chain, below.secret)).toContain('did not issue');
  });

  it('the key of another certificate', () => {
    expect(refusal(good.chain, issuer.middle.secret)).toContain('TLS_KEY_MISMATCH');
  });

  it('a certificate for another name, or for none', () => {
    expect(refusal(good.chain, good.secret, 'other.example.gov')).toContain(
      'it is for DNS:hub.example.gov, and not for other.example.gov',
    );
    // The common name alone: browsers do not look at it.
    const named = issuer.issue(NAME, ['basicConstraints=CA:FALSE']);
    expect(refusal(named.cert, named.secret)).toContain('it is for no name');
  });

  it('a certificate for clients', () => {
    const leaf = issuer.leaf(NAME, { usage: 'clientAuth' });

    expect(refusal(leaf.chain, leaf.secret)).toContain('not for servers');
  });

  it('a certificate before its first day and after its last', () => {
    const { notBefore, notAfter } = checkPair(good.chain, good.secret, NAME, Date.now()).okOrThrow();

    expect(refusal(good.chain, good.secret, NAME, notBefore - 1)).toContain('in force from');
    expect(refusal(good.chain, good.secret, NAME, notBefore)).toBeUndefined();
    expect(refusal(good.chain, good.secret, NAME, notAfter - 1)).toBeUndefined();
    expect(refusal(good.chain, good.secret, NAME, notAfter)).toContain('it ended on');
  });

  it.each([
    ['RSA of 1024 bits', ['rsa:1024'], '1024 bits is too short'],
    ['Ed25519, which browsers do not take', ['ed25519'], 'browsers do not take'],
    ['secp256k1', ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'], 'browsers do not take'],
  ])('a key of %s', (_, newKey, words) => {
    const leaf = issuer.leaf(NAME, { newKey });

    expect(refusal(leaf.chain, leaf.secret)).toContain(words);
  });

  it('a key behind a passphrase', () => {
    const locked = execFileSync('openssl', ['pkcs8', '-topk8', '-in', good.key, '-passout', 'pass:x'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });

    expect(refusal(good.chain, locked.toString())).toContain('passphrase');
  });

  it.each([
    ['nothing', ''],
    [
      'a key in the place of the certificate',
      '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n',
    ],
    ['a certificate of no bytes', '-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n'],
    ['a certificate without its end', '-----BEGIN CERTIFICATE-----\nMIIB'],
    ['what is longer than any chain', '-----BEGIN CERTIFICATE-----\n'.padEnd(MOST_PEM + 1, 'A')],
  ])('%s', (_, chain) => {
    expect(refusal(chain, good.secret)).toContain('TLS_CERTIFICATE_INVALID');
  });

  it('a chain that is longer than any', () => {
    expect(refusal(good.cert + issuer.middle.cert.repeat(10), good.secret)).toContain('11 certificates');
  });

  it('any certificate of which one character is another', () => {
    const from = good.cert.indexOf('\n') + 1;
    const last = good.cert.indexOf('-----END') - 2;
    fc.assert(
      fc.property(fc.integer({ min: from, max: last }), (place) => {
        if (!/[A-Za-z0-9+/]/.test(good.cert[place]!)) return;
        const put = good.cert[place] === 'B' ? 'C' : 'B';
        const damaged = good.cert.slice(0, place) + put + good.cert.slice(place + 1);
        const checked = checkPair(damaged + issuer.middle.cert, good.secret, NAME, Date.now());
        // The last character before padding may hold bits that say nothing: then it is the same certificate.
        if (checked.isOk()) expect(checked.value.cert).toBe(good.chain);
      }),
      { numRuns: 60 },
    );
  });
});
