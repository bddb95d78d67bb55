import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Content, Kind, Outcome } from '../contact.ts';
import { damaged, readOne } from './differential.ts';
import { readPaloalto } from './paloalto.reference.ts';
import { paloalto } from './paloalto.ts';
import { plainHash } from './plain.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const real = join(corpora ?? '', 'contacts/crowdsec-hub/palo-alto-threat/palo-alto-threat.log');

type Session = Partial<
  Record<'type' | 'subtype' | 'source' | 'destination' | 'rule' | 'app' | 'session', string>
> &
  Partial<
    Record<'count' | 'sport' | 'dport' | 'proto' | 'action' | 'received' | 'sent' | 'reason', string>
  > & {
    packetsReceived?: string;
    precise?: string;
  };

function traffic(s: Session = {}): string {
  const head = `1,2026/10/09 10:00:01,012801012345,TRAFFIC,${s.subtype ?? 'end'},2561,2026/10/09 10:00:00`;
  const pair = `${s.source ?? '203.0.113.7'},${s.destination ?? '198.18.1.10'},0.0.0.0,0.0.0.0,${s.rule ?? 'web in'}`;
  const zones = `,,,${s.app ?? 'ssl'},vsys1,untrust,dmz,ethernet1/1,ethernet1/2,forward,2026/10/09 10:00:00`;
  const ports = `${s.session ?? '34567'},${s.count ?? '1'},${s.sport ?? '52344'},${s.dport ?? '443'},0,0,0x19`;
  const act = `${s.proto ?? 'tcp'},${s.action ?? 'allow'},900,${s.sent ?? '500'},${s.received ?? '400'},12`;
  const rest = `2026/10/09 09:59:30,28,any,,7088216349921087004,0x8000000000000000,US,US,,6,${s.packetsReceived ?? '6'}`;
  const tail = `${s.reason ?? 'tcp-fin'},0,0,0,0,,fw-1,from-policy`;
  const line = `${head},${pair}${zones},${ports},${act},${rest},${tail}`;
  return s.precise === undefined ? line : `${line}${','.repeat(102 - 53)}${s.precise},,,`;
}

function threat(
  s: Session & { url?: string; name?: string; severity?: string; direction?: string } = {},
): string {
  const head = `1,2026/10/09 10:00:01,012801012345,THREAT,${s.subtype ?? 'vulnerability'},2561,2026/10/09 10:00:00`;
  const pair = `${s.source ?? '203.0.113.7'},${s.destination ?? '198.18.1.10'},0.0.0.0,0.0.0.0,${s.rule ?? 'web in'}`;
  const zones = ',,,web-browsing,vsys1,untrust,dmz,ethernet1/1,ethernet1/2,forward,2026/10/09 10:00:00';
  const ports = `${s.session ?? '34567'},${s.count ?? '1'},${s.sport ?? '52344'},${s.dport ?? '443'},0,0,0x19`;
  const act = `tcp,${s.action ?? 'alert'},"${s.url ?? 'www.example.gov/a,b?q=1'}",${s.name ?? 'SQL Injection(59204)'}`;
  return `${head},${pair}${zones},${ports},${act},any,${s.severity ?? 'high'},${s.direction ?? 'client-to-server'},1,0x0`;
}

const PORTAL =
  '1,2026/10/09 10:00:01,016201004321,GLOBALPROTECT,0,2817,2026/10/09 10:00:00,vsys1,portal-auth,login,LDAP,,"clerk, a",US,PC-7,' +
  '203.0.113.24,0.0.0.0,0.0.0.0,0.0.0.0,6c1f3e2a-8b7d-4c19,PF3K,6.2.4,Windows,"Windows 11 , 64-bit",1,,,"",failure,,0,,0,gp,74,0x0,2026-10-09T10:00:00.114-05:00,';
