/** Plain reading of syslog headers: what `envelope.ts` must agree with. */
import type { Clock } from './clock.ts';

/** A header as strings. Absent = the line does not say. */
export type PlainEnvelope = {
  readonly found: boolean;
  /** Milliseconds UTC; absent if there is none or no such time. */
  readonly time?: number;
  readonly host?: string;
  readonly app?: string;
  readonly pid?: number;
  readonly message: string;
  readonly repeated: number;
  readonly repeatsLast: boolean;
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const PRIORITY = /^<(\d{1,4})>/;
const BSD = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{0,15}))?:? /;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{0,15}))?(Z|z|[+-]\d\d(?::?\d\d)?)?(?= )/;
const TAG = /^([^:[ ]{0,254})(\[(?:\d{1,15}\]|(?!\d{1,15}(?!\d))[^\]]*\]))?:( ?)/;
const DATA = /^(?:\[(?:"(?:\\.|[^"\\])*"|[^\]"])*\])+/s;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** Reads the header of a line (latin1 characters). */
export function readPlainEnvelope(line: string, clock: Clock): PlainEnvelope {
  const header = plainHeader(line, clock);
  if (!header.found) return { ...header, repeated: 0, repeatsLast: false };
  const last = /^last message repeated (\d{1,15}) time/.exec(header.message);
  if (last !== null && Number(last[1]) > 0) {
    return { ...header, repeated: Number(last[1]), repeatsLast: true };
  }
  const inner = /^message repeated (\d{1,15}) times: \[ ?(.*)$/s.exec(header.message);
  if (inner === null || Number(inner[1]) === 0) return { ...header, repeated: 0, repeatsLast: false };
  const message = inner[2]!.replace(/\]$/, '');
  return { ...header, message, repeated: Number(inner[1]), repeatsLast: false };
}

type PlainHeader = Omit<PlainEnvelope, 'repeated' | 'repeatsLast'>;

function plainHeader(line: string, clock: Clock): PlainHeader {
  const none = { found: false, message: line };
  let rest = line;
  if (line.startsWith('<')) {
    const priority = PRIORITY.exec(line);
    if (priority === null || Number(priority[1]) > 191) return none;
    rest = line.slice(priority[0].length);
    if (rest.startsWith('1 ')) return rfc5424(rest.slice(2), clock) ?? none;
  }
  const bsd = rest.length < 16 ? null : BSD.exec(rest);
  if (bsd !== null && MONTHS.includes(bsd[1]!)) {
    const month = MONTHS.indexOf(bsd[1]!) + 1;
    const year = bsd[3] === undefined ? clock.yearOf(month) : Number(bsd[3]);
    const [day, hour, minute, second] = [bsd[2], bsd[4], bsd[5], bsd[6]].map(Number);
    const time = clock.utc(year, month, day!, hour!, minute!, second!, milliseconds(bsd[7]));
    return hostAndTag(rest.slice(bsd[0].length), time);
  }
  const iso = ISO.exec(rest);
  const time = iso === null ? Number.NaN : isoTime(iso, clock);
  return iso === null || Number.isNaN(time) ? none : hostAndTag(rest.slice(iso[0].length + 1), time);
}

function rfc5424(text: string, clock: Clock): PlainHeader | undefined {
  const iso = ISO.exec(text);
  const stamp = iso === null ? (text.startsWith('- ') ? '-' : undefined) : iso[0];
  if (stamp === undefined) return undefined;
  const time = iso === null ? Number.NaN : isoTime(iso, clock);
  if (iso !== null && Number.isNaN(time)) return undefined;
  const words = /^ ([^ ]{1,255}) ([^ ]{0,255}) ([^ ]{0,255}) ([^ ]{0,255}) /.exec(text.slice(stamp.length));
  if (words === null) return undefined;
  const [all, host, app, pid] = words;
  let message = text.slice(stamp.length + all.length);
  if (message.startsWith('-')) message = message.slice(1);
  else if (message.startsWith('[')) {
    const data = DATA.exec(message);
    if (data === null) return undefined;
    message = message.slice(data[0].length);
    // What looks like one more element and never ends is damage.
    if (message.startsWith('[')) return undefined;
  }
  if (message.startsWith(' ')) message = message.slice(1);
  if (message.startsWith(BYTE_ORDER_MARK)) message = message.slice(3);
  return {
    found: true,
    message,
    ...(Number.isNaN(time) ? {} : { time }),
    ...(host === '-' ? {} : { host: host! }),
    ...(app ? { app } : {}),
    ...(/^\d{1,15}(?!\d)/.test(pid!) ? { pid: Number.parseInt(pid!, 10) } : {}),
  };
}

function hostAndTag(text: string, time: number): PlainHeader {
  const dated = Number.isNaN(time) ? {} : { time };
  const word = /^([^ ]{1,255}) /.exec(text)?.[1];
  if (word === undefined) return { found: true, message: text, ...dated };
  const named = word.endsWith(':') ? {} : { host: word };
  const rest = word.endsWith(':') ? text : text.slice(word.length + 1);
  const tag = TAG.exec(rest);
  if (tag === null) return { found: true, message: rest, ...dated, ...named };
  const pid = /^\[(\d{1,15})\]$/.exec(tag[2] ?? '')?.[1];
  return {
    found: true,
    message: rest.slice(tag[0].length),
    ...dated,
    ...named,
    ...(tag[1] ? { app: tag[1] } : {}),
    ...(pid === undefined ? {} : { pid: Number(pid) }),
  };
}

function isoTime(match: RegExpExecArray, clock: Clock): number {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const ms = milliseconds(match[7]);
  const zone = match[8];
  if (zone === undefined) return clock.utc(year!, month!, day!, hour!, minute!, second!, ms);
  if (hour! > 23 || minute! > 59 || second! > 60 || year! < 1970) return Number.NaN;
  const midnight = Date.UTC(year!, month! - 1, day!);
  if (new Date(midnight).toISOString().slice(0, 10) !== match[0].slice(0, 10)) return Number.NaN;
  const time = midnight + (hour! * 60 + minute!) * 60_000 + second! * 1000 + ms;
  if (/z/i.test(zone)) return time;
  const digits = zone.replace(/\D/g, '').padEnd(4, '0');
  if (Number(digits.slice(0, 2)) > 18) return Number.NaN;
  const offset = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return zone.startsWith('-') ? time + offset : time - offset;
}

function milliseconds(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 3).padEnd(3, '0'));
}
