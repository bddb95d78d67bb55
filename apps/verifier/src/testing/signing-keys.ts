/** Keys for logs that are made to be checked: of one number each, so that a log is the same every time. */
import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import {
  encodeBase64,
  KeyKind,
  type NoteSigner,
  noteKey,
  sha256Hasher,
  wasmSha256Hasher,
} from '@bellwether/evidence';
import { type ClaimSignature, claimChallenge, type SignerKey, signerKeyId } from '@bellwether/rolls';

export const hasher = wasmSha256Hasher() ?? sha256Hasher();

/** RFC 8410: what stands before the 32 bytes of a private key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const SITE = 'rolls.example.gov';

/** A signer of claims. */
export type ClaimSigner = {
  readonly key: SignerKey;
  readonly sign: (claim: Uint8Array) => ClaimSignature;
};

function secretOf(number: number): Buffer {
  return createHash('sha256').update(`key ${number}`).digest();
}

function edPair(number: number): { readonly secret: KeyObject; readonly publicKey: Uint8Array } {
  const der = Buffer.concat([PKCS8, secretOf(number)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return { secret, publicKey: Uint8Array.from(spki.subarray(-32)) };
}

/** Who signs notes: a log, a witness, or the second key of a witness. */
export function noteSigner(name: string, kind: KeyKind, number: number): NoteSigner {
  const { secret, publicKey } = edPair(number);
  return {
    key: noteKey(hasher, name, kind, publicKey),
    sign: async (message) => Uint8Array.from(sign(null, message, secret)),
  };
}

/** A key in a file. */
export function fileSigner(place: string, number: number): ClaimSigner {
  const { secret, publicKey } = edPair(number);
  const bare = {
    place,
    scheme: 'ed25519' as const,
    publicKey: encodeBase64(publicKey),
    site: '',
    origins: [],
  };
  const key = { id: signerKeyId(hasher, bare), ...bare };
  return {
    key,
    sign: (claim) => ({
      key: key.id,
      signature: encodeBase64(Uint8Array.from(sign(null, claim, secret))),
    }),
  };
}

/** A passkey: what an authenticator and a browser do, Web Authentication Level 3, section 7.2. */
export function passkeySigner(place: string, number: number): ClaimSigner {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secretOf(number));
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const jwk = { kty: 'EC', crv: 'P-256', d: pair.getPrivateKey('base64url'), x, y };
  const secret = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = encodeBase64(Uint8Array.from(point));
  const origin = `https://${SITE}`;
  const bare = { place, scheme: 'webauthn-es256' as const, publicKey, site: SITE, origins: [origin] };
  const key = { id: signerKeyId(hasher, bare), ...bare };
  const authenticatorData = Buffer.concat([
    createHash('sha256').update(SITE).digest(),
    Buffer.of(0x1d, 0, 0, 0, 0),
  ]);
  return {
    key,
    sign(claim) {
      const challenge = claimChallenge(hasher, claim);
      const clientData = Buffer.from(
        JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }),
      );
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
      return {
        key: key.id,
        signature: encodeBase64(Uint8Array.from(sign('sha256', signed, secret))),
        authenticatorData: encodeBase64(Uint8Array.from(authenticatorData)),
        clientData: encodeBase64(Uint8Array.from(clientData)),
      };
    },
  };
}

/** The signers of a log: itself, three witnesses of whom two are needed, and their second keys. */
export const LOG_ORIGIN = 'elections.example.gov/rolls';
export const LOG_SIGNER: NoteSigner = noteSigner(LOG_ORIGIN, KeyKind.note, 1);
export const WITNESS_NAMES = ['adair-county', 'boone-county', 'league'] as const;
export const WITNESS_SIGNERS: readonly NoteSigner[] = WITNESS_NAMES.map((name, at) =>
  noteSigner(name, KeyKind.cosignature, 10 + at),
);
export const CHECKS_SIGNERS: readonly NoteSigner[] = WITNESS_NAMES.map((name, at) =>
  noteSigner(`${name}/checks`, KeyKind.note, 20 + at),
);
