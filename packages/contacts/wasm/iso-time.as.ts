/**
 * ISO 8601 as Suricata writes it.
 */
import { notDigits } from './digits.as';

export let isoMs: f64 = 0;
/** The date of the last time, its bytes and its beginning in milliseconds. */
let dayA: u64 = 0;
let dayB: u32 = 0;
let dayMs: f64 = 0;

/** Reads `2026-10-09T22:33:20.520012+0000` into `isoMs`; false: it is written otherwise. */
// @ts-ignore: decorator
@inline
export function isoTime(at: usize, to: usize): bool {
  if (to - at !== 31) return false;
  // 2026-10-09T22:33 and 3:20.520012+0000
  if (notDigits(at) !== 0x2490 || notDigits(at + 15) !== 0x812) return false;
  const marksA = i8x16.eq(v128.load(at), i8x16(0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 84, 0, 0, 58, 0, 0));
  if (i8x16.bitmask(marksA) !== 0x2490 || load<u8>(at + 16) !== 58 || load<u8>(at + 19) !== 46) return false;
  const sign = load<u8>(at + 26);
  if (sign !== 43 && sign !== 45) return false;
  const a = load<u64>(at);
  const b = <u32>load<u16>(at + 8);
  if (a !== dayA || b !== dayB) {
    const day = dayStart(two(at) * 100 + two(at + 2), two(at + 5), two(at + 8));
    if (day < 0) return false;
    dayA = a;
    dayB = b;
    dayMs = day;
  }
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  const zoneHours = two(at + 27);
  if (hour > 23 || minute > 59 || second > 59 || zoneHours > 18) return false;
  const ms = two(at + 20) * 10 + <u32>load<u8>(at + 22) - 48;
  const offset = <i32>(zoneHours * 3_600_000 + two(at + 29) * 60_000);
  const clock = <i32>(hour * 3_600_000 + minute * 60_000 + second * 1000 + ms);
  isoMs = dayMs + <f64>(sign === 45 ? clock + offset : clock - offset);
  return true;
}

/** Two digits. */
// @ts-ignore: decorator
@inline
function two(at: usize): u32 {
  const pair = <u32>load<u16>(at);
  return (pair & 15) * 10 + ((pair >> 8) & 15);
}

/** Milliseconds at which a day begins in UTC; -1 if there is no such day (Howard Hinnant's days_from_civil). */
function dayStart(year: u32, month: u32, day: u32): f64 {
  if (year < 1970 || month < 1 || month > 12 || day < 1) return -1;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const short = month === 4 || month === 6 || month === 9 || month === 11;
  const last: u32 = month === 2 ? (leap ? 29 : 28) : short ? 30 : 31;
  if (day > last) return -1;
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return (<f64>(era * 146_097 + dayOfEra) - 719_468) * 86_400_000;
}
