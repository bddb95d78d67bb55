/** What the proxy does to the bytes of a message: dots that SMTP doubles, line ends that lie, and marks in our name. */
import type { Verdict } from '../gate/gate.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** Characters of all reasons together, in one header or answer. */
const MOST_TOLD = 300;

/** The message without the dots that were put before dots (RFC 5321, 4.5.2). */
export function withoutExtraDots(sent: Buffer): Buffer {
  if (!beginsAnyLineWithDot(sent)) return sent;
  const bytes = Buffer.allocUnsafe(sent.length);
  let length = 0;
  for (let at = 0; at < sent.length; at++) if (!isDotFirst(sent, at)) bytes[length++] = sent[at]!;
  return bytes.subarray(0, length);
}

/** The message as it is sent: a dot more before each that begins a line. It ends with a line end, as it has to. */
export function withExtraDots(message: Buffer): Buffer {
  if (!beginsAnyLineWithDot(message)) return message;
  let dots = 0;
  for (let at = 0; at < message.length; at++) if (isDotFirst(message, at)) dots++;
  const bytes = Buffer.allocUnsafe(message.length + dots);
  let length = 0;
  for (let at = 0; at < message.length; at++) {
    if (isDotFirst(message, at)) bytes[length++] = DOT;
    bytes[length++] = message[at]!;
  }
  return bytes;
}

function beginsAnyLineWithDot(bytes: Buffer): boolean {
  return bytes[0] === DOT || bytes.includes('\r\n.');
}

function isDotFirst(bytes: Buffer, at: number): boolean {
  return bytes[at] === DOT && (at === 0 || (bytes[at - 1] === LF && bytes[at - 2] === CR));
}

/**
 * Whether mail servers could disagree on where a line of it ends, and so on where the message ends or which headers it has: a line feed
 * alone anywhere, or a carriage return alone before a dot or within the headers. One carriage return in a text harms nobody.
 */
export function hasDoubtfulLines(message: Buffer): boolean {
  const headersEnd = headerBytes(message);
  for (let at = 0; at < message.length; at++) {
    if (message[at] === LF && message[at - 1] !== CR) return true;
    const isAlone = message[at] === CR && message[at + 1] !== LF;
    if (isAlone && (at < headersEnd || message[at + 1] === DOT)) return true;
  }
  return false;
}

/** Bytes before the empty line; all, where there is none. */
export function headerBytes(message: Buffer): number {
  if (message[0] === CR) return 0;
  const end = message.indexOf('\r\n\r\n');
  return end < 0 ? message.length : end;
}

/** The message without headers in our name that it brought. The same bytes where there are none. */
export function withoutForgedMarks(message: Buffer, ourNames: readonly string[]): Buffer {
  const kept: Buffer[] = [];
  let keptTo = 0;
  let at = 0;
  // Here a carriage return can only be that of the empty line which ends the headers.
  while (at < message.length && message[at] !== CR) {
    const end = endOfField(message, at);
    if (isOurs(message.toString('latin1', at, end), ourNames)) {
      kept.push(message.subarray(keptTo, at));
      keptTo = end;
    }
    at = end;
  }
  return kept.length === 0 ? message : Buffer.concat([...kept, message.subarray(keptTo)]);
}

/** Where the field that begins here ends: after its last line, with those that are folded. */
function endOfField(message: Buffer, from: number): number {
  let at = from;
  do {
    const end = message.indexOf('\r\n', at);
    if (end < 0) return message.length;
    at = end + 2;
  } while (message[at] === 0x20 || message[at] === 0x09);
  return at;
}

function isOurs(field: string, ourNames: readonly string[]): boolean {
  const colon = field.indexOf(':');
  const name = field.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  if (name.startsWith('x-bellwether')) return true;
  const host = /^\s*([^\s;]+)/.exec(field.slice(colon + 1))?.[1]?.toLowerCase() ?? '';
  return name === 'authentication-results' && ourNames.includes(host);
}

/** Reasons in one line of ASCII, which headers and answers have to be. */
export function toldReasons({ reasons }: Verdict): string {
  return reasons
    .filter(({ points }) => points > 0)
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, MOST_TOLD);
}

/** Headers that say what was decided, and why. */
export function marksOf(verdict: Verdict): Buffer {
  const { decision, id } = verdict;
  const told = toldReasons(verdict);
  const why = told === '' ? '' : `X-Bellwether-Why: ${told}\r\n`;
  const word = decision === 'unchecked' ? 'not-checked' : decision;
  return Buffer.from(`${why}X-Bellwether: ${word}; id=${id.slice(0, 16)}\r\n`);
}
