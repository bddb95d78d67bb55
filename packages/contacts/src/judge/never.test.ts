import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  fileOf,
  flow,
  HOUR,
  judge,
  login,
  MINUTE,
  packet,
  type Row,
  SECOND,
  times,
  web,
} from './rows.fixture.ts';

const HOST = '198.18.9.9';
const WIDE_HOST = '2001:db8:4f:9::9';
const PORTAL = '198.18.1.10';

/** So many ports of one host, all denied. */
function scan(from: string, count: number, at = 0, step = SECOND): Row[] {
  const to = from.includes(':') ? WIDE_HOST : HOST;
  return times(count, (k) => ({ ...packet('denied', from, to, 20_000 + k), at: at + k * step }));
}

/** A visit to the portal that completed a handshake. */
function visit(from: string, at: number): Row {
  return { ...flow('established', from, PORTAL, 443), at };
}

describe('nobody is ever blocked who', () => {
  const shell = [fileOf('shell')];
  it.each([
    ['is in never_block', '192.0.2.53', 'never_block'],
    ['is one of us', '198.18.2.77', 'our own address'],
    ['is authorised', '203.0.113.17', 'authorised: labelled, a person decides'],
    ['is a proxy of ours', '198.51.100.3', 'a proxy of ours'],
    ['shares its address with many', '100.64.9.9', 'shared by many people: rate limits only'],
    ['shares its /64 with many', '2001:db8:6:7::1', 'shared by many people: rate limits only'],
    ['shares its /64 with never_block', '2001:db8:99::77', 'its /64 holds somebody who is never blocked'],
    ['is authorised by IPv6', '2001:db8:77::1', 'its /64 holds somebody who is never blocked'],
  ])('%s, whatever he does: he is labelled', (_, from, why) => {
    const guesses = times(60, () => login('failed', from, 'root'));
    for (const [rows, files] of [
      [scan(from, 60), undefined],
      [guesses, shell],
    ] as const) {
      const { account, decisions, verdicts } = judge(rows, files ? { files } : {});

      expect(decisions).toEqual([]);
      expect(account.withheld[why]).toBeGreaterThan(0);
      expect(verdicts).toHaveLength(1);
    }
  });

  it('is known by a header of our proxy', () => {
    const files = [fileOf('www')];
    const rows = times(60, (k): Row => ({ ...web('198.51.100.3', `/${k}`, 404), forwarded: '203.0.113.9' }));

    const { account, decisions, verdicts } = judge(rows, { files });

    expect(verdicts).toMatchObject([{ source: '203.0.113.9', verdict: 'attempt' }]);
    expect(decisions).toEqual([]);
    expect(Object.keys(account.withheld)).toEqual([
      'named by a proxy of ours: only the proxy can turn it away',
    ]);
  });

  it('is named in a header that somebody sends who is no proxy of ours: the sender answers for it', () => {
    const rows = times(60, (k): Row => ({ ...web('203.0.113.9', `/${k}`, 404), forwarded: '192.0.2.99' }));

    const { account, decisions } = judge(rows, { files: [fileOf('www')] });

    expect(decisions).toMatchObject([{ value: '203.0.113.9/32' }, { value: '203.0.113.9/32' }]);
    expect(account.foreignHeaders).toBe(60);
  });
});

