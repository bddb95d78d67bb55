/**
 * JSON that is taken in one form only: bounded, in its canonical spelling (RFC 8785), with the members that it has to have
 * and no others. What is taken therefore has one spelling, and its hash is the hash of what it says.
 */
import { canonicalJson, err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeText, encodeText } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';

/** Looks at a value: null where it is right, or what is wrong and where. */
export type Shape = (value: unknown, at: string) => string | null;

/** The bytes of a value that is JSON. Throws on one that is not: a defect of ours. */
export function canonicalBytes(value: unknown): Uint8Array {
  return encodeText(canonicalJson(value).okOrThrow());
}

/** Reads canonical JSON of at most `most` bytes; what it holds is looked at by a shape. */
export function readCanonical(bytes: Uint8Array, most: number): Result<unknown, RollsError> {
  if (bytes.length > most) return malformed(`longer than ${most} bytes`);
  const text = decodeText(bytes);
  if (text === undefined) return malformed('not in UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('no JSON');
  }
  if (isPlainlyCanonical(value, text)) return ok(value);
  const spelled = canonicalJson(value);
  return spelled.isOk() && spelled.value === text ? ok(value) : malformed('not in its one spelling');
}

/** Longest text, and deepest value, whose spelling is looked at the quick way: an entry of the log, and more than it nests. */
const QUICK = { length: 65_536, depth: 8 } as const;

/**
 * Whether a text is canonical where that is told quickly: `JSON.stringify` spells numbers and texts as RFC 8785 does, but does not sort
 * members, and lets halves of characters pass, which stand in a text as escapes. False: it has to be looked at more closely.
 */
function isPlainlyCanonical(value: unknown, text: string): boolean {
  return (
    text.length <= QUICK.length &&
    !text.includes('\\u') &&
    hasSortedMembers(value, QUICK.depth) &&
    JSON.stringify(value) === text
  );
}

function hasSortedMembers(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((member) => hasSortedMembers(member, depth - 1));
  let before: string | null = null;
  for (const [name, member] of Object.entries(value)) {
    if ((before !== null && name <= before) || !hasSortedMembers(member, depth - 1)) return false;
    before = name;
  }
  return true;
}

/** An entry, or a document, that is not in its form. */
export function malformed(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_ENTRY_MALFORMED', detail });
}

/** An object with these members; those whose name ends in `?` may be missing. */
export function members(shapes: Readonly<Record<string, Shape>>): Shape {
  const known = Object.entries(shapes).map(([name, shape]) => {
    return { name: name.replace(/\?$/, ''), isOptional: name.endsWith('?'), shape };
  });
  const names = new Set(known.map(({ name }) => name));
  return (value, at) => {
    if (!isObject(value)) return `${at} is no object`;
    const stranger = Object.keys(value).find((name) => !names.has(name));
    if (stranger !== undefined) return `${at} has a member that is not known: ${stranger.slice(0, 40)}`;
    for (const { name, isOptional, shape } of known) {
      if (!Object.hasOwn(value, name)) {
        if (isOptional) continue;
        return `${at} misses ${name}`;
      }
      const problem = shape(value[name], `${at}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** An object of at most `most` members of one shape, whose names fit a pattern. */
export function table(name: RegExp, most: number, shape: Shape): Shape {
  return (value, at) => {
    if (!isObject(value)) return `${at} is no object`;
    const entries = Object.entries(value);
    if (entries.length > most) return `${at} has more than ${most} members`;
    for (const [key, member] of entries) {
      if (!name.test(key)) return `${at} has a member of another kind of name: ${key.slice(0, 40)}`;
      const problem = shape(member, `${at}.${key}`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** A list of `least` to `most` values of one shape. */
export function list(least: number, most: number, shape: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} is no list`;
    if (value.length < least || value.length > most) return `${at} has ${value.length} members`;
    for (const [index, member] of value.entries()) {
      const problem = shape(member, `${at}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** A text that fits a pattern, which bounds its length. */
export function text(pattern: RegExp): Shape {
  return (value, at) =>
    typeof value === 'string' && pattern.test(value) ? null : `${at} is not in its form`;
}

/** A text of at most `most` UTF-16 units. */
export function longText(most: number): Shape {
  return (value, at) =>
    typeof value === 'string' && value.length <= most ? null : `${at} is no text of at most ${most}`;
}

/** One of these. */
export function oneOf(values: readonly (string | number | boolean | null)[]): Shape {
  return (value, at) => (values.some((known) => known === value) ? null : `${at} is none of what it can be`);
}

/** A whole number within bounds, both included. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Shape {
  return (value, at) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? null
      : `${at} is no whole number from ${least} to ${most}`;
}

/** A number within bounds, both included. */
export function numberWithin(least: number, most: number): Shape {
  return (value, at) =>
    typeof value === 'number' && value >= least && value <= most
      ? null
      : `${at} is no number from ${least} to ${most}`;
}

/** Base64 of `least` to `most` bytes. */
export function base64(least: number, most: number = least): Shape {
  return (value, at) => {
    if (typeof value !== 'string' || value.length > Math.ceil(most / 3) * 4) return `${at} is no base64`;
    const bytes = decodeBase64(value);
    return bytes !== undefined && bytes.length >= least && bytes.length <= most
      ? null
      : `${at} is no base64 of ${least === most ? least : `${least} to ${most}`} bytes`;
  };
}

/** A day of the calendar, YYYY-MM-DD. */
export const day: Shape = (value, at) =>
  typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) && isDay(value)
    ? null
    : `${at} is no day`;

/** A minute, YYYY-MM-DDTHH:MMZ. */
export const minute: Shape = (value, at) =>
  typeof value === 'string' && minuteOf(value) !== undefined ? null : `${at} is no time to the minute`;

/** Milliseconds since 1970 of YYYY-MM-DDTHH:MMZ; undefined for anything else. */
export function minuteOf(spelled: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]Z$/.test(spelled)) return undefined;
  return isDay(spelled.slice(0, 10)) ? Date.parse(spelled) : undefined;
}

/** The minute that a time (milliseconds since 1970) is in. */
export function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** `Date.parse` takes the 30th of February for the 1st or 2nd of March. */
function isDay(spelled: string): boolean {
  const time = Date.parse(`${spelled}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).getUTCDate() === Number(spelled.slice(8));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
