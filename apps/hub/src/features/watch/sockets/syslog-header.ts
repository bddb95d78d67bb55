/**
 * The HOSTNAME of a syslog message, and nothing else of it: which sensor's line this is.
 *
 *     <34>1 2026-11-22T15:47:54.123Z fw1.boone.example sshd 77 - - text      RFC 5424
 *     <34>Nov 22 15:47:54 fw1 sshd[77]: text                                 RFC 3164
 *     <34>2026-11-22T15:47:54.123456+00:00 fw1 sshd[77]: text                3164 with the time of 5424, as rsyslog forwards
 *
 * Strict: a header in another shape has no host. A device that leaves its name out has a tag in that place, which
 * ends in a colon or has brackets, and is no host either.
 */

/** RFC 5424 section 6: HOSTNAME has at most 255 characters. */
const MAX_HOSTNAME = 255;

/** Longest time that stands before a host: an RFC 3339 time with nine decimals and an offset has 35. */
const MAX_TIME = 40;

const SPACE = 0x20;
const MONTHS = new Set(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']);

/** The host that a message names, in small letters; undefined where it names none. */
export function syslogHost(bytes: Buffer, from: number, to: number): string | undefined {
  const afterPri = behindPri(bytes, from, to);
  if (afterPri < 0) return undefined;
  // `1 ` is the version of RFC 5424; a time never begins with a digit and a space.
  const version = bytes[afterPri] === 0x31 && bytes[afterPri + 1] === SPACE;
  const time = version ? afterPri + 2 : afterPri;
  const host =
    isDigit(bytes[time]) || version ? behindIsoTime(bytes, time, to) : behindOldTime(bytes, time, to);
  return host < 0 ? undefined : hostAt(bytes, host, to);
}

/** Behind `<0>` to `<191>`. */
function behindPri(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] !== 0x3c) return -1;
  let pri = 0;
  for (let at = from + 1; at < to && at <= from + 4; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x3e) return at > from + 1 && pri <= 191 ? at + 1 : -1;
    if (!isDigit(byte)) return -1;
    pri = pri * 10 + byte - 0x30;
  }
  return -1;
}

/** Behind a time in one word and its space. `-` is the time of RFC 5424 that is not known. */
function behindIsoTime(bytes: Buffer, from: number, to: number): number {
  const end = wordEnd(bytes, from, to, MAX_TIME);
  if (end < 0) return -1;
  if (end === from + 1 && bytes[from] === 0x2d) return end + 1;
  const shaped = bytes[from + 4] === 0x2d && bytes[from + 7] === 0x2d && bytes[from + 10] === 0x54;
  return shaped ? end + 1 : -1;
}

/** Behind `Mmm dd hh:mm:ss `, or `Mmm dd yyyy hh:mm:ss ` as Cisco's devices write it. */
function behindOldTime(bytes: Buffer, from: number, to: number): number {
  if (from + 16 > to || !MONTHS.has(bytes.toString('latin1', from, from + 3))) return -1;
  if (bytes[from + 3] !== SPACE || !isDigit(bytes[from + 5]) || bytes[from + 6] !== SPACE) return -1;
  const year = isDigit(bytes[from + 10]) && bytes[from + 11] === SPACE;
  const clock = from + (year ? 12 : 7);
  if (clock + 9 > to || bytes[clock + 2] !== 0x3a || bytes[clock + 5] !== 0x3a) return -1;
  return bytes[clock + 8] === SPACE ? clock + 9 : -1;
}

function hostAt(bytes: Buffer, from: number, to: number): string | undefined {
  const end = wordEnd(bytes, from, to, MAX_HOSTNAME);
  if (end < 0) return undefined;
  const host = bytes.toString('latin1', from, end).toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._:-]*[a-z0-9])?$/.test(host) ? host : undefined;
}

/** Where the word that begins here ends in a space; -1 where it is empty, too long, or the last one. */
function wordEnd(bytes: Buffer, from: number, to: number, longest: number): number {
  const bound = Math.min(to, from + longest + 1);
  for (let at = from; at < bound; at += 1) {
    if (bytes[at] === SPACE) return at > from ? at : -1;
  }
  return -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