const SYSTEM =
  "1,2026/10/09 10:00:01,unknown,SYSTEM,auth,0,2026/10/09 10:00:00,,auth-fail,,0,0,general,medium,failed authentication for user 'admin'. Reason: Invalid username/password. From: 203.0.113.55.,1718,0x0,0,0,0,0,,fw";
const PORTAL_SYSTEM =
  '1,2026/10/09 10:00:01,007200001165,SYSTEM,globalprotect,0,2026/10/09 10:00:00,,globalprotectgateway-auth-succ,GW-N,0,0,general,informational,"GlobalProtect gateway user authentication succeeded. Login from: 203.0.113.230, User name: clerk, Auth type: profile, Client OS version: Windows",641953,0x0,0,0,0,0,,fw';

const SAMPLES = [
  traffic(),
  traffic({ subtype: 'start', received: '0' }),
  traffic({
    subtype: 'drop',
    action: 'deny',
    session: '0',
    app: 'not-applicable',
    received: '0',
    count: '7',
  }),
  traffic({ source: '2001:db8::7', destination: '2001:db8:4f::1', proto: 'icmp6', sport: '0', dport: '0' }),
  traffic({ app: 'incomplete', received: '60', reason: 'tcp-rst-from-server', packetsReceived: '1' }),
  traffic({ precise: '2026-10-09T10:00:00.534-05:00' }),
  traffic({ rule: '"Allow-Web,Prod"', proto: 'udp', dport: '53', reason: 'aged-out' }),
  threat(),
  threat({ subtype: 'url', action: 'block-url' }),
  threat({ source: '0.0.0.0', destination: '0.0.0.0', subtype: 'flood', name: 'TCP Flood(8501)' }),
  PORTAL,
  SYSTEM,
  PORTAL_SYSTEM,
];

const row = (line: string) => readOne(paloalto, line).row;

