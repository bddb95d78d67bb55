import { describe, expect, it } from 'vitest';
import { HOUR, judge, MINUTE, packet, type Row, SECOND, times } from './rows.fixture.ts';

const HOST = '198.18.9.9';
/** What everybody is asked for all day. */
const COMMON = [22, 23, 80, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 5060, 2323];

/** The background of the Internet: sources that ask many hosts for a few common ports. */
function background(contacts: number, step = 4 * SECOND): Row[] {
  return times(
    contacts,
    (k): Row => ({
      ...packet(
        'denied',
        `10.${(k * 7) % 199}.${(k * 13) % 251}.${1 + (k % 200)}`,
        `198.18.${20 + ((k * 31) % 20)}.${(k * 17) % 250}`,
        COMMON[(k * 5) % COMMON.length]!,
      ),
      at: k * step,
    }),
  );
}

/** One scan of one host, shared out: each source asks for two rare ports. */
function shared(sources: number, at: number, step: number, host = HOST): Row[] {
  return times(sources * 2, (k): Row => {
    const from = host.includes(':')
      ? `2001:db8:${(k % sources) + 1_000}::1`
      : `172.${16 + ((k % sources) >> 8)}.${(k % sources) & 255}.9`;
    return { ...packet('denied', from, host, 20_000 + k), at: at + k * step };
  });
}

function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a.at! - b.at!);
}

function labelled(rows: readonly Row[], campaign: RegExp): number {
  return judge(rows).verdicts.filter((verdict) => verdict.campaign?.match(campaign)).length;
}

describe('a scan of one host that is shared out over many networks', () => {
  it('has its members labelled with the host, in the midst of what is always there', () => {
    const rows = inOrder([...background(5_000), ...shared(200, HOUR, 20 * SECOND)]);

    expect(labelled(rows, /^host-198\.18\.9\.9-\d+$/)).toBeGreaterThanOrEqual(0.9 * 200);
  });

  it('is seen though it is slow', () => {
    const rows = inOrder([...background(5_000, MINUTE), ...shared(200, 3 * HOUR, 5 * MINUTE)]);

    expect(labelled(rows, /^host-/)).toBeGreaterThanOrEqual(0.9 * 200);
  });

  it('blocks nobody by itself: a label is no proof', () => {
    expect(judge(inOrder([...background(3_000), ...shared(200, HOUR, 20 * SECOND)])).decisions).toEqual([]);
  });

  it('by IPv6 is named so that nobody takes its hash for an address', () => {
    const rows = inOrder([...background(3_000), ...shared(200, HOUR, 20 * SECOND, '2001:db8:4f:9::9')]);

    expect(labelled(rows, /^host-ipv6-[0-9a-f]{8}-\d+$/)).toBeGreaterThanOrEqual(0.9 * 200);
  });
});

describe('what is no campaign', () => {
  it('the background of the Internet', () => {
    expect(labelled(background(8_000), /^host-/)).toBe(0);
  });

  it('one scanner of one host, who has a walk of its own', () => {
    const rows = times(300, (k) => packet('denied', '203.0.113.5', HOST, 20_000 + k));

    expect(
      labelled(
        inOrder([...background(3_000), ...rows.map((row, k) => ({ ...row, at: k * SECOND }))]),
        /^host-/,
      ),
    ).toBe(0);
  });
});
