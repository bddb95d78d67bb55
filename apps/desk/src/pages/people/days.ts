/** Days as a date field holds them (`2026-12-24`), in the state's zone and not in that of the browser. */

const DAY = 86_400_000;
const SECOND = 1000;

/** The day of a moment (ms) in a zone, as a date field holds it. */
export function dayIn(time: number, zone: string): string {
  return new Date(time + offsetAt(time, zone)).toISOString().slice(0, 10);
}

/** The last second of a day in a zone, ISO 8601: what ends on a day is good on that day. Undefined: that is no day. */
export function endOfDay(day: string, zone: string): string | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY;
  if (Number.isNaN(midnight)) return undefined;
  // The offset of the day's end may differ from the one of the first guess: clocks change at night.
  const guess = midnight - offsetAt(midnight, zone);
  return new Date(midnight - offsetAt(guess, zone) - SECOND).toISOString();
}

/** How far the clocks of a zone are ahead of UTC at a moment, ms. */
function offsetAt(time: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return local - Math.floor(time / SECOND) * SECOND;
}
