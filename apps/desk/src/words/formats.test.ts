import { expect, test } from 'vitest';
import { count, counted, errorBound, moment, named, odds, spokenMoment } from './formats.ts';

test('counts have commas, and a true minus', () => {
  expect(count(98_412)).toBe('98,412');
  expect(count(-3)).toBe('−3');
  expect(counted(1, 'knock')).toBe('1 knock');
  expect(counted(0, 'knock')).toBe('0 knocks');
});

test('moments are local to the state, with the zone of that day', () => {
  expect(moment('2026-07-03T10:12:00Z', 'America/Chicago')).toBe('Jul 3, 2026, 5:12 AM CDT');
  expect(moment('2026-11-03T11:12:00Z', 'America/Chicago')).toBe('Nov 3, 2026, 5:12 AM CST');
  expect(spokenMoment('2026-11-03T11:00:00Z', 'America/Chicago')).toBe('5 AM CST on Tuesday, November 3');
  expect(spokenMoment('2026-11-03T11:30:00Z', 'America/Chicago')).toBe('5:30 AM CST on Tuesday, November 3');
});

test('names are joined as in speech', () => {
  expect(named([])).toBe('');
  expect(named(['A'])).toBe('A');
  expect(named(['A', 'B'])).toBe('A and B');
  expect(named(['A', 'B', 'C'])).toBe('A, B and C');
  expect(named(['A', 'B', 'C', 'D', 'E'])).toBe('A, B, C and 2 more');
});

test('likelihoods are written as odds', () => {
  expect(odds(0)).toBe('1 to 1');
  expect(odds(3)).toBe('1,000 to 1');
  expect(odds(-2)).toBe('1 to 100');
  expect(odds(6.2)).toBe('1,600,000 to 1');
  expect(odds(14)).toBe('10^14 to 1');
});

test('an error bound is said in words, and none is promised where there is none', () => {
  expect(errorBound(1e-6)).toBe('At most one in 1,000,000 such blocks is expected to be wrong.');
  expect(errorBound(null)).toMatch(/^No error rate can be promised: the sensor tells of refusals only/);
});
