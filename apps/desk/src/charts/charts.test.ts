import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../testing/day.ts';
import { SOURCE_ANSWER } from '../testing/evidence.ts';
import { powers, scale, ticks } from './scale.ts';
import { stack } from './stack.ts';
import { layOut, WALK } from './walk.ts';

test('a straight scale meets both ends', () => {
  const place = scale(10, 20, 100, 0);
  expect([place(10), place(15), place(20)]).toEqual([100, 50, 0]);
  expect(scale(5, 5, 0, 10)(5)).toBe(5);
});

test('ticks are round, begin at 0 and cover the most', () => {
  expect(ticks(4900)).toEqual([0, 2000, 4000, 6000]);
  expect(ticks(0)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (most) => {
      const marks = ticks(most);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(marks.length).toBeLessThanOrEqual(6);
      expect(marks.every(Number.isInteger)).toBe(true);
    }),
  );
});

test('powers of ten are whole, few, and have 0 among them', () => {
  expect(powers(-0.5, 9.6)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(powers(-3, 3)).toContain(0);
  expect(powers(0, 300).length).toBeLessThanOrEqual(8);
});

test('every bar is as high as its hour has contacts', () => {
  for (const { pieces, total } of stack(DAY.hours)) {
    expect(pieces.at(-1)?.high).toBe(total);
    for (const [index, { low }] of pieces.entries()) expect(low).toBe(pieces[index - 1]?.high ?? 0);
  }
});

test('a walk lies inside its drawing, with every threshold in the picture', () => {
  const { walk, thresholds } = SOURCE_ANSWER;
  const { x, y, line } = layOut(walk, thresholds);
  for (const { time, stake } of walk) {
    expect(x(Date.parse(time))).toBeGreaterThanOrEqual(WALK.left);
    expect(x(Date.parse(time))).toBeLessThanOrEqual(WALK.width - WALK.right);
    expect(y(stake)).toBeGreaterThanOrEqual(WALK.top);
  }
  for (const { stake } of thresholds) expect(y(stake)).toBeGreaterThanOrEqual(WALK.top);
  expect(line).toMatch(/^M[\d. ]+(H[\d.]+V[\d.]+)+$/);
});

test('a walk of one contact can be drawn', () => {
  const { line } = layOut(SOURCE_ANSWER.walk.slice(0, 1), []);
  expect(line).toMatch(/^M[\d.]+ [\d.]+$/);
});
