/** The two keys of a witness: one cosigns checkpoints, the other signs what else was checked. Ed25519 (RFC 8032). */
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { type Hasher, KeyKind, type NoteSigner, noteKey } from '@bellwether/evidence';
import { CHECKS_SUFFIX } from '@bellwether/rolls';

/** RFC 8410: what stands before the 32 bytes of a private and of a public key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

/** Bytes of a secret. */
export const SECRET_BYTES = 32;

/** What the state keeps: a name and two secrets, base64. */
export type WitnessSecrets = { readonly name: string; readonly cosigner: string; readonly checks: string };

/** Who signs. */
export type WitnessSigners = {
  /** Checkpoints, with a time: kind `cosignature`. */
  readonly cosigner: NoteSigner;
  /** Statements, under the name `NAME/checks`: kind `note`. */
  readonly checks: NoteSigner;
};

/** Whether a witness may be called so: what a policy and a shell can hold without quotes. */
export function isWitnessName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(name);
}

/** New keys. */
export function makeSecrets(name: string): WitnessSecrets {
  const secret = (): string => randomBytes(SECRET_BYTES).toString('base64');
  return { name, cosigner: secret(), checks: secret() };
}

/** The signers of a witness. Throws on secrets of another length: they were checked when they were read. */
export function signersOf(hasher: Hasher, { name, cosigner, checks }: WitnessSecrets): WitnessSigners {
  return {
    cosigner: signerOf(hasher, name, KeyKind.cosignature, cosigner),
    checks: signerOf(hasher, `${name}${CHECKS_SUFFIX}`, KeyKind.note, checks),
  };
}

function signerOf(hasher: Hasher, name: string, kind: KeyKind, secret: string): NoteSigner {
  const der = Buffer.concat([PKCS8, Buffer.from(secret, 'base64')]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    key: noteKey(hasher, name, kind, Uint8Array.from(spki.subarray(SPKI_BYTES))),
    sign: async (message) => Uint8Array.from(sign(null, message, key)),
  };
}
