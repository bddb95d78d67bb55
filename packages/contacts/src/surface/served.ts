/**
 * Which rows of a log show that somebody was served, for `SurfaceDraft`: a handshake completed or data sent back, a
 * packet let in, a request answered with success, a login accepted. What looks like an answer to a question of ours,
 * what goes out, and what was refused says nothing about what we offer.
 */

import { formatIPv6 } from '@bellwether/basics';
import { type Batch, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { Family, findLastByte, readAddress, words } from '../reading/bytes.ts';
import type { ServedContact } from './draft.ts';
import type { SurfaceDraft } from './suggest.ts';

/** Clients take the ports of their own questions from here on (the lowest default of any system: Linux's). */
const FIRST_CLIENT_PORT = 32_768;

/**
 * Adds the rows of a batch that show something served. `bytes` are those that the rows were read from, `sensor` the
 * name of the sensor that wrote them.
 */
export function addServedRows(draft: SurfaceDraft, batch: Batch, bytes: Uint8Array, sensor: string): void {
  let time = Number.NaN;
  for (let i = 0; i < batch.count; i++) {
    if (!Number.isNaN(batch.time[i]!)) time = batch.time[i]!;
    const seen = servedAs(batch, i);
    if (seen === undefined) continue;
    const flags = batch.flags[i]!;
    draft.add({
      destination: (flags & Flag.noDestination) !== 0 ? null : addressAt(batch, i, 4),
      sensor,
      port: batch.dport[i]!,
      protocol: batch.protocol[i]! || Protocol.tcp,
      source: addressAt(batch, i, 0),
      client: (flags & Flag.forwarded) !== 0 ? clientOf(batch, i, bytes) : null,
      seen,
      time,
    });
  }
}

/** How the row shows that somebody was served; undefined if it does not. */
function servedAs(batch: Batch, i: number): ServedContact['seen'] | undefined {
  if ((batch.flags[i]! & (Flag.noSource | Flag.detail)) !== 0) return undefined;
  if (batch.direction[i] === Direction.outbound) return undefined;
  const outcome = batch.outcome[i]!;
  switch (batch.kind[i]) {
    case Kind.web: {
      const status = batch.status[i]!;
      return outcome === Outcome.answered && status >= 200 && status < 400 ? 'web' : undefined;
    }
    case Kind.login:
      return outcome === Outcome.succeeded ? 'login' : undefined;
    case Kind.packet:
    case Kind.flow:
      if (outcome === Outcome.established) return 'traffic';
      return outcome === Outcome.accepted && opens(batch, i) ? 'traffic' : undefined;
    default:
      return undefined;
  }
}

/** Whether a packet that was let in asks for something, rather than answers. */
function opens(batch: Batch, i: number): boolean {
  const port = batch.dport[i]!;
  switch (batch.protocol[i]) {
    case Protocol.tcp: {
      const known = (batch.flags[i]! & Flag.tcpKnown) !== 0;
      return known ? (batch.tcp[i]! & (Tcp.syn | Tcp.ack)) === Tcp.syn : port < FIRST_CLIENT_PORT;
    }
    case Protocol.udp:
      return port < FIRST_CLIENT_PORT;
    case Protocol.icmp:
      return port >>> 8 === ECHO_REQUEST;
    case Protocol.icmp6:
      return port >>> 8 === ECHO_REQUEST_6;
    default:
      return true;
  }
}
const ECHO_REQUEST = 8;
const ECHO_REQUEST_6 = 128;

/** The source (`word` 0) or destination (`word` 4) of a row. */
function addressAt(batch: Batch, i: number, word: 0 | 4): number | string {
  if ((batch.flags[i]! & Flag.v6) === 0) return word === 0 ? batch.src[i]! : batch.dst[i]!;
  const at = 8 * i + word;
  return formatIPv6(batch.wide.subarray(at, at + 4));
}

/** The right-most address in a forwarding header: the one that the last machine before us wrote there. */
function clientOf(batch: Batch, i: number, bytes: Uint8Array): number | string | null {
  const start = batch.forwardedAt[i]!;
  const end = start + batch.forwardedLength[i]!;
  let at = findLastByte(bytes, COMMA, start, end) + 1;
  if (at === 0) at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === QUOTE || bytes[at] === BRACKET)) at++;
  const family = readAddress(bytes, at, end);
  if (family === Family.none) return null;
  return family === Family.v4 ? words[3]! : formatIPv6(words);
}
const COMMA = 44;
const SPACE = 32;
const QUOTE = 34;
const BRACKET = 91;
