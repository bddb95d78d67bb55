/**
 * What syslog daemons and kernels say about their own losses and repetitions, inside any syslog stream:
 *
 *     kernel: net_ratelimit: 123 callbacks suppressed                  Linux
 *     systemd-journald[88]: Suppressed 1234 messages from sshd.service journald
 *     rsyslogd: imuxsock lost 56 messages from pid 123 due to rate-limiting
 *     last message repeated 5 times                                    sysklogd, BSD
 */
import type { Batch } from '../contact.ts';
import { ascii, find, readEnd, readNumber, startsWith } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { Line } from './reader.ts';

const SUPPRESSED = ascii(' suppressed');
const JOURNAL = ascii('Suppressed ');
const LOST = ascii(' lost ');
const MESSAGES = ascii(' messages');
const CALLBACKS = ascii(' callbacks');

/**
 * Reads a line that is no contact: `Line.ignored`, with losses added to `batch.lost`. A line that has no syslog header
 * either is unreadable: it is of another format, or damaged.
 */
export function readNotice(
  bytes: Uint8Array,
  from: number,
  to: number,
  envelope: Envelope,
  batch: Batch,
): Line {
  if (!envelope.found) return Line.unreadable;
  const end = Math.min(to, from + MAX_NOTICE);
  if (startsWith(bytes, from, end, JOURNAL)) {
    const count = readNumber(bytes, from + JOURNAL.length, end);
    if (count > 0 && startsWith(bytes, readEnd, end, MESSAGES)) batch.lost += count;
    return Line.ignored;
  }
  const suppressed = find(bytes, SUPPRESSED, from, end);
  if (suppressed > 0) {
    const count = numberBefore(bytes, from, suppressed);
    if (count > 0) batch.lost += count;
    return Line.ignored;
  }
  const lost = find(bytes, LOST, from, end);
  if (lost > 0) {
    const count = readNumber(bytes, lost + LOST.length, end);
    if (count > 0 && startsWith(bytes, readEnd, end, MESSAGES)) batch.lost += count;
  }
  return Line.ignored;
}

/** Longest notice looked at: daemons' own messages are short. */
const MAX_NOTICE = 512;

/** The number in `123 callbacks suppressed` or `123 messages suppressed`, -1 if none. */
function numberBefore(bytes: Uint8Array, from: number, at: number): number {
  for (const word of [CALLBACKS, MESSAGES]) {
    const start = at - word.length;
    if (!startsWith(bytes, start, at, word)) continue;
    let digit = start;
    while (digit > from && bytes[digit - 1]! >= 48 && bytes[digit - 1]! <= 57) digit--;
    return readNumber(bytes, digit, start);
  }
  return -1;
}
