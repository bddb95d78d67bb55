/**
 * OpenSSH's daemon in auth.log, the journal or a relay's file, and PAM's lines in its name.
 *
 *     Oct  9 22:33:20 office-17 sshd[8710]: Failed password for invalid user X from 192.0.2.7 port 52220 ssh2
 *
 * Sources of the format: openssh-portable auth.c (auth_log), packet.c (sshpkt_vfatal), kex.c, sshd.c, log.c; Linux-PAM
 * pam_unix. One connection is one process, so its lines share a key of host and process id: the first is the contact,
 * the others tell more of it. After the login a child with another process id speaks: its lines are detail, always.
 *
 * X is the client's text. log.c escapes control bytes and cuts a message at 1023 bytes, which may cut off the true
 * address behind a false one: in a long message no address behind X is believed.
 */
import { type Batch, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii, hash1, hashText, letters, mix32, startsWith, viewOf, words } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { readNotice } from './notices.ts';
import { type Format, Line, type LineReader } from './reader.ts';
import { pamModule, readRare } from './sshd-beginnings.ts';
import * as message from './sshd-messages.ts';
import { Source } from './sshd-tail.ts';

const { said, ours } = message;

/** The port that `Port` in sshd_config stands at if nobody changes it. */
const SSH_PORT = 22;
/**
 * Messages of so many bytes may have been cut: sshd keeps 1023, relays after RFC 3164 keep 1024 of the whole line, whose
 * header has up to 64.
 */
const MAX_WHOLE = 959;
/** rsyslog repeats 800 bytes of a message. */
const MAX_REPEATED = 779;

const SPACE = 32;
const CLOSE = 93;
const OPEN = 91;

const SSHD = letters('sshd');
const PREAUTH = ascii(' [preauth]');
const SOLARIS = ascii('[ID ');
const ERROR = ascii('error: ');
const FATAL = ascii('fatal: ');

/** The frequent ones are tried in this order; `dispatch` knows them by their first four letters. */
const FAILED = ascii('Failed ');
const INVALID = ascii('Invalid user ');
const CLOSED_BY = ascii('Connection closed by ');
const RESET_BY = ascii('Connection reset by ');
const DISCONNECTED = ascii('Disconnected from ');
const RECEIVED = ascii('Received disconnect from ');
const ACCEPTED = ascii('Accepted ');
const THROTTLING = ascii('exited MaxStartups throttling');

const FAIL = letters('Fail');
const INVA = letters('Inva');
const CONN = letters('Conn');
const DISC = letters('Disc');
const RECE = letters('Rece');
const ACCE = letters('Acce');
const PAM_ = letters('pam_');
const EXIT = letters('exit');

class SshdReader implements LineReader {
  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    if (!envelope.found || !isSshd(bytes, envelope)) return readNotice(bytes, from, to, envelope, batch);
    let at = from;
    let end = to;
    while (end > at && bytes[end - 1] === SPACE) end--;
    const longest = envelope.repeated > 0 ? MAX_REPEATED : MAX_WHOLE;
    const cut = end - at > longest;
    let preauth = false;
    if (bytes[end - 1] === CLOSE && startsWith(bytes, end - PREAUTH.length, end, PREAUTH)) {
      end -= PREAUTH.length;
      preauth = true;
    }
    if (bytes[at] === OPEN && startsWith(bytes, at, end, SOLARIS)) {
      while (at < end && bytes[at] !== CLOSE) at++;
      at += 2;
    }
    if (startsWith(bytes, at, end, ERROR) || startsWith(bytes, at, end, FATAL)) at += ERROR.length;
    if (end - at < 8) return Line.ignored;
    message.saidNothing();
    const line = dispatch(bytes, at, end, preauth, batch);
    if (line !== Line.row) return line;
    if (cut && said.accountEnd > said.accountAt) said.source = Source.unnamed;
    this.#fill(bytes, envelope, batch);
    return Line.row;
  }

  #fill(bytes: Uint8Array, envelope: Envelope, batch: Batch): void {
    const row = batch.count;
    batch.begin(row, Kind.login);
    let flags = said.flags;
    const source = said.source;
    if (source === Source.v4) batch.src[row] = words[3]!;
    else if (source === Source.v6) {
      flags |= Flag.v6;
      for (let i = 0; i < 4; i++) batch.wide[8 * row + i] = words[i]!;
      for (let i = 0; i < 4; i++) batch.wide[8 * row + 4 + i] = ours[i]!;
    } else flags |= Flag.noSource;
    if (source > 0 && said.destination === source) batch.dst[row] = ours[3]!;
    else flags |= Flag.noDestination;
    batch.sport[row] = source === Source.unnamed ? 0 : said.sourcePort;
    batch.dport[row] = said.destinationPort || SSH_PORT;
    batch.protocol[row] = Protocol.tcp;
    batch.outcome[row] = said.outcome;
    const length = said.accountEnd - said.accountAt;
    if (length > 0) {
      batch.acct0[row] = hashText(bytes, said.accountAt, said.accountEnd);
      batch.acct1[row] = hash1;
      batch.textAt[row] = said.accountAt;
      batch.textLength[row] = length;
    }
    const process = said.process < 0 ? envelope.pid : said.process;
    if (process > 0) {
      const key = mix32(envelope.host ^ Math.imul(process, 0x9e3779b1));
      batch.key0[row] = key;
      batch.key1[row] = mix32(key ^ process) | 1;
    }
    const time = envelope.time;
    batch.time[row] = time;
    if (Number.isNaN(time)) flags |= Flag.noTime;
    batch.host[row] = envelope.host;
    batch.flags[row] = flags;
  }
}

