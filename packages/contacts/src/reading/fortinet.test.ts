import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import { damaged, readOne } from './differential.ts';
import { readFortinet } from './fortinet.reference.ts';
import { fortinet } from './fortinet.ts';
import { plainHash } from './plain.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const real = join(corpora ?? '', 'contacts/crowdsec-hub/fortinet-vpn-bf/fortinet-vpn-bf.log');

const HEAD =
  'date=2026-10-09 time=10:00:00 devname="FG-1" devid="FG100F" logid="0000000013" eventtime=1791558000841267391 tz="-0500"';
const TIME = 1_791_558_000_841;

function traffic(extra: Readonly<Record<string, string | undefined>> = {}): string {
  const values: Record<string, string | undefined> = {
    srcip: '203.0.113.7',
    srcport: '52344',
    srcintf: '"wan1"',
    srcintfrole: '"wan"',
    dstip: '198.18.1.10',
    dstport: '443',
    dstintfrole: '"dmz"',
    sessionid: '105048',
    proto: '6',
    action: '"close"',
    policyid: '1',
    service: '"HTTPS"',
    duration: '28',
    sentbyte: '1188',
    rcvdbyte: '12240',
    sentpkt: '17',
    rcvdpkt: '16',
    ...extra,
  };
  const text = Object.entries(values).map(([key, value]) => (value === undefined ? '' : `${key}=${value}`));
  return `${HEAD} type="traffic" subtype="forward" level="notice" vd="root" ${text.filter(Boolean).join(' ')}`;
}

const IPS =
  'date=2026-10-09 time=10:00:00 logid="0419016384" type="utm" subtype="ips" eventtype="signature" level="alert" vd="root" eventtime=1791558000 tz="-0500" severity="critical" srcip=203.0.113.7 srccountry="Reserved" dstip=198.18.1.10 srcintfrole="wan" dstintfrole="dmz" sessionid=105048 action="dropped" proto=6 service="HTTPS" policyid=1 attack="Bash.Function.Definitions.Remote.Code.Execution" srcport=52344 dstport=443 hostname="www.example.gov" url="/cgi-bin/status" direction="outgoing" attackid=39294 profile="default" msg="applications3: Bash"';
const ANOMALY =
  'date=2026-10-09 time=10:00:00 logid="0720018433" type="utm" subtype="anomaly" eventtype="anomaly" severity="critical" srcip=2001:db8::7 dstip=2001:db8:4f::1 sessionid=0 action="clear_session" proto=58 service="PING6" count=28 attack="icmp_flood" icmpid="0x0e4c" icmptype="0x80" icmpcode="0x00" attackid=16777316 msg="anomaly: icmp_flood, 51 > threshold 50, repeats 28 times"';
const ADMIN =
  'date=2026-10-09 time=10:00:00 devname="FG-1" tz="-0500" logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" sn="0" user="abc" ui="https(203.0.113.204)" method="https" srcip=203.0.113.204 dstip=198.18.2.87 action="login" status="failed" reason="name_invalid" msg="Administrator abc login failed from https(203.0.113.204) because of invalid user name"';
const SSL_UP =
  'date=2026-10-09 time=10:00:00 type="event" subtype="vpn" level="information" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-web" tunnelid=1791 remip=203.0.113.9 user="clerk" group="staff" dst_host="N/A" reason="login successfully" msg="SSL tunnel established"';
const SSL_FAIL =
  'date=2026-10-09 time=10:00:00 eventtime=1791558000841267391 tz="-0500" logid="0101039426" type="event" subtype="vpn" level="alert" vd="root" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" tunnelid=0 remip=203.0.113.9 user="root" group="N/A" dst_host="N/A" reason="sslvpn_login_unknown_user" msg="SSL user failed to logged in"';
const IPSEC =
  'date=2026-10-09 time=10:00:00 type="event" subtype="vpn" logdesc="IPsec phase 1 error" action="negotiate" remip=203.0.113.9 locip=198.18.0.1 remport=500 locport=500 outintf="wan1" cookies="9b1b25d6c1f3/0000000000000000" user="N/A" status="negotiate_error" reason="peer SA proposal not match local policy"';
const USER =
  'date=2026-10-09 time=10:00:00 type="event" subtype="user" logdesc="Authentication failed" srcip=203.0.113.9 dstip=198.18.0.1 user="bob" group="g" authproto="HTTPS(203.0.113.9)" action="authentication" status="failure" reason="Invalid credentials" msg="User bob failed"';

const SAMPLES = [
  traffic(),
  traffic({ action: '"deny"', rcvdbyte: '0', rcvdpkt: undefined, sentbyte: '0' }),
  traffic({ action: '"start"', rcvdbyte: undefined, rcvdpkt: undefined }),
  traffic({ action: '"timeout"', rcvdbyte: '0', rcvdpkt: '0', utmaction: '"block"' }),
  traffic({ srcip: '2001:db8::7', dstip: '2001:db8:4f::1', proto: '17', action: '"accept"' }),
  traffic({ proto: '1', action: '"accept"', srcport: undefined, dstport: undefined, icmptype: '8' }),
  IPS,
  ANOMALY,
  ADMIN,
  SSL_UP,
  SSL_FAIL,
  IPSEC,
  USER,
];

const row = (line: string) => readOne(fortinet, line).row;

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
    expect(readOne(fortinet, IPS).text).toBe('Bash.Function.Definitions.Remote.Code.Execution');
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
    expect(readOne(fortinet, SSL_FAIL.replace('ssl-login-fail', 'ssl-new-con')).said).toBe('ignored');
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
    expect(readOne(fortinet, 'Oct  9 10:00:02 fg-1 sshd[1]: hello').said).toBe('ignored');
    expect(readOne(fortinet, 'something else').said).toBe('unreadable');
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
      const { said, row } = readOne(fortinet, line);
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
  const check = (line: string) => {
    const plain = readFortinet(line, Number.NaN);
    const { said, row } = readOne(fortinet, line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.alert)
      expect({ ...row, content: (row.content ?? 0) & Content.signature }).toEqual({ content: 0, ...plain });
    else expect(row).toEqual(plain);
  };

  it.each(SAMPLES)('on %s', check);

  it('on damaged and hostile lines', () => {
    fc.assert(
      fc.property(damaged(SAMPLES), (line) => {
        if (line.startsWith('date=')) check(line);
        else readOne(fortinet, line);
      }),
      { numRuns: 1500 },
    );
  });

  it.runIf(corpora && existsSync(real))('on real lines', () => {
    const lines = readFileSync(real, 'latin1').trim().split('\n');
    expect(lines).toHaveLength(9);
    lines.forEach(check);
  });
});
