/**
 * Keys and signatures of P-256 (FIPS 186-5, SP 800-186) as certificates spell them.
 *
 * A key (RFC 5480), 91 bytes, with its point uncompressed:
 *
 *     SEQUENCE { SEQUENCE { OID ecPublicKey, OID prime256v1 }, BIT STRING 04 x y }
 *
 * A signature (RFC 3279, 2.2.3): SEQUENCE { INTEGER r, INTEGER s }. Web Crypto and we pass r and s, 32 bytes each.
 */
import {
  derBitString,
  derInteger,
  derOid,
  derSequence,
  joinBytes,
  leastBytes,
  sameBytes,
  TAG,
} from './der.ts';
import type { DerReader } from './der-reader.ts';
import { OID } from './oids.ts';

/** Bytes of a coordinate, and of each half of a signature. */
const SIZE = 32;

/** The curve: y² = x³ - 3x + b, modulo p. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Order of the curve: r and s are below it. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const ALGORITHM = derSequence(derOid(OID.ecPublicKey), derOid(OID.prime256v1));

/** AlgorithmIdentifier of our signatures (RFC 5758): it has no parameters. */
export const ECDSA_WITH_SHA256 = derSequence(derOid(OID.ecdsaWithSha256));

/** Whether this is a key of P-256 as we write them: its point is on the curve. */
export function isPublicKey(key: Uint8Array): boolean {
  const point = key.subarray(-2 * SIZE);
  if (!sameBytes(key, publicKeyOf(point))) return false;
  const x = numberOf(point.subarray(0, SIZE));
  const y = numberOf(point.subarray(SIZE));
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

/** The content of a key's BIT STRING: what identifiers of keys are made from. */
export function pointOf(publicKey: Uint8Array): Uint8Array {
  return publicKey.subarray(-2 * SIZE - 1);
}

/** Reads a key. Others than those of P-256 are a fault. */
export function readPublicKey(reader: DerReader): Uint8Array {
  const key = reader.whole(TAG.sequence);
  if (!isPublicKey(key)) reader.fail('the key is none on the curve P-256', 'X509_UNSUPPORTED');
  return key;
}

/** From r and s, 32 bytes each, to DER. Throws if they have another length. */
export function derSignatureOf(signature: Uint8Array): Uint8Array {
  if (signature.length !== 2 * SIZE) throw new RangeError(`a signature of ${signature.length} bytes`);
  return derSequence(derInteger(signature.subarray(0, SIZE)), derInteger(signature.subarray(SIZE)));
}

/** Reads a signature, from DER to r and s. */
export function readSignature(reader: DerReader): Uint8Array {
  return reader.inside(TAG.sequence, (halves) => joinBytes(readHalf(halves), readHalf(halves)));
}

function readHalf(reader: DerReader): Uint8Array {
  const magnitude = reader.integer();
  const value = numberOf(magnitude);
  if (value === 0n || value >= N) reader.fail('a signature that is none on the curve P-256');
  const half = new Uint8Array(SIZE);
  if (magnitude.length <= SIZE) half.set(magnitude, SIZE - magnitude.length);
  return half;
}

function publicKeyOf(coordinates: Uint8Array): Uint8Array {
  return derSequence(ALGORITHM, derBitString(joinBytes(Uint8Array.of(4), coordinates)));
}

function numberOf(bytes: Uint8Array): bigint {
  return leastBytes(bytes).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}
