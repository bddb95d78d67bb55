/**
 * One spelling of every value, so that the same voter is the same leaf whatever program wrote the dump.
 *
 *     text, code   Unicode NFC, white space and control characters as single spaces, trimmed, upper case by no language
 *     digits       0 to 9 of it
 *     date         YYYY-MM-DD, of YYYY-MM-DD, YYYY-M-D, M/D/YYYY and YYYYMMDD, with or without a time behind; a date that
 *                  cannot be read stays as text, and is counted
 */
import type { ValueForm } from './mapping.ts';

/** Space, and what is written as one. */
const SPACES = /[\s\p{Cc}]+/gu;

/** A part of a time behind a date: `T00:00:00Z`, ` 00:00`. */
const TIME = '(?:[T ][0-9:.]{1,15}(?: ?[AP]M)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?';
const BY_YEAR = new RegExp(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:Z|[+-][0-9]{2}:[0-9]{2})?${TIME}$`);
const BY_MONTH = new RegExp(`^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})${TIME}$`);
const CLOSED = new RegExp(`^([0-9]{4})([0-9]{2})([0-9]{2})${TIME}$`);

/** The one spelling of a value; of a date that cannot be read, `readDate` gives undefined and this the text. */
export function spelled(value: string, form: ValueForm): string {
  switch (form) {
    case 'text':
    case 'code':
      return spelledText(value);
    case 'digits':
      return value.replaceAll(/[^0-9]/g, '');
    case 'date': {
      const text = spelledText(value);
      return readDate(text) ?? text;
    }
  }
}

/**
 * Writes a value of UTF-8 in its one spelling to `out` at `at`, where bytes alone tell what that is: plain ASCII with single
 * spaces, digits, a plain day. Where it ends; -1: it takes `spelled`. What does not fit into `out` is not written, and the
 * end lies behind `out` then.
 */
export function writePlain(
  bytes: Uint8Array,
  start: number,
  end: number,
  form: ValueForm,
  out: Uint8Array,
  at: number,
): number {
  if (start === end) return at;
  if (form === 'digits') return writeDigits(bytes, start, end, out, at);
  if (form === 'date' && !isPlainDay(bytes, start, end)) return -1;
  let before = 32;
  let to = at;
  for (let i = start; i < end; i++) {
    const code = bytes[i]!;
    if (code > 126 || code < 32 || (code === 32 && before === 32)) return -1;
    out[to++] = code >= 97 && code <= 122 ? code - 32 : code;
    before = code;
  }
  return before === 32 ? -1 : to;
}

function writeDigits(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    const code = bytes[i]!;
    if (code >= 48 && code <= 57) out[to++] = code;
  }
  return to;
}

/** `isPlainDate` of bytes. */
function isPlainDay(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
  for (let i = 0; i < 10; i++) {
    const digit = bytes[start + i]! - 48;
    if (i !== 4 && i !== 7 && (digit < 0 || digit > 9)) return false;
  }
  const month = (bytes[start + 5]! - 48) * 10 + bytes[start + 6]! - 48;
  const day = (bytes[start + 8]! - 48) * 10 + bytes[start + 9]! - 48;
  return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

/** Text in its one spelling. */
export function spelledText(value: string): string {
  // Nearly every value is ASCII with single spaces: its capitals are all that is left to do.
  const kind = kindOf(value);
  if (kind === 'spelled') return value;
  if (kind === 'small-letters') return value.toUpperCase();
  // NFC again: capitals of composed letters may come apart.
  return value.normalize('NFC').replaceAll(SPACES, ' ').trim().toUpperCase().normalize('NFC');
}

/** YYYY-MM-DD of a date in `spelledText`; undefined where there is no such day. */
export function readDate(text: string): string | undefined {
  if (isPlainDate(text)) return text;
  const [, year, month, day] = BY_YEAR.exec(text) ?? CLOSED.exec(text) ?? byMonth(text);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const y = Number(year);
  const m = Number(month);
  const d = Number(day);
  return m >= 1 && m <= 12 && d >= 1 && d <= daysOf(y, m)
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : undefined;
}

function byMonth(text: string): readonly (string | undefined)[] {
  const [, month, day, year] = BY_MONTH.exec(text) ?? [];
  return [text, year, month, day];
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** What a text needs: nothing, capitals, or everything. */
function kindOf(value: string): 'spelled' | 'small-letters' | 'other' {
  let before = 32;
  let hasSmall = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 126 || code < 32 || (code === 32 && before === 32)) return 'other';
    if (code >= 97 && code <= 122) hasSmall = true;
    before = code;
  }
  if (before === 32 && value.length > 0) return 'other';
  return hasSmall ? 'small-letters' : 'spelled';
}

/** Whether it is a day in its one spelling already, and one that every month has: all others are read with care. */
function isPlainDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  for (let i = 0; i < 10; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (i !== 4 && i !== 7 && (digit < 0 || digit > 9)) return false;
  }
  const month = (text.charCodeAt(5) - 48) * 10 + text.charCodeAt(6) - 48;
  const day = (text.charCodeAt(8) - 48) * 10 + text.charCodeAt(9) - 48;
  return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}
