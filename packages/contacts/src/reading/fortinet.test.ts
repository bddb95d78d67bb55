import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import { readFortinet } from './fortinet.reference.ts';
import {
  ADMIN,
  ANOMALY,
  FORTINET_SAMPLES,
  IPS,
  IPSEC,
  SSL_FAIL,
  SSL_UP,
  TIME,
  traffic,
  USER,
} from './fortinet.samples.ts';
import { fortinet } from './fortinet.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { plainHash } from './plain.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const real = join(corpora ?? '', 'contacts/crowdsec-hub/fortinet-vpn-bf/fortinet-vpn-bf.log');

const readOne = (line: string): OneLine => readEach(fortinet, [line], { unwrap: true })[0]!;
const row = (line: string) => readOne(line).row;

describe('a FortiGate line', () => {
  it('of traffic says what became of the session', () => {
    expect(row(traffic())).toEqual({
      kind: Kind.flow,
      outcome: Outcome.established,
      time: TIME,
      source: '203.0.113.7',
      destination: '198.18.1.10',
      sourcePort: 52344,
      destinationPort: 443,
      protocol: 6,
      direction: Direction.inbound,
      size: 12_240,
      millis: 28_000,
      key: plainHash('105048/52344'),
    });
    const outcome = (extra: Readonly<Record<string, string>>) => row(traffic(extra))?.outcome;
    expect(outcome({ action: '"deny"' })).toBe(Outcome.denied);
    expect(outcome({ action: 'deny' })).toBe(Outcome.denied);
    expect(outcome({ action: '"start"' })).toBe(Outcome.accepted);
    expect(outcome({ action: '"timeout"', rcvdbyte: '0', rcvdpkt: '0' })).toBe(Outcome.noAnswer);
    expect(outcome({ action: '"ip-conn"', rcvdbyte: '0', rcvdpkt: '0' })).toBe(Outcome.noAnswer);
    expect(outcome({ action: '"server-rst"', rcvdbyte: '40', rcvdpkt: '1' })).toBe(Outcome.rejected);
    expect(outcome({ action: '"timeout"', rcvdbyte: '0', rcvdpkt: '0', utmaction: '"blocked"' })).toBe(
      Outcome.blocked,
    );
    expect(outcome({ action: '"new-word"' })).toBe(Outcome.unknown);
  });

  it('takes a TCP session for established only if more came back than handshakes take', () => {
    const outcome = (extra: Readonly<Record<string, string | undefined>>) => row(traffic(extra))?.outcome;
    expect(outcome({ action: '"client-rst"', rcvdbyte: '60', rcvdpkt: '1' })).toBe(Outcome.accepted);
    expect(outcome({ action: '"timeout"', rcvdbyte: '360', rcvdpkt: '6' })).toBe(Outcome.accepted);
    expect(outcome({ action: '"timeout"', rcvdbyte: '205', rcvdpkt: '3' })).toBe(Outcome.established);
    expect(outcome({ rcvdbyte: '360', rcvdpkt: undefined })).toBe(Outcome.accepted);
    expect(outcome({ rcvdbyte: '361', rcvdpkt: undefined })).toBe(Outcome.established);
    expect(outcome({ proto: '17', action: '"accept"', rcvdbyte: '60', rcvdpkt: '1' })).toBe(
      Outcome.established,
    );
  });

  it('of an attack is a signature, blocked or only seen, and shares the key of its session', () => {
    expect(row(IPS)).toMatchObject({
      kind: Kind.alert,
      outcome: Outcome.blocked,
      time: 1_791_558_000_000,
      key: plainHash('105048/52344'),
    });
    expect(row(IPS)!.content! & Content.signature).toBe(Content.signature);
    expect(readOne(IPS).text).toBe('Bash.Function.Definitions.Remote.Code.Execution');
    expect(row(IPS.replace('"dropped"', '"detected"'))?.outcome).toBe(Outcome.unknown);
    const answer = row(IPS.replace('"outgoing"', '"incoming"'));
    expect((answer?.content ?? 0) & Content.signature).toBe(0);
    expect(row(ANOMALY)).toMatchObject({ repeat: 27, destinationPort: 0x8000, outcome: Outcome.blocked });
  });

  it('of a login names account, source and outcome', () => {
    expect(row(ADMIN)).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      source: '203.0.113.204',
      destination: '198.18.2.87',
      destinationPort: 443,
      account: plainHash('abc'),
      invalidAccount: true,
      time: Date.UTC(2026, 9, 9, 15),
    });
    expect(row(ADMIN.replace('"failed"', '"success"'))?.outcome).toBe(Outcome.succeeded);
    expect(row(SSL_FAIL)).toMatchObject({
      outcome: Outcome.failed,
      source: '203.0.113.9',
      invalidAccount: true,
    });
    expect(row(SSL_UP)).toMatchObject({ outcome: Outcome.succeeded, account: plainHash('clerk') });
    expect(row(SSL_UP)?.key).toBe(row(SSL_UP.replace('ssl-web', 'ssl-tunnel'))?.key);
    expect(row(USER)).toMatchObject({ outcome: Outcome.failed, account: plainHash('bob') });
    expect(row(SSL_FAIL.replace('user="root"', 'user="N/A"'))?.account).toBeUndefined();
    expect(readOne(SSL_FAIL.replace('ssl-login-fail', 'ssl-new-con')).said).toBe('ignored');
  });

  it('of IPsec is a flow that the gateway rejected', () => {
    expect(row(IPSEC)).toMatchObject({
      kind: Kind.flow,
      outcome: Outcome.rejected,
      destinationPort: 500,
      protocol: 17,
    });
  });

  it('is dated by its event time, else by date, time and zone, else by the header', () => {
    expect(row(ADMIN.replace('tz="-0500" ', ''))?.time).toBe(Date.UTC(2026, 9, 9, 10));
    expect(row(traffic().replace('eventtime=1791558000841267391', 'eventtime=1791558000841267'))?.time).toBe(
      TIME,
    );
    const undated =
      'Oct  9 10:00:09 fg logid="0100032002" type="event" subtype="system" user="a" action="login" status="failed"';
    expect(row(undated)?.time).toBe(Date.UTC(2026, 9, 9, 10, 0, 9));
  });

  it('is read with any header, and quotes left out as FortiOS 5 did', () => {
    for (const header of ['', '<189>', '<189>Oct  9 10:00:02 fg-1 ', 'Oct  9 10:00:02 _gateway '])
      expect(row(header + traffic())).toEqual(row(traffic()));
    expect(row(traffic().replaceAll('"', ''))).toEqual(row(traffic()));
    expect(readOne('Oct  9 10:00:02 fg-1 sshd[1]: hello').said).toBe('ignored');
    expect(readOne('something else').said).toBe('unreadable');
  });
});

