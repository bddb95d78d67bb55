import { describe, expect, it } from 'vitest';
import { Direction, Flag } from '../contact.ts';
import {
  fileOf,
  flow,
  packet,
  prepared,
  type Row,
  ruleOf,
  START,
  surfaceOf,
  times,
  web,
} from '../judge/rows.fixture.ts';
import { SHARDS } from '../stretch.ts';

const HOST = '198.18.9.9';
const STRANGER = '203.0.113.5';

/** The source of a row after settling has named the client: its key, and what was noted of the header. */
function client(row: Row): { source: string; proxied: boolean; foreign: boolean } {
  const batch = prepared([row], undefined, fileOf('www'));
  const flags = batch.flags[0]!;
  const key = [batch.foreign0[0]!, batch.foreign1[0]!].map((word) => word.toString(16)).join(':');
  return { source: key, proxied: (flags & Flag.proxied) !== 0, foreign: (flags & Flag.foreignHeader) !== 0 };
}

const PROXY = '198.51.100.3';
const behind = (forwarded: string, from = PROXY): Row => ({ ...web(from, '/', 200), forwarded });

describe('the client behind a proxy of ours', () => {
  it('is the right-most address in the header that is no proxy of ours', () => {
    for (const forwarded of [
      '203.0.113.5',
      '1.2.3.4, 203.0.113.5',
      '203.0.113.5, 198.51.100.4',
      'unknown, 1.2.3.4,203.0.113.5 , 198.51.100.4, 198.51.100.5',
      '203.0.113.5:51123',
      '"203.0.113.5"',
      '::ffff:203.0.113.5',
    ]) {
      expect(client(behind(forwarded))).toEqual({ source: 'cb007105:0', proxied: true, foreign: false });
    }
  });

  it('may have an IPv6 address', () => {
    for (const forwarded of ['2001:db8:5::1', '[2001:db8:5::1]:443', '1.2.3.4, 2001:db8:5::1']) {
      expect(client(behind(forwarded))).toEqual({
        source: '20010db8:50000',
        proxied: true,
        foreign: false,
      });
    }
  });

  it('is the proxy itself where the header names nobody else, or nothing that is an address', () => {
    for (const forwarded of [
      '198.51.100.4',
      '',
      'unknown',
      '203.0.113.5x',
      '999.1.1.1',
      ',',
      '198.51.100.4, _hidden',
    ]) {
      expect(client(behind(forwarded))).toEqual({ source: 'c6336403:0', proxied: false, foreign: false });
    }
  });

  it('is not looked for in a header that a stranger sent', () => {
    expect(client(behind('192.0.2.53', STRANGER))).toEqual({
      source: 'cb007105:0',
      proxied: false,
      foreign: true,
    });
  });

  it('is found behind as many hops as there are, up to a bound', () => {
    const chain = (hops: number) => `203.0.113.5, ${times(hops, () => '198.51.100.4').join(', ')}`;

    expect(client(behind(chain(15)))).toMatchObject({ source: 'cb007105:0' });
    expect(client(behind(chain(16)))).toMatchObject({ source: 'c6336403:0' });
  });
});

describe('the direction of a contact', () => {
  const directionOf = (from: string, to: string) =>
    prepared([flow('established', from, to, 443)]).direction[0];

  it('is what the networks of the surface say, whatever the sensor said', () => {
    expect(directionOf(STRANGER, HOST)).toBe(Direction.inbound);
    expect(directionOf(HOST, STRANGER)).toBe(Direction.outbound);
    expect(directionOf(HOST, '198.18.2.4')).toBe(Direction.internal);
    expect(directionOf('2001:db8:5::1', '2001:db8:4f::10')).toBe(Direction.inbound);
    expect(directionOf('2001:db8:4f::10', '2001:db8:5::1')).toBe(Direction.outbound);
  });

  it('chooses the foreign side, and so the shard: both directions of a talk are judged in one place', () => {
    const batch = prepared([
      flow('established', STRANGER, HOST, 443),
      flow('established', HOST, STRANGER, 443),
    ]);

    expect(batch.foreign0[0]).toBe(batch.foreign0[1]);
    expect(batch.shard[0]).toBe(batch.shard[1]);
  });

  it('keeps a /24 and a /48 in one shard, and spreads networks over all of them', () => {
    const shardOf = (from: string, to: string) => prepared([packet('denied', from, to, 22)]).shard[0];

    expect(shardOf('203.0.113.5', HOST)).toBe(shardOf('203.0.113.250', HOST));
    expect(shardOf('2001:db8:5:1::1', '2001:db8:4f::10')).toBe(
      shardOf('2001:db8:5:ffff::2', '2001:db8:4f::10'),
    );
    expect(new Set(times(500, (k) => shardOf(`10.${k >> 8}.${k & 255}.1`, HOST))).size).toBe(SHARDS);
  });
});

