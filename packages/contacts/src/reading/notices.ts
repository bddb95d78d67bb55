/**
 * What syslog daemons and kernels say about their own losses, inside any syslog stream:
 *
 *     kernel: net_ratelimit: 123 callbacks suppressed                              Linux, lib/ratelimit.c
 *     kernel: printk: bash: 5 output lines suppressed due to ratelimiting          Linux, kernel/printk
 *     systemd-journald[88]: Suppressed 1234 messages from sshd.service             journald's rate limit
 *     systemd-journald[88]: Missed 7 kernel messages
 *     systemd-journald[88]: Forwarding to syslog missed 12 messages.
 *     rsyslogd: imuxsock lost 56 messages from pid 123 due to rate-limiting
 *     rsyslogd: imjournal: 14 messages lost due to rate-limiting
 *     rsyslogd: imuxsock[pid 123]: begin to drop messages due to rate-limiting     a loss without a number
 *     bellwether-agent - - - the agent lost 7 messages: syslog-udp:0.0.0.0:514 ...           an office's own agent
 *     bellwether-agent - - - the agent had to drop messages: file:/var/log/fw.log ...
 *
 * Only the daemons themselves are believed: any other program may log text that somebody else wrote.
 */
import type { Batch } from '../contact.ts';
import { ascii, find, findLast, readEnd, readNumber, startsWith } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { Line } from './reader.ts';

const KERNEL = ascii('kernel');
const JOURNALD = ascii('systemd-journal');
const RSYSLOGD = ascii('rsyslogd');
const AGENT = ascii('bellwether-agent');

/** A loss as a daemon words it: `before`, a number, `after`. */
type Wording = { readonly before: Uint8Array; readonly after: Uint8Array };

const wording = (before: string, after: string): Wording => ({ before: ascii(before), after: ascii(after) });

const KERNEL_LOSSES = [
  wording(' ', ' callbacks suppressed'),
  wording(' ', ' messages suppressed'),
  wording(' ', ' output lines suppressed due to ratelimiting'),
];
const JOURNAL_LOSSES = [
  wording('Suppressed ', ' messages'),
  wording('Missed ', ' kernel messages'),
  wording('missed ', ' messages'),
];
const RSYSLOG_LOSSES = [wording(' lost ', ' messages'), wording(' ', ' messages lost')];
const TO_DROP = ascii(' to drop messages');

/** Longest notice looked at: daemons' own messages are short. */
const MAX_NOTICE = 512;

/**
 * Reads a line that is no contact: `Line.ignored`, with losses added to `batch`. A line that has no syslog header
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
  const { appAt, appEnd } = envelope;
  const end = Math.min(to, from + MAX_NOTICE);
  const first = appAt < appEnd ? bytes[appAt] : 0;
  if (first === KERNEL[0] && startsWith(bytes, appAt, appEnd, KERNEL)) {
    addLoss(bytes, from, end, KERNEL_LOSSES, batch);
  } else if (first === JOURNALD[0] && startsWith(bytes, appAt, appEnd, JOURNALD)) {
    addLoss(bytes, from, end, JOURNAL_LOSSES, batch);
  } else if (
    (first === RSYSLOGD[0] && startsWith(bytes, appAt, appEnd, RSYSLOGD)) ||
    (first === AGENT[0] && startsWith(bytes, appAt, appEnd, AGENT))
  ) {
    if (!addLoss(bytes, from, end, RSYSLOG_LOSSES, batch) && find(bytes, TO_DROP, from, end) >= 0) {
      batch.lostUnknown = true;
    }
  }
  return Line.ignored;
}

/** Adds the loss that [from, to) tells in one of the wordings; false if it tells none. */
function addLoss(
  bytes: Uint8Array,
  from: number,
  to: number,
  wordings: readonly Wording[],
  batch: Batch,
): boolean {
  for (const { before, after } of wordings) {
    const at = findLast(bytes, after, from, to);
    if (at < 0) continue;
    let digits = at;
    while (digits > from && bytes[digits - 1]! >= 48 && bytes[digits - 1]! <= 57) digits--;
    const count = readNumber(bytes, digits, at);
    if (readEnd !== at || count < 0) continue;
    if (!startsWith(bytes, digits - before.length, digits, before)) continue;
    if (digits - before.length < from) continue;
    batch.lost += count;
    return true;
  }
  return false;
}
