/**
 * Messages of sshd's listener and of PAM, whose fields stand in a fixed order (see `sshd.ts`):
 *
 *     drop connection #10 from [192.0.2.7]:44114 on [198.18.0.9]:22 past MaxStartups
 *     pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=X
 */
import { Flag, Outcome } from '../contact.ts';
import { ascii, find, findByte, readEnd, readNumber, readPort, startsWith, words } from './bytes.ts';
import { Line } from './reader.ts';
import { ours, said } from './sshd-messages.ts';
import { readHost, Source } from './sshd-tail.ts';

const SPACE = 32;
const CLOSE = 93;

const FROM = ascii(' from [');
const ON = ascii(' on [');
const PENALTY = ascii(' penalty: ');
const PAST = ascii(' past MaxStartups');

let portAfter = 0;
/** `A]:P` at `at`; returns what stands there, `portAfter` is P and `readEnd` behind it. */
function bracketed(bytes: Uint8Array, at: number, to: number): Source {
  const close = findByte(bytes, CLOSE, at, to);
  if (close < 0 || bytes[close + 1] !== 58) return Source.missing;
  const source = readHost(bytes, at, close);
  portAfter = readPort(bytes, close + 2, to);
  return portAfter < 0 ? Source.missing : source;
}

/** `#N from [A]:P on [B]:Q past MaxStartups` or `... penalty: WHY`, behind `drop connection `. */
export function dropConnection(bytes: Uint8Array, from: number, to: number): Line {
  if (bytes[from] !== 35) return Line.unreadable;
  readNumber(bytes, from + 1, to);
  if (!startsWith(bytes, readEnd, to, FROM)) return Line.unreadable;
  const source = bracketed(bytes, readEnd + FROM.length, to);
  if (source === Source.missing || !startsWith(bytes, readEnd, to, ON)) return Line.unreadable;
  said.source = source;
  said.sourcePort = portAfter;
  for (let i = 0; i < 4; i++) ours[i] = words[i]!;
  const destination = bracketed(bytes, readEnd + ON.length, to);
  if (destination === Source.missing) return Line.unreadable;
  for (let i = 0; i < 4; i++) {
    const word = ours[i]!;
    ours[i] = words[i]!;
    words[i] = word;
  }
  said.destination = destination;
  said.destinationPort = destination > 0 ? portAfter : 0;
  // The listener writes for all connections: its process is no key.
  said.process = 0;
  // A penalty was decided before, for what this source had done; MaxStartups meets anybody.
  if (startsWith(bytes, readEnd, to, PENALTY)) said.outcome = Outcome.blocked;
  else if (startsWith(bytes, readEnd, to, PAST)) said.outcome = Outcome.denied;
  else return Line.unreadable;
  return Line.row;
}

const LOGNAME = ascii('logname=');
const UID = ascii(' uid=');
const EUID = ascii(' euid=');
const TTY = ascii(' tty=');
const RUSER = ascii(' ruser=');
const RHOST = ascii(' rhost=');
const USER = ascii('user=');

/**
 * `logname= uid=0 euid=0 tty=ssh ruser= rhost=A  user=X`, behind `authentication failure; `. The fields before `rhost`
 * are sshd's; should `ruser` be filled all the same, the message must hold one `rhost` only.
 */
export function pamFailure(bytes: Uint8Array, from: number, to: number): Line {
  let at = field(bytes, from, to, LOGNAME);
  at = at < 0 ? -1 : field(bytes, at, to, UID);
  at = at < 0 ? -1 : field(bytes, at, to, EUID);
  at = at < 0 ? -1 : field(bytes, at, to, TTY);
  const ruser = at;
  at = at < 0 ? -1 : field(bytes, at, to, RUSER);
  if (at < 0 || !startsWith(bytes, at, to, RHOST)) return Line.unreadable;
  const remote = at > ruser + RUSER.length;
  const hostAt = at + RHOST.length;
  let end = hostAt;
  while (end < to && bytes[end] !== SPACE) end++;
  let source: Source = end === hostAt ? Source.unnamed : readHost(bytes, hostAt, end);
  if (source === Source.missing) return Line.unreadable;
  if (remote && find(bytes, RHOST, hostAt, to) >= 0) source = Source.unnamed;
  at = end;
  while (at < to && bytes[at] === SPACE) at++;
  if (startsWith(bytes, at, to, USER)) {
    said.accountAt = at + USER.length;
    said.accountEnd = to;
  }
  said.source = source;
  said.outcome = Outcome.failed;
  said.flags |= Flag.hint;
  return Line.row;
}

/** End of the word behind `name` at `at`, -1 if `name` does not stand there. */
function field(bytes: Uint8Array, at: number, to: number, name: Uint8Array): number {
  if (!startsWith(bytes, at, to, name)) return -1;
  let end = at + name.length;
  while (end < to && bytes[end] !== SPACE) end++;
  return end;
}
