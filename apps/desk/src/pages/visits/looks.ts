/** Hours of looking, put together by day and person: what one person did on one day is one sentence. */
import type { VisitRow } from '@bellwether/api';
import { clockTime, count } from '../../words/formats.ts';
import { roleName } from '../../words/roles.ts';
import { dayIn } from '../people/days.ts';
import { EVERYWHERE } from '../people/places.ts';
import { LOOKED_AT, VISITS } from './texts.ts';

/** Roles that are held at the state only, so that who has one sees all offices. */
const STATE_ROLES: ReadonlySet<string> = new Set(['administrator', 'analyst', 'observer']);

/** What one person looked at on one day, in one role. */
export type Look = {
  readonly who: string;
  readonly name: string;
  readonly role: string;
  /** Whether they can see all offices. */
  readonly seesAll: boolean;
  /** Times by verb, the most often first. */
  readonly times: readonly { readonly verb: string; readonly times: number }[];
  readonly first: string;
  readonly last: string;
};

/** A day, newest first, with who looked last first. `day`: an instant of it, to be written. */
export type DayOfLooks = { readonly key: string; readonly day: string; readonly looks: readonly Look[] };

/** Groups hours by the days of a zone. */
export function daysOf(visits: readonly VisitRow[], zone: string): readonly DayOfLooks[] {
  const days = new Map<string, VisitRow[]>();
  for (const visit of visits) {
    const key = dayIn(Date.parse(visit.first), zone);
    const rows = days.get(key);
    if (rows === undefined) days.set(key, [visit]);
    else rows.push(visit);
  }
  return [...days]
    .sort(([a], [b]) => b.localeCompare(a))
    .map(([key, rows]) => ({ key, day: (rows[0] as VisitRow).first, looks: looksOf(rows) }));
}

function looksOf(rows: readonly VisitRow[]): readonly Look[] {
  const people = new Map<string, VisitRow[]>();
  for (const row of rows) {
    const key = `${row.who} ${row.role}`;
    people.set(key, [...(people.get(key) ?? []), row]);
  }
  return [...people.values()].map(lookOf).sort((a, b) => b.last.localeCompare(a.last));
}

function lookOf(rows: readonly VisitRow[]): Look {
  const { who, name, role } = rows[0] as VisitRow;
  const byVerb = new Map<string, number>();
  for (const { verb, times } of rows) byVerb.set(verb, (byVerb.get(verb) ?? 0) + times);
  const times = [...byVerb].map(([verb, times]) => ({ verb, times })).sort((a, b) => b.times - a.times);
  const firsts = rows.map(({ first }) => first).sort();
  const lasts = rows.map(({ last }) => last).sort();
  return {
    ...{ who, name, role, times },
    seesAll: STATE_ROLES.has(role) || rows.some(({ place }) => place === EVERYWHERE),
    first: firsts[0] as string,
    last: lasts.at(-1) as string,
  };
}

/** What a person did, without the name: `navigator, looked at contacts 14 times between 9:02 AM and 11:30 AM`. */
export function sentenceOf({ who, role, times, first, last }: Look, zone: string): string {
  const parts = times.map(({ verb, times: often }) => VISITS.often(LOOKED_AT[verb] ?? verb, oftenOf(often)));
  const what = parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  const from = clockTime(first, zone);
  const to = clockTime(last, zone);
  const when = from === to ? VISITS.atTime(from) : VISITS.between(from, to);
  const as = who === 'machine' ? '' : `${roleName(role).toLowerCase()}, `;
  return `${as}${VISITS.looked} ${what}${times.length > 1 ? ',' : ''} ${when}`;
}

function oftenOf(times: number): string {
  return times === 1 ? 'once' : times === 2 ? 'twice' : `${count(times)} times`;
}
