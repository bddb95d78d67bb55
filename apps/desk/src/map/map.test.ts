import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ARROWS, neighbour } from './neighbour.ts';
import { HEIGHT, MARKER, PLACES, type Place, SHAPES, WIDTH } from './shapes.ts';

test('there are 115 shapes and Kansas City, which are the 116 authorities', () => {
  expect(SHAPES).toHaveLength(115);
  expect(MARKER.leaId).toBe('29380');
  expect(new Set(PLACES.map(({ leaId }) => leaId)).size).toBe(116);
  expect(PLACES.every(({ leaId }) => /^29\d{3}$/.test(leaId))).toBe(true);
  const listed = readFileSync(new URL('../../../../testkit/data/authorities.csv', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => /^(29\d{3}),([^,]+)/.exec(line))
    .filter((match) => match !== null);
  expect(PLACES.map(({ leaId, name }) => [leaId, name])).toEqual(
    listed.map(([, leaId, name]) => [leaId, leaId === '29380' ? 'Kansas City' : name]).sort(),
  );
});

test('names tell the county and the City of St. Louis apart', () => {
  const nameOf = (leaId: string) => PLACES.find((place) => place.leaId === leaId)?.name;
  expect(nameOf('29189')).toBe('St. Louis County');
  expect(nameOf('29510')).toBe('St. Louis City');
  expect(new Set(PLACES.map(({ name }) => name)).size).toBe(116);
});

test('every shape has its middle inside the drawing', () => {
  for (const { x, y } of PLACES) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(WIDTH);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(HEIGHT);
  }
});

test('Kansas City lies where Jackson County is', () => {
  const jackson = PLACES.find(({ leaId }) => leaId === '29095') as Place;
  expect(Math.hypot(jackson.x - MARKER.x, jackson.y - MARKER.y)).toBeLessThan(40);
});

test('the arrow keys reach every place', () => {
  const reached = new Set([MARKER]);
  const open = [MARKER];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const direction of Object.values(ARROWS)) {
      const next = neighbour(PLACES, place, direction);
      if (next !== undefined && !reached.has(next)) {
        reached.add(next);
        open.push(next);
      }
    }
  }
  expect(reached.size).toBe(116);
});
