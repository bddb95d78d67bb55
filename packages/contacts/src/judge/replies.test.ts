import { describe, expect, it } from 'vitest';
import {
  DAY,
  HOUR,
  judge,
  MINUTE,
  NO_SURFACE,
  packet,
  type Row,
  SECOND,
  times,
  web,
} from './rows.fixture.ts';

const HOST = '198.18.9.9';
const RESOLVER = '192.0.2.7';

/** UDP from a port that answers come from. */
function dressed(from: string, sport: number, to: string, port: number, at?: number): Row {
  const row: Row = { kind: 'packet', outcome: 'denied', protocol: 'udp', from, sport, to, port };
  return at === undefined ? row : { ...row, at };
}

/** A bare ACK. */
function ack(from: string, port: number, at?: number): Row {
  const row: Row = { ...packet('denied', from, HOST, port), tcp: ['ack'] };
  return at === undefined ? row : { ...row, at };
}

/** Verdict and reason of a block, by source. */
function judged(rows: readonly Row[]) {
  const { account, verdicts, decisions } = judge(rows);
  return { account, verdicts: verdicts.map(({ source, verdict }) => `${source} ${verdict}`), decisions };
}

describe('scans that are dressed as answers are seen', () => {
  it.each([53, 123])('by UDP from port %d, over the ports of one host', (sport) => {
    const { verdicts, decisions, account } = judged(
      times(60, (k) => dressed('203.0.113.5', sport, HOST, 20_000 + k)),
    );

    expect(verdicts).toEqual(['203.0.113.5 scan']);
    expect(decisions).toMatchObject([{ value: '203.0.113.5/32', forgeable: true, covers: 'private' }]);
    expect(account.rules).toEqual({ 'answer-unasked': 60 });
  });

  it.each([53, 123])('by UDP from port %d, over many hosts', (sport) => {
    const { verdicts } = judged(times(60, (k) => dressed('203.0.113.5', sport, `198.18.77.${k}`, 40_000)));

    expect(verdicts).toEqual(['203.0.113.5 scan']);
  });

  it('by TCP from port 53', () => {
    const { verdicts, account } = judged(
      times(20, (k) => ({ ...packet('denied', '203.0.113.5', HOST, 20_000 + k), sport: 53 })),
    );

    expect(verdicts).toEqual(['203.0.113.5 scan']);
    expect(account.rules).toEqual({ denied: 20 });
  });

  it('by bare ACKs', () => {
    const { verdicts, account } = judged(times(20, (k) => ack('203.0.113.5', 20_000 + k)));

    expect(verdicts).toEqual(['203.0.113.5 scan']);
    expect(account.rules).toEqual({ 'answer-unasked': 20 });
  });

  it('at ports of named services from the first on, which are never answered to', () => {
    const { account } = judge([dressed('203.0.113.5', 53, HOST, 161), { ...ack('203.0.113.5', 22) }]);

    expect(account.rules).toEqual({ denied: 2 });
  });

  it('without a surface too', () => {
    const rows = times(20, (k) => ack('203.0.113.5', 20_000 + k));

    expect(judge(rows, { surface: NO_SURFACE }).verdicts).toMatchObject([{ verdict: 'scan' }]);
  });
});

describe('answers that others made somebody send us are counted and held against nobody', () => {
  it('resolvers that flood us, each at a few ports', () => {
    const rows = times(100, (resolver) => resolver).flatMap((resolver) =>
      times(40, (k) => dressed(`192.0.${resolver}.1`, 53, HOST, 30_000 + ((resolver * 7 + k) % 12))),
    );
    const { verdicts, decisions, account } = judged(rows);

    expect(account.contacts).toBe(4_000);
    expect(verdicts).toEqual([]);
    expect(decisions).toEqual([]);
  });

  it.each([[['syn', 'ack']], [['rst']], [['rst', 'ack']]] as const)(
    'backscatter (%j) to all of our addresses',
    (tcp) => {
      const { verdicts, decisions, account } = judged(
        times(300, (k) => ({
          ...packet('denied', '203.0.113.5', `198.18.${k >> 6}.${k & 63}`, 40_000 + k),
          sport: 80,
          tcp,
        })),
      );

      expect(verdicts).toEqual([]);
      expect(decisions).toEqual([]);
      expect(account.rules).toEqual({ backscatter: 300 });
    },
  );
});

