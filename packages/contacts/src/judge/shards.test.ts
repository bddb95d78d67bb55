import { parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome as Judged } from '../account.ts';
import { Content, Direction, Kind, Outcome, Tcp } from '../contact.ts';
import {
  type Cut,
  DAY,
  flow,
  HOUR,
  judge,
  login,
  NO_SURFACE,
  OFFICE,
  packet,
  type Row,
} from './rows.fixture.ts';

/** Few of everything, so that rows meet: sources, targets, accounts, connections. */
const SOURCES = [
  ...['203.0.113.5', '203.0.113.6', '203.0.113.7', '203.0.113.8', '203.0.113.20', '203.0.113.200'],
  ...['192.0.2.53', '198.51.100.3', '100.64.9.9', '198.18.1.10', '8.8.8.8', '0.0.0.0'],
];
const TARGETS = ['198.18.1.10', '198.18.2.4', '198.18.2.5', '198.18.9.9', '203.0.113.5', '255.255.255.255'];
const WIDE = ['2001:db8:4f::10', '2001:db8:4f:2::4', '2001:db8:77::1', '2001:db8:99::53', '2001:db8:5::1'];

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

const addresses: fc.Arbitrary<Pick<Row, 'from' | 'to'>> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ from: fc.constantFrom(...SOURCES), to: fc.constantFrom(...TARGETS) }) },
  { weight: 2, arbitrary: fc.record({ from: fc.constantFrom(...SOURCES) }) },
  { weight: 2, arbitrary: fc.record({ from: fc.constantFrom(...WIDE), to: fc.constantFrom(...WIDE) }) },
  { weight: 1, arbitrary: fc.record({ to: fc.constantFrom(...TARGETS) }) },
);

const times = fc.oneof(
  { weight: 5, arbitrary: fc.nat(120).map((seconds) => seconds * 1_000) },
  { weight: 2, arbitrary: fc.nat(48).map((hours) => hours * HOUR) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 40 * DAY, -400 * DAY) },
);

function some<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(values, { nil: undefined });
}

const row: fc.Arbitrary<Row> = fc
  .tuple(
    addresses,
    fc.record({
      kind: fc.constantFrom(...keysOf(Kind)),
      outcome: fc.constantFrom(...keysOf(Outcome)),
      at: some(times),
      port: fc.constantFrom(0, 22, 80, 443, 5900, 40_001, 40_002, 40_003, 40_004, 8 * 256),
      sport: fc.constantFrom(0, 53, 123, 40_000),
      protocol: fc.constantFrom(
        'tcp' as const,
        'tcp' as const,
        'udp' as const,
        'icmp' as const,
        'icmp6' as const,
      ),
      direction: fc.constantFrom(...keysOf(Direction)),
      tcp: some(fc.subarray(keysOf(Tcp))),
    }),
    fc.record({
      status: fc.constantFrom(0, 200, 302, 301, 401, 404, 500),
      size: some(fc.constantFrom(0, 4096)),
      millis: some(fc.constantFrom(10, 60_000)),
      content: fc.subarray(keysOf(Content), { maxLength: 2 }),
      route: some(fc.constantFrom('/', '/search', '/.env')),
      account: some(fc.constantFrom('root', 'clerk', 'vera')),
      key: some(fc.constantFrom('a', 'b', 'c')),
      repeat: fc.constantFrom(0, 0, 0, 1, 5, 65_535),
      flags: fc.subarray(['detail', 'invalidAccount', 'hint', 'keyLogin', 'post'] as const, { maxLength: 2 }),
      forwarded: some(fc.constantFrom('203.0.113.5', '203.0.113.6, 198.51.100.4', 'x')),
      file: fc.constantFrom(0, 0, 1, 2),
    }),
  )
  .map((parts) => clean(Object.assign({}, ...parts)));

/** Without the keys that say nothing. */
function clean(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as unknown as Row;
}

/** Scans long enough to be decided, by those who may be and by those who never are. */
const denials = fc
  .tuple(fc.constantFrom(...SOURCES, ...WIDE), fc.integer({ min: 1, max: 14 }), fc.nat(2))
  .map(([from, count, file]) =>
    Array.from({ length: count }, (_, k): Row => {
      const to = from.includes(':') ? '2001:db8:4f:2::4' : '198.18.9.9';
      return { ...packet('denied', from, to, 1000 + k), file };
    }),
  );

