import { describe, expect, it } from 'vitest';
import {
  DAY,
  fileOf,
  flow,
  HOUR,
  judge,
  login,
  MINUTE,
  NO_SURFACE,
  packet,
  type Row,
  SECOND,
  surfaceOf,
  times,
  web,
} from './judge/rows.fixture.ts';
import { TESTS_PER_SOURCE, TIERS } from './judge/tiers.ts';

const HOST = '198.18.9.9';
const SCANNER = '203.0.113.5';
const PORTAL = '198.18.1.10';

const scan = (from: string, count: number, more: Partial<Row> = {}) =>
  times(count, (k): Row => ({ ...packet('denied', from, HOST, 20_000 + k), ...more }));

describe('the account of nothing', () => {
  it('is all zeros, and has no times', () => {
    const { account, decisions, verdicts } = judge([], { files: [fileOf('any')] });

    expect(account).toMatchObject({
      from: null,
      to: null,
      contacts: 0,
      knocks: 0,
      sources: 0,
      decisions: 0,
      through: [],
      surges: [],
      wrongBlocks: { tested: 0, bound: null, nominal: 0 },
    });
    expect({ decisions, verdicts }).toEqual({ decisions: [], verdicts: [] });
  });
});

describe('the times of an account', () => {
  it('are the first and the last of the events, whatever their order', () => {
    const rows = [5, 1, 9, 3].map((hours) => ({ ...packet('denied', SCANNER, HOST, 22), at: hours * HOUR }));

    expect(judge(rows).account).toMatchObject({
      from: '2026-11-03T13:00:00.000Z',
      to: '2026-11-03T21:00:00.000Z',
    });
  });

  it('are those of lines that have one: a file without a time at its head does not begin in 1970', () => {
    const without = { ...packet('denied', SCANNER, HOST, 22), at: Number.NaN };

    expect(judge([without, packet('denied', SCANNER, HOST, 23)]).account.from).toBe(
      '2026-11-03T12:00:00.000Z',
    );
    expect(judge([without]).account).toMatchObject({ from: null, to: null, contacts: 1 });
  });

  it('are null in a decision that was made at a time that nobody knows', () => {
    const rows = scan(SCANNER, 20, { at: Number.NaN });

    expect(judge(rows).decisions).toMatchObject([
      { from: null, until: null, evidence: { first: null, last: null, contacts: 8 } },
    ]);
  });

  it('are null in what came through at a time that nobody knows', () => {
    const row = { ...flow('established', SCANNER, '198.18.2.4', 22), at: Number.NaN };

    expect(judge([row]).account.through).toMatchObject([{ time: null, source: SCANNER, line: 1 }]);
  });
});

describe('what came through', () => {
  it('is listed with its file and line, in order of time over all files', () => {
    const rows = times(
      6,
      (k): Row => ({
        ...flow('established', SCANNER, '198.18.2.4', 22),
        sport: 1_000 + k,
        file: k % 2,
        at: (6 - k) * SECOND,
      }),
    );
    const files = [fileOf('a'), fileOf('b')];

    expect(judge(rows, { files }).account.through.map(({ file, line }) => `${file}:${line}`)).toEqual([
      ...['b.log:3', 'a.log:3', 'b.log:2', 'a.log:2', 'b.log:1', 'a.log:1'],
    ]);
  });

  it('is listed up to ten thousand, and then counted; which are listed does not depend on the cut', () => {
    const rows = times(
      23_000,
      (k): Row => ({
        ...web(`203.0.${k % 200}.9`, `/${k}`, 200),
        content: ['traversal'],
        // Out of order, but within what a log may be.
        at: (k ^ 3) * 100,
      }),
    );
    const setting = { files: [fileOf('www')] };

    const { account } = judge(rows, setting);
    const inPieces = judge(rows, { ...setting, workers: 3, stretches: [700] }).account;

    expect(account.dispositions.through).toBe(23_000);
    expect(account.through).toHaveLength(10_000);
    expect(account.throughUnlisted).toBe(13_000);
    expect(JSON.stringify(inPieces)).toBe(JSON.stringify(account));
  });

  it('is as many items as contacts', () => {
    const rows = [
      ...times(5, () => flow('established', SCANNER, '198.18.2.4', 22)),
      { ...flow('established', SCANNER, PORTAL, 443), key: 'a' },
      { ...web(SCANNER, '/x', 200), to: PORTAL, key: 'a', content: ['sqlInjection' as const] },
      { ...web(SCANNER, '/y', 200), to: PORTAL, key: 'a', content: ['sqlInjection' as const] },
    ];
    const { account } = judge(rows);

    expect(account.dispositions.through).toBe(6);
    expect(account.through).toHaveLength(6);
  });
});