describe('evidence that can be forged', () => {
  it('blocks for four hours, and never what is for voters', () => {
    const { decisions } = judge(scan('203.0.113.5', 60));

    expect(decisions).toMatchObject([{ value: '203.0.113.5/32', forgeable: true, covers: 'private' }]);
    for (const { from, until } of decisions) expect(Date.parse(until!) - Date.parse(from!)).toBe(4 * HOUR);
  });

  it('blocks again for as long when it goes on', () => {
    const { decisions } = judge(scan('203.0.113.5', 200, 0, 5 * MINUTE));

    expect(decisions.length).toBeGreaterThan(2);
    for (const { from, until } of decisions) expect(Date.parse(until!) - Date.parse(from!)).toBe(4 * HOUR);
  });

  it('never blocks who completed a handshake within the last thirty days', () => {
    const after = (days: number) => judge([visit('203.0.113.5', 0), ...scan('203.0.113.5', 60, days * DAY)]);

    expect(after(0.1)).toMatchObject({ decisions: [], verdicts: [{ verdict: 'scan' }] });
    expect(after(29)).toMatchObject({ decisions: [], account: { withheld: { [FRIEND]: 1 } } });
    expect(after(31).decisions).toHaveLength(1);
  });

  it('blocks who shook hands less than half a minute before his failures began, or in their midst', () => {
    expect(judge([visit('203.0.113.5', 0), ...scan('203.0.113.5', 60, 20 * SECOND)]).decisions).toHaveLength(
      1,
    );
    expect(
      judge([...scan('203.0.113.5', 5), visit('203.0.113.5', MINUTE), ...scan('203.0.113.5', 60, HOUR)])
        .decisions,
    ).toHaveLength(1);
  });

  it('is all that an unauthenticated line can give, whatever it tells', () => {
    const rows = times(60, () => login('failed', '203.0.113.5', 'root'));

    const { decisions } = judge(rows, { files: [fileOf('plain')] });

    expect(decisions).toMatchObject([{ forgeable: true, covers: 'private' }]);
  });

  it('blocks none of two hundred friends in whose names somebody sends fifty packets each', () => {
    const friends = times(200, (k) => `203.0.${k}.7`);
    const visits = friends.map((from) => visit(from, 0));
    const forged = times(50, (k) => k).flatMap((k) =>
      friends.map((from) => ({ ...packet('denied', from, HOST, 1_000 + k), at: DAY + k * SECOND })),
    );

    const { decisions, account } = judge([...visits, ...forged]);

    expect(decisions).toEqual([]);
    expect(account.contacts).toBe(200 * 51);
  });
});

const FRIEND = 'forgeable evidence against a recent visitor';

describe('evidence that cannot be forged', () => {
  it('blocks everything for a week when there is enough of it, friend or not', () => {
    const rows = times(60, (k): Row => ({ ...login('failed', '203.0.113.5', 'root'), at: DAY + k * SECOND }));

    const { decisions } = judge([visit('203.0.113.5', 0), ...rows], { files: [fileOf('shell')] });

    expect(decisions.at(-1)).toMatchObject({ forgeable: false, covers: 'all' });
    expect(Date.parse(decisions.at(-1)!.until!) - Date.parse(decisions.at(-1)!.from!)).toBe(7 * DAY);
  });

  it('is not held up by a block that was due on forgeable evidence and not made', () => {
    const files = [fileOf('shell'), fileOf('fw')];
    const forged = scan('203.0.113.5', 20, DAY).map((row): Row => ({ ...row, file: 1 }));
    const guesses = (count: number) =>
      times(
        count,
        (k): Row => ({ ...login('failed', '203.0.113.5', 'root'), at: DAY + MINUTE + k * SECOND }),
      );
    const first = { ...visit('203.0.113.5', 0), file: 1 };

    const alone = judge([first, ...guesses(9)], { files }).decisions;
    const both = judge([first, ...forged, ...guesses(9)], { files }).decisions;

    expect(alone).toMatchObject([{ forgeable: false }]);
    expect(both).toMatchObject([{ forgeable: false }]);
  });
});

describe('a network', () => {
  /** Sources of one /24, each with so many failures that nobody can forge. */
  const guessing = (net: string, members: number, each: number): Row[] =>
    times(members * each, (k) => login('failed', `${net}.${60 + (k % members)}`, `user${k}`));
  const shell = { files: [fileOf('shell')] };
  const networksOf = (rows: readonly Row[]) =>
    judge(rows, shell).decisions.filter(({ reason }) => reason === 'campaign-prefix');

  it('is blocked as a whole, from private services alone, where many of its members guess', () => {
    expect(networksOf(guessing('203.0.114', 12, 2))).toMatchObject([
      { value: '203.0.114.0/24', covers: 'private', forgeable: false },
    ]);
  });

  it('is not where it holds never_block, though members of it are blocked', () => {
    const { decisions, account } = judge(guessing('192.0.2', 12, 2), shell);

    expect(decisions.length).toBeGreaterThan(0);
    expect(decisions.filter(({ value }) => !value.endsWith('/32'))).toEqual([]);
    expect(account.withheld['its network holds somebody who is never blocked']).toBe(1);
  });

  it('is not where somebody in it visits us', () => {
    const visitor = { ...login('succeeded', '203.0.114.200', 'vera'), at: 0 };

    expect(networksOf([visitor, ...guessing('203.0.114', 12, 2)])).toEqual([]);
  });

  it('is not on a few members, and not on what can be forged', () => {
    const packets = times(60, (k) => packet('denied', `203.0.114.${60 + (k % 12)}`, HOST, 1_000 + k));

    expect(networksOf(guessing('203.0.114', 4, 2))).toEqual([]);
    expect(judge(packets).decisions.filter(({ value }) => value.endsWith('/24'))).toEqual([]);
  });

  it('of IPv6 is never blocked as a whole', () => {
    const rows = times(40, (k) => login('failed', `2001:db8:5:${k % 20}::1`, `user${k}`));

    expect(judge(rows, shell).decisions.filter(({ value }) => value.endsWith('/48'))).toEqual([]);
  });
});

