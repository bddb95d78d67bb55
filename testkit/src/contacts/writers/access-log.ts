/**
 * Access logs of nginx and Apache: NCSA combined, with each server's way to escape what clients send.
 *
 * nginx.log is in the `main` format that nginx.org's packages configure: combined and one more quoted field, the
 * X-Forwarded-For header as it came.
 *
 *     198.51.100.7 - - [07/Oct/2026:09:05:01 -0500] "GET / HTTP/1.1" 200 18432 "-" "Mozilla/5.0 ..." "-"
 */
import { Mark } from '../network-events.ts';
import { destinationFor, type WebHost } from '../web-requests.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** The writer of nginx's `main` format. */
export function nginxWriter(desk: Desk, host: WebHost): Writer {
  return accessLog(desk, host, escapeNginx, true);
}

/** The writer of Apache's combined format. */
export function apacheWriter(desk: Desk, host: WebHost): Writer {
  return accessLog(desk, host, escapeApache, false);
}

function accessLog(
  desk: Desk,
  host: WebHost,
  escaped: (text: string) => string,
  forwardedField: boolean,
): Writer {
  const { world, local, file } = desk;
  const { requests } = host;
  const { book } = world;
  const odd = oddLines(desk, (_, turn) => {
    if (turn % 2 === 0) file.junk('203.0.113.77 - - [07/Oct/2026:09:0');
    else file.junk('\u0000'.repeat(64));
  });

  return {
    write(row) {
      const time = requests.time[row]!;
      odd(time);
      const method = requests.method[row] as string;
      const url = escaped(requests.url[row] as string);
      const line =
        method === '' ? url : `${method} ${url} HTTP/${requests.connection[row]! % 7 === 0 ? '2.0' : '1.1'}`;
      const size = requests.size[row]!;
      const sizeText = size === 0 && !forwardedField ? '-' : String(size);
      const forwarded = requests.forwarded[row]!;
      const last = forwardedField ? ` "${forwarded === 0 ? '-' : book.text(forwarded - 1)}"` : '';
      const peer = requests.peer[row]!;
      file.tell(
        `${book.text(peer)} - ${escaped(requests.user[row] as string)} [${local.at(time).ncsa}] "${line}" ${requests.status[row]!} ${sizeText} "${escaped(requests.referer[row] as string)}" "${escaped(requests.agent[row] as string)}"${last}`,
        requests.owner[row]!,
      );
      if ((requests.marks[row]! & Mark.through) !== 0) webThrough(desk, host, row);
    },
  };
}

/** Notes a request that came through: guessed its way in, or attack content that was answered with success. */
export function webThrough(desk: Desk, host: WebHost, row: number): void {
  const { requests } = host;
  const reason = requests.user[row] === '-' ? 'attack-content-answered' : 'login-after-guessing';
  const peer = requests.peer[row]!;
  const destination = destinationFor(desk.world, host, peer);
  noteThrough(desk, peer, destination, host.port, requests.time[row]!, reason);
}

/** nginx writes `"`, `\` and bytes outside printable ASCII as \xHH (ngx_http_log_module, escape=default). */
export function escapeNginx(text: string): string {
  return text.replace(
    /["\\\u0000-\u001f\u007f-\u00ff]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Apache puts a backslash before `"` and `\`, and writes other bytes as \xhh or as C escapes (ap_escape_logitem). */
export function escapeApache(text: string): string {
  return text.replace(/["\\\u0000-\u001f\u007f-\u00ff]/g, (byte) => {
    if (byte === '"' || byte === '\\') return `\\${byte}`;
    if (byte === '\n') return '\\n';
    if (byte === '\t') return '\\t';
    return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
