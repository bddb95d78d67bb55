/**
 * Checks signatures by Web Crypto, which browsers and Node have alike. ML-DSA-44 is in neither yet: whoever wants it brings
 * it along.
 */
import { concat } from './bytes.ts';
import type { Verifier } from './verifier.ts';

/** What is used of `SubtleCrypto` (W3C Web Cryptography API; Ed25519 as in Secure Curves in it). */
export type Subtle = {
  importKey(
    format: 'raw',
    key: Uint8Array<ArrayBuffer>,
    algorithm: { readonly name: string; readonly namedCurve?: string },
    extractable: boolean,
    usages: ['verify'],
  ): Promise<unknown>;
  verify(
    algorithm: { readonly name: string; readonly hash?: string },
    key: unknown,
    signature: Uint8Array<ArrayBuffer>,
    message: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
};

/** Bytes of one number of a P-256 signature. */
const P256_NUMBER = 32;

/** Keys that were imported are kept: a year of a state has tens of thousands of signatures of a few hundred keys. */
const MOST_KEYS = 1_024;

/** The verifier. Without `mlDsa44`, no signature of that kind is right. */
export function webVerifier(subtle: Subtle, mlDsa44?: Verifier['mlDsa44']): Verifier {
  const keys = new Map<string, Promise<unknown>>();

  function imported(
    algorithm: { name: string; namedCurve?: string },
    publicKey: Uint8Array,
  ): Promise<unknown> {
    const name = `${algorithm.name} ${publicKey.join()}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    if (keys.size >= MOST_KEYS) keys.clear();
    const made = subtle.importKey('raw', owned(publicKey), algorithm, false, ['verify']);
    keys.set(name, made);
    return made;
  }

  return {
    async ed25519(publicKey, message, signature) {
      try {
        const key = await imported({ name: 'Ed25519' }, publicKey);
        return await subtle.verify({ name: 'Ed25519' }, key, owned(signature), owned(message));
      } catch {
        return false;
      }
    },
    async p256(publicKey, message, signature) {
      const pair = pairOf(signature);
      if (pair === undefined || publicKey[0] !== UNCOMPRESSED) return false;
      try {
        const key = await imported({ name: 'ECDSA', namedCurve: 'P-256' }, publicKey);
        return await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, pair, owned(message));
      } catch {
        return false;
      }
    },
    mlDsa44: mlDsa44 ?? (() => Promise.resolve(false)),
  };
}

/** An uncompressed point begins with it (SEC 1, 2.3.3); OpenSSL takes the hybrid form of the same point too, which is another key to us. */
const UNCOMPRESSED = 4;

/** Web Crypto takes no view of shared memory. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** A signature in DER (SEC 1, C.5: a sequence of two integers) as the two numbers, each of 32 bytes; undefined if it is none. */
function pairOf(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const r = integerAt(der, 2);
  const s = r === undefined ? undefined : integerAt(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  return owned(concat(r.number, s.number));
}

/** A positive integer in its shortest form, padded to 32 bytes, and where it ends. */
function integerAt(der: Uint8Array, at: number): { number: Uint8Array; end: number } | undefined {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length < 1 || length > P256_NUMBER + 1) return undefined;
  const end = at + 2 + length;
  if (end > der.length || der[at + 2]! >= 0x80) return undefined;
  // A leading zero is there only where the number would be negative without it.
  const padded = der[at + 2] === 0;
  if (padded && (length === 1 || der[at + 3]! < 0x80)) return undefined;
  const digits = der.subarray(at + (padded ? 3 : 2), end);
  if (digits.length > P256_NUMBER) return undefined;
  const number = new Uint8Array(P256_NUMBER);
  number.set(digits, P256_NUMBER - digits.length);
  return { number, end };
}
