/**
 * What a mail server says to a milter, protocol version 6 (Sendmail, include/libmilter/mfdef.h and the pages of mfapi).
 * Texts are kept byte by byte (Latin-1): what they mean is for the reader of the message.
 */
import type { MilterPacket } from './frames.ts';

/** One command. `nonsense` is what no mail server sends: the connection is ended, and `why` is told. */
export type MilterCommand =
  | { readonly kind: 'negotiate'; readonly version: number; readonly actions: number; readonly steps: number }
  | { readonly kind: 'macros'; readonly about: string; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'connect'; readonly name: string; readonly address: string | null }
  | { readonly kind: 'helo'; readonly name: string }
  | { readonly kind: 'mail'; readonly address: string; readonly parameters: readonly string[] }
  | { readonly kind: 'rcpt'; readonly address: string; readonly parameters: readonly string[] }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly bytes: Uint8Array }
  | { readonly kind: 'data' | 'headers-end' | 'abort' | 'quit' | 'next-connection' | 'unknown' }
  | { readonly kind: 'nonsense'; readonly why: string };

/** Values in one packet: a mail server sends some ten macros and parameters; beyond that it is none. */
const MOST_VALUES = 200;

/** Commands without data. `K` ends a connection and keeps the socket for the next one. */
const BARE = new Map<string, 'data' | 'headers-end' | 'abort' | 'quit' | 'next-connection'>([
  ['T', 'data'],
  ['N', 'headers-end'],
  ['A', 'abort'],
  ['Q', 'quit'],
  ['K', 'next-connection'],
]);

/** Reads one packet of a mail server. Never throws. */
export function milterCommand({ letter, data }: MilterPacket): MilterCommand {
  const bare = BARE.get(letter);
  if (bare !== undefined) return data.length === 0 ? { kind: bare } : nonsense(`${bare} with data`);
  switch (letter) {
    case 'O':
      return negotiation(data);
    case 'D':
      return macros(data);
    case 'C':
      return connection(data);
    case 'H': {
      const [name, ...more] = textsOf(data) ?? [];
      return name !== undefined && more.length === 0
        ? { kind: 'helo', name }
        : nonsense('a greeting without its one name');
    }
    case 'M':
      return address('mail', data);
    case 'R':
      return address('rcpt', data);
    case 'L': {
      const [name, value, ...more] = textsOf(data) ?? [];
      return name !== undefined && name !== '' && value !== undefined && more.length === 0
        ? { kind: 'header', name, value }
        : nonsense('a header without its name and value');
    }
    case 'B':
      return { kind: 'body', bytes: data };
    case 'E':
      return { kind: 'end', bytes: data };
    case 'U':
      return { kind: 'unknown' };
    default:
      return nonsense('a packet that no mail server sends');
  }
}

function negotiation(data: Uint8Array): MilterCommand {
  if (data.length < 12) return nonsense('a negotiation that is cut off');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return {
    kind: 'negotiate',
    version: view.getUint32(0),
    actions: view.getUint32(4),
    steps: view.getUint32(8),
  };
}

function macros(data: Uint8Array): MilterCommand {
  const texts = data.length > 1 ? textsOf(data.subarray(1)) : [];
  if (data.length === 0 || texts === null || texts.length % 2 !== 0) {
    return nonsense('macros that are not names with values');
  }
  const values = new Map<string, string>();
  for (let at = 0; at < texts.length; at += 2) values.set(bareName(texts[at] ?? ''), texts[at + 1] ?? '');
  return { kind: 'macros', about: String.fromCharCode(data[0] ?? 0), values };
}

/** Sendmail writes names longer than a letter in braces, in some versions without: one form is kept. */
function bareName(name: string): string {
  return name.startsWith('{') && name.endsWith('}') ? name.slice(1, -1) : name;
}

/** Name, family (`U` unknown, `L` local, `4`, `6`), port in two bytes, address. */
function connection(data: Uint8Array): MilterCommand {
  const end = data.indexOf(0);
  if (end === -1 || end + 1 >= data.length) return nonsense('a connection that is cut off');
  const name = latin1(data.subarray(0, end));
  const family = String.fromCharCode(data[end + 1] ?? 0);
  if (family === 'U') return { kind: 'connect', name, address: null };
  if (!'L46'.includes(family)) return nonsense('a connection over an unknown kind of network');
  const [address, ...more] = (data.length > end + 4 ? textsOf(data.subarray(end + 4)) : null) ?? [];
  if (address === undefined || more.length > 0) return nonsense('a connection without its one address');
  if (family === 'L') return { kind: 'connect', name, address: null };
  // Sendmail writes addresses of version 6 as RFC 5321, 4.1.3 does.
  return { kind: 'connect', name, address: address.replace(/^IPv6:/iu, '') };
}

function address(kind: 'mail' | 'rcpt', data: Uint8Array): MilterCommand {
  const [path, ...parameters] = textsOf(data) ?? [];
  if (path === undefined) return nonsense('an envelope without its address');
  return { kind, address: path.startsWith('<') && path.endsWith('>') ? path.slice(1, -1) : path, parameters };
}

/** Texts that each end with a zero byte; null where the last does not end, or there are too many. */
function textsOf(data: Uint8Array): string[] | null {
  if (data.at(-1) !== 0) return null;
  const texts: string[] = [];
  let from = 0;
  for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, from)) {
    if (texts.length === MOST_VALUES) return null;
    texts.push(latin1(data.subarray(from, end)));
    from = end + 1;
  }
  return texts;
}

/** Byte by byte. Not TextDecoder: its `latin1` is Windows-1252. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  // In pieces: a function takes no million arguments.
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return text;
}

function nonsense(why: string): MilterCommand {
  return { kind: 'nonsense', why };
}
