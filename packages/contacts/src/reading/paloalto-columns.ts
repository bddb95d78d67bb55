/**
 * The columns of PAN-OS's CSV that matter here, the words in them, and where a line begins. Source of the columns:
 * docs.paloaltonetworks.com, "Syslog Field Descriptions", PAN-OS 8.1 to 11.1.
 */
import { readEnd, readNumber, readPort, startsWith } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { Fields } from './fields.ts';
import { readIsoTime } from './iso-time.ts';
import { readSlashTime } from './times.ts';
import { WordTable, WordValues } from './words.ts';

const COMMA = 44;
const SPACE = 32;

/** Columns that all types share. */
export const Column = {
  serial: 2,
  type: 3,
  subtype: 4,
  generated: 6,
  source: 7,
  destination: 8,
  application: 14,
  session: 22,
  count: 23,
  sourcePort: 24,
  destinationPort: 25,
  protocol: 29,
  action: 30,
} as const;
/** Columns of TRAFFIC. */
export const Traffic = { received: 33, elapsed: 36, packetsReceived: 45, reason: 46 } as const;
/** Columns of THREAT. */
export const Threat = { url: 31, name: 32, severity: 34, direction: 35 } as const;
/** Columns of GLOBALPROTECT. */
export const Portal = {
  event: 8,
  user: 12,
  address: 15,
  addressV6: 16,
  count: 24,
  status: 28,
  precise: 36,
} as const;
/** Columns of SYSTEM. */
export const System = { event: 8, description: 14, precise: 25 } as const;
/**
 * Where PAN-OS 10 and later may write the time with its zone: column 102 of TRAFFIC, 107 of THREAT, moved by a few in
 * some releases. Columns that a client can write (forwarded-for, host names) all stand before.
 */
const PRECISE_FIRST = 101;
const PRECISE_LAST = 110;

/** Types that tell of contacts, in the order of `Type`. */
export const TYPES = new WordTable(['TRAFFIC', 'THREAT', 'GLOBALPROTECT', 'SYSTEM']);
/** Index of each type. */
export const Type = { traffic: 0, threat: 1, globalProtect: 2, system: 3 } as const;

/** What an action means. */
export const Action = { allow: 1, deny: 2, alert: 3 } as const;
/** Actions of both types; what is in neither list is left unknown. */
export const PALOALTO_ACTIONS: Readonly<Record<string, number>> = {
  allow: Action.allow,
  ...Object.fromEntries(
    ['deny', 'drop', 'drop-icmp', 'drop icmp', 'reset-both', 'reset both', 'reset-client', 'reset client']
      .concat(['reset-server', 'reset server', 'block', 'block-url', 'block-continue', 'block-override'])
      .concat(['block-ip', 'drop-all', 'drop-packet', 'random-drop', 'sinkhole', 'override-lockout'])
      .map((word) => [word, Action.deny]),
  ),
  ...Object.fromEntries(
    ['alert', 'continue', 'override', 'forward', 'syncookie-sent', 'wildfire-upload-success']
      .concat(['wildfire-upload-skip', 'wildfire-upload-fail'])
      .map((word) => [word, Action.alert]),
  ),
};
/** The actions, to be found by their bytes. */
export const ACTIONS = new WordValues(PALOALTO_ACTIONS);

/** Subtypes of THREAT that are about attacks; files, data patterns, URLs and flood counters are not about the source. */
export const ATTACKS = new WordTable(
  ['vulnerability', 'spyware', 'virus', 'scan', 'packet', 'wildfire', 'wildfire-virus', 'ml-virus'],
  true,
);

/** `2026-10-09T10:00:00.123-05:00`. */
const PRECISE_LENGTH = 24;

/** The fields of the line being read. One per reader. */
export class PaloAltoLine extends Fields {
  /** Splits the CSV in [from, to). False if it is none. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    return this.split(bytes, from, to, COMMA) && this.count > Column.source;
  }

  /** Whether `word` fills a column. */
  is(bytes: Uint8Array, column: number, word: Uint8Array): boolean {
    if (column >= this.count) return false;
    const at = this.start[column]!;
    const end = this.end[column]!;
    return end - at === word.length && startsWith(bytes, at, end, word);
  }

  /** The number that fills a column, -1 if none does or it may be cut. */
  number(bytes: Uint8Array, column: number): number {
    if (column >= this.count - 1) return -1;
    const end = this.end[column]!;
    const value = readNumber(bytes, this.start[column]!, end);
    return readEnd === end ? value : -1;
  }

  /** The port that fills a column, -1 if something else does. */
  port(bytes: Uint8Array, column: number): number {
    const end = this.end[column]!;
    const port = readPort(bytes, this.start[column]!, end);
    return readEnd === end ? port : -1;
  }

  /**
   * The event's time: with its zone from the column `precise` if that holds one, else the device's wall clock, else
   * the header's. NaN if there is none.
   */
  time(bytes: Uint8Array, precise: number, clock: Clock, envelope: Envelope): number {
    let time = Number.NaN;
    if (precise < this.count) {
      time = readIsoTime(bytes, this.start[precise]!, this.end[precise]!, clock);
      if (readEnd !== this.end[precise]) time = Number.NaN;
    }
    if (Number.isNaN(time))
      time = readSlashTime(bytes, this.start[Column.generated]!, this.end[Column.generated]!, clock);
    return Number.isNaN(time) ? envelope.time : time;
  }

  /** Column of the precise time, `MAX_SAFE_INTEGER` if none looks like it. */
  precise(): number {
    const { start, end, count } = this;
    const last = Math.min(count - 1, PRECISE_LAST);
    for (let i = PRECISE_FIRST; i <= last; i++) if (end[i]! - start[i]! >= PRECISE_LENGTH) return i;
    return Number.MAX_SAFE_INTEGER;
  }
}

/**
 * Where the CSV begins: `1,2026/10/09 10:`. Firewalls told to send no host name have that first word taken for it by
 * the header's grammar. -1 if there is none.
 */
export function messageStart(bytes: Uint8Array, from: number, to: number, envelope: Envelope): number {
  if (isStart(bytes, from, to)) return from;
  // Behind a priority alone.
  if (bytes[from] === 60) {
    const priority = readNumber(bytes, from + 1, Math.min(to, from + 4));
    if (priority >= 0 && bytes[readEnd] === 62 && isStart(bytes, readEnd + 1, to)) return readEnd + 1;
    return -1;
  }
  if (!envelope.found) return -1;
  // The date went for the host; the hour, up to its colon, may have gone for a program.
  if (from >= HIDDEN && isStart(bytes, from - HIDDEN, to)) return from - HIDDEN;
  return from >= HIDDEN + 3 && isStart(bytes, from - HIDDEN - 3, to) ? from - HIDDEN - 3 : -1;
}
/** `1,2026/10/09 `. */
const HIDDEN = 13;

/** One digit, a comma, a date: `1,2026/10/09 `. */
function isStart(bytes: Uint8Array, at: number, to: number): boolean {
  return (
    to - at > HIDDEN &&
    bytes[at + 1] === COMMA &&
    bytes[at + 6] === 47 &&
    bytes[at + 9] === 47 &&
    bytes[at + 12] === SPACE &&
    isDigit(bytes[at]!) &&
    isDigit(bytes[at + 2]!) &&
    isDigit(bytes[at + 11]!)
  );
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
