import { expect, test } from 'vitest';
import { type DayCount, watchDayCounts } from './day-counts.ts';
import { dayAfter } from './finding.ts';

const DAY = '2026-06-10';
const OFFICES = ['29001', '29003', '29005', '29007', '29009'];

/** Five offices, 10 to 50 cancellations on each day but Sundays; `today` changes the counts of the day. */
function table(today: (office: string, count: number) => number = (_, count) => count): DayCount[] {
  const rows: DayCount[] = [];
  for (let back = 28; back >= 0; back--) {
    const day = dayAfter(DAY, -back);
    OFFICES.forEach((office, at) => {
      const plain = 10 * (at + 1) + ((back * 7 + at * 3) % 5) - 2;
      rows.push({
        office,
        day,
        class: 'registration-cancelled',
        count: back === 0 ? today(office, plain) : plain,
      });
    });
  }
  return rows;
}

test('a plain day tells nothing', () => {
  expect(watchDayCounts(table(), DAY)).toEqual([]);
});

test('one office with four times as many is told, with both numbers in words', () => {
  const found = watchDayCounts(
    table((office, count) => (office === '29005' ? count * 4 : count)),
    DAY,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ kind: 'many-changes', office: '29005', day: DAY });
  expect(found[0]!.score).toBeGreaterThan(1);
  expect(found[0]!.sentence).toContain('registration-cancelled');
  expect(found[0]!.sentence).toContain(String(found[0]!.counts.count));
});

test('a rush that comes to all offices is a season, and no finding', () => {
  expect(
    watchDayCounts(
      table((_, count) => count * 4),
      DAY,
    ),
  ).toEqual([]);
});

test('few changes where there were never any are not told, many are', () => {
  const quiet = (count: number): DayCount[] => [
    ...table(),
    { office: '29011', day: DAY, class: 'registration-cancelled', count },
  ];
  expect(watchDayCounts(quiet(9), DAY)).toEqual([]);
  expect(watchDayCounts(quiet(40), DAY).map(({ office }) => office)).toEqual(['29011']);
});

test('without a past nothing is told', () => {
  expect(watchDayCounts(table((_, count) => count * 9).slice(-5), DAY)).toEqual([]);
});
