/**
 * What the plain reference readers share: addresses, numbers and times from strings. None of it is on the hot path,
 * and none of it is built on `bytes.ts`, so that a mistake there shows.
 */
import { plainIp } from './plain-ip.ts';
import { OTHER_PROTOCOL, PROTOCOL_NAMES } from './protocols.ts';

/**
 * The address in a field, in its one spelling. '' where the field names none (empty, a dash, the unspecified address),
 * undefined where something else stands in it.
 */
export function plainAddress(field: string): string | undefined {
  const bare = /^\[(.*)\]$/s.exec(field)?.[1] ?? field;
  if (bare === '' || bare === '-') return field === '' || bare === '-' ? '' : undefined;
  const zone = bare.indexOf('%');
  const address = plainIp(zone < 0 ? bare : bare.slice(0, zone));
  if (address === undefined || zone === bare.length - 1 || (zone >= 0 && !address.includes(':')))
    return undefined;
  return address === '0.0.0.0' || address === '::' ? '' : address;
}

/** Whether both addresses are of one family; one that is not named goes with either. */
export function sameFamily(source: string, destination: string): boolean {
  return source === '' || destination === '' || source.includes(':') === destination.includes(':');
}

/** The number in a field of at most 15 digits, -1 if it holds anything else. */
export function plainNumber(field: string | undefined): number {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : -1;
}

/** The port in a field, -1 if it holds anything else. */
export function plainPort(field: string | undefined): number {
  const port = plainNumber(field);
  return port > 65_535 ? -1 : port;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{0,15}))?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const SLASHED =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{0,15}))?(?: ?(Z|z|UTC|GMT|[+-]\d\d:?[0-5]\d))?$/;

/** Milliseconds of `2026-10-09T22:33:20.520-05:00`; without a zone it is UTC. NaN if the field is something else. */
export function plainIsoTime(field: string): number {
  return partsToMs(ISO.exec(field));
}

/** Milliseconds of `2026/10/09 22:33:20`, as `plainIsoTime`. */
export function plainSlashTime(field: string): number {
  return partsToMs(SLASHED.exec(field));
}

function partsToMs(match: RegExpExecArray | null): number {
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, digits = '', zone = 'Z'] = match;
  if (Number(year) < 1970 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return Number.NaN;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(date).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return Number.NaN;
  const clock = Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000;
  const ms = Number(digits.slice(0, 3).padEnd(3, '0'));
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (offset === null) return date + clock + ms;
  if (Number(offset[2]) > 18) return Number.NaN;
  const ahead = Number(offset[2]) * 3_600_000 + Number(offset[3] ?? 0) * 60_000;
  return date + clock + ms - (offset[1] === '-' ? -ahead : ahead);
}

/** Drops the properties that are undefined: what is absent in a `PlainContact` is not said. */
export function said<T extends object>(contact: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== undefined)) as T;
}

/** Milliseconds of a number of seconds, ms, us or ns since 1970, by its digits; NaN if the field is something else. */
export function plainEpoch(field: string): number {
  const match = /^(\d{9,19})(?:\.(\d{0,15}))?$/.exec(field);
  if (match === null) return Number.NaN;
  const [, digits = '', fraction] = match;
  const length = digits.length;
  if (fraction !== undefined && length > 11) return Number.NaN;
  if (length <= 11) return Number(digits) * 1000 + Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  return Number(length <= 14 ? digits : digits.slice(0, length <= 17 ? -3 : -6));
}

/** Number of the protocol that a field names, as `readProtocol`. */
export function plainProtocol(field: string): number {
  if (field === '' || field === '-') return 0;
  const number = plainNumber(field);
  if (number >= 0) return number > 255 ? OTHER_PROTOCOL : number;
  return lookUp(PROTOCOL_NAMES, field) ?? OTHER_PROTOCOL;
}

/** Value of a word in a table with words in lower case. */
export function lookUp(table: Readonly<Record<string, number>>, word: string): number | undefined {
  const lower = word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return Object.hasOwn(table, lower) ? table[lower] : undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Milliseconds of a time in any spelling of `times.ts`; where the year is missing it is 2026, as in `harness.ts`. */
export function plainTime(field: string): number {
  if (field.length < 9) return Number.NaN;
  if (!/^\d/.test(field)) {
    const match = /^([A-Z][a-z]{2}) {1,2}(\d\d?) (?:(\d{4}) )?(.+)$/s.exec(field);
    const month = match === null ? -1 : MONTHS.indexOf(match[1]!);
    if (match === null || month < 0) return Number.NaN;
    return plainSlashTime(
      `${match[3] ?? '2026'}/${String(month + 1).padStart(2, '0')}/${match[2]!.padStart(2, '0')} ${match[4]}`,
    );
  }
  if (field[4] === '-') {
    const iso = plainIsoTime(field);
    if (!Number.isNaN(iso)) return iso;
    const parts = /^(\d{4})-(\d\d)-(\d\d)[Tt ](.+)$/s.exec(field);
    // The zone behind a space; whatever else there is, the clock itself was understood.
    return parts === null ? Number.NaN : plainSlashTime(`${parts[1]}/${parts[2]}/${parts[3]} ${parts[4]}`);
  }
  if (field[4] === '/') return plainSlashTime(field);
  const web = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(.{8,})$/s.exec(field);
  if (web !== null) {
    const month = MONTHS.indexOf(web[2]!);
    return month < 0
      ? Number.NaN
      : plainSlashTime(`${web[3]}/${String(month + 1).padStart(2, '0')}/${web[1]} ${web[4]}`);
  }
  return plainEpoch(field);
}
