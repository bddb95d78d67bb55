/**
 * Names in certificates: RFC 5280, 4.1.2.4 (who issues, who is meant) and 4.2.1.6 (alternative names).
 *
 *     Name          SEQUENCE { SET { SEQUENCE { OID commonName, UTF8String } } }       or an empty SEQUENCE
 *     GeneralNames  SEQUENCE { [2] DNS name | [6] URI | [7] address, 4 or 16 bytes ... }
 *
 * We write a common name and nothing else. Requests of others may have more in their names: it is passed over.
 */
import { contextTag, derElement, derOid, derSequence, derText, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';
import { OID } from './oids.ts';
import type { AlternativeName } from './x509-types.ts';

/** Most alternative names in one certificate: a hub has one, an agent three. */
export const MAX_NAMES = 32;

/** Most attributes in the name of a request: country, state, place, office, unit, common name, and some to spare. */
const MAX_ATTRIBUTES = 16;

/** Longest common name, in characters (RFC 5280, ub-common-name). */
export const MAX_COMMON_NAME = 64;

/** Longest URI in a certificate, in characters: ours say who an office is, and need fifty. */
const MAX_URI = 512;

const DNS = contextTag(2, false);
const URI = contextTag(6, false);
const IP = contextTag(7, false);

/** Whether a text can be a common name: 1 to 64 characters, none of which is invisible. */
export function isCommonName(text: string): boolean {
  return (
    text !== '' && [...text].length <= MAX_COMMON_NAME && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
  );
}

/** Whether a text is the name of a machine (RFC 1123, 2.1) without wildcards: letters, digits, hyphens and dots. */
export function isDnsName(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label)) &&
    // Or an address would pass for a name.
    !/(?:^|\.)\d+$/.test(text)
  );
}

/** A name: its common name alone, or nothing. Throws if it is no common name. */
export function derName(commonName: string): Uint8Array {
  if (commonName === '') return derSequence();
  if (!isCommonName(commonName)) throw new RangeError('no common name: empty, too long, or not to be seen');
  const attribute = derSequence(derOid(OID.commonName), derText(TAG.utf8String, commonName));
  return derSequence(derElement(TAG.set, attribute));
}

/** Reads a name: the common name in it, which is the only one, or nothing. */
export function readName(reader: DerReader): string {
  const found = reader.inside(TAG.sequence, (parts) =>
    parts.each(MAX_ATTRIBUTES, (part) =>
      part.inside(TAG.set, (set) => set.inside(TAG.sequence, readAttribute)),
    ),
  );
  const [name = '', ...more] = found.filter((value) => value !== undefined);
  if (more.length > 0) reader.fail('more than one common name', 'X509_UNSUPPORTED');
  return name;
}

function readAttribute(reader: DerReader): string | undefined {
  const kind = reader.oid();
  const text = readString(reader);
  if (kind !== OID.commonName) return undefined;
  if (!isCommonName(text)) reader.fail('a common name that is empty, too long, or not to be seen');
  return text;
}

function readString(reader: DerReader): string {
  if (reader.next(TAG.utf8String)) return reader.text(TAG.utf8String);
  if (reader.next(TAG.printableString)) {
    const text = reader.text(TAG.printableString);
    if (!/^[A-Za-z0-9 '()+,./:=?-]*$/.test(text))
      reader.fail('a character that has no place in a PrintableString');
    return text;
  }
  if (reader.next(TAG.ia5String)) return readAscii(reader, TAG.ia5String);
  reader.fail('a name in another kind of string than UTF-8 or ASCII', 'X509_UNSUPPORTED');
  return '';
}

/** Alternative names. Throws if there are none or too many, or if one is not what it says. */
export function derAlternativeNames(names: readonly AlternativeName[]): Uint8Array {
  if (names.length === 0 || names.length > MAX_NAMES)
    throw new RangeError(`${names.length} alternative names`);
  return derSequence(
    ...names.map((name) => {
      const fault = faultOf(name);
      if (fault !== undefined) throw new RangeError(fault);
      if ('dns' in name) return derText(DNS, name.dns);
      return 'uri' in name ? derText(URI, name.uri) : derElement(IP, name.ip);
    }),
  );
}

/** Reads alternative names: one at least. */
export function readAlternativeNames(reader: DerReader): AlternativeName[] {
  const names = reader.inside(TAG.sequence, (list) => list.each(MAX_NAMES, readAlternativeName));
  if (names.length === 0) reader.fail('an empty list of names');
  return names;
}

function readAlternativeName(reader: DerReader): AlternativeName {
  const name = readKind(reader);
  const fault = faultOf(name);
  if (fault !== undefined) reader.fail(fault);
  return name;
}

function readKind(reader: DerReader): AlternativeName {
  if (reader.next(DNS)) return { dns: readAscii(reader, DNS) };
  if (reader.next(URI)) return { uri: readAscii(reader, URI) };
  if (reader.next(IP)) return { ip: reader.content(IP).slice() };
  reader.fail('a name that is no DNS name, URI or address', 'X509_UNSUPPORTED');
  return { dns: '' };
}

function readAscii(reader: DerReader, tag: number): string {
  const text = reader.text(tag);
  if (!/^[\x00-\x7f]*$/.test(text)) reader.fail('a character that is not of ASCII');
  return text;
}

function faultOf(name: AlternativeName): string | undefined {
  if ('dns' in name) return isDnsName(name.dns) ? undefined : 'a DNS name that is none';
  if ('ip' in name)
    return name.ip.length === 4 || name.ip.length === 16 ? undefined : 'an address that is none';
  const fine = name.uri.length <= MAX_URI && /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(name.uri);
  return fine ? undefined : 'a URI that is none';
}
