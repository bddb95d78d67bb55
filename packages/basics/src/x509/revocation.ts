/**
 * Certificate revocation lists: RFC 5280, 5, version 2.
 *
 *     body  SEQUENCE {
 *       INTEGER 1                                              version 2
 *       SEQUENCE { OID ecdsa-with-SHA256 }
 *       Name                                                   issuer
 *       Time, Time                                             this update, next update
 *       SEQUENCE { SEQUENCE { INTEGER serial, Time } ... }     left out if there is none
 *       [0] { extensions: authorityKeyIdentifier, cRLNumber }
 *     }
 *
 * What is parsed is written again and compared: a list in any other form is refused.
 */
import type { Result } from '../result.ts';
import { contextTag, derElement, derNumber, derSequence, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';
import type { X509Error } from './errors.ts';
import {
  derAuthorityKeyId,
  derExtensions,
  keyIdOf,
  readAuthorityKeyId,
  readExtension,
  readExtensions,
} from './extensions.ts';
import { derName, readName } from './names.ts';
import { OID } from './oids.ts';
import { ECDSA_WITH_SHA256 } from './p256.ts';
import { derSerial, readSerial } from './serials.ts';
import { checkSpelling, readAlgorithm, readSigned, signedOf } from './signed.ts';
import { derTime, readCertificateTime } from './times.ts';
import type { RevocationContent, RevocationList, Sha256, Signer } from './x509-types.ts';

/** Longest list that is read, in bytes: some 25,000 entries, where a state has a few hundred certificates. */
const MAX_LIST = 1_048_576;

/** Most entries of a list: what fits into `MAX_LIST` with serials of 128 bits. */
const MAX_REVOKED = 25_000;

const EXTENSIONS = contextTag(0, true);

/** A list, DER, signed by the key of the authority. Throws on a content that cannot be written (RangeError). */
export async function revocationListOf(
  content: RevocationContent,
  issuer: Signer,
  sha256: Sha256,
): Promise<Uint8Array> {
  return signedOf(bodyOf(content, await keyIdOf(issuer.publicKey, sha256)), issuer);
}

/** Reads a list as `revocationListOf` writes it. Whether its signature holds, `isSignedBy` tells. */
export function parseRevocationList(der: Uint8Array): Result<RevocationList, X509Error> {
  return readSigned(der, MAX_LIST, readBody).map(({ of, body, signature }) => ({ ...of, body, signature }));
}

function bodyOf(content: RevocationContent, authorityKeyId: Uint8Array): Uint8Array {
  const fault = faultOf(content);
  if (fault !== undefined) throw new RangeError(fault);
  const entries = content.revoked.map(({ serial, at }) => derSequence(derSerial(serial), derTime(at)));
  return derSequence(
    derNumber(1),
    ECDSA_WITH_SHA256,
    derName(content.issuer),
    derTime(content.thisUpdate),
    derTime(content.nextUpdate),
    ...(entries.length === 0 ? [] : [derSequence(...entries)]),
    derElement(
      EXTENSIONS,
      derExtensions([
        { oid: OID.authorityKeyIdentifier, critical: false, value: derAuthorityKeyId(authorityKeyId) },
        { oid: OID.crlNumber, critical: false, value: derNumber(content.number) },
      ]),
    ),
  );
}

type Unsigned = Pick<RevocationList, 'content' | 'authorityKeyId'>;

function readBody(reader: DerReader, body: Uint8Array): Unsigned {
  reader.exactly(derNumber(1), 'another version than 2');
  readAlgorithm(reader);
  const issuer = readName(reader);
  const thisUpdate = readCertificateTime(reader);
  const nextUpdate = readCertificateTime(reader);
  const revoked = reader.next(TAG.sequence)
    ? reader.inside(TAG.sequence, (list) => list.each(MAX_REVOKED, readEntry))
    : [];
  const extensions = reader.inside(EXTENSIONS, readExtensions);

  function extension<T>(oid: string, read: (value: DerReader) => T, missing: T): T {
    return readExtension(reader, extensions, oid, read, missing);
  }
  const authorityKeyId = extension(OID.authorityKeyIdentifier, readAuthorityKeyId, new Uint8Array(0));
  const number = extension(OID.crlNumber, (value) => value.number(), 0);

  const content = { issuer, number, thisUpdate, nextUpdate, revoked };
  checkSpelling(
    reader,
    body,
    () => faultOf(content),
    () => bodyOf(content, authorityKeyId),
  );
  return { content, authorityKeyId };
}

function readEntry(reader: DerReader): RevocationContent['revoked'][number] {
  return reader.inside(TAG.sequence, (parts) => ({
    serial: readSerial(parts),
    at: readCertificateTime(parts),
  }));
}

function faultOf({ issuer, thisUpdate, nextUpdate, revoked }: RevocationContent): string | undefined {
  if (issuer === '') return 'nobody issues it';
  if (!(thisUpdate <= nextUpdate)) return 'it ends before it begins';
  if (revoked.length > MAX_REVOKED) return `more than ${MAX_REVOKED} entries`;
  const serials = new Set(revoked.map(({ serial }) => String(derSerial(serial))));
  return serials.size === revoked.length ? undefined : 'a certificate comes twice';
}
