/** `Content-Type` and `Content-Disposition`: a value and its parameters, with the continuations and charsets of RFC 2231. */
import { decodedValue } from './header-section.ts';

/** A value with parameters. */
export type ParameterValue = {
  /** Lower case: `text/html`, `attachment`. */
  readonly value: string;
  /** By lower-case name, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
};

/** Most parameters of one field: a name in twenty pieces is the longest that was seen. */
const MOST_PARAMETERS = 100;

/** Reads one; whatever is no parameter is skipped, as mail programs do. */
export function readParameters(field: string | undefined, usual: string): ParameterValue {
  if (field === undefined) return { value: usual, parameters: new Map() };
  const semicolon = field.indexOf(';');
  const head = semicolon === -1 ? field : field.slice(0, semicolon);
  const raw = new Map<string, string>();
  let at = head.length;
  while (at < field.length && raw.size < MOST_PARAMETERS) {
    const equals = field.indexOf('=', at + 1);
    if (equals === -1) break;
    const name = field
      .slice(at + 1, equals)
      .trim()
      .toLowerCase();
    const { text, end } = parameterText(field, equals + 1);
    // The first of a name counts, as most programs have it.
    if (name !== '' && !raw.has(name)) raw.set(name, text);
    at = end;
  }
  return { value: head.trim().toLowerCase() || usual, parameters: joined(raw) };
}

/** The text of a parameter: quoted, or up to the semicolon. `end`: where that stands, or the end. */
function parameterText(field: string, from: number): { readonly text: string; readonly end: number } {
  let at = from;
  while (field[at] === ' ' || field[at] === '\t') at++;
  if (field[at] !== '"') {
    const semicolon = field.indexOf(';', at);
    const end = semicolon === -1 ? field.length : semicolon;
    return { text: field.slice(at, end).trim(), end };
  }
  let text = '';
  for (at++; at < field.length && field[at] !== '"'; at++) {
    if (field[at] === '\\' && at + 1 < field.length) at++;
    text += field[at];
  }
  const semicolon = field.indexOf(';', at);
  return { text, end: semicolon === -1 ? field.length : semicolon };
}

/** Puts pieces together (`name*0`, `name*1*`) and decodes them. */
function joined(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const whole = new Map<string, string>();
  for (const [name, text] of raw) {
    const star = name.indexOf('*');
    if (star === -1) {
      whole.set(name, decodedValue(text));
      continue;
    }
    const base = name.slice(0, star);
    const rest = name.slice(star);
    if (rest === '*') whole.set(base, decodedValue(extended(text)));
    else if (rest === '*0' || rest === '*0*') whole.set(base, decodedValue(continued(raw, base)));
  }
  return whole;
}

function continued(raw: ReadonlyMap<string, string>, base: string): string {
  let charset = 'utf-8';
  const bytes: Buffer[] = [];
  for (let piece = 0; piece < MOST_PARAMETERS; piece++) {
    const plain = raw.get(`${base}*${piece}`);
    const encoded = raw.get(`${base}*${piece}*`);
    if (encoded !== undefined) {
      const [first, rest] = piece === 0 ? charsetAndRest(encoded) : [null, encoded];
      if (first !== null) charset = first;
      bytes.push(percentBytes(rest));
    } else if (plain !== undefined) bytes.push(Buffer.from(plain, 'utf8'));
    else break;
  }
  return decodedAs(charset, Buffer.concat(bytes));
}

function extended(text: string): string {
  const [charset, rest] = charsetAndRest(text);
  return decodedAs(charset ?? 'utf-8', percentBytes(rest));
}

/** `utf-8'en'rest`. */
function charsetAndRest(text: string): readonly [string | null, string] {
  const first = text.indexOf("'");
  const second = first === -1 ? -1 : text.indexOf("'", first + 1);
  if (second === -1) return [null, text];
  return [text.slice(0, first), text.slice(second + 1)];
}

function percentBytes(text: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? /^[0-9a-f]{2}$/i.exec(text.slice(at + 1, at + 3)) : null;
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else bytes.push(...Buffer.from(text[at]!, 'utf8'));
  }
  return Buffer.from(bytes);
}

function decodedAs(charset: string, bytes: Buffer): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
