/**
 * Textual encodings, RFC 7468, as its section 3 has them for who writes ("stricttextualmsg"):
 *
 *     -----BEGIN CERTIFICATE-----
 *     64 characters of base64 on each line but the last
 *     -----END CERTIFICATE-----
 *
 * Nothing stands before, between or behind the blocks. Lines end in LF, or all of them in CRLF, as some mail programs
 * and editors leave them.
 */
import { err, ok, type Result } from '../result.ts';
import type { X509Error } from './errors.ts';

/** What a block holds, as we use them. */
export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY';

/** Longest text that is looked at, in characters: a list of 1 MiB, and its line ends. */
const MAX_TEXT = 1_500_000;

/** Most blocks in one text: chains of certificates have three or four. */
const MAX_BLOCKS = 16;

/** Characters on a line, by the RFC. */
const LINE = 64;

/** Bytes that are turned into characters at a time: `String.fromCharCode` takes no array of any length. */
const CHUNK = 4_096;

/** One block of text, with a line end at its end. */
export function pemOf(label: PemLabel, der: Uint8Array): string {
  const base64 = base64Of(der);
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += LINE) lines.push(base64.slice(at, at + LINE));
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** What the blocks of a text hold: one at least, all of them with this label. Takes only what `pemOf` writes. */
export function decodePem(text: string, label: PemLabel): Result<readonly Uint8Array[], X509Error> {
  if (text.length > MAX_TEXT) return malformed('the text is too long');
  const lines = text.includes('\r') ? text.split('\r\n') : text.split('\n');
  if (lines.pop() !== '') return malformed('the text does not end with a line end');
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < lines.length; ) {
    if (blocks.length === MAX_BLOCKS) return malformed(`more than ${MAX_BLOCKS} blocks`);
    if (lines[at] !== `-----BEGIN ${label}-----`)
      return malformed(`no block of ${label} begins at line ${at + 1}`);
    const end = lines.indexOf(`-----END ${label}-----`, at);
    if (end === -1) return malformed(`the block at line ${at + 1} has no end`);
    const der = bytesOf(lines.slice(at + 1, end));
    if (der === undefined) return malformed(`the block at line ${at + 1} is not in its one spelling`);
    blocks.push(der);
    at = end + 1;
  }
  return blocks.length > 0 ? ok(blocks) : malformed('there is no block');
}

function bytesOf(lines: readonly string[]): Uint8Array | undefined {
  const last = lines.at(-1);
  if (last === undefined || last.length === 0 || last.length > LINE) return undefined;
  if (lines.slice(0, -1).some(({ length }) => length !== LINE)) return undefined;
  const base64 = lines.join('');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // The last character may hold bits that belong to no byte: they are zero, or two texts would say the same.
  return base64Of(der) === base64 ? der : undefined;
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

function malformed(detail: string): Result<never, X509Error> {
  return err({ code: 'X509_MALFORMED', detail });
}