describe('a PAN-OS line', () => {
  it('of an allowed session says what the service did', () => {
    expect(row(traffic())).toEqual({
      kind: Kind.flow,
      outcome: Outcome.established,
      time: Date.UTC(2026, 9, 9, 10),
      source: '203.0.113.7',
      destination: '198.18.1.10',
      sourcePort: 52344,
      destinationPort: 443,
      protocol: 6,
      size: 400,
      millis: 28_000,
      key: plainHash('012801012345/34567/52344'),
    });
    const outcome = (s: Session) => row(traffic(s))?.outcome;
    expect(outcome({ subtype: 'start' })).toBe(Outcome.accepted);
    expect(outcome({ received: '0', reason: 'aged-out', app: 'incomplete' })).toBe(Outcome.noAnswer);
    expect(outcome({ app: 'incomplete', received: '120' })).toBe(Outcome.accepted);
    expect(outcome({ app: 'incomplete', reason: 'tcp-rst-from-server', packetsReceived: '1' })).toBe(
      Outcome.rejected,
    );
    expect(outcome({ proto: 'udp', app: 'incomplete' })).toBe(Outcome.established);
    expect(outcome({ reason: 'policy-deny' })).toBe(Outcome.denied);
    expect(outcome({ reason: 'threat', received: '0' })).toBe(Outcome.blocked);
  });

  it('of a refused session is denied, whatever way of refusing the rule names', () => {
    for (const action of [
      'deny',
      'drop',
      'drop-icmp',
      'drop ICMP',
      'reset-both',
      'reset-client',
      'reset-server',
    ])
      expect(row(traffic({ action, subtype: 'drop' }))?.outcome, action).toBe(Outcome.denied);
    expect(row(traffic({ action: 'something-new' }))?.outcome).toBe(Outcome.unknown);
  });

  it('with a repeat count tells of that many sessions, up to the bound of the column', () => {
    expect(row(traffic({ count: '23' }))?.repeat).toBe(22);
    expect(row(traffic({ count: '1' }))?.repeat).toBeUndefined();
    expect(row(traffic({ count: '0' }))?.repeat).toBeUndefined();
    expect(row(traffic({ count: '99999999' }))?.repeat).toBe(65_535);
  });

  it('of start, end and threat of one session share a key; dropped packets without a session have none', () => {
    const key = row(traffic())?.key;
    expect(row(traffic({ subtype: 'start' }))?.key).toBe(key);
    expect(row(threat())?.key).toBe(key);
    expect(row(traffic({ sport: '52345' }))?.key).not.toBe(key);
    expect(row(traffic({ session: '0' }))?.key).toBeUndefined();
  });

  it('of a threat is a signature of the source only if it attacks, and the client does', () => {
    expect(row(threat())).toMatchObject({
      kind: Kind.alert,
      outcome: Outcome.unknown,
      content: Content.signature,
    });
    expect(row(threat({ action: 'reset-both' }))?.outcome).toBe(Outcome.blocked);
    expect(row(threat({ severity: 'informational' }))?.content).toBeUndefined();
    expect(row(threat({ direction: 'server-to-client' }))?.content).toBeUndefined();
    expect(row(threat({ subtype: 'file' }))?.content).toBeUndefined();
    expect(row(threat({ subtype: 'url', action: 'block-url' }))).toMatchObject({
      kind: Kind.web,
      outcome: Outcome.blocked,
    });
    expect(readOne(paloalto, threat()).text).toBe('SQL Injection(59204)');
    expect(readOne(paloalto, threat({ subtype: 'url' })).text).toBe('/a,b?q=1');
  });

  it('takes the precise time with its zone before the wall clock', () => {
    expect(row(traffic({ precise: '2026-10-09T10:00:00.534-05:00' }))?.time).toBe(
      Date.UTC(2026, 9, 9, 15, 0, 0, 534),
    );
    expect(row(traffic({ precise: '2026-10-09T10:00:00.534-05:' }))?.time).toBe(Date.UTC(2026, 9, 9, 10));
  });

  it('of GlobalProtect is a login with the name that was typed', () => {
    expect(row(PORTAL)).toEqual({
      kind: Kind.login,
      outcome: Outcome.failed,
      time: Date.UTC(2026, 9, 9, 15, 0, 0, 114),
      source: '203.0.113.24',
      destinationPort: 443,
      protocol: 6,
      account: plainHash('clerk, a'),
    });
    expect(readOne(paloalto, PORTAL.replace('portal-auth', 'portal-prelogin')).said).toBe('ignored');
    const wide = PORTAL.replace('203.0.113.24,0.0.0.0', '0.0.0.0,2001:db8::24').replace('failure', 'success');
    expect(row(wide)).toMatchObject({ source: '2001:db8::24', outcome: Outcome.succeeded });
  });

  it('of the SYSTEM log is a login with account and source', () => {
    expect(row(SYSTEM)).toMatchObject({
      outcome: Outcome.failed,
      source: '203.0.113.55',
      account: plainHash('admin'),
    });
    expect(row(PORTAL_SYSTEM)).toMatchObject({
      outcome: Outcome.succeeded,
      source: '203.0.113.230',
      account: plainHash('clerk'),
    });
    expect(row(SYSTEM.replace('From: 203.0.113.55.', 'From: 2001:db8::55.'))?.source).toBe('2001:db8::55');
    expect(row(SYSTEM.replace('From: 203.0.113.55.', 'From: (null).'))?.source).toBeUndefined();
    expect(readOne(paloalto, SYSTEM.replace('auth-fail', 'general')).said).toBe('ignored');
  });

  it('is read behind every header, and behind one whose host name was switched off', () => {
    const line = traffic();
    const headers = [
      '<14>',
      '<14>Oct  9 10:00:02 fw-1 ',
      'Oct  9 10:00:02 ',
      '<14>1 2026-10-09T10:00:02Z fw-1 - - - - ',
    ];
    for (const header of headers) expect(row(header + line), header).toEqual(row(line));
  });

  it('that is cut before its action is unreadable, and other messages of the firewall are ignored', () => {
    expect(readOne(paloalto, traffic().slice(0, 200)).said).toBe('unreadable');
    expect(readOne(paloalto, 'Oct  9 10:00:02 fw-1 sshd[1]: hello').said).toBe('ignored');
    expect(readOne(paloalto, SYSTEM.replace('SYSTEM', 'CONFIG')).said).toBe('ignored');
    expect(readOne(paloalto, 'no header at all').said).toBe('unreadable');
  });

  it('with addresses of two families is unreadable; IPv4-mapped, bracketed and zoned ones are read', () => {
    expect(readOne(paloalto, traffic({ source: '2001:db8::1' })).said).toBe('unreadable');
    expect(row(traffic({ source: '::ffff:203.0.113.9' }))?.source).toBe('203.0.113.9');
    expect(row(traffic({ source: 'fe80::1%eth0', destination: '[2001:db8::2]' }))).toMatchObject({
      source: 'fe80::1',
      destination: '2001:db8::2',
    });
  });
});

