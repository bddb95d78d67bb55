import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accountKeyOf, signedBody } from './acme-jws.ts';
import { newPrivateKey } from './acme-store.ts';

const decode = (text: string) => Buffer.from(text, 'base64url');

describe('a request of ACME', () => {
  it('is signed over its header and its payload, as RFC 7515 joins them', () => {
    const key = accountKeyOf(newPrivateKey())!;
    const header = { jwk: key.jwk, nonce: 'abc', url: 'https://ca.example/new' };

    const body = JSON.parse(signedBody(key, header, { a: 'é' }));

    expect(Object.keys(body).sort()).toEqual(['payload', 'protected', 'signature']);
    expect(JSON.parse(decode(body.protected).toString())).toEqual({ alg: 'ES256', ...header });
    expect(JSON.parse(decode(body.payload).toString())).toEqual({ a: 'é' });
    const publicKey = createPublicKey(key.secret);
    const check = (text: string) =>
      verify(
        'sha256',
        Buffer.from(text),
        { key: publicKey, dsaEncoding: 'ieee-p1363' },
        decode(body.signature),
      );
    expect(decode(body.signature)).toHaveLength(64);
    expect(check(`${body.protected}.${body.payload}`)).toBe(true);
    expect(check(`${body.protected}.`)).toBe(false);
  });

  it('that only reads has an empty payload, which is not an empty object', () => {
    const key = accountKeyOf(newPrivateKey())!;
    const header = { kid: 'https://ca.example/account/1', nonce: 'abc', url: 'https://ca.example/order' };

    expect(JSON.parse(signedBody(key, header, undefined)).payload).toBe('');
    expect(decode(JSON.parse(signedBody(key, header, {})).payload).toString()).toBe('{}');
  });
});

describe('the key of an account', () => {
  it('has the thumbprint of RFC 7638: SHA-256 of its members in order, without blanks', () => {
    const { jwk, thumbprint } = accountKeyOf(newPrivateKey())!;
    const text = `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`;

    expect(thumbprint).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it.each([
    ['nothing', ''],
    ['no key', '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n'],
  ])('is not %s', (_, pem) => {
    expect(accountKeyOf(pem)).toBeUndefined();
  });
});