describe('what an attacker writes into a FortiGate line names nobody else', () => {
  const names = [
    'x remip=192.0.2.66 srcip=192.0.2.66',
    '\\" srcip=192.0.2.66 remip=192.0.2.66 dstip=192.0.2.67 x=\\"',
    '\\\\\\" remip=192.0.2.66 \\"',
    'x\\',
    '" remip=192.0.2.66 srcip=192.0.2.66 status="success',
    '" srcip=192.0.2.66 x="',
    '\\\\" remip=192.0.2.66 srcip=192.0.2.66 x="',
  ];

  it.each(names)('as user name %s', (name) => {
    for (const line of [
      ADMIN.replace('"abc"', `"${name}"`),
      SSL_FAIL.replace('user="root"', `user="${name}"`),
    ]) {
      const { said, row } = readOne(line);
      if (said === 'row') expect(row?.source).toMatch(/^203\.0\.113\./);
      expect(row?.outcome).not.toBe(Outcome.succeeded);
      // A name that the device has escaped hides nothing.
      if (!/(^|[^\\])(\\\\)*"/.test(name) && !name.endsWith('\\')) expect(said).toBe('row');
    }
  });

  it('as URL or host name', () => {
    const url = '/?a=b srcip=192.0.2.66 action=\\"pass\\" dstport=1';
    expect(row(IPS.replace('/cgi-bin/status', url))).toMatchObject({
      source: '203.0.113.7',
      destinationPort: 443,
      outcome: Outcome.blocked,
    });
  });
});

describe('the byte reader of FortiGate lines agrees with the plain one', () => {
  const check = (line: string, { said, row }: OneLine = readOne(line)) => {
    const plain = readFortinet(line, Number.NaN);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.alert)
      expect({ ...row, content: (row.content ?? 0) & Content.signature }).toEqual({ content: 0, ...plain });
    else expect(row).toEqual(plain);
  };

  it.each(FORTINET_SAMPLES)('on %s', (line) => check(line));

  it('on damaged and hostile lines', () => {
    const mutator = new Mutator(12);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(FORTINET_SAMPLES));
    readEach(fortinet, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      if (line.startsWith('date=')) check(line, read);
    });
  });

  it.runIf(corpora !== undefined)('on real lines', () => {
    const lines = readFileSync(real, 'latin1').trim().split('\n');
    expect(lines).toHaveLength(9);
    for (const line of lines) check(line);
  });
});
