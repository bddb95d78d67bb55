/**
 * Checking signatures by node:crypto, at once: 100 microseconds for P-256 and 150 for Ed25519, with keys that were read before. Web Crypto
 * takes more for each, and so does handing each to a pool of threads. Where there are thousands, `signature-thread.ts` does it beside.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Verifier } from '@bellwether/evidence';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** RFC 5480: the same before an uncompressed point of P-256. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

/** Keys that were read are kept: a state has a few hundred of them. */
const MOST_KEYS = 1_024;

/** Kinds of signatures that Node has. */
export type NodeKind = 'ed25519' | 'p256';

/** Whether a signature is right; false for whatever is no good. */
export type CheckSignature = (
  kind: NodeKind,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** Checks signatures, and keeps the keys that it reads. */
export function signatureChecker(): CheckSignature {
  const keys = new Map<string, KeyObject | null>();

  function keyOf(head: Buffer, publicKey: Uint8Array): KeyObject | null {
    const name = Buffer.from(publicKey).toString('latin1');
    const known = keys.get(name);
    if (known !== undefined) return known;
    if (keys.size >= MOST_KEYS) keys.clear();
    const made = readKey(Buffer.concat([head, publicKey]));
    keys.set(name, made);
    return made;
  }

  return (kind, publicKey, message, signature) => {
    const isEd25519 = kind === 'ed25519';
    if (publicKey.length !== (isEd25519 ? 32 : 65)) return false;
    // An uncompressed point begins with 4 (SEC 1, 2.3.3); OpenSSL takes the hybrid form of the same point too.
    if (!isEd25519 && publicKey[0] !== 4) return false;
    const key = keyOf(isEd25519 ? ED25519_SPKI : P256_SPKI, publicKey);
    if (key === null) return false;
    try {
      return verify(isEd25519 ? null : 'sha256', message, key, signature);
    } catch {
      return false; // a signature in no form
    }
  };
}

/** The verifier. No signature of ML-DSA-44 is right: Node 20 does not have it. */
export function nodeVerifier(): Verifier {
  const check = signatureChecker();
  return {
    ed25519: async (publicKey, message, signature) => check('ed25519', publicKey, message, signature),
    p256: async (publicKey, message, signature) => check('p256', publicKey, message, signature),
    mlDsa44: async () => false,
  };
}

function readKey(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return null; // no point of the curve
  }
}
