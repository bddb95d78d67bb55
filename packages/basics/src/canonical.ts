/**
 * Canonical JSON (RFC 8785, JCS): one value has one spelling, so that its hash is the hash of the value.
 *
 *     {"numbers":[333333333.3333333,1e+30,0.002],"string":"€$\u000f\nA'B\"\\\\\"/"}
 *
 * No white space; members sorted by the UTF-16 units of their names; numbers as ECMAScript prints them (section 3.2.2.3);
 * strings with the fewest escapes (section 3.2.2.2). Strict: what JSON cannot say (I-JSON, RFC 7493) is refused, never left
 * out or rounded, since two values that differ must not get one spelling.
 */
import { err, ok, type Result } from './result.ts';

/** Bounds of a value. */
export type CanonicalBounds = {
  /** Arrays and objects within each other; a number alone has depth 0. */
  readonly depth: number;
  /** Length of the text, in UTF-16 units. */
  readonly length: number;
};

/** Deeper than any record of ours, and far from the end of any stack. */
const MOST_DEPTH = 64;

/** A megabyte: a record that is hashed, not a file. */
const MOST_LENGTH = 1024 * 1024;

/** The bounds where nothing else is said. */
export const CANONICAL_BOUNDS: CanonicalBounds = { depth: MOST_DEPTH, length: MOST_LENGTH };

/** Why a value has no canonical spelling. */
export type CanonicalFault =
  /** `undefined`, a function, a symbol, a bigint, or an object that is neither plain nor an array (a Date, a Map). */
  | 'no-json'
  /** NaN or an infinity. */
  | 'no-number'
  /** Half of a surrogate pair: no character. */
  | 'lone-surrogate'
  | 'too-deep'
  | 'too-long';

/** What is wrong, and where: `$.after.roles[2]`. */
export type CanonicalError = { readonly fault: CanonicalFault; readonly at: string };

/** The canonical spelling of a value. Circles are `too-deep`. */
export function canonicalJson(
  value: unknown,
  bounds: CanonicalBounds = CANONICAL_BOUNDS,
): Result<string, CanonicalError> {
  const writer: Writer = { text: '', bounds, path: [], fault: undefined };
  writeValue(writer, value);
  if (writer.fault !== undefined) return err({ fault: writer.fault, at: pathText(writer.path) });
  return ok(writer.text);
}

/** What is written so far. `path` leads to the value that is being written, and stays where a fault was found. */
type Writer = {
  text: string;
  readonly bounds: CanonicalBounds;
  readonly path: (string | number)[];
  fault: CanonicalFault | undefined;
};

/** Halves of surrogate pairs that stand alone: with `u`, a pair is one character, and none of these. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Each of these tells whether it was written; if not, the fault is noted. */
function writeValue(writer: Writer, value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return put(writer, String(value));
  if (typeof value === 'string') return writeString(writer, value);
  if (typeof value === 'number') {
    // JSON.stringify prints as section 3.2.2.3 asks, -0 as 0.
    return Number.isFinite(value) ? put(writer, JSON.stringify(value)) : fault(writer, 'no-number');
  }
  if (typeof value !== 'object') return fault(writer, 'no-json');
  if (writer.path.length >= writer.bounds.depth) return fault(writer, 'too-deep');
  if (Array.isArray(value)) return writeArray(writer, value);
  return isPlain(value) ? writeObject(writer, value) : fault(writer, 'no-json');
}

function writeArray(writer: Writer, items: readonly unknown[]): boolean {
  put(writer, '[');
  // By index: a hole is `undefined` here, and refused.
  for (let index = 0; index < items.length; index++) {
    if (index > 0) put(writer, ',');
    writer.path.push(index);
    if (!writeValue(writer, items[index])) return false;
    writer.path.pop();
  }
  return put(writer, ']');
}

function writeObject(writer: Writer, members: Readonly<Record<string, unknown>>): boolean {
  if (Object.getOwnPropertySymbols(members).length > 0) return fault(writer, 'no-json');
  put(writer, '{');
  // Without a rule of its own, `sort` compares UTF-16 units: the order of section 3.2.3.
  for (const [index, name] of Object.keys(members).sort().entries()) {
    if (index > 0) put(writer, ',');
    writer.path.push(name);
    if (!writeString(writer, name) || !put(writer, ':') || !writeValue(writer, members[name])) return false;
    writer.path.pop();
  }
  return put(writer, '}');
}

function writeString(writer: Writer, text: string): boolean {
  if (text.length > writer.bounds.length) return fault(writer, 'too-long');
  if (LONE_SURROGATE.test(text)) return fault(writer, 'lone-surrogate');
  // For whole characters, the escapes of JSON.stringify are those of section 3.2.2.2.
  return put(writer, JSON.stringify(text));
}

function put(writer: Writer, text: string): boolean {
  if (writer.fault !== undefined) return false;
  if (writer.text.length + text.length > writer.bounds.length) return fault(writer, 'too-long');
  writer.text += text;
  return true;
}

function fault(writer: Writer, found: CanonicalFault): false {
  writer.fault ??= found;
  return false;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Longest name of a member that a path quotes. */
const LONGEST_NAME = 40;

function pathText(path: readonly (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_]\w{0,39}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, LONGEST_NAME))}]`;
  });
  return `$${steps.join('')}`;
}
