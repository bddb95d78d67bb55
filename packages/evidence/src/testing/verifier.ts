/** Keys, signers and checks for tests: node:crypto for Ed25519, @noble/post-quantum for ML-DSA-44. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import type { NoteSigner } from '../cosignature.ts';
import { KeyKind, noteKey } from '../signed-note.ts';
import type { Verifier } from '../verifier.ts';
import { wasmSha256Hasher } from '../wasm-sha256.ts';

export const hasher = wasmSha256Hasher()!;

/** RFC 8410: what stands before the 32 bytes of a key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
/** RFC 5480: the same for a point of P-256. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export const nodeVerifier: Verifier = {
  async ed25519(publicKey, message, signature) {
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
  async p256(publicKey, message, signature) {
    // The hybrid form of a point is another key, though OpenSSL takes it.
    if (publicKey[0] !== 4) return false;
    try {
      const key = createPublicKey({
        key: Buffer.concat([P256_SPKI, publicKey]),
        format: 'der',
        type: 'spki',
      });
      return verify('sha256', message, key, signature);
    } catch {
      return false;
    }
  },
  async mlDsa44(publicKey, message, signature) {
    try {
      return ml_dsa44.verify(signature, message, publicKey);
    } catch {
      return false;
    }
  },
};

/** A signer whose key is made of one byte. */
export function testSigner(name: string, kind: KeyKind, seed: number): NoteSigner {
  const secret = new Uint8Array(32).fill(seed);
  if (kind === KeyKind.mlDsa44) {
    const { publicKey, secretKey } = ml_dsa44.keygen(secret);
    return {
      key: noteKey(hasher, name, kind, publicKey),
      sign: async (message) => ml_dsa44.sign(message, secretKey),
    };
  }
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  return {
    key: noteKey(hasher, name, kind, Uint8Array.from(publicKey)),
    sign: async (message) => Uint8Array.from(sign(null, message, key)),
  };
}
