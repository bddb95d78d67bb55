import { expect, test } from 'vitest';
import { dayIn, endOfDay } from './days.ts';

test('a day ends with its last second in the zone of the state', () => {
  expect(endOfDay('2026-12-24', 'America/Chicago')).toBe('2026-12-25T05:59:59.000Z');
  expect(endOfDay('2026-07-04', 'America/Chicago')).toBe('2026-07-05T04:59:59.000Z');
  expect(endOfDay('2026-12-24', 'Pacific/Kiritimati')).toBe('2026-12-24T09:59:59.000Z');
});

test('the nights in which clocks change have their own length', () => {
  expect(endOfDay('2026-10-31', 'America/Chicago')).toBe('2026-11-01T04:59:59.000Z');
  expect(endOfDay('2026-11-01', 'America/Chicago')).toBe('2026-11-02T05:59:59.000Z');
  expect(endOfDay('2026-03-07', 'America/Chicago')).toBe('2026-03-08T05:59:59.000Z');
  expect(endOfDay('2026-03-08', 'America/Chicago')).toBe('2026-03-09T04:59:59.000Z');
});

test('the day of a moment is that of the zone, and what is no day has no end', () => {
  expect(dayIn(Date.parse('2026-11-04T05:30:00Z'), 'America/Chicago')).toBe('2026-11-03');
  expect(dayIn(Date.parse('2026-11-04T06:30:00.999Z'), 'America/Chicago')).toBe('2026-11-04');
  expect(endOfDay('tomorrow', 'America/Chicago')).toBeUndefined();
});
