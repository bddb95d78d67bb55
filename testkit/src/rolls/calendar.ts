/**
 * How busy a registration office is on which day: weekdays, holidays, and the weeks before a registration deadline.
 * Days are numbers: days since 1970-01-01.
 *
 * Elections and deadlines follow the law of Missouri: RSMo 115.123 (days of elections) and 115.135 (registration ends
 * at the fourth Wednesday before). The quiet period is that of 52 U.S.C. 20507(c)(2)(A).
 */

const DAY_MS = 86_400_000;

/** The number of a day like `2026-11-02`. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** First and last day that have their text in the table below: 1915-01-01 to 2060-01-01. */
const FIRST_DAY = -20_089;
const LAST_DAY = 32_872;

const DATES: readonly string[] = Array.from({ length: LAST_DAY - FIRST_DAY }, (_, at) =>
  new Date((FIRST_DAY + at) * DAY_MS).toISOString().slice(0, 10),
);

/** A day as text; from a table, since a voter file has millions of them. */
export function dateOf(day: number): string {
  return DATES[day - FIRST_DAY] ?? new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Days from the deadline to the election: from the fourth Wednesday before a Tuesday. */
const DEADLINE_BEFORE = 27;

/** 52 U.S.C. 20507(c)(2)(A). */
const QUIET_DAYS = 90;

type Election = { readonly day: number; readonly federal: boolean; readonly peak: number };

/** The elections of a year; `peak` is how many times as busy the last day of registration is. */
function elections(year: number): readonly Election[] {
  const april = { day: tuesdayAfterFirstMonday(year, 4), federal: false, peak: 1.5 };
  if (year % 2 !== 0) return [april];
  return [
    april,
    { day: tuesdayAfterFirstMonday(year, 8), federal: true, peak: 2.5 },
    { day: tuesdayAfterFirstMonday(year, 11), federal: true, peak: year % 4 === 0 ? 8 : 6 },
  ];
}

function tuesdayAfterFirstMonday(year: number, month: number): number {
  const first = dayNumber(`${year}-${String(month).padStart(2, '0')}-01`);
  return first + ((8 - weekday(first)) % 7) + 1;
}

/** How many times as many people register as on a plain day. */
export function season(day: number): number {
  let factor = 1;
  for (const election of elections(yearOf(day))) {
    const left = election.day - DEADLINE_BEFORE - day;
    // The rush grows by e in four days.
    if (left >= 0) factor += (election.peak - 1) * Math.exp(-left / 4);
    // Between deadline and election, nobody registers for it any more.
    else if (day <= election.day) factor *= 0.6;
  }
  return factor;
}

/** Whether lists are not maintained: 90 days before a federal election. */
export function isQuietPeriod(day: number): boolean {
  return elections(yearOf(day)).some(
    (election) => election.federal && day >= election.day - QUIET_DAYS && day < election.day,
  );
}

/** Share of a plain weekday's work, by weekday; Monday brings what came over the weekend. */
const WEEKDAYS: readonly number[] = [0, 1.2, 1.05, 1, 0.95, 0.8, 0];

/** What of a plain weekday's work an office does on this day. */
export function officeShare(day: number): number {
  return isHoliday(day) ? 0 : (WEEKDAYS[weekday(day)] as number);
}

/** What of a plain weekday's work the motor-vehicle offices do: some are open on Saturdays. */
export function motorVehicleShare(day: number): number {
  if (isHoliday(day)) return 0;
  return weekday(day) === 6 ? 0.25 : (WEEKDAYS[weekday(day)] as number);
}

/** The next day on which offices work. */
export function nextBusinessDay(day: number): number {
  let next = day + 1;
  while (officeShare(next) === 0) next++;
  return next;
}

/** Public holidays that matter for a season: the fixed ones, Memorial Day, Labor Day and Thanksgiving. */
function isHoliday(day: number): boolean {
  const date = dateOf(day).slice(5);
  if (date === '01-01' || date === '07-04' || date === '11-11' || date === '12-25') return true;
  const monday = weekday(day) === 1;
  if (monday && date >= '05-25' && date <= '05-31') return true;
  if (monday && date >= '09-01' && date <= '09-07') return true;
  return weekday(day) === 4 && date >= '11-22' && date <= '11-28';
}

function yearOf(day: number): number {
  return Number(dateOf(day).slice(0, 4));
}
