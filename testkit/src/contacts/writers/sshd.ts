/**
 * OpenSSH's daemon in auth.log, with the lines of PAM beside its own, as Debian has them.
 *
 * User names are written as the client sent them; only bytes outside printable ASCII are escaped (vis(3), octal).
 */
import { SshLine } from '../logins.ts';
import { Mark } from '../network-events.ts';
import { detailOf } from './packet.ts';
import { Syslog } from './syslog.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** Largest process number of Linux on 64 bits: numbers of connections stay apart for so long. */
const PROCESSES = 4_194_304;

/** One failed password in so many is told again as "message repeated", as rsyslog folds equal lines. */
const REPEATED_EVERY = 300;

/** Key that every honest key login shows. */
const KEY = 'ED25519 SHA256:kzfjfps/WFgXAdNgzvHBLuI072Y+f+91rpinXJAAvkM';

/** The writer. */
export function sshdWriter(desk: Desk): Writer {
  const { world, local, file, random } = desk;
  const { ssh, book } = world;
  const syslog = new Syslog(local, 'bastion', desk.syslog ?? 'rfc3164');
  const odd = oddLines(desk, (time, turn) => {
    const pid = String(random.integer(300, 4_000));
    const lost = random.integer(1, 200);
    if (turn % 4 === 0) {
      const text = `imuxsock lost ${lost} messages from pid ${pid} due to rate-limiting`;
      file.loss(`${syslog.header(time, 'rsyslogd', '', 46)}${text}`, lost);
    } else if (turn % 4 === 1) {
      const text = 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)';
      file.ignored(`${syslog.header(time, 'CRON', pid, 86)}${text}`);
    } else if (turn % 4 === 2) {
      file.ignored(`${syslog.header(time, 'systemd-logind', pid, 38)}New session ${turn} of user deploy.`);
    } else file.junk(`${syslog.header(time, 'sshd', pid, 38)}Failed passw`);
  });

  return {
    write(row) {
      const line = ssh.line[row]!;
      if (line === SshLine.open) return;
      const time = ssh.time[row]!;
      odd(time);
      const source = ssh.source[row]!;
      const connection = ssh.connection[row]!;
      const port = ssh.sourcePort[row]!;
      const header = syslog.header(time, 'sshd', String(1_000 + (connection % PROCESSES)), 38);
      const user = ssh.user[row] as string;
      const text = messageOf(line, user, book.text(source), port);
      const owner = book.ownerOf(source);
      file.tell(`${header}${text}`, owner);
      if ((ssh.marks[row]! & Mark.through) !== 0) {
        noteThrough(desk, source, world.estate.bastion, 22, time, 'login-after-guessing');
      }
      const failed = line === SshLine.failed || line === SshLine.failedInvalid;
      if (failed && detailOf(connection) % REPEATED_EVERY === 0) {
        const times = 2 + (connection % 4);
        file.repeated(`${header}message repeated ${times} times: [ ${text}]`, owner, times);
      }
    },
  };
}

function messageOf(line: number, user: string, host: string, port: number): string {
  const from = `from ${host} port ${port}`;
  switch (line) {
    case SshLine.invalidUser:
      return `Invalid user ${user} ${from}`;
    case SshLine.pamUnknown:
      return 'pam_unix(sshd:auth): check pass; user unknown';
    case SshLine.pamFailure: {
      const named = user === '' ? '' : `  user=${user}`;
      return `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${host}${named}`;
    }
    case SshLine.failedInvalid:
      return `Failed password for invalid user ${user} ${from} ssh2`;
    case SshLine.failed:
      return `Failed password for ${user} ${from} ssh2`;
    case SshLine.closedInvalid:
      return `Connection closed by invalid user ${user} ${host} port ${port} [preauth]`;
    case SshLine.closedAuthenticating:
      return `Connection closed by authenticating user ${user} ${host} port ${port} [preauth]`;
    case SshLine.byeBye:
      return `Received disconnect ${from}:11: Bye Bye [preauth]`;
    case SshLine.tooMany:
      return `error: maximum authentication attempts exceeded for ${user} ${from} ssh2 [preauth]`;
    case SshLine.acceptedPassword:
      return `Accepted password for ${user} ${from} ssh2`;
    case SshLine.acceptedKey:
      return `Accepted publickey for ${user} ${from} ssh2: ${KEY}`;
    case SshLine.sessionOpened:
      return `pam_unix(sshd:session): session opened for user ${user}(uid=1003) by (uid=0)`;
    case SshLine.sessionClosed:
      return `pam_unix(sshd:session): session closed for user ${user}`;
    case SshLine.disconnected:
      return `Disconnected from user ${user} ${host} port ${port}`;
    default:
      return preauthMessage(line, host, port);
  }
}

function preauthMessage(line: number, host: string, port: number): string {
  switch (line) {
    case SshLine.noIdentification:
      return `Did not receive identification string from ${host} port ${port}`;
    case SshLine.badBanner:
      return `banner exchange: Connection from ${host} port ${port}: invalid format`;
    case SshLine.noKeyExchange:
      return `Unable to negotiate with ${host} port ${port}: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1 [preauth]`;
    case SshLine.timeout:
      return `fatal: Timeout before authentication for ${host} port ${port}`;
    default:
      return `Connection reset by ${host} port ${port} [preauth]`;
  }
}
