import { describe, expect, it } from 'vitest';
import { ascii } from './bytes.ts';
import { Clock, UTC, zoneNamed } from './clock.ts';
import { plainTime } from './plain-fields.ts';
import { readDateAndClock, readTime } from './times.ts';

const WINDOW = { year: 2026, firstMonth: 1, lastMonth: 12 };
const CLOCK = new Clock(UTC, WINDOW);
const CHICAGO = new Clock(zoneNamed('America/Chicago')!, WINDOW);
const TIME = Date.UTC(2026, 9, 9, 22, 33, 20);

function read(text: string, clock = CLOCK): number {
  const bytes = ascii(`x${text}x`);
  return readTime(bytes, 1, bytes.length - 1, clock);
}

describe('a time in a field of its own', () => {
  it.each([
    ['2026-10-09T22:33:20Z', 0],
    ['2026-10-09 22:33:20.52', 520],
    ['2026-10-09T17:33:20.520-05:00', 520],
    ['2026-10-09 22:33:20 UTC', 0],
    ['2026-10-09 17:33:20 -0500', 0],
    ['2026/10/09 22:33:20', 0],
    ['2026/10/09 22:33:20.5', 500],
    ['Oct 09 2026 22:33:20', 0],
    ['Oct  9 22:33:20', 0],
    ['Oct 9 2026 22:33:20.520 GMT', 520],
    ['09/Oct/2026:17:33:20 -0500', 0],
    [String(TIME / 1000), 0],
    [`${TIME / 1000}.25`, 250],
    [String(TIME + 7), 7],
    [`${TIME + 7}123`, 7],
    [`${TIME + 7}123456`, 7],
  ])('spelled %s is read', (text, ms) => {
    expect(read(text)).toBe(TIME + ms);
    expect(plainTime(text)).toBe(TIME + ms);
  });

  it.each([
    '',
    '2026-13-09T22:33:20Z',
    '2026-02-30T22:33:20Z',
    '2026-10-09T24:00:00Z',
    '2026-10-09T22:33:20Zulu',
    '2026-10-09T22:33:20 CST',
    '2026/10/09T22:33:20',
    'Okt 09 2026 22:33:20',
    'Oct 39 2026 22:33:20',
    '09/Oct/2026:22:33:20 -9900',
    '12345678',
    '12345678901234567890',
    '1791584000.2x',
    '-1791584000',
  ])('spelled %s is none', (text) => {
    expect(read(text)).toBeNaN();
    expect(plainTime(text)).toBeNaN();
  });

  it('without a zone is the wall clock of the sensor, with one it is not', () => {
    const behind = 5 * 3_600_000;
    expect(read('2026/10/09 22:33:20', CHICAGO)).toBe(TIME + behind);
    expect(read('Oct 09 2026 22:33:20', CHICAGO)).toBe(TIME + behind);
    expect(read('Oct 09 2026 22:33:20 UTC', CHICAGO)).toBe(TIME);
    expect(read(String(TIME), CHICAGO)).toBe(TIME);
  });

  it('is never the day before it because both spell the same number', () => {
    const clock = new Clock(UTC, WINDOW);
    expect(read('2026-01-05T00:00:00Z', clock)).toBe(Date.UTC(2026, 0, 5));
    expect(read('2025/17/05 00:00:00', clock)).toBeNaN();
    expect(read('2026/01/05 00:00:00', clock)).toBe(Date.UTC(2026, 0, 5));
  });
});

describe('a time in three fields', () => {
  it('is the wall clock of the sensor, or of the zone beside it', () => {
    const bytes = ascii('2026-10-09|17:33:20|-0500');
    expect(readDateAndClock(bytes, 0, 10, 11, 19, 20, 25, CHICAGO)).toBe(TIME);
    expect(readDateAndClock(bytes, 0, 10, 11, 19, 20, 20, CHICAGO)).toBe(TIME);
    expect(readDateAndClock(bytes, 0, 10, 11, 19, 20, 24, CHICAGO)).toBeNaN();
    expect(readDateAndClock(bytes, 0, 9, 11, 19, 20, 25, CHICAGO)).toBeNaN();
  });
});
