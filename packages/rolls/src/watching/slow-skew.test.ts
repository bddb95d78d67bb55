import { expect, test } from 'vitest';
import { dayAfter } from './finding.ts';
import { type PartyCount, watchSkew } from './slow-skew.ts';

const USUAL = new Map([
  [
    '29001',
    new Map([
      ['DEM', 4_000],
      ['REP', 4_000],
      ['UNA', 2_000],
    ]),
  ],
]);
const FIRST = '2026-06-01';

/** Ten removals in two days by the roll's shares, and `more` of one party on each. */
function removals(days: number, more: number): PartyCount[] {
  return Array.from({ length: days }, (_, at) => dayAfter(FIRST, at)).flatMap((day, at) => [
    { office: '29001', day, party: 'DEM', count: 2 + more },
    { office: '29001', day, party: 'REP', count: 2 },
    { office: '29001', day, party: 'UNA', count: at % 2 === 0 ? 2 : 0 },
  ]);
}

test('removals by the shares of the roll are never told', () => {
  for (let days = 1; days <= 60; days++)
    expect(watchSkew(removals(days, 0), USUAL, dayAfter(FIRST, days - 1))).toEqual([]);
});

test('three more a day of one party are told within weeks, and not on the first day', () => {
  const told = Array.from({ length: 40 }, (_, at) => at + 1).filter(
    (days) => watchSkew(removals(days, 3), USUAL, dayAfter(FIRST, days - 1)).length > 0,
  );
  expect(told[0]).toBeGreaterThan(3);
  expect(told[0]).toBeLessThan(25);
  const [finding] = watchSkew(removals(30, 3), USUAL, dayAfter(FIRST, 29));
  expect(finding).toMatchObject({
    kind: 'slow-skew',
    office: '29001',
    counts: { count: 150, all: 240, expected: 96 },
  });
});

test('what is older than the window, later than the day, or of an unknown office is left out', () => {
  expect(watchSkew(removals(30, 3), USUAL, dayAfter(FIRST, 29 + 60))).toEqual([]);
  expect(watchSkew(removals(30, 3), USUAL, dayAfter(FIRST, -1))).toEqual([]);
  expect(watchSkew(removals(30, 3), new Map(), dayAfter(FIRST, 29))).toEqual([]);
});
