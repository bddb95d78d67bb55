/**
 * Messages of sshd that speak of the client's name in the DNS, or give it beside the address (see `sshd.ts`). The name is
 * the client's text, too: addresses are read from the end of the message.
 */
import { Outcome } from '../contact.ts';
import { ascii, findLast, startsWith } from './bytes.ts';
import { Line } from './reader.ts';
import { row, said } from './sshd-messages.ts';
import { readHead, readHost, Source } from './sshd-tail.ts';

const FAILED_BRACKET = ascii('] failed - POSSIBLE BREAK-IN ATTEMPT!');
const FAILED_NAME = ascii(' failed - POSSIBLE BREAK-IN ATTEMPT!');
const SET_UP_FOR = ascii('" is set up for ');
const IGNORING = ascii(', ignoring');
const IP = ascii(', ip=');

function rowWithoutPort(source: Source, outcome: Outcome, flags: number): Line {
  const line = row(source, outcome, flags);
  said.sourcePort = 0;
  return line;
}

/** `NAME [A] failed - POSSIBLE BREAK-IN ATTEMPT!`, behind `reverse mapping checking getaddrinfo for `. */
export function reverseMapping(bytes: Uint8Array, from: number, to: number): Line {
  const at = to - FAILED_BRACKET.length;
  if (at > from && startsWith(bytes, at, to, FAILED_BRACKET)) {
    let open = at;
    while (open > from && bytes[open] !== 91) open--;
    if (bytes[open] !== 91) return Line.unreadable;
    return rowWithoutPort(readHost(bytes, open + 1, at), Outcome.established, 0);
  }
  // Before 5.x the message had the name only.
  const named = to - FAILED_NAME.length > from && startsWith(bytes, to - FAILED_NAME.length, to, FAILED_NAME);
  return named ? rowWithoutPort(Source.unnamed, Outcome.established, 0) : Line.unreadable;
}

/** `"NAME" is set up for A, ignoring`, behind `Nasty PTR record `. */
export function nastyRecord(bytes: Uint8Array, from: number, to: number): Line {
  const end = to - IGNORING.length;
  const at = findLast(bytes, SET_UP_FOR, from, to);
  if (at < 0 || end < at || !startsWith(bytes, end, to, IGNORING)) return Line.unreadable;
  return rowWithoutPort(readHost(bytes, at + SET_UP_FOR.length, end), Outcome.established, 0);
}

/** `X with correct key but not from a permitted host (host=H, ip=A...)`, behind `Authentication tried for `. */
export function wrongHost(bytes: Uint8Array, from: number, to: number): Line {
  const at = findLast(bytes, IP, from, to);
  if (at < 0) return Line.unreadable;
  let end = at + IP.length;
  while (end < to && bytes[end] !== 41 && bytes[end] !== 44) end++;
  if (end >= to) return Line.unreadable;
  return rowWithoutPort(readHost(bytes, at + IP.length, end), Outcome.failed, 0);
}

/** `NAME (A)`, behind `refused connect from `: TCP wrappers. */
export function refused(bytes: Uint8Array, from: number, to: number): Line {
  if (bytes[to - 1] !== 41) return connectionRefused(bytes, from, to);
  let open = to - 1;
  while (open > from && bytes[open] !== 40) open--;
  return rowWithoutPort(readHost(bytes, open + 1, to - 1), Outcome.denied, 0);
}

function connectionRefused(bytes: Uint8Array, from: number, to: number): Line {
  return row(readHead(bytes, from, to), Outcome.denied, 0);
}
