import { expect, test } from 'vitest';
import { watchQuietRemovals } from './quiet-removals.ts';

const POLICY = { quiet: [{ from: '2026-08-05', to: '2026-11-03' }], quietRemovals: 5 };

test('more removals than the policy lets one office sign are told, on the first and the last quiet day too', () => {
  const counts = ['2026-08-04', '2026-08-05', '2026-11-03', '2026-11-04'].map((day) => ({
    office: '29001',
    day,
    count: 6,
  }));
  expect(watchQuietRemovals(counts, POLICY).map(({ day }) => day)).toEqual(['2026-08-05', '2026-11-03']);
});

test('as many as the policy allows are not told', () => {
  expect(watchQuietRemovals([{ office: '29001', day: '2026-09-01', count: 5 }], POLICY)).toEqual([]);
});
