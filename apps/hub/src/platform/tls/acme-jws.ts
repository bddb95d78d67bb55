/**
 * The account key of ACME, and requests signed with it: JSON Web Signature, flattened (RFC 7515, 7.2.2), ES256 (RFC 7518,
 * 3.4), with the header that RFC 8555, 6.2 asks for. The thumbprint of the key is that of RFC 7638.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** A key of P-256, as a signer and as others see it. */
export type AccountKey = {
  readonly secret: KeyObject;
  readonly jwk: Jwk;
  /** What a challenge is answered with, behind its token. */
  readonly thumbprint: string;
};

/** The members that a thumbprint is made of, in the order in which it takes them. */
type Jwk = { readonly crv: string; readonly kty: string; readonly x: string; readonly y: string };

/** Who signs: the key itself, before there is an account, and the address of the account from then on. */
export type JwsHeader = ({ readonly jwk: Jwk } | { readonly kid: string }) & {
  readonly nonce: string;
  readonly url: string;
};

/** Reads the key; undefined if this is none of P-256. */
export function accountKeyOf(pem: string): AccountKey | undefined {
  let secret: KeyObject;
  try {
    secret = createPrivateKey(pem);
  } catch {
    return undefined;
  }
  const { crv, kty, x, y } = createPublicKey(secret).export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) return undefined;
  const jwk: Jwk = { crv, kty, x, y };
  const thumbprint = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
  return { secret, jwk, thumbprint };
}

/** The body of a signed request. `payload` undefined: a request that only reads (RFC 8555, 6.3). */
export function signedBody({ secret }: AccountKey, header: JwsHeader, payload: object | undefined): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const protectedHeader = encode({ alg: 'ES256', ...header });
  const content = payload === undefined ? '' : encode(payload);
  const bytes = Buffer.from(`${protectedHeader}.${content}`);
  const signature = sign('sha256', bytes, { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return JSON.stringify({ protected: protectedHeader, payload: content, signature });
}