describe('a UDP flow that a sensor turned round', () => {
  const turned: Row = { ...flow('oneSided', HOST, STRANGER, 53), protocol: 'udp', sport: 5_900 };

  it('is a packet from outside that is dressed as an answer', () => {
    const batch = prepared([turned]);

    expect(batch.direction[0]).toBe(Direction.inbound);
    expect([batch.sport[0], batch.dport[0]]).toEqual([53, 5_900]);
    expect(ruleOf(turned)).toBe('reply');
  });

  it('is turned by IPv6 too', () => {
    const wide = { ...turned, from: '2001:db8:4f::10', to: '2001:db8:5::53' };

    expect([...prepared([wide]).wide.subarray(0, 4)]).toEqual([0x20010db8, 0x00050000, 0, 0x53]);
  });

  it('is one of ours if we sent anything', () => {
    expect(ruleOf({ ...turned, outcome: 'established' })).toBe('no-contact');
  });
});

describe('a line without a readable time', () => {
  const surface = surfaceOf(`
networks: [198.18.0.0/16]
services:
  - { name: portal, address: 198.18.1.10, port: 443, audience: public }
  - { name: closed, address: 198.18.1.11, port: 443, audience: public, until: 2026-01-01 }
  - { name: ssh, address: 198.18.2.4, port: 22, audience: staff }
authorised:
  - { who: staff, source: 203.0.113.16/28 }
  - { who: former, source: 203.0.113.32/28, until: 2030-01-01 }
engagements:
  - { name: test, source: 203.0.113.200, target: 198.18.0.0/16, from: 2026-01-01, until: 2027-01-01, technique: any }
`);
  const at = Number.NaN;
  const rule = (from: string, to: string, port: number) =>
    ruleOf({ ...flow('established', from, to, port), at }, surface);

  it('is settled by what has no end', () => {
    expect(rule(STRANGER, '198.18.1.10', 443)).toBe('served-public');
    expect(rule(STRANGER, '198.18.1.11', 443)).toBe('served-unlisted');
    expect(rule('203.0.113.17', '198.18.2.4', 22)).toBe('served-authorised');
    expect(rule('203.0.113.33', '198.18.2.4', 22)).toBe('served-stranger');
    expect(rule('203.0.113.200', '198.18.2.4', 22)).toBe('served-stranger');
  });

  it('is settled alike wherever its batch begins', () => {
    const timed = flow('established', STRANGER, '198.18.1.11', 443);
    const rows = [timed, { ...timed, at }];

    expect(prepared(rows, surface).rule[1]).toBe(prepared([rows[1]!], surface).rule[0]);
  });
});

describe('a contact is settled by what held at its own time', () => {
  const surface = surfaceOf(`
networks: [198.18.0.0/16]
services:
  - { name: portal, address: 198.18.1.10, port: 443, audience: voters, from: 2026-11-03T12:00:00Z, until: 2026-11-03T20:00:00Z }
`);
  const at = (hours: number) =>
    ruleOf({ ...flow('established', STRANGER, '198.18.1.10', 443), at: hours * 3_600_000 }, surface);

  it('from the first moment, until the last', () => {
    expect(new Date(START).toISOString()).toBe('2026-11-03T12:00:00.000Z');
    expect([at(-0.001), at(0), at(7.999), at(8)]).toEqual([
      'served-unlisted',
      'served-public',
      'served-public',
      'served-unlisted',
    ]);
  });
});

describe('a permitted test', () => {
  const tested = (more: Partial<Row>) =>
    ruleOf({ ...packet('accepted', '203.0.113.200', '198.18.2.4', 22), ...more });

  it('is its source, its target and its window', () => {
    expect(tested({})).toBe('engagement');
    expect(tested({ from: '203.0.113.201' })).toBe('accepted-stranger');
    expect(tested({ at: 86_400_000 })).toBe('accepted-stranger');
  });
});

describe('a sensor that sees one direction', () => {
  it('cannot tell that nobody answered', () => {
    const row = flow('noAnswer', STRANGER, HOST, 22);

    expect(ruleOf(row, undefined, fileOf('inbound'))).toBe('one-direction');
    expect(ruleOf(row)).toBe('no-answer');
  });
});

describe('stealth', () => {
  it.each([[[]], [['fin']], [['fin', 'psh', 'urg']], [['syn']], [['fin', 'syn']]] as const)(
    'packets with the flags %j are no answers',
    (tcp) => {
      expect(ruleOf({ ...packet('denied', STRANGER, HOST, 40_000), tcp })).toBe('denied');
    },
  );

  it('a bare ACK to which nothing belongs is a probe, not half of a connection', () => {
    const lone: Row = { ...flow('oneSided', STRANGER, HOST, 22), tcp: ['ack'] };

    expect(ruleOf(lone)).toBe('no-answer');
    expect(ruleOf({ ...lone, tcp: ['ack', 'psh'] })).toBe('one-direction');
  });
});
