/** Signing with keys in files: those of feeds and of the state, and of offices that have no passkey yet. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { encodeBase64 } from '@bellwether/evidence';
import type { ClaimSignature, SignerKey, Signers } from '@bellwether/rolls';
import { namesIn, readBounded } from './roll-files.ts';

/** Bytes of a key file: Ed25519 in PEM takes 119. */
const MOST_BYTES = 4_096;

/** Bytes of a public key at the end of its SPKI. */
const RAW = 32;

/** A key that can sign, and the signer of the log that it is. */
export type HeldKey = { readonly signer: SignerKey; readonly sign: (claim: Uint8Array) => ClaimSignature };

/** The keys below a folder that are signers; others are left aside. */
export async function keysIn(folder: string, signers: Signers): Promise<readonly HeldKey[]> {
  const held: HeldKey[] = [];
  for (const name of await namesIn(folder)) {
    const key = await keyAt(join(folder, name), signers);
    if (key !== null) held.push(key);
  }
  return held;
}

/** The key in a file; null: it is none, or none of a signer. */
export async function keyAt(path: string, signers: Signers): Promise<HeldKey | null> {
  let key: KeyObject;
  try {
    const bytes = await readBounded(path, MOST_BYTES);
    if (bytes === null) return null;
    key = createPrivateKey(bytes);
  } catch {
    return null;
  }
  if (key.asymmetricKeyType !== 'ed25519') return null;
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = encodeBase64(Uint8Array.from(spki.subarray(-RAW)));
  const known = signers.all().find((one) => !one.isRevoked && one.key.publicKey === publicKey);
  if (known === undefined) return null;
  return {
    signer: known.key,
    sign: (claim) => ({
      key: known.key.id,
      signature: encodeBase64(Uint8Array.from(sign(null, claim, key))),
    }),
  };
}
