import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import { readCef } from './cef.reference.ts';
import { cef } from './cef.ts';
import { damaged, readOne } from './differential.ts';
import { plainHash } from './plain.ts';

const THREAT =
  'CEF:0|Ubiquiti|UniFi Network|10.4.57|201|Threat Detected and Blocked|7|UNIFIcategory=Security UNIFIhost=UCG Max proto=TCP spt=22536 dpt=80 act=blocked app=HTTP UNIFIrisk=medium UNIFIpolicyName=Our policy UNIFIpolicyType=IDS/IPS UNIFIdirection=incoming src=203.0.113.99 dst=198.18.1.10 UNIFIipsSignature=ET SCAN Nmap UNIFIipsSignatureId=9999999 UNIFIutcTime=2026-10-09T10:00:00.250Z msg=A network intrusion attempt.';
const BLOCKED =
  'CEF:0|Ubiquiti|UniFi Network|10.6.101|203|Blocked by Firewall|4|UNIFIcategory=Security UNIFIhost=Site A Gateway proto=UDP spt=5353 dpt=55006 act=blocked UNIFIdirection=local UNIFIdstDeviceIp=198.18.0.1 UNIFIsrcClientAlias=Environmental Sensor UNIFIsrcClientIp=198.18.4.49 UNIFIflowCount=3 UNIFIutcTime=2026-10-09T10:00:00Z';
const STATION =
  'CEF:0|Ubiquiti|UniFi Network|9.3.33|401|WiFi Client Disconnected|2|UNIFIcategory=Monitoring src=198.18.4.60 msg=Watch disconnected.';
const UNIFI_OS = 'CEF:0|Ubiquiti|UniFi OS|4.3.6|admins|1|msg=clerk accessed UniFi OS. Source IP: 203.0.113.4';
const FORTI =
  'CEF:0|Fortinet|Fortigate|v7.0.1|00013|traffic:forward close|3|deviceExternalId=FGT FTNTFGTeventtime=1791540000 src=203.0.113.7 spt=52344 dst=198.18.1.10 dpt=443 externalId=105048 proto=6 act=close out=1188 in=12240 deviceDirection=0 rt=1791540000250';
const LOGIN =
  'CEF:0|Vendor|VPN \\| Gate|1.0|vpn-7|User login failed|5|rt=Oct 09 2026 10:00:00 UTC src=2001:db8::7 dst=2001:db8:4f::1 dpt=443 suser=gate duser=o\\=brien outcome=failure reason=bad password';
const WAF =
  'CEF:0|F5|ASM|11.3.0|200021069|Illegal URL|5|rt=Oct 09 2026 10:00:00 src=203.0.113.7 spt=52344 dst=198.18.1.10 dpt=80 act=blocked request=/index.php?id\\=1 requestMethod=GET cnt=4';
const IDS =
  'CEF:0|Vendor|IDS|1|77|Port scan|High|start=1791540000 src=203.0.113.7 dst=198.18.1.10 proto=icmp dpt=8 cat=/Attack';
const DENY =
  'CEF:0|Vendor|Firewall|1|4|deny|Low|start=1791540000 src=gateway.example dst=198.18.1.10 act=Deny dpt=22';

const SAMPLES = [THREAT, BLOCKED, STATION, UNIFI_OS, FORTI, LOGIN, WAF, IDS, DENY];
const TIME = Date.UTC(2026, 9, 9, 10);
const row = (line: string) => readOne(cef, line).row;

