/**
 * Zeek's http.log and ssh.log (base/protocols/http/main.zeek, base/protocols/ssh/main.zeek) as tab-separated values.
 *
 * Zeek reads requests in clear only: where http.log is asked for, the first web host listens on port 80.
 */
import { SshLine, SshOutcome } from '../logins.ts';
import { Mark } from '../network-events.ts';
import { destinationFor, type WebHost } from '../web-requests.ts';
import { webThrough } from './access-log.ts';
import { type Desk, noteThrough, type Writer } from './writer.ts';
import { stamp, uidOf, writeHead } from './zeek-conn.ts';

const HTTP_COLUMNS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['trans_depth', 'count'],
  ['method', 'string'],
  ['host', 'string'],
  ['uri', 'string'],
  ['referrer', 'string'],
  ['version', 'string'],
  ['user_agent', 'string'],
  ['origin', 'string'],
  ['request_body_len', 'count'],
  ['response_body_len', 'count'],
  ['status_code', 'count'],
  ['status_msg', 'string'],
  ['info_code', 'count'],
  ['info_msg', 'string'],
  ['tags', 'set[enum]'],
  ['username', 'string'],
  ['password', 'string'],
  ['proxied', 'set[string]'],
  ['orig_fuids', 'vector[string]'],
  ['orig_filenames', 'vector[string]'],
  ['orig_mime_types', 'vector[string]'],
  ['resp_fuids', 'vector[string]'],
  ['resp_filenames', 'vector[string]'],
  ['resp_mime_types', 'vector[string]'],
] as const;

const SSH_COLUMNS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['version', 'count'],
  ['auth_success', 'bool'],
  ['auth_attempts', 'count'],
  ['direction', 'enum'],
  ['client', 'string'],
  ['server', 'string'],
  ['cipher_alg', 'string'],
  ['mac_alg', 'string'],
  ['compression_alg', 'string'],
  ['kex_alg', 'string'],
  ['host_key_alg', 'string'],
  ['host_key', 'string'],
] as const;

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  303: 'See Other',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

const CLIENTS = [
  'SSH-2.0-OpenSSH_9.6',
  'SSH-2.0-libssh2_1.11.0',
  'SSH-2.0-Go',
  'SSH-2.0-paramiko_3.4.0',
  'SSH-2.0-PUTTY',
];

/** The writer of http.log. */
export function zeekHttpWriter(desk: Desk, host: WebHost): Writer {
  const { world, utc, file } = desk;
  const { requests } = host;
  return {
    begin: () => writeHead(desk, 'http', HTTP_COLUMNS),
    write(row) {
      const method = requests.method[row] as string;
      const peer = requests.peer[row]!;
      const place = world.book.text(destinationFor(world, host, peer));
      const uri = method === '' ? '-' : value(requests.url[row] as string);
      const status = requests.status[row]!;
      const forwarded = requests.forwarded[row]!;
      const proxied = forwarded === 0 ? '-' : `X-FORWARDED-FOR -> ${world.book.text(forwarded - 1)}`;
      file.tell(
        `${utc.epoch(requests.time[row]!)}\t${uidOf(requests.connection[row]!)}\t${world.book.text(peer)}\t${requests.sourcePort[row]!}\t${place}\t${host.port}\t${requests.depth[row]!}\t${method === '' ? '-' : method}\tvote.example.gov\t${uri}\t${value(requests.referer[row] as string)}\t1.1\t${value(requests.agent[row] as string)}\t-\t${method === 'POST' ? 64 : 0}\t${requests.size[row]!}\t${status}\t${REASONS[status] ?? '-'}\t-\t-\t(empty)\t${requests.user[row]}\t-\t${proxied}\t-\t-\t-\t-\t-\t-`,
        requests.owner[row]!,
      );
      if ((requests.marks[row]! & Mark.through) !== 0) webThrough(desk, host, row);
    },
    end: () => file.ignored(`#close\t${stamp(desk, world.span)}`),
  };
}

/** The writer of ssh.log: one line a connection; Zeek guesses from packet sizes whether somebody got in. */
export function zeekSshWriter(desk: Desk): Writer {
  const { world, utc, file } = desk;
  const { ssh, book } = world;
  const place = book.text(world.estate.bastion);
  return {
    begin: () => writeHead(desk, 'ssh', SSH_COLUMNS),
    write(row) {
      if (ssh.line[row]! !== SshLine.open) return;
      const outcome = ssh.outcome[row]!;
      const source = ssh.source[row]!;
      const connection = ssh.connection[row]!;
      const success = outcome === SshOutcome.succeeded ? 'T' : outcome === SshOutcome.failed ? 'F' : '-';
      const time = ssh.time[row]!;
      file.tell(
        `${utc.epoch(time)}\t${uidOf(connection)}\t${book.text(source)}\t${ssh.sourcePort[row]!}\t${place}\t22\t2\t${success}\t${ssh.tries[row]!}\t-\t${CLIENTS[source % CLIENTS.length]}\tSSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\tchacha20-poly1305@openssh.com\thmac-sha2-256-etm@openssh.com\tnone\tcurve25519-sha256\tssh-ed25519\ta1:5e:9c:4b:31:1a:7d:02:3e:6b:91:c4:55:08:2d:f7`,
        book.ownerOf(source),
      );
      if ((ssh.marks[row]! & Mark.through) !== 0) {
        noteThrough(desk, source, world.estate.bastion, 22, time, 'login-after-guessing');
      }
    },
    end: () => file.ignored(`#close\t${stamp(desk, world.span)}`),
  };
}

/** Zeek escapes bytes outside printable ASCII and the separator as \xhh. */
function value(text: string): string {
  return text.replace(/[\\\u0000-\u001f\u007f-\u00ff]/g, (byte) => {
    return byte === '\\' ? '\\x5c' : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