/** What looks like answers, some of it told again by lines with the same key. */
const answers = fc
  .tuple(
    fc.constantFrom('203.0.113.5', '203.0.113.9'),
    fc.array(fc.tuple(fc.nat(5), fc.nat(3), fc.constantFrom('ack' as const, 'rst' as const)), {
      maxLength: 8,
    }),
    fc.array(fc.record({ key: fc.nat(3), alert: fc.boolean() }), { maxLength: 3 }),
    fc.nat(2),
  )
  .map(([from, packets, more, file]) => [
    ...packets.map(([port, key, flag]): Row => {
      const answer = { ...flow('denied', from, '198.18.9.9', 40_000 + port), tcp: [flag], file };
      return key === 0 ? answer : { ...answer, key: `flow ${key}` };
    }),
    ...more.map(({ key, alert }): Row => {
      const line: Row = { ...flow('established', from, '198.18.2.4', 22), key: `flow ${key}`, file };
      return alert ? { ...line, kind: 'alert', content: ['signature'] } : line;
    }),
  ]);

/** Guessing at one account by many, and somebody who gets in; sometimes two people over one connection. */
const guessing = fc
  .tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom('clerk', 'vera'),
    fc.boolean(),
    some(fc.constant('pid')),
  )
  .map(([count, account, invalid, key]) => [
    ...Array.from({ length: count }, (_, k): Row => {
      const flags = invalid ? (['invalidAccount'] as const) : [];
      return { ...login('failed', `203.0.113.${30 + k}`, account), flags };
    }),
    ...['clerk', 'vera'].map((name) => clean({ ...login('succeeded', '203.0.113.99', name), key })),
  ]);

const rows = fc
  .array(fc.oneof(row, row, denials, answers, guessing), { minLength: 1, maxLength: 24 })
  .map((pieces) => pieces.flat());
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const cut: fc.Arbitrary<Cut> = fc.record({
  workers: fc.constantFrom(1, 2, 3),
  batches: sizes,
  stretches: sizes,
  turned: fc.boolean(),
});
const surface = fc.constantFrom(OFFICE, OFFICE, NO_SURFACE);

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** What the account must say whatever the rows. */
function expectBalance({ account, verdicts, decisions }: Judged, all: readonly Row[]): void {
  const units = all.reduce((total, { repeat = 0 }) => total + 1 + repeat, 0);
  expect(account.contacts + account.detail + account.outbound).toBe(units);
  expect(sum(account.dispositions)).toBe(account.contacts);
  expect(sum(account.rules)).toBe(account.contacts);
  for (const count of [...Object.values(account.dispositions), ...Object.values(account.rules)]) {
    expect(count).toBeGreaterThanOrEqual(0);
  }
  expect(account.knocks).toBeLessThanOrEqual(account.contacts);
  expect(account.decisions).toBe(decisions.length);
  expect(sum(account.verdicts)).toBe(account.sources);
  expect(account.verdicts.scan + account.verdicts.attempt + account.verdicts.intrusion).toBe(verdicts.length);
}

/** No decision may cover anybody who is never blocked, nor last or cover more than its evidence allows. */
function expectSpared({ decisions }: Judged): void {
  for (const { value, forgeable, covers, from, until } of decisions) {
    const network = parseCidr(value);
    if (network.isErr()) throw new Error(`${value} is no network`);
    expect(`${value} ${OFFICE.standing(network.value)}`).toBe(`${value} 0`);
    if (forgeable || network.value.bits === 24) expect(covers).toBe('private');
    if (from === null || until === null) {
      expect([from, until]).toEqual([null, null]);
      continue;
    }
    const hours = (Date.parse(until) - Date.parse(from)) / HOUR;
    expect(hours).toBeLessThanOrEqual(forgeable ? 4 : 7 * 24);
  }
}

describe('the account', () => {
  it('balances for any rows', () => {
    fc.assert(
      fc.property(rows, surface, (all, office) => {
        const judged = judge(all, { surface: office });

        expectBalance(judged, all);
        if (office === OFFICE) expectSpared(judged);
      }),
      { numRuns: 120 },
    );
  });

  it('is the same for any cut into batches and stretches, any order of files in them, and any number of workers', () => {
    fc.assert(
      fc.property(rows, surface, cut, (all, office, how) => {
        const whole = judge(all, { surface: office });
        const inPieces = judge(all, { surface: office, ...how });

        expect(JSON.stringify(inPieces)).toBe(JSON.stringify(whole));
      }),
      { numRuns: 70 },
    );
  });
});