describe('a CEF event', () => {
  it('of an intrusion prevention system is an alert with its signature', () => {
    expect(row(THREAT)).toEqual({
      kind: Kind.alert,
      outcome: Outcome.blocked,
      time: TIME + 250,
      source: '203.0.113.99',
      destination: '198.18.1.10',
      sourcePort: 22536,
      destinationPort: 80,
      protocol: 6,
      direction: Direction.inbound,
      content: Content.signature,
    });
    expect(readOne(cef, THREAT).text).toBe('ET SCAN Nmap');
    expect(row(THREAT.replace('act=blocked', 'act=allowed'))?.outcome).toBe(Outcome.unknown);
    expect(row(IDS)).toMatchObject({ kind: Kind.alert, protocol: 1, content: Content.signature });
    expect(row(IDS.replace('|High|', '|Low|'))?.content).toBeUndefined();
  });

  it('of a firewall is a packet or a flow', () => {
    expect(row(BLOCKED)).toMatchObject({
      kind: Kind.packet,
      outcome: Outcome.denied,
      source: '198.18.4.49',
      destination: '198.18.0.1',
      repeat: 2,
    });
    expect(row(FORTI)).toMatchObject({
      kind: Kind.flow,
      outcome: Outcome.established,
      time: TIME + 250,
      direction: Direction.inbound,
      key: plainHash('105048/52344'),
    });
    expect(row(FORTI.replace('in=12240', 'in=0'))?.outcome).toBe(Outcome.noAnswer);
    expect(row(FORTI.replace('in=12240', 'in=300'))?.outcome).toBe(Outcome.accepted);
    expect(row(DENY)).toMatchObject({ outcome: Outcome.denied, destination: '198.18.1.10' });
    expect(row(DENY)?.source).toBeUndefined();
  });

  it('of a web application firewall is a request', () => {
    expect(row(WAF)).toMatchObject({ kind: Kind.web, outcome: Outcome.blocked, repeat: 3 });
    expect(readOne(cef, WAF).text).toBe('/index.php?id\\=1');
    expect(readOne(cef, WAF.replace('request=', 'request=https://www.example.gov')).text).toBe(
      '/index.php?id\\=1',
    );
  });

  it('of a sign-in names the account that was asked for', () => {
    expect(row(LOGIN)).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      source: '2001:db8::7',
      account: plainHash('o=brien'),
      time: TIME,
    });
    expect(row(LOGIN.replace('outcome=failure', 'outcome=success'))?.outcome).toBe(Outcome.succeeded);
    expect(row(LOGIN.replace('outcome=failure ', ''))?.outcome).toBe(Outcome.failed);
    expect(readOne(cef, LOGIN.replace('User login failed', 'User logout')).said).toBe('row');
    expect(row(LOGIN.replace('User login failed', 'User logout'))?.kind).toBe(Kind.packet);
  });

  it('about the device itself is ignored', () => {
    expect(readOne(cef, STATION).said).toBe('ignored');
    expect(readOne(cef, UNIFI_OS).said).toBe('ignored');
    expect(readOne(cef, 'Oct  9 10:00:02 gw sshd[1]: hello').said).toBe('ignored');
    expect(readOne(cef, 'CEF:0|a|b|c').said).toBe('unreadable');
  });

  it('is read behind every header', () => {
    for (const header of [
      '<134>',
      'Oct  9 10:00:02 gw ',
      '<134>Oct  9 10:00:02 gw ',
      '<134>1 2026-10-09T10:00:02Z gw - - - - ',
    ])
      expect(row(header + THREAT), header).toEqual(row(THREAT));
    expect(row(`Oct  9 10:00:02 gw ${THREAT.replace('CEF:', 'CEF: ')}`)).toEqual(row(THREAT));
  });
});

describe('what an attacker writes into a CEF event names nobody else', () => {
  it('where the product escapes', () => {
    const name = 'x src\\=192.0.2.66 dst\\=192.0.2.67 outcome\\=success';
    expect(row(LOGIN.replace('o\\=brien', name))).toMatchObject({
      source: '2001:db8::7',
      outcome: Outcome.failed,
      account: plainHash('x src=192.0.2.66 dst=192.0.2.67 outcome=success'),
    });
    expect(row(WAF.replace('/index.php', '/ src\\=192.0.2.66'))?.source).toBe('203.0.113.7');
  });

  it('and where it does not, no line that names a source twice is believed', () => {
    expect(readOne(cef, LOGIN.replace('o\\=brien', 'x src=192.0.2.66')).said).toBe('unreadable');
    expect(readOne(cef, THREAT.replace('Our policy', 'x act=allowed')).said).toBe('unreadable');
  });

  it('in another message that looks like an event', () => {
    const line = `Oct  9 10:00:02 gw sshd[1]: Invalid user ${THREAT} from 203.0.113.1 port 22`;
    expect(readOne(cef, line).said).toBe('ignored');
  });
});

describe('the byte reader of CEF agrees with the plain one', () => {
  const check = (line: string) => {
    const plain = readCef(line, Number.NaN);
    const { said, row } = readOne(cef, line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.web || row?.kind === Kind.alert)
      expect({ ...row, content: (row.content ?? 0) & Content.signature }).toEqual({ content: 0, ...plain });
    else expect(row).toEqual(plain);
  };

  it.each(SAMPLES)('on %s', check);

  it('on damaged and hostile lines', () => {
    fc.assert(
      fc.property(damaged(SAMPLES), (line) => {
        if (/^CEF: ?\d\|/.test(line)) check(line);
        else readOne(cef, line);
      }),
      { numRuns: 1500 },
    );
  });
});
