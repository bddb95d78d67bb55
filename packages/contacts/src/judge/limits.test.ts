import { describe, expect, it } from 'vitest';
import { Labels } from './labels.ts';
import { LIMITS, sumLimits } from './limits.ts';
import { Members } from './members.ts';
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

/** A packet from each of so many sources, spread over all networks. */
function flood(sources: number, more: Partial<Row> = {}): Row[] {
  return times(sources, (k) => ({ ...packet('denied', addressOf(k), HOST, 1_000 + (k % 7)), ...more }));
}

function addressOf(k: number): string {
  return `10.${(k >> 8) & 255}.${k & 255}.${(k >> 16) + 1}`;
}

describe('when there are more sources than fit', () => {
  const rows = flood(6_000);
  const { account } = judge(rows, { caps: { sources: 64 } });

  it('every contact is accounted for all the same', () => {
    expect(account).toMatchObject({ contacts: 6_000, rules: { denied: 6_000 }, sources: 6_000 });
  });

  it('the account says how many were counted together', () => {
    expect(account.folded).toBeGreaterThan(6_000 - 16 * 64);
    expect(account.limits).toEqual({});
  });

  it('the bound counts their tests too', () => {
    const whole = judge(rows).account;

    expect(account.wrongBlocks.tested).toBe(whole.wrongBlocks.tested);
    expect(account.wrongBlocks.nominal).toBe(whole.wrongBlocks.nominal);
  });

  it('a scanner in the midst of them is seen', () => {
    const scan = times(60, (k) => packet('denied', '203.0.113.5', HOST, 20_000 + k));
    const mixed = rows.flatMap((row, k) => (k % 100 === 0 && k < 6_000 ? [row, scan[k / 100]!] : [row]));

    const { decisions } = judge(mixed, { caps: { sources: 64 } });

    expect(decisions.map(({ value }) => value)).toContain('203.0.113.5/32');
  });

  it('judged sources go last, and if they go the account says how many', () => {
    const scans = times(400, (k) => k).flatMap((k) =>
      times(12, (port) => packet('denied', addressOf(k), HOST, 20_000 + port)),
    );
    const { account: full, verdicts, decisions } = judge(scans, { caps: { sources: 8 } });

    expect(full.limits.judgedFolded).toBe(400 - verdicts.length);
    expect(full.limits.judgedFolded).toBeGreaterThan(0);
    expect(decisions).toHaveLength(400);
  });

  it('friends are not forgotten for a flood', () => {
    const friends = times(200, (k) => `203.${k}.113.9`);
    const visits = friends.map((from) => flow('established', from, '198.18.1.10', 443));
    const forged = friends.flatMap((from) =>
      times(50, (k) => ({ ...packet('denied', from, HOST, k + 1_000), at: DAY })),
    );

    const judged = judge([...visits, ...flood(6_000, { at: HOUR }), ...forged], { caps: { sources: 64 } });

    expect(judged.account.folded).toBeGreaterThan(0);
    expect(judged.decisions).toEqual([]);
  });
});

describe('when a table is full, the account says what found no room', () => {
  it('networks', () => {
    const { account } = judge(flood(2_000), { caps: { prefixes: 8 } });

    expect(account.limits).toEqual({ prefixes: 2_000 - 16 * 8 });
  });

  it('web routes', () => {
    const rows = times(500, (k) => web('203.0.113.5', `/${k}`, 200));

    expect(judge(rows, { caps: { routes: 100 }, files: [fileOf('www')] }).account.limits).toEqual({
      routes: 400,
    });
  });

  it('connections whose lines may still come', () => {
    const lines = (step: number) =>
      times(
        60_000,
        (k): Row => ({ ...login('failed', '203.0.113.5', 'root'), key: `pid ${k}`, at: k * step }),
      );

    expect(judge(lines(SECOND)).account.limits).toEqual({});
    expect(judge(lines(10)).account.limits.connections).toBeGreaterThan(10_000);
  });

  it('accounts: invented names leave room for the real ones', () => {
    const invented = times(
      33_000,
      (k): Row => ({
        ...login('failed', addressOf(k % 500), `invented${k}`),
        flags: ['invalidAccount'],
        at: k * 10,
      }),
    );
    const guesses = times(40, (k) => ({
      ...login('failed', `203.${k}.113.9`, 'clerk'),
      at: HOUR + k * MINUTE,
    }));
    const entry = { ...login('succeeded', '203.0.114.9', 'clerk'), at: HOUR + 40 * MINUTE };

    const { account } = judge([...invented, ...guesses, entry], { files: [fileOf('shell')] });

    expect(account.limits.accounts).toBeGreaterThan(0);
    expect(account.rules['login-unsure']).toBe(1);
  });

  it('labels', () => {
    const labels = new Labels(2);
    for (let k = 0; k < 5; k++) labels.add(k, 0, false, 'campaign');
    labels.add(0, 0, false, 'campaign');

    expect(labels.refused).toBe(3);
    expect([...labels.entries()]).toHaveLength(2);
  });

  it('attempts that a campaign could have claimed', () => {
    const forgotten = (step: number) => {
      const members = new Members();
      for (let k = 0; k < 140_000; k++) {
        members.remember(1, {
          key0: k,
          key1: 0,
          v6: false,
          clientOnly: false,
          time: k * step,
          file: 0,
          line: k,
        });
      }
      return members.forgotten;
    };

    expect(forgotten(1)).toBe(140_000 - 131_072);
    expect(forgotten(SECOND)).toBe(0);
  });
});

describe('the sum of what found no room', () => {
  it('has the names of the table in its order, and no zeros', () => {
    const sum = sumLimits([{ labels: 2, routes: 0 }, { prefixes: 1 }, { labels: 3 }]);

    expect(JSON.stringify(sum)).toBe('{"prefixes":1,"labels":5}');
    expect(Object.keys(sum).every((name) => name in LIMITS)).toBe(true);
  });
});
