/**
 * Messages that a syslog daemon counted instead of writing them again. Both daemons write the first one as it came and
 * count the ones after it, so a line that says N stands for N contacts: a row with `repeat` N - 1.
 *
 * rsyslog repeats the message itself, in brackets, and the reader of the format reads it there. sysklogd and the BSDs
 * only say "last message": the last line of the same host, if it can still be seen, is copied.
 */
import type { Batch } from '../contact.ts';
import { ascii, readEnd, readNumber, startsWith } from './bytes.ts';
import type { Envelope } from './envelope.ts';

const MESSAGE_REPEATED = ascii('message repeated ');
const LAST_REPEATED = ascii('last message repeated ');
const TIMES = ascii(' times: [');
const TIME = ascii(' time');

/** Lines looked at for the one that "last message" means: relays interleave hosts, but not hundreds of lines deep. */
const MAX_LOOK_BACK = 64;
/** The most that the column `repeat` holds. */
const MAX_REPEAT = 0xffff;

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const CLOSE = 93;

/** Notes in the envelope whether its message, which ends at `to`, is one that a daemon counted. */
export function readRepetition(bytes: Uint8Array, to: number, envelope: Envelope): void {
  const from = envelope.messageAt;
  const last = startsWith(bytes, from, to, LAST_REPEATED);
  if (!last && !startsWith(bytes, from, to, MESSAGE_REPEATED)) return;
  const count = readNumber(bytes, from + (last ? LAST_REPEATED : MESSAGE_REPEATED).length, to);
  if (count < 1 || !startsWith(bytes, readEnd, to, last ? TIME : TIMES)) return;
  envelope.repeated = count;
  envelope.repeatsLast = last;
  if (last) return;
  let at = readEnd + TIMES.length;
  if (at < to && bytes[at] === SPACE) at++;
  envelope.messageAt = at;
  // rsyslog cuts the message at 800 bytes, and closes the bracket all the same; a relay may have cut that too.
  envelope.messageEnd = at < to && bytes[to - 1] === CLOSE ? to - 1 : to;
}

/** Adds `extra` contacts to a row; what the column cannot hold is counted as lost, not forgotten. */
export function addRepeats(batch: Batch, row: number, extra: number): void {
  const sum = batch.repeat[row]! + extra;
  batch.repeat[row] = Math.min(MAX_REPEAT, sum);
  if (sum > MAX_REPEAT) batch.lost += sum - MAX_REPEAT;
}

/**
 * Fills row `batch.count` for `last message repeated N times`: the row of the last line of the same host, at the time
 * of this line. Returns false, and no row, if that line told of no contact; if it cannot be found (the block or the
 * batch begins between them) or could not be read, contacts may be lost, and how many is not known.
 *
 * `blockAt` is where the bytes that may be looked at begin, `at` and `line` where this line does, `unreadableLine` is the
 * last line that could not be read. The envelope is read again for the lines before: the caller must be done with it.
 */
export function repeatLastRow(
  bytes: Uint8Array,
  blockAt: number,
  at: number,
  line: number,
  unreadableLine: number,
  envelope: Envelope,
  batch: Batch,
): boolean {
  const { host, time } = envelope;
  const extra = envelope.repeated - 1;
  let next = at;
  for (let back = 1; back <= MAX_LOOK_BACK && next > blockAt; back++) {
    let end = next - 1;
    let start = end;
    while (start > blockAt && bytes[start - 1] !== NEWLINE) start--;
    next = start;
    if (end > start && bytes[end - 1] === RETURN) end--;
    if (end <= start) continue;
    envelope.read(bytes, start, end);
    if (envelope.host !== host) continue;
    const row = rowOfLine(batch, line - back);
    if (row < 0) {
      if (back >= batch.lines || line - back === unreadableLine) break;
      return false;
    }
    const copy = batch.count;
    batch.copyRow(row, copy);
    if (!Number.isNaN(time)) batch.time[copy] = time;
    batch.repeat[copy] = 0;
    addRepeats(batch, copy, extra);
    return true;
  }
  batch.lostUnknown = true;
  return false;
}

/** The row that line `line` of the block fills, -1 if it fills none. Rows are in the order of lines. */
function rowOfLine(batch: Batch, line: number): number {
  for (let row = batch.count - 1; row >= 0 && batch.line[row]! >= line; row--) {
    if (batch.line[row] === line) return row;
  }
  return -1;
}
