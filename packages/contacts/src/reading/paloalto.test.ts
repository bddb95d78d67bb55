import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Content, Kind, Outcome } from '../contact.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { readPaloalto } from './paloalto.reference.ts';
import {
  PALOALTO_SAMPLES,
  PORTAL,
  PORTAL_SYSTEM,
  type Session,
  SYSTEM,
  threat,
  traffic,
} from './paloalto.samples.ts';
import { paloalto } from './paloalto.ts';
import { plainHash } from './plain.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const real = join(corpora ?? '', 'contacts/crowdsec-hub/palo-alto-threat/palo-alto-threat.log');

const readOne = (line: string): OneLine => readEach(paloalto, [line], { unwrap: true })[0]!;
const row = (line: string) => readOne(line).row;

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
    expect(readOne(threat()).text).toBe('SQL Injection(59204)');
    expect(readOne(threat({ subtype: 'url' })).text).toBe('/a,b?q=1');
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
    expect(readOne(PORTAL.replace('portal-auth', 'portal-prelogin')).said).toBe('ignored');
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
    expect(readOne(SYSTEM.replace('auth-fail', 'general')).said).toBe('ignored');
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
    expect(readOne(traffic().slice(0, 200)).said).toBe('unreadable');
    expect(readOne('Oct  9 10:00:02 fw-1 sshd[1]: hello').said).toBe('ignored');
    expect(readOne(SYSTEM.replace('SYSTEM', 'CONFIG')).said).toBe('ignored');
    expect(readOne('no header at all').said).toBe('unreadable');
  });

  it('with addresses of two families is unreadable; IPv4-mapped, bracketed and zoned ones are read', () => {
    expect(readOne(traffic({ source: '2001:db8::1' })).said).toBe('unreadable');
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
  const check = (line: string, { said, row }: OneLine = readOne(line)) => {
    const plain = readPaloalto(line, Number.NaN);
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else if (plain.kind === Kind.web)
      expect({ ...row, content: undefined }).toEqual({ ...plain, content: undefined });
    else expect(row).toEqual(plain);
  };

  it.each(PALOALTO_SAMPLES)('on %s', (line) => check(line));

  it('on damaged and hostile lines', () => {
    const mutator = new Mutator(11);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(PALOALTO_SAMPLES));
    readEach(paloalto, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      // What still begins as a line of PAN-OS is compared, the rest must only be counted.
      if (/^\d,\d...\/..\/.\d /s.test(line)) check(line, read);
    });
  });
});

describe.runIf(corpora !== undefined)('real PAN-OS lines', () => {
  const lines = corpora !== undefined ? readFileSync(real, 'latin1').trim().split('\n') : [];

  it('are read, and agree with the plain reader', () => {
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const message = line.slice(line.indexOf(' 1,') + 1);
      expect(row(line)).toEqual(readPaloalto(message, Number.NaN));
    }
    expect(row(lines[0]!)).toMatchObject({ source: '1.2.3.2', destination: '1.2.3.3', repeat: 22 });
  });
});
