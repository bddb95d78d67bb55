/** Signers for tests: keys in files and passkeys, made by node:crypto of one byte each. */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  webcrypto,
} from 'node:crypto';
import { encodeBase64, type Subtle, sha256Hasher, wasmSha256Hasher, webVerifier } from '@bellwether/evidence';
import { claimChallenge, signerKeyId } from '../claim.ts';
import type { ClaimSignature } from '../entries.ts';
import type { SignerKey } from '../rolls-types.ts';

export const hasher = wasmSha256Hasher() ?? sha256Hasher();
export const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);
export const tools = { hasher, verifier };

/** A signer, and what signs with it. */
export type TestSigner = { readonly key: SignerKey; readonly sign: (claim: Uint8Array) => ClaimSignature };

/** RFC 8410: what stands before the 32 bytes of a private key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const SITE = 'rolls.example.gov';

function edPrivate(seed: number): KeyObject {
  const der = Buffer.concat([PKCS8, Buffer.alloc(32, seed)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export function edPublic(seed: number): Uint8Array {
  const der = createPublicKey(edPrivate(seed)).export({ format: 'der', type: 'spki' });
  return Uint8Array.from(der.subarray(-32));
}

export function edSign(seed: number, message: Uint8Array): Uint8Array {
  return Uint8Array.from(sign(null, message, edPrivate(seed)));
}

function named(key: Omit<SignerKey, 'id'>): SignerKey {
  return { id: signerKeyId(hasher, key), ...key };
}

/** A key in a file. */
export function fileSigner(place: string, seed: number): TestSigner {
  const publicKey = encodeBase64(edPublic(seed));
  const key = named({ place, scheme: 'ed25519', publicKey, site: '', origins: [] });
  return { key, sign: (claim) => ({ key: key.id, signature: encodeBase64(edSign(seed, claim)) }) };
}

/** What an authenticator or a browser may get wrong. */
export type Assertion = {
  readonly client?: Readonly<Record<string, unknown>>;
  readonly site?: string;
  readonly flags?: number;
  readonly more?: Uint8Array;
};

/** A passkey: the authenticator's own half of Web Authentication, section 7.2. */
export function passkeySigner(
  place: string,
  seed: number,
  scheme: 'webauthn-es256' | 'webauthn-ed25519' = 'webauthn-es256',
): TestSigner & { readonly assert: (claim: Uint8Array, wrong: Assertion) => ClaimSignature } {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.alloc(32, seed));
  const point = pair.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: pair.getPrivateKey('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const isEd = scheme === 'webauthn-ed25519';
  const publicKey = encodeBase64(isEd ? edPublic(seed) : Uint8Array.from(point));
  const key = named({ place, scheme, publicKey, site: SITE, origins: [`https://${SITE}`] });
  const assert = (claim: Uint8Array, wrong: Assertion): ClaimSignature => {
    const clientData = Buffer.from(
      JSON.stringify({
        type: 'webauthn.get',
        challenge: claimChallenge(hasher, claim),
        origin: `https://${SITE}`,
        crossOrigin: false,
        ...wrong.client,
      }),
    );
    const site = createHash('sha256')
      .update(wrong.site ?? SITE)
      .digest();
    const flags = wrong.flags ?? 0x1d;
    const authenticatorData = Buffer.concat([
      site,
      Buffer.of(flags, 0, 0, 0, 0),
      wrong.more ?? Buffer.alloc(0),
    ]);
    const message = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
    const signature = isEd
      ? edSign(seed, message)
      : sign('sha256', message, createPrivateKey({ key: jwk, format: 'jwk' }));
    return {
      key: key.id,
      signature: encodeBase64(Uint8Array.from(signature)),
      authenticatorData: encodeBase64(Uint8Array.from(authenticatorData)),
      clientData: encodeBase64(Uint8Array.from(clientData)),
    };
  };
  return { key, sign: (claim) => assert(claim, {}), assert };
}