describe('what an attacker writes into a PAN-OS line names nobody else', () => {
  it('in a quoted URL, rule or user', () => {
    const evil = ',192.0.2.66,192.0.2.67,0.0.0.0,""192.0.2.66"",,,,';
    expect(row(threat({ url: evil }))).toMatchObject({ source: '203.0.113.7', destination: '198.18.1.10' });
    expect(row(threat({ url: evil, subtype: 'url' }))?.source).toBe('203.0.113.7');
    expect(row(traffic({ rule: `"${evil}"` }))).toMatchObject({
      source: '203.0.113.7',
      destinationPort: 443,
    });
    expect(row(PORTAL.replace('"clerk, a"', `"${evil}"`))).toMatchObject({ source: '203.0.113.24' });
  });

  it('in a user name of the SYSTEM log', () => {
    const names = [
      "x'. Reason: y. From: 192.0.2.66.",
      "' From: 192.0.2.66.",
      'Login from: 192.0.2.66, User name: z',
    ];
    for (const name of names) {
      const line = SYSTEM.replace(/(failed.*From: [^,]*)/, '"$1"').replace('admin', name);
      expect(row(line), name).toMatchObject({
        source: '203.0.113.55',
        account: plainHash(name),
      });
      expect(row(PORTAL_SYSTEM.replace('clerk', name)), name).toMatchObject({ source: '203.0.113.230' });
    }
    const name = 'bob, Auth type: x, Client OS version: y, Login from: 192.0.2.66';
    expect(row(PORTAL_SYSTEM.replace('clerk', name))).toMatchObject({
      source: '203.0.113.230',
      account: plainHash(name),
    });
  });
});

describe('the byte reader of PAN-OS lines agrees with the plain one', () => {
  const check = (line: string) => {
    const plain = readPaloalto(line, Number.NaN);
    const { said, row } = readOne(paloalto, line);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (plain.kind === Kind.web)
      expect({ ...row, content: undefined }).toEqual({ ...plain, content: undefined });
    else expect(row).toEqual(plain);
  };

  it.each(SAMPLES)('on %s', check);

  it('on damaged and hostile lines', () => {
    fc.assert(
      fc.property(damaged(SAMPLES), (line) => {
        // What still begins as a line of PAN-OS is compared, the rest must only be counted.
        if (/^\d,\d...\/..\/.\d /s.test(line)) check(line);
        else readOne(paloalto, line);
      }),
      { numRuns: 1500 },
    );
  });
});

describe.runIf(corpora && existsSync(real))('real PAN-OS lines', () => {
  const lines = corpora && existsSync(real) ? readFileSync(real, 'latin1').trim().split('\n') : [];

  it('are read, and agree with the plain reader', () => {
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const message = line.slice(line.indexOf(' 1,') + 1);
      expect(row(line)).toEqual(readPaloalto(message, Number.NaN));
    }
    expect(row(lines[0]!)).toMatchObject({ source: '1.2.3.2', destination: '1.2.3.3', repeat: 22 });
  });
});
