import { expect, test } from 'vitest';
import { type ShareTest, watchShares } from './shares.ts';

const ROLL = new Map([
  ['DEM', 4_000],
  ['REP', 5_000],
  ['UNA', 1_000],
]);

function shareTest(office: string, dem: number, rep: number, una: number): ShareTest {
  return {
    office,
    class: 'registration-cancelled',
    by: 'party',
    changes: new Map([
      ['DEM', dem],
      ['REP', rep],
      ['UNA', una],
    ]),
    usual: ROLL,
  };
}

test('changes that fall like the roll are not told', () => {
  expect(watchShares([shareTest('29001', 41, 48, 11), shareTest('29003', 36, 52, 12)], '2026-06-10')).toEqual(
    [],
  );
});

test('a party that loses far more than its share is told by name', () => {
  const found = watchShares([shareTest('29001', 40, 50, 10), shareTest('29003', 80, 15, 5)], '2026-06-10');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    kind: 'uneven-share',
    office: '29003',
    counts: { count: 80, expected: 40, all: 100 },
  });
  expect(found[0]!.sentence).toContain('party DEM');
});

test('what would be odd alone is chance among many tests', () => {
  const odd = shareTest('29003', 56, 37, 7);
  const plain = Array.from({ length: 300 }, () => shareTest('29001', 40, 50, 10));
  expect(watchShares([odd], '2026-06-10')).toHaveLength(1);
  expect(watchShares([odd, ...plain], '2026-06-10')).toEqual([]);
});

test('a handful is never tested, and changes of a group that the roll does not have are', () => {
  expect(watchShares([shareTest('29001', 19, 0, 0)], '2026-06-10')).toEqual([]);
  const unknown = {
    ...shareTest('29001', 20, 20, 5),
    changes: new Map([
      ['GRN', 40],
      ['REP', 5],
    ]),
  };
  expect(watchShares([unknown], '2026-06-10')).toHaveLength(1);
  expect(watchShares([{ ...unknown, usual: new Map() }], '2026-06-10')).toEqual([]);
});
