import { describe, expect, it } from 'vitest';
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import { readCef } from './cef.reference.ts';
import {
  BLOCKED,
  CEF_SAMPLES,
  DENY,
  FORTI,
  IDS,
  LOGIN,
  STATION,
  THREAT,
  UNIFI_OS,
  WAF,
} from './cef.samples.ts';
import { cef } from './cef.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { plainHash } from './plain.ts';

const TIME = Date.UTC(2026, 9, 9, 10);
const readOne = (line: string): OneLine => readEach(cef, [line], { unwrap: true })[0]!;
const row = (line: string) => readOne(line).row;

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
    expect(readOne(THREAT).text).toBe('ET SCAN Nmap');
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
    expect(readOne(WAF).text).toBe('/index.php?id\\=1');
    expect(readOne(WAF.replace('request=', 'request=https://www.example.gov')).text).toBe(
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
    expect(readOne(LOGIN.replace('User login failed', 'User logout')).said).toBe('row');
    expect(row(LOGIN.replace('User login failed', 'User logout'))?.kind).toBe(Kind.packet);
  });

  it('about the device itself is ignored', () => {
    expect(readOne(STATION).said).toBe('ignored');
    expect(readOne(UNIFI_OS).said).toBe('ignored');
    expect(readOne('Oct  9 10:00:02 gw sshd[1]: hello').said).toBe('ignored');
    expect(readOne('CEF:0|a|b|c').said).toBe('unreadable');
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
    expect(readOne(LOGIN.replace('o\\=brien', 'x src=192.0.2.66')).said).toBe('unreadable');
    expect(readOne(THREAT.replace('Our policy', 'x act=allowed')).said).toBe('unreadable');
  });

  it('in another message that looks like an event', () => {
    const line = `Oct  9 10:00:02 gw sshd[1]: Invalid user ${THREAT} from 203.0.113.1 port 22`;
    expect(readOne(line).said).toBe('ignored');
  });
});

describe('the byte reader of CEF agrees with the plain one', () => {
  const check = (line: string, { said, row }: OneLine = readOne(line)) => {
    const plain = readCef(line, Number.NaN);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (row?.kind === Kind.web || row?.kind === Kind.alert)
      expect({ ...row, content: (row.content ?? 0) & Content.signature }).toEqual({ content: 0, ...plain });
    else expect(row).toEqual(plain);
  };

  it.each(CEF_SAMPLES)('on %s', (line) => check(line));

  it('on damaged and hostile lines', () => {
    const mutator = new Mutator(13);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(CEF_SAMPLES));
    readEach(cef, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      if (/^CEF: ?\d\|/.test(line)) check(line, read);
    });
  });
});
