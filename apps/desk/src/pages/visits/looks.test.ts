import type { VisitRow } from '@bellwether/api';
import { expect, test } from 'vitest';
import { daysOf, sentenceOf } from './looks.ts';

const ZONE = 'America/Chicago';

function visit(hour: string, more: Partial<VisitRow> = {}): VisitRow {
  return {
    ...{ hour, first: hour, last: hour, place: '29019', who: 'p-3', name: 'Dana Reyes' },
    ...{ role: 'navigator', verb: 'contacts.read', times: 1, ...more },
  };
}

test('hours of one person on one day are one sentence', () => {
  const [day, ...others] = daysOf(
    [
      visit('2026-11-03T17:00:00Z', { last: '2026-11-03T17:30:00Z', times: 5 }),
      visit('2026-11-03T15:00:00Z', { first: '2026-11-03T15:02:00Z', times: 9 }),
      visit('2026-11-03T15:00:00Z', { verb: 'incidents.read', first: '2026-11-03T15:09:00Z', times: 2 }),
    ],
    ZONE,
  );
  expect(others).toEqual([]);
  expect(day?.looks.map((look) => sentenceOf(look, ZONE))).toEqual([
    'navigator, looked at contacts 14 times and incidents twice, between 9:02 AM and 11:30 AM',
  ]);
});

test('one look is told with its minute', () => {
  const [day] = daysOf([visit('2026-11-03T15:02:00Z')], ZONE);
  expect(day?.looks.map((look) => sentenceOf(look, ZONE))).toEqual([
    'navigator, looked at contacts once at 9:02 AM',
  ]);
});

test('days are those of the state, the newest first; a hub’s hour can belong to the day before', () => {
  const days = daysOf([visit('2026-11-03T15:00:00Z'), visit('2026-11-04T05:10:00Z')], ZONE);
  expect(days.map(({ key, looks }) => [key, looks.length])).toEqual([['2026-11-03', 1]]);
  expect(daysOf([visit('2026-11-03T15:00:00Z'), visit('2026-11-04T06:10:00Z')], ZONE)[0]?.key).toBe(
    '2026-11-04',
  );
});

test('who holds a role at the state, or looked at all offices at once, is marked so', () => {
  const of = (more: Partial<VisitRow>) => daysOf([visit('2026-11-03T15:00:00Z', more)], ZONE)[0]?.looks[0];
  expect(of({})?.seesAll).toBe(false);
  expect(of({ role: 'analyst' })?.seesAll).toBe(true);
  expect(of({ role: 'auditor', place: '*' })?.seesAll).toBe(true);
});

test('a verb that is not known yet is still told', () => {
  const [day] = daysOf([visit('2026-11-03T15:02:00Z', { verb: 'mail.read', role: 'clerk' })], ZONE);
  expect(sentenceOf(day!.looks[0]!, ZONE)).toBe('clerk, looked at mail.read once at 9:02 AM');
});
