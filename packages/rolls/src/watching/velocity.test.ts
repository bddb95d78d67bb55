import { expect, test } from 'vitest';
import { busiestHours, type HandledChange, watchVelocity } from './velocity.ts';

function changes(count: number, every: number, clerk: string | null = 'c1'): HandledChange[] {
  return Array.from({ length: count }, (_, at) => ({
    office: '29001',
    at: at * every,
    clerk,
    device: null,
    address: null,
  }));
}

test('an hour is counted wherever it begins', () => {
  expect(busiestHours(changes(100, 60_000)).get('clerk c1')).toBe(60);
});

test('an account far beyond its busiest hour is told; one that is always busy is not', () => {
  const found = watchVelocity(changes(100, 60_000), new Map([['clerk c1', 12]]), '2026-06-10');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ kind: 'fast-hand', counts: { count: 60, usual: 12, limit: 36 } });
  expect(watchVelocity(changes(100, 60_000), new Map([['clerk c1', 20]]), '2026-06-10')).toEqual([]);
});

test('a new account may do a plain hour, and no more', () => {
  expect(watchVelocity(changes(30, 1_000), new Map(), '2026-06-10')).toEqual([]);
  expect(watchVelocity(changes(31, 1_000), new Map(), '2026-06-10')[0]!.sentence).toContain(
    'not seen before',
  );
});

test('feeds have no hands', () => {
  expect(watchVelocity(changes(500, 10, null), new Map(), '2026-06-10')).toEqual([]);
});
