/**
 * Extensions of certificates and lists (RFC 5280, 4.2):
 *
 *     SEQUENCE { SEQUENCE { OID, critical BOOLEAN DEFAULT FALSE, OCTET STRING with DER in it } ... }
 *
 * and the two that both have: which key it is, and whose key signed it.
 */
import { contextTag, derElement, derOctets, derOid, derSequence, derTrue, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';
import { pointOf } from './p256.ts';
import type { Sha256 } from './x509-types.ts';

/** Most extensions that are read: we write six, others ask for eight. */
const MAX_EXTENSIONS = 16;

/** Bytes of a key identifier: 160 bits are enough to tell keys apart (RFC 7093). */
export const KEY_ID_BYTES = 20;

const KEY_ID = contextTag(0, false);

/** One extension. */
export type Extension = { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array };

/** A list of extensions, in this order. */
export function derExtensions(extensions: readonly Extension[]): Uint8Array {
  return derSequence(
    ...extensions.map(({ oid, critical, value }) =>
      derSequence(derOid(oid), ...(critical ? [derTrue()] : []), derOctets(value)),
    ),
  );
}

/** Reads extensions; none of them comes twice. */
export function readExtensions(reader: DerReader): Extension[] {
  const extensions = reader.inside(TAG.sequence, (list) =>
    list.each(MAX_EXTENSIONS, (one) =>
      one.inside(TAG.sequence, (parts) => ({
        oid: parts.oid(),
        critical: parts.flag(),
        value: parts.content(TAG.octetString),
      })),
    ),
  );
  if (extensions.length === 0) reader.fail('an empty list of extensions');
  if (new Set(extensions.map(({ oid }) => oid)).size < extensions.length)
    reader.fail('an extension comes twice');
  return extensions;
}

/** What `read` makes of the extension with this identifier; `missing` if there is none. */
export function readExtension<T>(
  reader: DerReader,
  extensions: readonly Extension[],
  oid: string,
  read: (value: DerReader) => T,
  missing: T,
): T {
  const found = extensions.find((extension) => extension.oid === oid);
  return found === undefined ? missing : reader.within(found.value, read);
}

/** Identifier of a key: the first 160 bits of the SHA-256 of its point (RFC 7093, 2, method 1). */
export async function keyIdOf(publicKey: Uint8Array, sha256: Sha256): Promise<Uint8Array> {
  return (await sha256(pointOf(publicKey))).slice(0, KEY_ID_BYTES);
}

/** SubjectKeyIdentifier: which key a certificate is about. */
export function derSubjectKeyId(id: Uint8Array): Uint8Array {
  return derOctets(id);
}

/** AuthorityKeyIdentifier: whose key signed, by its identifier alone. */
export function derAuthorityKeyId(id: Uint8Array): Uint8Array {
  return derSequence(derElement(KEY_ID, id));
}

/** Reads a SubjectKeyIdentifier. */
export function readSubjectKeyId(reader: DerReader): Uint8Array {
  return checkedKeyId(reader, reader.content(TAG.octetString));
}

/** Reads an AuthorityKeyIdentifier. */
export function readAuthorityKeyId(reader: DerReader): Uint8Array {
  return checkedKeyId(
    reader,
    reader.inside(TAG.sequence, (parts) => parts.content(KEY_ID)),
  );
}

function checkedKeyId(reader: DerReader, id: Uint8Array): Uint8Array {
  if (id.length !== KEY_ID_BYTES) reader.fail(`a key identifier that has not ${KEY_ID_BYTES} bytes`);
  return id;
}
