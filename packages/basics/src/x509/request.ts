/**
 * Requests for certificates: PKCS #10, RFC 2986.
 *
 *     body  SEQUENCE {
 *       INTEGER 0
 *       Name                                                   subject
 *       SubjectPublicKeyInfo
 *       [0] { SEQUENCE { OID, SET { value } } ... }            attributes, in the order of their bytes
 *     }
 *
 * Names beyond the subject stand in the attribute extensionRequest (RFC 2985, 5.4.2), as in a certificate. Requests come
 * from programs of others: what else they ask for is bounded and passed over, since whoever issues decides what holds.
 */
import type { Result } from '../result.ts';
import { contextTag, derElement, derNumber, derOid, derSequence, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';
import type { X509Error } from './errors.ts';
import { derExtensions, readExtension, readExtensions } from './extensions.ts';
import { derAlternativeNames, derName, readAlternativeNames, readName } from './names.ts';
import { OID } from './oids.ts';
import { readPublicKey } from './p256.ts';
import { readSigned, signedOf } from './signed.ts';
import type { AlternativeName, CertificateRequest, RequestContent, Signer } from './x509-types.ts';

/** Longest request that is read, in bytes: those of an agent have 300, one with 32 long names 20,000. */
const MAX_REQUEST = 32_768;

/** Most attributes that are read: we write one, others two or three. */
const MAX_ATTRIBUTES = 8;

const ATTRIBUTES = contextTag(0, true);

/** A request, DER, for the signer's own key. Throws on a content that cannot be written (RangeError). */
export function certificateRequestOf(
  { subject, names }: Pick<RequestContent, 'subject' | 'names'>,
  signer: Signer,
): Promise<Uint8Array> {
  const asked = names.length === 0 ? [] : [extensionRequest(names)];
  const attributes = derElement(ATTRIBUTES, ...asked);
  return signedOf(derSequence(derNumber(0), derName(subject), signer.publicKey, attributes), signer);
}

/**
 * Reads a request. Whether its sender has the key, only its signature tells: ask `isSignedBy` with the key in its
 * content, before anything is issued.
 */
export function parseCertificateRequest(der: Uint8Array): Result<CertificateRequest, X509Error> {
  return readSigned(der, MAX_REQUEST, readContent).map(({ of, body, signature }) => ({
    content: of,
    body,
    signature,
  }));
}

function extensionRequest(names: readonly AlternativeName[]): Uint8Array {
  const value = derAlternativeNames(names);
  const extensions = derExtensions([{ oid: OID.subjectAltName, critical: false, value }]);
  return derSequence(derOid(OID.extensionRequest), derElement(TAG.set, extensions));
}

function readContent(reader: DerReader): RequestContent {
  reader.exactly(derNumber(0), 'another version than 1');
  const subject = readName(reader);
  const publicKey = readPublicKey(reader).slice();
  const names = reader.inside(ATTRIBUTES, (list) => {
    let before: Uint8Array | undefined;
    return list.each(MAX_ATTRIBUTES, (next) => {
      const whole = next.whole(TAG.sequence);
      if (before !== undefined && !inOrder(before, whole)) next.fail('attributes out of order');
      before = whole;
      return next.within(whole, readAttribute);
    });
  });
  const [found = [], ...more] = names.filter((list) => list !== undefined);
  if (more.length > 0) reader.fail('extensions are asked for twice');
  return { subject, publicKey, names: found };
}

/** The names that an attribute asks for; undefined if it is another attribute. */
function readAttribute(reader: DerReader): readonly AlternativeName[] | undefined {
  return reader.inside(TAG.sequence, (parts) => {
    if (parts.oid() !== OID.extensionRequest) {
      parts.content(TAG.set);
      return undefined;
    }
    const extensions = parts.inside(TAG.set, readExtensions);
    return readExtension(parts, extensions, OID.subjectAltName, readAlternativeNames, []);
  });
}

/** Whether one element may stand before another in a SET OF (X.690, 11.6): its bytes are smaller. */
function inOrder(one: Uint8Array, other: Uint8Array): boolean {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at !== -1 && one[at]! < (other[at] ?? -1);
}
