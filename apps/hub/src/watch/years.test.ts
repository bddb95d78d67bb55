import { UTC, zoneNamed } from '@bellwether/contacts';
import { describe, expect, it } from 'vitest';
import { sensorName } from './sensor-name.ts';
import { yearWindow } from './years.ts';

const at = (iso: string): number => Date.parse(iso);
const ask = (head: string[], tail: string[], until: string, stated?: number) =>
  yearWindow({ head, tail, stated, until: at(until), zone: UTC });

describe('the year of lines that have none', () => {
  it('is the latest in which the last line is not after the file was written', () => {
    expect(ask(['Oct  9 22:33:20 fw a'], ['Oct 10 01:00:00 fw b'], '2026-10-10T02:00:00Z')).toEqual({
      window: { year: 2026, firstMonth: 10, lastMonth: 10 },
      guessed: true,
    });
    expect(ask(['Oct  9 22:33:20 fw a'], ['Oct 10 01:00:00 fw b'], '2026-03-01T00:00:00Z').window.year).toBe(
      2025,
    );
  });

  it('is that of the first line, where the file goes on over New Year', () => {
    const { window } = ask(['<13>Dec 31 23:00:00 fw a'], ['Jan  1 01:00:00 fw b'], '2027-01-01T02:00:00Z');

    expect(window).toEqual({ year: 2026, firstMonth: 12, lastMonth: 1 });
  });

  it('forgives a clock that is a day ahead', () => {
    expect(ask(['Jan  1 05:00:00 fw a'], ['Jan  1 05:00:00 fw a'], '2026-12-31T20:00:00Z').window.year).toBe(
      2027,
    );
  });

  it('of a leap day is a leap year', () => {
    expect(ask(['Feb 29 05:00:00 fw a'], [], '2027-06-01T00:00:00Z').window).toEqual({
      year: 2024,
      firstMonth: 2,
      lastMonth: 0,
    });
  });

  it('is judged by the first line where the end cannot be seen', () => {
    expect(ask(['Dec 30 05:00:00 fw a'], [], '2027-06-01T00:00:00Z').window).toMatchObject({
      year: 2026,
      lastMonth: 0,
    });
  });

  it('is what somebody stated', () => {
    expect(ask(['Oct  9 22:33:20 fw a'], ['Oct 10 01:00:00 fw b'], '2026-10-10T02:00:00Z', 2019)).toEqual({
      window: { year: 2019, firstMonth: 10, lastMonth: 10 },
      guessed: false,
    });
  });

  it('is not asked of lines that have one', () => {
    const lines = ['2026-10-09T22:33:20Z fw a', 'Oct  9 2026 22:33:20 fw b', '1531687187.12\tC1\t192.0.2.1'];

    expect(ask(lines, lines, '2026-10-10T02:00:00Z')).toMatchObject({
      window: { firstMonth: 0 },
      guessed: false,
    });
  });

  it('depends on the zone of the sensor', () => {
    const zone = zoneNamed('America/Chicago');
    if (zone === undefined) throw new Error('no time zones in this runtime');
    const head = ['Dec 31 23:30:00 fw a'];
    const until = at('2026-12-31T00:00:00Z');

    expect(yearWindow({ head, tail: head, stated: undefined, until, zone }).window.year).toBe(2025);
    expect(yearWindow({ head, tail: head, stated: undefined, until, zone: UTC }).window.year).toBe(2026);
  });
});

describe('the sensor behind a file', () => {
  it.each([
    ['/var/log/netfilter.log', 'netfilter.log'],
    ['netfilter.log.1', 'netfilter.log'],
    ['netfilter.log.2.gz', 'netfilter.log'],
    ['auth.log-20261009.zst', 'auth.log'],
    ['access-2026-10-09.log', 'access.log'],
    ['conn.2026-10-09-00-00-00.log.gz', 'conn.log'],
    ['conn.00:00:00-01:00:00.log', 'conn.log'],
    ['fw-01.log', 'fw-01.log'],
    ['20261009', '20261009'],
    ['-', 'stdin'],
  ])('%s is %s', (path, name) => {
    expect(sensorName(path)).toBe(name);
  });
});
