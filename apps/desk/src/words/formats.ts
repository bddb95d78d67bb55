/** How numbers, moments and likelihoods are written on every page. */

/** Zone of the state where the hub has not said another yet: Missouri's. */
export const USUAL_ZONE = 'America/Chicago';

/** Powers of ten beyond which a likelihood is written as a power: a person reads "1,000,000,000", and no longer number. */
const LAST_POWER_IN_DIGITS = 9;

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count, with commas. A count below zero (taken back) has a true minus. */
export function count(value: number): string {
  return WHOLE.format(value).replace('-', '−');
}

/** A count and its noun: `1 knock`, `2 knocks`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A moment, with its zone: `Nov 3, 2026, 5:12 AM CST`. */
export function moment(iso: string, zone: string): string {
  return written(iso, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/** A moment where the year is plain: `Nov 3, 5:12 AM CST`. */
export function shortMoment(iso: string, zone: string): string {
  return written(iso, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/** A moment to the second, for evidence: `Nov 3, 5:12:09 AM`. */
export function exactMoment(iso: string, zone: string): string {
  return written(iso, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
}

/** The hour of a moment: `5 AM`. */
export function hour(iso: string, zone: string): string {
  return written(iso, { timeZone: zone, hour: 'numeric' });
}

/** The hour and the day as a person says it: `5 AM CST on Tuesday, November 3`. */
export function spokenMoment(iso: string, zone: string): string {
  const day = written(iso, { timeZone: zone, weekday: 'long', month: 'long', day: 'numeric' });
  const minutes = new Date(iso).getUTCMinutes() === 0 ? {} : ({ minute: '2-digit' } as const);
  return `${written(iso, { timeZone: zone, hour: 'numeric', ...minutes, timeZoneName: 'short' })} on ${day}`;
}

/** The time of a moment of today: `10:42 AM`. */
export function clockTime(iso: string, zone: string): string {
  return written(iso, { timeZone: zone, hour: 'numeric', minute: '2-digit' });
}

/** A day with its weekday: `Tuesday, November 3, 2026`. */
export function wholeDay(iso: string, zone: string): string {
  return written(iso, {
    timeZone: zone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
  });
}

/** A day, on paper: `November 3, 2026`. */
export function longDay(iso: string, zone: string): string {
  return written(iso, { timeZone: zone, month: 'long', day: 'numeric', year: 'numeric' });
}

/** Names in a sentence: `A`, `A and B`, `A, B and 3 more`. */
export function named(names: readonly string[], most = 3): string {
  if (names.length === 0) return '';
  if (names.length === 1) return names[0] as string;
  const shown = names.slice(0, Math.min(most, names.length));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${count(more)} more`;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** A rate that is a bound, in per cent: two digits are all that it bears, and it is rounded up, never down. `0.2 %`, `12 %`. */
export function atMostPercent(rate: number): string {
  const value = Math.min(100, rate * 100);
  if (value === 0) return '0 %';
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  const up = Math.ceil(value / step - 1e-9) * step;
  return `${Number(up.toPrecision(2))} %`;
}

/** A likelihood ratio, given as a power of ten: `1,000 to 1`, `1 to 1,000`, `10^12 to 1`. */
export function odds(stake: number): string {
  const size = Math.abs(stake);
  const ratio = size > LAST_POWER_IN_DIGITS ? `10^${size.toFixed(0)}` : count(roughly(10 ** size));
  return stake < 0 ? `1 to ${ratio}` : `${ratio} to 1`;
}

/** What share of such blocks may be wrong, in words; null where no rate can be promised. */
export function errorBound(alpha: number | null): string {
  if (alpha === null) {
    return 'No error rate can be promised: the sensor tells of refusals only, so nobody knows what a visitor looks like there.';
  }
  return `At most one in ${count(roughly(1 / alpha))} such blocks is expected to be wrong.`;
}

/** Two leading digits: more would pretend to be exact. */
function roughly(value: number): number {
  if (value < 100) return Math.round(value);
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes far longer than using it, and a page writes hundreds of moments. */
function written(iso: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  let format = FORMATS.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', options);
    FORMATS.set(key, format);
  }
  // A narrow no-break space comes before AM in new releases of ICU only: the same text everywhere.
  return format.format(new Date(iso)).replaceAll('\u202f', ' ');
}