describe('requests of ours', () => {
  const asks = (k: number, at: number): Row => ({
    ...dressed(HOST, 40_000 + k, RESOLVER, 53, at),
    outcome: 'accepted',
  });

  it('let their answers be replies, however many', () => {
    const rows = times(50, (k) => k).flatMap((k) => [
      asks(k, k * SECOND),
      dressed(RESOLVER, 53, HOST, 40_000 + k, k * SECOND + 40),
    ]);
    const { account, verdicts } = judged(rows);

    expect(account).toMatchObject({ outbound: 50, contacts: 50, dispositions: { reply: 50 } });
    expect(verdicts).toEqual([]);
  });

  it('let nothing be a reply that comes from somebody else, to another port, or later than two minutes', () => {
    const answer = (row: Row) => judge([asks(0, 0), row]).account.rules;

    expect(answer(dressed(RESOLVER, 53, HOST, 40_000, 2 * MINUTE))).toEqual({ reply: 1 });
    expect(answer(dressed(RESOLVER, 53, HOST, 40_000, 2 * MINUTE + 1))).toEqual({ 'answer-unasked': 1 });
    expect(answer(dressed(RESOLVER, 53, HOST, 40_001, SECOND))).toEqual({ 'answer-unasked': 1 });
    expect(answer(dressed(RESOLVER, 123, HOST, 40_000, SECOND))).toEqual({ 'answer-unasked': 1 });
  });

  it('by IPv6 let their answers be replies too', () => {
    const ours = '2001:db8:4f:9::9';
    const theirs = '2001:db8:5::53';
    const rows = times(10, (k) => k).flatMap((k) => [
      { ...asks(k, k * SECOND), from: ours, to: theirs },
      dressed(theirs, 53, ours, 40_000 + k, k * SECOND + 40),
    ]);

    expect(judge(rows).account).toMatchObject({ outbound: 10, rules: { reply: 10 } });
  });
});

describe('where nobody saw us ask', () => {
  it('three distinct targets in a day pass for replies, and as many packets to them as there are', () => {
    const { account, verdicts } = judged(times(90, (k) => ack('203.0.113.5', 40_000 + (k % 3))));

    expect(account.rules).toEqual({ reply: 90 });
    expect(verdicts).toEqual([]);
  });

  it('the fourth settles the three before it anew, with all of their packets', () => {
    const three = times(90, (k) => ack('203.0.113.5', 40_000 + (k % 3)));

    expect(judge([...three, ack('203.0.113.5', 40_003)]).account.rules).toEqual({ 'answer-unasked': 91 });
  });

  it('the same address counts with each port, and the same port with each address', () => {
    const rows = [40_000, 40_001].flatMap((port) =>
      [HOST, '198.18.9.8'].map((to) => dressed('203.0.113.5', 53, to, port)),
    );

    expect(judge(rows).account.rules).toEqual({ 'answer-unasked': 4 });
  });

  it('a target counts for a day: four in 24 hours are a contact, four in 60 hours are not', () => {
    const every = (hours: number) =>
      judge(times(4, (k) => ack('203.0.113.5', 40_000 + k, k * hours * HOUR))).account;

    expect(every(7).rules).toEqual({ 'answer-unasked': 4 });
    expect(every(20).rules).toEqual({ reply: 4 });
  });

  it('the day slides: it has no midnight at which counting begins anew', () => {
    const rows = [0, 22, 23, 23.5, 25].map((hours, k) => ack('203.0.113.5', 40_000 + k, hours * HOUR));

    expect(judge(rows).account.rules).toEqual({ 'answer-unasked': 5 });
    // The first is a day old when the fifth comes: it stays a reply.
    expect(judge(rows.filter((_, k) => k !== 2)).account.rules).toEqual({ reply: 4 });
  });

  it('a source that asked passes again when it was silent for a day', () => {
    const rows = [...times(4, (k) => ack('203.0.113.5', 40_000 + k)), ack('203.0.113.5', 40_009, 2 * DAY)];

    expect(judge(rows).account.rules).toEqual({ 'answer-unasked': 4, reply: 1 });
  });

  it('clocks that step back change nothing', () => {
    const rows = times(4, (k) => ack('203.0.113.5', 40_000 + k, -k * HOUR));

    expect(judge(rows).account.rules).toEqual({ 'answer-unasked': 4 });
  });

  it('sources are told apart', () => {
    const rows = times(9, (k) => ack(`203.0.113.${k % 3}`, 40_000 + k));

    expect(judge(rows).account.rules).toEqual({ reply: 9 });
  });

  it('a line that settles a reply otherwise takes it out of what the fourth settles anew', () => {
    const first: Row = { ...ack('203.0.113.5', 40_000), kind: 'flow', key: 'a' };
    const alert: Row = { ...first, kind: 'alert', outcome: 'unknown', content: ['signature'] };
    const rest = [40_001, 40_002, 40_003].map((port) => ack('203.0.113.5', port));

    expect(judge([first, alert, ...rest]).account.rules).toEqual({ 'attack-seen': 1, 'answer-unasked': 3 });
    expect(judge([first, ...rest, alert]).account.rules).toEqual({
      'attack-refused': 1,
      'answer-unasked': 3,
    });
  });

  it('errors and echo replies by ICMP are replies', () => {
    const error: Row = {
      kind: 'packet',
      outcome: 'denied',
      protocol: 'icmp',
      from: RESOLVER,
      to: HOST,
      port: 3 * 256 + 3,
    };

    expect(judge([error, { ...error, port: 0 }, { ...error, port: 11 * 256 }]).account.rules).toEqual({
      reply: 3,
    });
    expect(judge([{ ...error, port: 8 * 256 }]).account.rules).toEqual({ denied: 1 });
  });

  it('a request to a web server is none', () => {
    expect(judge([web('203.0.113.5', '/', 200)]).account.dispositions.reply).toBe(0);
  });
});
