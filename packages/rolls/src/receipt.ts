/**
 * What a voter holds in the hand: 145 bytes, in a code that a camera reads or as letters to type. It opens the public group of
 * one version of one record and nothing else.
 *
 *     0x01 ‖ first 8 bytes of H(origin) ‖ handle (32) ‖ u32 version ‖ opening public (32)
 *          ‖ commitment identity (32) ‖ commitment administrative (32) ‖ first 4 bytes of H(all before)
 *
 * To type: base32 (RFC 4648, section 6, but the alphabet of Crockford's, in which no two letters look alike) in lines of five groups of five. The last
 * letter of a line is a check on the others: it is told at once which line was mistyped.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { concat, encodeText, HASH_SIZE, type Hasher, isSame } from '@bellwether/evidence';
import { commitment, recordLeaf, u32 } from './commitment.ts';
import type { RollsError } from './errors.ts';
import { HANDLE_SIZE } from './rolls-types.ts';

/** Bytes of a receipt: a code for a camera of this size is read by any telephone. */
export const RECEIPT_BYTES = 145;

/** The only form so far. */
const MARK = 0x01;

/** Bytes of the hash of an origin: enough to tell fifty states apart, and nobody can gain by a clash. */
const ORIGIN_BYTES = 8;

/** Bytes of the check at the end. */
const CHECK_BYTES = 4;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 5;
const GROUPS_A_LINE = 5;

/** Letters of a line that stand for bytes; one more is the check. */
const LINE = GROUP * GROUPS_A_LINE - 1;

/** What is read of somebody's typing: letters, with as many separators again. */
const MOST_TYPED = 2_000;

/** What a receipt tells. */
export type Receipt = {
  /** First 8 bytes of H(origin of the log). */
  readonly origin: Uint8Array;
  readonly handle: Uint8Array;
  readonly version: number;
  readonly opening: Uint8Array;
  readonly identity: Uint8Array;
  readonly administrative: Uint8Array;
};

/** The first bytes of H(origin), as a receipt has them. */
export function receiptOrigin(hasher: Hasher, origin: string): Uint8Array {
  return hashOf(hasher, encodeText(origin)).slice(0, ORIGIN_BYTES);
}

/** The 145 bytes. */
export function formatReceipt(hasher: Hasher, receipt: Receipt): Uint8Array {
  const { origin, handle, version, opening, identity, administrative } = receipt;
  const body = concat(Uint8Array.of(MARK), origin, handle, u32(version), opening, identity, administrative);
  if (body.length !== RECEIPT_BYTES - CHECK_BYTES)
    throw new RangeError('a part of the receipt has another size');
  return concat(body, hashOf(hasher, body).subarray(0, CHECK_BYTES));
}

/** Reads the 145 bytes. */
export function parseReceipt(hasher: Hasher, bytes: Uint8Array): Result<Receipt, RollsError> {
  if (bytes.length !== RECEIPT_BYTES) return noReceipt(`it has ${bytes.length} bytes, not ${RECEIPT_BYTES}`);
  const body = bytes.slice(0, RECEIPT_BYTES - CHECK_BYTES);
  if (body[0] !== MARK) return noReceipt('it is of a form that is not known here');
  if (!isSame(hashOf(hasher, body).subarray(0, CHECK_BYTES), bytes.subarray(RECEIPT_BYTES - CHECK_BYTES))) {
    return noReceipt('its check does not fit: a part of it was misread');
  }
  let at = 1;
  const next = (size: number): Uint8Array => {
    at += size;
    return body.slice(at - size, at);
  };
  const origin = next(ORIGIN_BYTES);
  const handle = next(HANDLE_SIZE);
  const version = new DataView(next(4).buffer).getUint32(0);
  if (version === 0) return noReceipt('versions begin at 1');
  const [opening, identity, administrative] = [next(HASH_SIZE), next(HASH_SIZE), next(HASH_SIZE)];
  return ok({ origin, handle, version, opening, identity, administrative });
}

/** The receipt to be typed: lines of five groups of five. */
export function typedReceipt(bytes: Uint8Array): string {
  const letters = base32(bytes);
  const lines: string[] = [];
  for (let at = 0; at < letters.length; at += LINE) {
    const line = letters.slice(at, at + LINE);
    lines.push(((line + checkLetter(line, lines.length)).match(/.{1,5}/g) ?? []).join(' '));
  }
  return lines.join('\n');
}

/** What somebody typed, as bytes. Small letters, blanks, hyphens and the letters I, L, O are taken as what they were meant to be. */
export function readTyped(text: string): Result<Uint8Array, RollsError> {
  if (text.length > MOST_TYPED) return noReceipt('it is longer than any receipt');
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const wanted = Math.ceil((RECEIPT_BYTES * 8) / 5);
  const lines = Math.ceil(wanted / LINE);
  if (typed.length !== wanted + lines)
    return noReceipt(`${typed.length} letters were typed, and it has ${wanted + lines}`);
  let letters = '';
  for (let line = 0, at = 0; line < lines; line++) {
    const length = Math.min(LINE, wanted - letters.length);
    const some = typed.slice(at, at + length);
    if ([...some].some((letter) => !ALPHABET.includes(letter)))
      return noReceipt(`line ${line + 1} has a letter that is in none`);
    if (typed[at + length] !== checkLetter(some, line)) return noReceipt(`line ${line + 1} was mistyped`);
    letters += some;
    at += length + 1;
  }
  const bytes = fromBase32(letters);
  return bytes === undefined ? noReceipt('its last letter is another one') : ok(bytes);
}

/**
 * The record leaf that a receipt stands for, given the canonical public fields of the record (`canonicalFields`): it has to
 * be the one in the state.
 */
export function leafOfReceipt(hasher: Hasher, receipt: Receipt, publicFields: Uint8Array): Uint8Array {
  const { opening, version, identity, administrative } = receipt;
  const shown = commitment(hasher, opening, 'public', version, publicFields);
  return recordLeaf(hasher, version, [shown, identity, administrative]);
}

/** A letter that depends on each letter of the line, on its place, and on which line it is. */
function checkLetter(line: string, number: number): string {
  // Weights that are odd have an inverse modulo 32: no change of one letter goes unseen; neighbours that changed places neither,
  // but for those that differ by 16.
  let sum = number + 1;
  for (const [i, letter] of [...line].entries()) sum += ALPHABET.indexOf(letter) * (2 * i + 1);
  return ALPHABET[sum % 32]!;
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let word = 0;
  let bits = 0;
  for (const byte of bytes) {
    word = (word << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(word >> bits) & 31]!;
    }
    word &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(word << (5 - bits)) & 31]!;
}

function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    word = (word << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = word >> bits;
    word &= (1 << bits) - 1;
  }
  // Bits that no byte takes have to be zero, or two texts would be one receipt.
  return word === 0 ? bytes : undefined;
}

function hashOf(hasher: Hasher, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hash(bytes, out, 0);
  return out;
}

function noReceipt(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_RECEIPT_MALFORMED', detail });
}
