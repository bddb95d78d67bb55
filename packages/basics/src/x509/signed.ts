/**
 * What certificates (RFC 5280, 4.1), requests (RFC 2986, 4.2) and lists (RFC 5280, 5.1) have in common: a body, and a
 * signature over it.
 *
 *     SEQUENCE { body, SEQUENCE { OID ecdsa-with-SHA256 }, BIT STRING with the signature in it }
 */
import type { Result } from '../result.ts';
import { derBitString, derSequence, sameBytes, TAG } from './der.ts';
import { type DerReader, readDer } from './der-reader.ts';
import type { X509Error } from './errors.ts';
import { derSignatureOf, ECDSA_WITH_SHA256, readSignature } from './p256.ts';
import type { CheckSignature, Signed, Signer } from './x509-types.ts';

/** The body with a signature. */
export async function signedOf(body: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const signature = derSignatureOf(await signer.sign(body));
  return derSequence(body, ECDSA_WITH_SHA256, derBitString(signature));
}

/** Reads what is signed, `most` bytes at the most. `readBody` gets the content of the body, and the body as it stands. */
export function readSigned<T>(
  der: Uint8Array,
  most: number,
  readBody: (content: DerReader, body: Uint8Array) => T,
): Result<Signed & { readonly of: T }, X509Error> {
  return readDer(der, most, (reader) =>
    reader.inside(TAG.sequence, (parts) => {
      const body = parts.whole(TAG.sequence);
      const of = parts.within(body, (whole) =>
        whole.inside(TAG.sequence, (content) => readBody(content, body)),
      );
      readAlgorithm(parts);
      const signature = parts.within(parts.bits(), readSignature);
      return { of, body, signature };
    }),
  );
}

/** Reads which algorithm signed: there is one. */
export function readAlgorithm(reader: DerReader): void {
  reader.exactly(ECDSA_WITH_SHA256, 'signed with another algorithm than ECDSA with SHA-256');
}

/** Refuses a body that is not what we would have written for what was read of it, or whose content has this fault. */
export function checkSpelling(
  reader: DerReader,
  body: Uint8Array,
  fault: () => string | undefined,
  write: () => Uint8Array,
): void {
  // What was read with a fault may not be writable at all.
  if (!reader.fine()) return;
  const found = fault();
  if (found !== undefined) reader.fail(found);
  else if (!sameBytes(write(), body)) reader.fail('not in the one form that is used here');
}

/** Whether the signature of a certificate, request or list is that of this key (SubjectPublicKeyInfo). */
export function isSignedBy(signed: Signed, publicKey: Uint8Array, check: CheckSignature): Promise<boolean> {
  return check(publicKey, signed.body, signed.signature);
}
