/**
 * Single values of an EVE event, from where a scanner found them.
 */
import { Protocol } from '../contact.ts';
import { ascii, hexDigit, startsWith } from './bytes.ts';
import { Found, wholeNumber } from './cells.ts';
import { Eve, type Values } from './eve-fields.ts';
import { Json } from './json.ts';

/** The number at a path, -1 if there is no whole number. */
export function numberAt(bytes: Uint8Array, values: Values, path: Eve): number {
  const type = values.type[path];
  return type === Json.number || type === Json.string
    ? wholeNumber(bytes, values.start[path]!, values.end[path]!)
    : -1;
}

/** Whether the string at a path is `text`. */
export function isText(bytes: Uint8Array, values: Values, path: Eve, text: Uint8Array): boolean {
  const from = values.start[path]!;
  const to = values.end[path]!;
  return values.type[path] === Json.string && to - from === text.length && startsWith(bytes, from, to, text);
}

/** A port; 0 if the event has none, -1 if it is no port. */
export function portAt(bytes: Uint8Array, values: Values, path: Eve): number {
  const type = values.type[path];
  if (type === Json.absent || type === Json.null) return 0;
  const port = numberAt(bytes, values, path);
  return port > 65_535 ? -1 : port;
}

const ICMP = ascii('icmp');
const ICMP6 = ascii('ipv6-icmp');

/** `TCP`, `UDP`, `ICMP`, `IPv6-ICMP`, a number; other names are 255, none is 0, -1 is no text. */
export function protocolAt(bytes: Uint8Array, values: Values, family: Found): number {
  const type = values.type[Eve.proto];
  if (type === Json.absent || type === Json.null) return 0;
  if (type !== Json.string && type !== Json.number) return -1;
  const from = values.start[Eve.proto]!;
  const to = values.end[Eve.proto]!;
  if (to - from === 3 && (bytes[from + 2]! | 32) === 112) {
    const a = bytes[from]! | 32;
    const b = bytes[from + 1]! | 32;
    if (a === 116 && b === 99) return Protocol.tcp;
    if (a === 117 && b === 100) return Protocol.udp;
  }
  if (spells(bytes, from, to, ICMP)) return family === Found.v6 ? Protocol.icmp6 : Protocol.icmp;
  if (spells(bytes, from, to, ICMP6)) return Protocol.icmp6;
  const number = wholeNumber(bytes, from, to);
  return number >= 0 && number <= 255 ? number : 255;
}

/** Whether [from, to) is `text`, which is in lower case, in any case. */
function spells(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[from + i]!;
    if ((byte >= 65 && byte <= 90 ? byte | 32 : byte) !== text[i]) return false;
  }
  return true;
}

/** Two hexadecimal digits at a path, -1 if there are none. */
export function hexAt(bytes: Uint8Array, values: Values, path: Eve): number {
  const from = values.start[path]!;
  if (values.type[path] !== Json.string || values.end[path]! - from !== 2) return -1;
  const high = hexDigit(bytes[from]!);
  const low = hexDigit(bytes[from + 1]!);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
