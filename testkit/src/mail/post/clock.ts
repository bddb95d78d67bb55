/** Dates of the made-up state: Central time of 2026, as headers write it (RFC 5322, 3.3), and business days. */

/** End of daylight saving time, 1 November 2026, 2:00 local. */
const STANDARD_FROM = Date.UTC(2026, 10, 1, 7);

/** The first business day of the run: Tuesday, 1 September 2026. */
const FIRST_DAY = Date.UTC(2026, 8, 1);

/** An hour, in milliseconds. */
export const HOUR = 3_600_000;

/** A minute, in milliseconds. */
export const MINUTE = 60_000;

/** A day, in milliseconds. */
export const DAY = 24 * HOUR;

/** Business days that messages fall on: to Friday of the week after the election. */
export const BUSINESS_DAYS = 54;

/** Local midnight of a business day, counted from the first one. */
export function businessDay(day: number): number {
  const weekday = 2 + (day % BUSINESS_DAYS);
  const weeks = Math.floor((weekday - 1) / 5);
  const utc = FIRST_DAY + (weeks * 7 + ((weekday - 1) % 5) - 1) * DAY;
  return utc + offsetOf(utc + 12 * HOUR) * HOUR;
}

/** Hours that Central time is behind UTC. */
export function offsetOf(at: number): number {
  return at < STANDARD_FROM ? 5 : 6;
}

/** `Tue, 1 Sep 2026 09:12:33 -0500`. */
export function headerDate(at: number): string {
  const local = new Date(at - offsetOf(at) * HOUR).toUTCString();
  return `${local.replace(' GMT', '').replace(/, 0/, ', ')} -0${offsetOf(at)}00`;
}

/** `Tuesday, September 1, 2026 9:12 AM`, as programs write it above what they quote. */
export function quotedDate(at: number): string {
  return new Date(at - offsetOf(at) * HOUR).toLocaleString('en-US', {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
  });
}

/** `September 1`, for sentences. */
export function spokenDay(at: number): string {
  return new Date(at - offsetOf(at) * HOUR).toLocaleString('en-US', {
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
}