describe('a decision', () => {
  it('says what, why, with what error, on what evidence and until when', () => {
    const rows = [...scan(SCANNER, 20), flow('established', '203.0.113.8', PORTAL, 443)];

    expect(judge(rows).decisions).toEqual([
      {
        value: '203.0.113.5/32',
        reason: 'scan',
        alpha: 1e-4,
        rule: 'likelihood ratio 6.3e+4 >= 4e+4',
        forgeable: true,
        covers: 'private',
        evidence: {
          contacts: 8,
          targets: 8,
          first: '2026-11-03T12:00:00.000Z',
          last: '2026-11-03T12:00:07.000Z',
        },
        campaign: null,
        from: '2026-11-03T12:00:07.000Z',
        until: '2026-11-03T16:00:07.000Z',
      },
    ]);
  });

  it('about IPv6 is about the /64', () => {
    const rows = times(
      20,
      (k): Row => packet('denied', `2001:db8:5:6:${k}::1`, '2001:db8:4f:9::9', 1_000 + k),
    );

    expect(judge(rows).decisions).toMatchObject([{ value: '2001:db8:5:6::/64' }]);
    expect(judge(rows).verdicts).toMatchObject([{ source: '2001:db8:5:6::/64', contacts: 20 }]);
  });

  it('has no error rate where only denials are logged, and says by what count it was made', () => {
    const [decision] = judge(scan(SCANNER, 20)).decisions;

    expect(decision).toMatchObject({ alpha: null });
    expect(decision!.rule).toContain('counted on denials alone');
  });

  it('has one where the surface says that the sensor logs what it lets in, and none where it says not', () => {
    const surface = surfaceOf(`
networks: [198.18.0.0/16]
sensors: [{ id: all, denials_only: false }, { id: some, denials_only: true }]
`);
    const visit = flow('established', '203.0.113.8', HOST, 443);
    const alphaOf = (sensor: string) =>
      judge([...scan(SCANNER, 20), visit], { surface, files: [fileOf(sensor, surface)] }).decisions[0]!.alpha;

    expect([alphaOf('all'), alphaOf('some')]).toEqual([1e-4, null]);
  });

  it('that is not made is told by its reason, in one order whoever came first', () => {
    const rows = [...scan('192.0.2.53', 20), ...scan('203.0.113.17', 20), ...scan('100.64.9.9', 20)];
    for (const all of [rows, rows.toReversed()]) {
      const { account } = judge(all.map((row, k) => ({ ...row, at: k * MINUTE })));

      expect(JSON.stringify(account.withheld)).toBe(
        '{"authorised: labelled, a person decides":1,"never_block":1,"shared by many people: rate limits only":1}',
      );
    }
  });

  it('stands in order of time', () => {
    const rows = times(5, (k) => scan(`203.0.113.${9 - k}`, 20, {})).flat();
    const { decisions } = judge(rows);

    expect(decisions.map(({ value }) => value)).toEqual([9, 8, 7, 6, 5].map((k) => `203.0.113.${k}/32`));
  });
});

describe('the bound of wrong blocks', () => {
  const alpha = (TIERS[1].alpha + TIERS[2].alpha) / TESTS_PER_SOURCE;

  it('is alpha for each test made: one for each source with a trial, two where some of it cannot be forged', () => {
    const visits = times(1_000, (k) => flow('established', `203.${k >> 8}.${k & 255}.9`, PORTAL, 443));

    expect(judge(visits).account.wrongBlocks).toMatchObject({
      tested: 2_000,
      bound: 2_000 * alpha,
      nominal: 0,
    });
  });

  it('is null on denials alone, which count as nominal', () => {
    // A source, the prefix that its failure began, and the host that it asked.
    expect(judge(scan(SCANNER, 3)).account.wrongBlocks).toMatchObject({
      tested: 3,
      bound: null,
      nominal: Number((3 * alpha).toPrecision(6)),
    });
  });

  it('is shared out by the file of the first trial', () => {
    const rows = [
      ...times(10, (k) => flow('established', `203.0.${k}.9`, PORTAL, 443)),
      ...times(30, (k): Row => ({ ...packet('denied', `203.1.${k}.9`, HOST, 22), file: 1 })),
    ];
    const { bound, nominal, tested } = judge(rows).account.wrongBlocks;

    // Twenty tests of visitors; thirty sources and what they began are counted: networks and hosts with the visitors.
    expect(nominal).toBeCloseTo(30 * alpha, 8);
    expect(bound).toBeCloseTo((tested - 30) * alpha, 8);
  });

  it('grows with no source that was never tried', () => {
    const opaque = times(50, (k) => flow('oneSided', `203.0.${k}.9`, HOST, 443));

    expect(judge(opaque).account).toMatchObject({ sources: 50, wrongBlocks: { tested: 0 } });
  });
});