/** `sshd`, `sshd-session`, `sshd-auth` (since 9.8), `sshd(pam_unix)`. */
function isSshd(bytes: Uint8Array, envelope: Envelope): boolean {
  const at = envelope.appAt;
  const length = envelope.appEnd - at;
  if (length < 4 || viewOf(bytes).getInt32(at) !== SSHD) return false;
  return length === 4 || bytes[at + 4] === 45 || bytes[at + 4] === 40;
}

/** Has the message [from, to) read by who knows its beginning. */
function dispatch(bytes: Uint8Array, from: number, to: number, preauth: boolean, batch: Batch): Line {
  switch (viewOf(bytes).getInt32(from)) {
    case FAIL:
      if (!startsWith(bytes, from, to, FAILED)) break;
      return message.authentication(bytes, from + FAILED.length, to, Outcome.failed);
    case INVA:
      if (!startsWith(bytes, from, to, INVALID)) break;
      return message.invalidUser(bytes, from + INVALID.length, to);
    case CONN:
      if (startsWith(bytes, from, to, CLOSED_BY)) {
        return message.departure(bytes, from + CLOSED_BY.length, to, preauth, 0);
      }
      if (!startsWith(bytes, from, to, RESET_BY)) break;
      return message.departure(bytes, from + RESET_BY.length, to, preauth, 0);
    case DISC:
      if (!startsWith(bytes, from, to, DISCONNECTED)) break;
      return message.departure(bytes, from + DISCONNECTED.length, to, preauth, Flag.detail);
    case RECE:
      if (!startsWith(bytes, from, to, RECEIVED)) break;
      return message.departure(bytes, from + RECEIVED.length, to, preauth, Flag.detail);
    case ACCE:
      if (!startsWith(bytes, from, to, ACCEPTED)) break;
      return message.authentication(bytes, from + ACCEPTED.length, to, Outcome.succeeded);
    case PAM_:
      return pamModule(bytes, from, to);
    case EXIT: {
      if (!startsWith(bytes, from, to, THROTTLING)) break;
      // The first of them was told in a line of its own.
      const dropped = message.droppedConnections(bytes, from, to);
      if (dropped > 1) batch.lost += dropped - 1;
      return Line.ignored;
    }
    default:
  }
  return readRare(bytes, from, to);
}

/** The format `sshd` of contracts. */
export const sshd: Format = {
  name: 'sshd',
  syslog: 'always',
  sniff: (text, app) => {
    if (!/^sshd(?:$|[-(])/.test(app)) return 0;
    return /\b(?:port \d+|rhost=\S+|from \S+)/.test(text) ? 2 : 1;
  },
  reader: () => new SshdReader(),
  doc: {
    of: "OpenSSH's sshd, sshd-session and sshd-auth with PAM, by syslog or journal (auth.log, secure)",
    contact:
      'The first line of one host and process id that names who connected; further ones are detail and carry what became of the login. Lines after the login are detail always. Messages that name nobody (sessions, keys, settings) are ignored. `message repeated N times` and `last message repeated N times` count as N.',
    losses:
      "`exited MaxStartups throttling after T, N connections dropped` (N - 1, as the first is logged), rsyslog's and journald's suppressed messages. sshd itself logs nothing of what it drops below LogLevel INFO.",
    seen: 'Real lines: crowdsecurity/hub, ssh-*, sshd-* and opnsense-sshd (MIT). "Close session", which that product does not take for a contact, is detail here; its log type for "Unable to negotiate" and timeouts is a connection without a login here.',
  },
};
