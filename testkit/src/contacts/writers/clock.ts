/**
 * Times as log files spell them. Events come nearly in order, so that each spelling is kept for its second.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A second's spellings in one time zone. */
export type Spelling = {
  /** `Oct  7 09:05:01` (RFC 3164). */
  readonly syslog: string;
  /** `07/Oct/2026:09:05:01 -0500` (NCSA). */
  readonly ncsa: string;
  /** `2026-10-07`. */
  readonly date: string;
  /** `09:05:01`. */
  readonly time: string;
  /** `-0500`. */
  readonly offset: string;
};

/** Spells times of a run in a time zone. */
export class Clock {
  /** Milliseconds since 1970 at which the run starts. */
  readonly start: number;
  private readonly zone: string;
  private readonly offsets = new Map<number, number>();
  private readonly formatter: Intl.DateTimeFormat;
  private second = Number.NaN;
  private spelling: Spelling | undefined;

  /**
   * @param start milliseconds since 1970 at which the run starts
   * @param zone a name of the IANA time zone database
   */
  constructor(start: number, zone: string) {
    this.start = start;
    this.zone = zone;
    this.formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  }

  /** The spellings of the second that holds `time` (microseconds from the start). */
  at(time: number): Spelling {
    const second = Math.floor((this.start + time / 1_000) / 1_000);
    if (second === this.second && this.spelling !== undefined) return this.spelling;
    this.second = second;
    this.spelling = this.spell(second);
    return this.spelling;
  }

  /** Seconds since 1970 with six digits, as Zeek writes them. */
  epoch(time: number): string {
    const micros = this.start * 1_000 + time;
    const second = Math.floor(micros / 1_000_000);
    return `${second}.${digits(Math.floor(micros - second * 1_000_000), 6)}`;
  }

  /** Whole milliseconds since 1970. */
  milliseconds(time: number): number {
    return this.start + Math.floor(time / 1_000);
  }

  /** Microseconds within the second, six digits. */
  micros(time: number): string {
    return digits(Math.floor(time + this.start * 1_000) % 1_000_000, 6);
  }

  private spell(second: number): Spelling {
    const offset = this.zone === 'UTC' ? 0 : this.offsetAt(second);
    const local = new Date((second + offset * 60) * 1_000);
    const day = local.getUTCDate();
    const month = MONTHS[local.getUTCMonth()] as string;
    const time = `${digits(local.getUTCHours(), 2)}:${digits(local.getUTCMinutes(), 2)}:${digits(local.getUTCSeconds(), 2)}`;
    const sign = offset < 0 ? '-' : '+';
    const east = Math.abs(offset);
    const zone = `${sign}${digits(Math.floor(east / 60), 2)}${digits(east % 60, 2)}`;
    return {
      syslog: `${month} ${String(day).padStart(2)} ${time}`,
      ncsa: `${digits(day, 2)}/${month}/${local.getUTCFullYear()}:${time} ${zone}`,
      date: `${local.getUTCFullYear()}-${digits(local.getUTCMonth() + 1, 2)}-${digits(day, 2)}`,
      time,
      offset: zone,
    };
  }

  /** Minutes east of UTC; zones change on quarters of an hour only. */
  private offsetAt(second: number): number {
    const quarter = Math.floor(second / 900);
    const known = this.offsets.get(quarter);
    if (known !== undefined) return known;
    const parts = this.formatter.formatToParts(quarter * 900_000);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const match = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name);
    const minutes = match?.[1] === undefined ? 0 : Number(match[2]) * 60 + Number(match[3]);
    const offset = match?.[1] === '-' ? -minutes : minutes;
    this.offsets.set(quarter, offset);
    return offset;
  }
}

/** A whole number with leading zeros. */
export function digits(value: number, width: number): string {
  const text = String(value);
  return text.length >= width ? text : '0'.repeat(width - text.length) + text;
}
