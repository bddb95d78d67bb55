/**
 * How sshd's messages begin, and who reads what follows. The frequent ones are in `sshd.ts`, too.
 */
import { Flag, Outcome } from '../contact.ts';
import { ascii, letters, readEnd, readNumber, startsWith, viewOf } from './bytes.ts';
import { Line } from './reader.ts';
import { dropConnection, pamFailure } from './sshd-listener.ts';
import * as message from './sshd-messages.ts';
import { nastyRecord, refused, reverseMapping, wrongHost } from './sshd-names.ts';
import { headEnd, readHead, Source } from './sshd-tail.ts';

/** The fixed beginning of a message, and the reader of what stands behind it; none: `sshd.ts` reads it. */
type Beginning = {
  readonly text: Uint8Array;
  readonly read?: (bytes: Uint8Array, from: number, to: number) => Line;
};

const BEGINNINGS: readonly Beginning[] = [
  { text: ascii('Failed ') },
  { text: ascii('Invalid user ') },
  { text: ascii('Connection closed by ') },
  { text: ascii('Connection reset by ') },
  { text: ascii('Disconnected from ') },
  { text: ascii('Received disconnect from ') },
  { text: ascii('Accepted ') },
  { text: ascii('Illegal user '), read: message.invalidUser },
  { text: ascii('Postponed '), read: unfinished },
  { text: ascii('Partial '), read: unfinished },
  { text: ascii('Disconnecting: '), read: () => Line.ignored },
  { text: ascii('Disconnecting '), read: message.disconnecting },
  { text: ascii('Connection from '), read: message.connectionFrom },
  { text: ascii('maximum authentication attempts exceeded for '), read: message.tooMany },
  { text: ascii('Did not receive identification string from '), read: message.connection },
  { text: ascii('Unable to negotiate with '), read: message.connection },
  { text: ascii('Protocol major versions differ for '), read: message.connection },
  { text: ascii('banner exchange: Connection from '), read: message.connection },
  { text: ascii('Bad protocol version identification '), read: message.badVersion },
  { text: ascii('ssh_dispatch_run_fatal: Connection from '), read: message.dispatchFailure },
  { text: ascii('Timeout before authentication for '), read: message.timeout },
  { text: ascii('Timeout, client not responding from user '), read: message.silentClient },
  { text: ascii('reverse mapping checking getaddrinfo for '), read: reverseMapping },
  { text: ascii('Address '), read: mapsElsewhere },
  { text: ascii('Nasty PTR record '), read: nastyRecord },
  { text: ascii('User '), read: message.notAllowed },
  { text: ascii('ROOT LOGIN REFUSED FROM '), read: rootRefused },
  { text: ascii('Authentication tried for '), read: wrongHost },
  { text: ascii('authentication failure; '), read: pamFailure },
  { text: ascii('PAM: '), read: message.pamError },
  { text: ascii('PAM '), read: pamMore },
  { text: ascii('refused connect from '), read: refused },
  { text: ascii('drop connection '), read: dropConnection },
  { text: ascii('Starting session: '), read: message.session },
  { text: ascii('Close session: '), read: message.session },
  { text: ascii('kex_exchange_identification: '), read: nobody },
];

/** Beginnings by their first four letters. */
const BY_LETTERS = new Map<number, Beginning[]>();
for (const beginning of BEGINNINGS) {
  const first = letters(String.fromCharCode(...beginning.text.subarray(0, 4)));
  const others = BY_LETTERS.get(first);
  if (others === undefined) BY_LETTERS.set(first, [beginning]);
  else others.push(beginning);
}

/** Reads the message [from, to), which has four bytes at least. One that nobody knows is ignored. */
export function readRare(bytes: Uint8Array, from: number, to: number): Line {
  const beginnings = BY_LETTERS.get(viewOf(bytes).getInt32(from));
  if (beginnings === undefined) return Line.ignored;
  for (const { text, read } of beginnings) {
    if (startsWith(bytes, from, to, text)) {
      return read === undefined ? Line.ignored : read(bytes, from + text.length, to);
    }
    // A message that ends within the fixed text was cut.
    if (to - from < text.length && beginsAs(bytes, from, to, text)) return Line.unreadable;
  }
  return Line.ignored;
}

/** Whether [from, to) is the beginning of `text`. */
function beginsAs(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== text[i - from]) return false;
  return true;
}

/** `METHOD for X from A port P ssh2`, behind Postponed and Partial: the login goes on. */
function unfinished(bytes: Uint8Array, from: number, to: number): Line {
  return message.authentication(bytes, from, to, Outcome.unknown);
}

const MAPS_TO = ascii(' maps to ');

/** `A maps to NAME, but this does not map back to the address`, behind `Address `. */
function mapsElsewhere(bytes: Uint8Array, from: number, to: number): Line {
  const source = readHead(bytes, from, to);
  if (source <= 0 || !startsWith(bytes, headEnd, to, MAPS_TO)) return Line.ignored;
  return message.connection(bytes, from, to);
}

/** `A[ port P]`, behind `ROOT LOGIN REFUSED FROM `. */
function rootRefused(bytes: Uint8Array, from: number, to: number): Line {
  const line = message.connection(bytes, from, to);
  message.said.outcome = Outcome.failed;
  message.said.accountAt = from - 'ROOT LOGIN REFUSED FROM '.length;
  message.said.accountEnd = message.said.accountAt + 'ROOT'.length;
  return line;
}

/** The connection was lost before anything was known of it; other lines of the process name who it was. */
function nobody(): Line {
  message.said.source = Source.unnamed;
  message.said.flags = Flag.detail;
  return Line.row;
}

const MORE = ascii(' more authentication failure');
const SEMICOLON = ascii('; ');

/** `2 more authentication failures; logname= ... rhost=A  user=X`, behind `PAM `: detail of what was told already. */
function pamMore(bytes: Uint8Array, from: number, to: number): Line {
  readNumber(bytes, from, to);
  if (!startsWith(bytes, readEnd, to, MORE)) return Line.ignored;
  let at = readEnd + MORE.length;
  if (bytes[at] === 115) at++;
  if (!startsWith(bytes, at, to, SEMICOLON)) return Line.unreadable;
  const line = pamFailure(bytes, at + SEMICOLON.length, to);
  message.said.flags |= Flag.detail;
  return line;
}

const FAILURE = ascii('): authentication failure; ');
/** Longest `pam_unix(sshd:auth`. */
const MAX_MODULE = 64;

/** `pam_unix(sshd:auth): authentication failure; ...`; what modules say else names nobody. */
export function pamModule(bytes: Uint8Array, from: number, to: number): Line {
  const limit = Math.min(to, from + MAX_MODULE);
  let at = from;
  while (at < limit && bytes[at] !== 41) at++;
  return startsWith(bytes, at, to, FAILURE) ? pamFailure(bytes, at + FAILURE.length, to) : Line.ignored;
}
