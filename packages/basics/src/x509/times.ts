/**
 * Times in certificates (RFC 5280, 4.1.2.5): UTC, whole seconds; to the end of 2049 as UTCTime, which has two digits for
 * the year, and GeneralizedTime from then on.
 *
 *     UTCTime          261122190000Z
 *     GeneralizedTime  20500101000000Z
 */
import { derText, sameBytes, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';

/** First and last moment that can be written, in ms since 1970: 1950, and the end of 9999. */
const FIRST = Date.UTC(1950, 0);
const LAST = Date.UTC(10_000, 0) - 1;

/** From here on the year has four digits. */
const LONG = Date.UTC(2050, 0);

/** A time in ms since 1970. Throws if it is no whole second, or one that cannot be written. */
export function derTime(time: number): Uint8Array {
  if (time % 1_000 !== 0 || !(time >= FIRST && time <= LAST))
    throw new RangeError(`${time} is no time to write`);
  const digits = new Date(time).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  return time < LONG
    ? derText(TAG.utcTime, `${digits.slice(2)}Z`)
    : derText(TAG.generalizedTime, `${digits}Z`);
}

/** Reads a time. */
export function readCertificateTime(reader: DerReader): number {
  const tag = reader.next(TAG.generalizedTime) ? TAG.generalizedTime : TAG.utcTime;
  const whole = reader.whole(tag);
  const text = String.fromCharCode(...whole.subarray(2, 17));
  const parts = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts ?? [];
  const full = tag === TAG.generalizedTime ? year : year + (year < 50 ? 2_000 : 1_900);
  const time = Date.UTC(full, month - 1, day, hour, minute, second);
  // Date.UTC takes a 30 February for 2 March: what is not written back as it stood was no time.
  const fine = parts !== undefined && time >= FIRST && time <= LAST && sameBytes(derTime(time), whole);
  if (!fine) reader.fail('a time that is none');
  return time;
}