describe('verdicts', () => {
  it('explain themselves by the last lines that spoke against the source', () => {
    const rows = scan(SCANNER, 20);
    const [verdict] = judge(rows).verdicts;

    expect(verdict!.lines).toEqual(times(8, (k) => ({ path: 'any.log', line: 13 + k })));
    expect(verdict).toMatchObject({
      source: SCANNER,
      verdict: 'scan',
      contacts: 20,
      targets: expect.closeTo(20, -1),
      campaign: null,
    });
  });

  it('are listed by source, and counted with those who are unknown', () => {
    const rows = [
      ...scan(SCANNER, 20),
      ...scan('203.0.114.40', 20),
      packet('denied', '203.0.113.6', HOST, 22),
    ];
    const { account, verdicts } = judge(rows);

    expect(verdicts.map(({ source }) => source)).toEqual([SCANNER, '203.0.114.40'].sort());
    expect(account).toMatchObject({
      sources: 3,
      verdicts: { unknown: 1, scan: 2, attempt: 0, intrusion: 0 },
    });
  });

  it('count contacts, and not the lines that tell more of them', () => {
    const rows = times(12, (k) => k).flatMap((k): Row[] => [
      { ...login('failed', SCANNER, 'root'), key: `pid ${k}` },
      { ...login('failed', SCANNER, 'root'), key: `pid ${k}`, flags: ['hint'] },
    ]);
    const { account, verdicts } = judge(rows, { files: [fileOf('shell')] });

    expect(account.contacts).toBe(12);
    expect(verdicts).toMatchObject([{ source: SCANNER, contacts: 12 }]);
  });
});

describe('without a surface', () => {
  it('denials are refused, web and login services public, and what else was let in is unsettled', () => {
    const rows = [
      packet('denied', SCANNER, HOST, 5_900),
      flow('established', SCANNER, HOST, 443),
      flow('established', SCANNER, HOST, 5_900),
      { ...login('succeeded', SCANNER, 'clerk'), at: DAY },
      web(SCANNER, '/', 200),
    ];

    expect(judge(rows, { surface: NO_SURFACE }).account.dispositions).toMatchObject({
      refused: 1,
      served: 3,
      unsettled: 1,
      through: 0,
    });
  });
});

describe('how many ways the work can be cut', () => {
  it('rows of one moment are judged in the order of files and lines', () => {
    // Two lines a second in each of three files, the last file first.
    const rows = scan(SCANNER, 18).map(
      (row, k): Row => ({ ...row, file: 2 - (k % 3), at: Math.floor(k / 6) * SECOND }),
    );
    const files = [fileOf('a'), fileOf('b'), fileOf('c')];
    const order = ['c.log:4', 'a.log:5', 'a.log:6', 'b.log:5', 'b.log:6', 'c.log:5', 'c.log:6'];

    for (const how of [
      {},
      { stretches: [1] },
      { stretches: [5], batches: [1] },
      { workers: 3, stretches: [4] },
    ]) {
      const [verdict] = judge(rows, { files, ...how }).verdicts;

      expect(verdict!.lines.slice(1).map(({ path, line }) => `${path}:${line}`)).toEqual(order);
    }
  });

  it('changes nothing where sources guess, scan, share out, and turn, in three files', () => {
    const rows = [
      ...scan(SCANNER, 40),
      ...times(
        60,
        (k): Row => ({ ...login('failed', `203.0.114.${k % 30}`, `user${k % 3}`), file: 1, at: k * SECOND }),
      ),
      ...times(120, (k): Row => ({ ...packet('denied', `203.0.115.${k % 40}`, HOST, 3_000 + k), file: 2 })),
      { ...login('succeeded', '203.0.114.3', 'user0'), file: 1, at: HOUR },
    ];
    const files = [fileOf('fw'), fileOf('shell'), fileOf('other')];
    const whole = JSON.stringify(judge(rows, { files }));

    for (const workers of [1, 2, 3]) {
      for (const stretches of [[1], [7], [50, 3]]) {
        expect(JSON.stringify(judge(rows, { files, workers, stretches, batches: [11], turned: true }))).toBe(
          whole,
        );
      }
    }
  });
});