describe('members of a scan that is shared out over a network', () => {
  const shared = (each: number) =>
    judge(
      times(40 * each, (k) =>
        packet('denied', `203.0.114.${60 + (k % 40)}`, `198.18.9.${k % 200}`, 1_000 + k),
      ),
    );

  it('are labelled and not blocked with one packet each, which anybody may have sent', () => {
    const { decisions, verdicts } = shared(1);

    expect(verdicts.filter(({ campaign }) => campaign === 'net-203.0.114.0/24')).toHaveLength(40);
    expect(decisions).toEqual([]);
  });

  it('are blocked with two each', () => {
    const { decisions } = shared(2);

    expect(decisions.length).toBeGreaterThanOrEqual(36);
    for (const decision of decisions) {
      expect(decision).toMatchObject({ reason: 'campaign-member', forgeable: true, covers: 'private' });
    }
  });

  it('are not joined by who comes from there weeks later', () => {
    const rows = times(80, (k) =>
      packet('denied', `203.0.114.${60 + (k % 40)}`, `198.18.9.${k % 200}`, 1_000 + k),
    );
    const at = (hours: number) =>
      times(2, (k) => ({
        ...packet('denied', '203.0.114.7', HOST, 5_950 + k),
        at: hours * HOUR + k * SECOND,
      }));
    const decided = (hours: number) =>
      judge([...rows, ...at(hours)]).decisions.filter(({ value }) => value === '203.0.114.7/32');

    expect(decided(1)).toMatchObject([{ reason: 'campaign-member' }]);
    expect(decided(20 * 24)).toEqual([]);
  });

  it('are not joined by a visitor of the same network', () => {
    const rows = times(80, (k) =>
      packet('denied', `203.0.114.${60 + (k % 40)}`, `198.18.9.${k % 200}`, 1_000 + k),
    );
    const one = { ...packet('denied', '203.0.114.7', HOST, 5_900), at: 100 * SECOND };
    const other = { ...packet('denied', '203.0.114.7', HOST, 5_901), at: 101 * SECOND };

    const { decisions } = judge([visit('203.0.114.7', -HOUR), ...rows, one, other]);

    expect(decisions.filter(({ value }) => value === '203.0.114.7/32')).toEqual([]);
  });
});

describe('decoys', () => {
  const GROUP = times(6, (k) => `203.0.${k + 120}.${k + 9}`);

  it('are labelled as one group, and none is blocked, in whatever order their packets are told', () => {
    const order = fc.array(fc.shuffledSubarray(GROUP, { minLength: 6 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(order, (rounds) => {
        const rows = rounds.flatMap((round, port) =>
          round.map((from, k) => ({ ...packet('denied', from, HOST, 1_000 + port), at: port * 400 + k * 3 })),
        );
        const { decisions, verdicts, account } = judge(rows);

        expect(decisions).toEqual([]);
        expect(verdicts.map(({ source }) => source)).toEqual([...GROUP].sort());
        for (const { campaign } of verdicts) expect(campaign).toMatch(/^decoys-\d+$/);
        expect(account.withheld['one of a group of decoys']).toBe(6);
      }),
      { numRuns: 15 },
    );
  });

  it('are blocked once one has spoken for itself', () => {
    const rows = times(20, (port) => port).flatMap((port) =>
      GROUP.map((from, k) => ({
        ...packet('denied', from, HOST, 1_000 + port),
        at: port * 400 + k * 3,
        file: 1,
      })),
    );
    const guesses = times(20, (k) => ({ ...login('failed', GROUP[2]!, 'root'), at: HOUR + k * SECOND }));

    const { decisions } = judge([...guesses, ...rows], { files: [fileOf('shell'), fileOf('fw')] });

    expect(new Set(decisions.map(({ value }) => value))).toEqual(new Set([`${GROUP[2]}/32`]));
    expect(decisions[0]).toMatchObject({ forgeable: false, covers: 'all' });
  });

  it('are not two scanners that happen to ask for a few of the same things', () => {
    const a = scan('203.0.113.5', 30);
    const b = times(30, (k) => ({
      ...packet('denied', '203.0.115.6', HOST, 21_000 + k),
      at: k * SECOND + 5,
    }));

    expect(judge([...a, ...b]).decisions).toHaveLength(2);
  });
});
