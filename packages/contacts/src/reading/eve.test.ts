import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch, Content, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readEve } from './eve.reference.ts';
import { ALERT, DROP, EVE_SAMPLES, event, flowEvent, HTTP, type Json, STATS } from './eve.samples.ts';
import { eve } from './eve.ts';
import { readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import { LineLoop } from './reader.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const hub = (name: string): string[] =>
  readFileSync(join(corpora ?? '', 'contacts/crowdsec-hub', name, `${name}.log`), 'latin1')
    .split('\n')
    .filter((line) => line !== '');

const one = (line: string) => {
  const { row, ...said } = readEach(eve, [line], { unwrap: true })[0]!;
  return { ...said, ...row };
};

describe('flow events', () => {
  const flags = (ts: number, tc: number, state?: string): Json => ({
    tcp_flags: (ts | tc).toString(16).padStart(2, '0'),
    tcp_flags_ts: ts.toString(16).padStart(2, '0'),
    tcp_flags_tc: tc.toString(16).padStart(2, '0'),
    ...(state ? { state } : {}),
  });

  test.each([
    ['a SYN that nobody answers', 1, 0, 0x02, 0x00, 'syn_sent', Outcome.noAnswer, Tcp.syn],
    ['a SYN answered by RST', 1, 1, 0x02, 0x14, 'closed', Outcome.rejected, Tcp.syn],
    ['a half-open scan of an open port', 2, 1, 0x06, 0x12, 'closed', Outcome.accepted, Tcp.syn],
    ['a handshake never finished', 1, 3, 0x02, 0x12, 'syn_recv', Outcome.accepted, Tcp.syn],
    ['a whole session', 6, 5, 0x1b, 0x1b, 'closed', Outcome.established, Tcp.syn],
    ['a FIN probe', 1, 0, 0x01, 0x00, 'syn_sent', Outcome.noAnswer, Tcp.fin],
    ['an Xmas probe of a closed port', 1, 1, 0x21, 0x14, 'closed', Outcome.rejected, Tcp.fin | Tcp.urg],
    ['a NULL probe that left a session', 1, 0, 0x00, 0x00, 'syn_sent', Outcome.noAnswer, 0],
    ['an ACK that nobody answers', 1, 0, 0x10, 0x00, 'syn_sent', Outcome.oneSided, Tcp.ack],
    ['one direction of a session', 5, 0, 0x1b, 0x00, 'established', Outcome.oneSided, Tcp.syn],
    ['the middle of a session', 5, 5, 0x18, 0x18, 'established', Outcome.oneSided, undefined],
    ['packets without a session', 9, 7, 0x00, 0x00, undefined, Outcome.oneSided, undefined],
    ['one packet without a session', 1, 0, 0x00, 0x00, undefined, Outcome.noAnswer, undefined],
  ] as const)('%s', (_, sent, back, ts, tc, state, outcome, tcp) => {
    const row = one(flowEvent({ pkts_toserver: sent, pkts_toclient: back }, flags(ts, tc, state)));
    expect(row.outcome).toBe(outcome);
    expect(row.tcp).toBe(tcp);
  });

  test('a flow without the part about TCP says what its state says', () => {
    expect(one(flowEvent({ pkts_toclient: 3, state: 'closed' })).outcome).toBe(Outcome.established);
    expect(one(flowEvent({ pkts_toclient: 3, state: 'new' })).outcome).toBe(Outcome.unknown);
  });

  test('UDP and ICMP', () => {
    const udp = (sent: number, back: number) =>
      one(flowEvent({ pkts_toserver: sent, pkts_toclient: back }, undefined, { proto: 'UDP', dest_port: 53 }))
        .outcome;
    expect(udp(1, 0)).toBe(Outcome.noAnswer);
    expect(udp(1, 1)).toBe(Outcome.established);
    expect(udp(0, 1)).toBe(Outcome.oneSided);
    const icmp = {
      proto: 'IPv6-ICMP',
      src_ip: '2001:db8::7',
      dest_ip: '2001:db8:4f::1',
      icmp_type: 128,
      icmp_code: 0,
    };
    const { src_port: _s, dest_port: _d, ...ping } = JSON.parse(flowEvent({}, undefined, icmp));
    expect(one(JSON.stringify(ping))).toMatchObject({
      protocol: Protocol.icmp6,
      destinationPort: 128 * 256,
      source: '2001:db8::7',
      outcome: Outcome.noAnswer,
    });
  });

  test('the contact is at the time when the flow began', () => {
    expect(one(flowEvent({})).time).toBe(Date.parse('2026-10-09T22:32:19.123Z'));
    expect(one(event('flow')).time).toBe(Date.parse('2026-10-09T22:33:20.520Z'));
    expect(one(flowEvent({ age: 61 })).millis).toBe(61_000);
  });

  test('a flow that Suricata dropped is blocked', () => {
    expect(one(flowEvent({ action: 'drop' })).outcome).toBe(Outcome.blocked);
    expect(one(flowEvent({ action: 'accept' })).outcome).toBe(Outcome.noAnswer);
  });

  test('netflow tells one direction', () => {
    expect(one(event('netflow', { netflow: { pkts: 1, bytes: 60, age: 3 } }))).toMatchObject({
      outcome: Outcome.oneSided,
      millis: 3000,
    });
  });
});

describe('alerts, requests, drops', () => {
  test('an alert carries its signature, the request and its status', () => {
    const row = one(ALERT);
    expect(row).toMatchObject({ kind: Kind.alert, outcome: Outcome.unknown });
    expect(row.content! & Content.signature).toBeTruthy();
    expect(row.content! & Content.traversal).toBeTruthy();
    expect(row.text).toContain('CVE-2021-41773');
    expect(one(ALERT.replace('"allowed"', '"blocked"')).outcome).toBe(Outcome.blocked);
  });

  test('an alert that is about information is no attack', () => {
    const attack = (change: Json) => {
      const parsed = JSON.parse(ALERT) as { alert: Json; http?: Json };
      Object.assign(parsed.alert, change);
      delete parsed.http;
      return (one(JSON.stringify(parsed)).content ?? 0) & Content.signature;
    };
    expect(attack({})).toBeTruthy();
    expect(attack({ signature: 'ET INFO Session Traversal Utilities for NAT' })).toBe(0);
    expect(attack({ signature: 'SURICATA STREAM Packet with invalid ack' })).toBe(0);
    expect(attack({ category: 'Misc activity', severity: 3 })).toBe(0);
    expect(attack({ category: 'Detection of a Network Scan', severity: 3 })).toBeTruthy();
    expect(attack({ category: '', severity: 3 })).toBe(0);
    expect(attack({ category: 'A class of our own', severity: 2 })).toBeTruthy();
  });

  test('an alert on what the server sent names the client as source', () => {
    const back = { src_ip: '198.18.0.9', src_port: 443, dest_ip: '203.0.113.7', dest_port: 33270 };
    const ends = {
      source: '203.0.113.7',
      sourcePort: 33270,
      destination: '198.18.0.9',
      destinationPort: 443,
    };
    expect(one(event('alert', { ...back, direction: 'to_client' }))).toMatchObject(ends);
    const flow = { src_ip: '203.0.113.7', src_port: 33270, dest_ip: '198.18.0.9', dest_port: 443 };
    expect(one(event('alert', { ...back, flow }))).toMatchObject(ends);
    expect(one(event('alert', { ...back, direction: 'to_server' }))).toMatchObject({ source: '198.18.0.9' });
    // The flow's own addresses are for packets: a request is always told from the client's side.
    expect(one(event('http', { flow: { src_ip: '192.0.2.66', dest_ip: '192.0.2.67' } })).source).toBe(
      '203.0.113.7',
    );
  });

  test('a request has status, size, target and the client that a proxy names', () => {
    expect(one(HTTP)).toMatchObject({
      kind: Kind.web,
      outcome: Outcome.answered,
      status: 200,
      size: 5120,
      text: '/lookup?name=Smith',
    });
    const forwarded = (line: string) => one(line).forwarded;
    expect(forwarded(HTTP.replace('"status"', '"x_forwarded_for":"192.0.2.4","status"'))).toBe('192.0.2.4');
    expect(forwarded(HTTP.replace('"tx_id"', '"xff":"192.0.2.5","tx_id"'))).toBe('192.0.2.5');
    expect(forwarded(HTTP)).toBeUndefined();
  });

  test('an attack hidden behind JSON escapes is found, also where slashes are escaped (before 6.0)', () => {
    const escaped = HTTP.replace(
      '/lookup?name=Smith',
      '\\/a?q=\\u003cscript\\u003ealert(1)\\u003c\\/script\\u003e',
    );
    expect(one(escaped).content! & Content.crossSiteScripting).toBeTruthy();
    expect(one(escaped).text).toContain('\\u003cscript');
  });

  test('a dropped packet is blocked by rules, and denied for any other reason', () => {
    expect(one(DROP)).toMatchObject({ kind: Kind.packet, outcome: Outcome.blocked, tcp: Tcp.syn });
    expect(one(DROP.replace('"rules"', '"stream memcap"')).outcome).toBe(Outcome.denied);
    expect(one(DROP.replace(',"reason":"rules"', '')).outcome).toBe(Outcome.blocked);
  });

  test('events of one flow share a key; files and anomalies are detail', () => {
    const key = one(HTTP).key;
    expect(one(ALERT).key).toBe(key);
    expect(one(event('fileinfo'))).toMatchObject({ key, detail: true });
    expect(one(event('tls'))).toMatchObject({ key, outcome: Outcome.established });
    expect(one(event('dns', { proto: 'UDP', dns: { type: 'query' } })).outcome).toBe(Outcome.unknown);
    expect(one(event('dns', { proto: 'UDP', dns: { type: 'answer' } })).outcome).toBe(Outcome.established);
    expect(one(event('anomaly', { flow_id: undefined })).said).toBe('ignored');
    const ids = fc.bigInt({ min: 1n, max: 2n ** 53n - 1n });
    const keyOf = (id: bigint) =>
      one(event('http', { flow_id: 0 }).replace('"flow_id":0', `"flow_id":${id}`)).key;
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(a === b);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what an attacker writes', () => {
  test('nested and quoted addresses name nobody', () => {
    const lure = '","src_ip":"192.0.2.66","x":"';
    for (const name of ['url', 'hostname', 'http_user_agent']) {
      expect(one(event('http', { http: { [name]: lure } })).source).toBe('203.0.113.7');
    }
    expect(
      one(event('http', { http: { src_ip: '192.0.2.66', headers: [{ src_ip: '192.0.2.66' }] } })).source,
    ).toBe('203.0.113.7');
  });

  test('a second top-level address makes the line unreadable', () => {
    expect(one(`${HTTP.slice(0, -1)},"src_ip":"192.0.2.66"}`).said).toBe('unreadable');
    expect(one(`${HTTP.slice(0, -1)},"src\\u005fip":"192.0.2.66"}`).said).toBe('unreadable');
  });

  test('what is no event is not a contact', () => {
    expect(one('{}').said).toBe('unreadable');
    expect(one('{"event_type":"flow"}').said).toBe('ignored');
    expect(one(event('flow', {}, { src_ip: '203.0.113.300' })).said).toBe('unreadable');
    expect(one(event('flow', {}, { dest_ip: '2001:db8::1' })).said).toBe('unreadable');
    expect(one(event('flow', {}, { dest_port: 65536 })).said).toBe('unreadable');
    expect(one(event('flow', {}, { timestamp: 'yesterday' })).said).toBe('unreadable');
  });
});

describe('around the object', () => {
  test('syslog headers and the cookie of rsyslog', () => {
    expect(one(`@cee: ${HTTP}`).source).toBe('203.0.113.7');
    expect(one(`Oct  9 22:33:20 sensor-1 suricata[812]: ${HTTP}`).source).toBe('203.0.113.7');
    expect(one('Oct  9 22:33:20 sensor-1 suricata[812]: rule reload complete').said).toBe('ignored');
    expect(one('rule reload complete').said).toBe('unreadable');
  });

  test('losses: growth of the counters, from one stats event to the next', () => {
    const stats = (drops: number, uptime = 900_000) =>
      STATS.replace('"kernel_drops":7', `"kernel_drops":${drops}`).replace(
        '"uptime":51',
        `"uptime":${uptime}`,
      );
    const told = (lines: string[], header = '') => {
      const { lost, lostUnknown } = readText(eve, lines.join('\n'), { header });
      return lostUnknown ? 'unknown' : lost;
    };
    const since = Date.parse('2026-10-09T22:33:00Z');
    expect(told([stats(7, 59), stats(57)], `since ${since}`)).toBe(9 + 50);
    expect(told([stats(7, 59), stats(57), stats(107), stats(3)], `since ${since}`)).toBe(9 + 100 + 5);
    const none = stats(0).replace('"memcap":2', '"memcap":0');
    expect(told([none])).toBe(0);
    // Suricata has run for days, or was started when the file begins.
    expect(told([flowEvent({}), stats(7), stats(9)])).toBe('unknown');
    expect(told([flowEvent({}), stats(7, 51), stats(9, 59)])).toBe(11);
    expect(told([stats(9, 59)], `since ${since}`)).toBe(11);
    expect(told([flowEvent({}), none, stats(9)])).toBe(11);
    const delta = STATS.replace('"kernel_drops":7', '"kernel_drops":70,"kernel_drops_delta":4');
    expect(told([delta])).toBe(4);
  });

  test('a block begins with the same header, however the counters have grown before it', () => {
    const clock = new Clock(UTC, { year: 2026, firstMonth: 10, lastMonth: 10 });
    const reader = eve.reader({ clock });
    const batch = new Batch();
    const headers = [7, 107, 3].map((drops) => {
      const line = `${STATS.replace('"kernel_drops":7', `"kernel_drops":${drops}`)}\n`;
      new LineLoop(reader, clock, false).read(Buffer.from(line), 0, line.length, 0, batch);
      return reader.header;
    });
    expect(headers[0]).toMatch(/^since \d+$/);
    expect(new Set(headers).size).toBe(1);
  });
});

describe('real lines (crowdsecurity/hub)', () => {
  test.skipIf(corpora === undefined)(
    'every line is read, and alerts name the source that is expected',
    () => {
      const seen = ['suricata-logs-evelog', 'suricata-eve-detect'].map((name) =>
        hub(name).map((line) => {
          const { said, source, kind } = one(line);
          return kind === Kind.alert ? source : said;
        }),
      );
      expect(seen).toEqual([
        ['1.2.3.4', '1.2.3.5', 'row', 'ignored', '1.2.3.7', 'row', 'ignored', '1.2.3.7'],
        ['1.2.3.4', '2.2.3.4', '2.2.3.4', '2.2.3.4'],
      ]);
    },
  );

  test.skipIf(corpora === undefined)('byte reader and plain reader agree on them, whole and damaged', () => {
    const lines = ['suricata-logs-evelog', 'suricata-eve-detect'].flatMap(hub);
    agree(lines);
    agreeDamaged(lines);
  });
});

test('byte reader and plain reader agree on events of every kind, whole and damaged', () => {
  agree(EVE_SAMPLES);
  agreeDamaged(EVE_SAMPLES);
});

function agreeDamaged(lines: readonly string[]): void {
  const mutator = new Mutator(20_261_009);
  for (let round = 0; round < 20; round++) agree(Array.from({ length: 200 }, () => mutator.line(lines)));
}

/** Reads lines with the byte reader and with the plain one. */
function agree(all: readonly string[]): void {
  // Bytes behind an escape are what unescaping is tested for; here they would be compared as they stand.
  const lines = all.filter((line) => !line.includes('\\'));
  const events = readEach(eve, lines).map(({ said, row }) => {
    // What stats events say depends on the ones before.
    if (row === undefined) return { line: said };
    const { content, ...rest } = row;
    const told = row.kind === Kind.alert && (content ?? 0) & Content.signature;
    return { ...rest, ...(told ? { content: Content.signature } : {}) };
  });
  const plain = lines.map((line) => {
    const said = readEve(line);
    return 'line' in said ? { line: said.line } : said;
  });
  lines.forEach((line, i) => {
    expect(events[i], line).toEqual(plain[i]);
  });
}
