/** Since when and until when a statement of the surface holds: dates and times of ISO 8601. */
import { dateToMs } from '../reading/clock.ts';
import { required } from './fields.ts';
import type { Validity } from './surface.ts';
import { type Fields, shorten, type Value, type YamlFile } from './yaml.ts';

/** When an entry holds. Both ends may be left out, unless `bounded`. */
export function readValidity(
  file: YamlFile,
  fields: Fields,
  what: string,
  bounded: boolean,
): Validity | undefined {
  const end = (key: string) => (bounded ? required(file, fields, key, what) : fields.byKey.get(key));
  const fromValue = end('from');
  const untilValue = end('until');
  const from = fromValue ? readTime(file, fromValue, 'from') : Number.NEGATIVE_INFINITY;
  const until = untilValue ? readTime(file, untilValue, 'until') : Number.POSITIVE_INFINITY;
  if (from === undefined || until === undefined) return undefined;
  if (bounded && (!fromValue || !untilValue)) return undefined;
  if (from < until) return { from, until };
  const reason = `${what} ends before it begins`;
  const help = '"until" is the first moment at which it no longer holds, and comes after "from".';
  file.problems.add(untilValue!.at, 'SURFACE_TIME_WRONG', reason, help);
  return undefined;
}

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/;

/** A date, which is its first moment in UTC, or a date and time with zone (ISO 8601), in ms since 1970 UTC. */
function readTime(file: YamlFile, value: Value, key: string): number | undefined {
  const what = `"${key}" is a date like 2026-11-03 or a time like 2026-11-03T06:00:00-06:00`;
  const found = file.scalar(value, what);
  if (found === undefined) return undefined;
  const text = String(found);
  const ms = timeOf(text);
  if (!Number.isNaN(ms)) return ms;
  const [, , , , , , zone] = MOMENT.exec(text) ?? ['', '', '', '', '', '', '?'];
  const help = zone === undefined ? `Say in which zone: ${shorten(text)}Z for UTC.` : undefined;
  file.problems.add(value.at, 'SURFACE_TIME_WRONG', `${what}; "${shorten(text)}" is none`, help);
  return undefined;
}

/** Milliseconds since 1970 UTC, or NaN. */
function timeOf(text: string): number {
  const date = DATE.exec(text);
  if (date) return dateToMs(Number(date[1]), Number(date[2]), Number(date[3]));
  const moment = MOMENT.exec(text);
  if (!moment?.[6]) return Number.NaN;
  const [, day = '', hour, minute, second = '0', fraction = '0', zone] = moment;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  const clock = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1_000;
  return timeOf(day) + clock + Number(fraction.padEnd(3, '0')) - offsetOf(zone);
}

/** Milliseconds that a zone like `-06:00` is ahead of UTC; NaN if there is no such zone. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
