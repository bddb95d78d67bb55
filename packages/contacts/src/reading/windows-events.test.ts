import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Direction, Kind, Outcome } from '../contact.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { plainHash } from './plain.ts';
import { readWindowsEvent } from './windows-events.reference.ts';
import {
  FAILED,
  FAILED_PROPERTIES,
  FILTER,
  LOGON,
  nxlog,
  powershell,
  TIME,
  WINDOWS_SAMPLES,
  winlogbeat,
  xml,
} from './windows-events.samples.ts';
import { windowsEvents } from './windows-events.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const hub = join(corpora ?? '', 'contacts/crowdsec-hub');

const readOne = (line: string): OneLine => readEach(windowsEvents, [line], { unwrap: true })[0]!;
const row = (line: string) => readOne(line).row;

describe('a refused logon', () => {
  it('is read alike from NXLog, Winlogbeat, PowerShell and XML', () => {
    expect(row(nxlog(4625))).toEqual({ ...FAILED, time: TIME });
    expect(row(winlogbeat(4625))).toEqual({ ...FAILED, time: TIME + 250 });
    expect(row(xml(4625))).toEqual({ ...FAILED, time: TIME + 250 });
    expect(row(powershell(4625, FAILED_PROPERTIES))).toEqual({
      ...FAILED,
      time: TIME + 250,
      invalidAccount: true,
    });
    expect(readOne(nxlog(4625)).text).toBe('clerk');
  });

  it('says that the account does not exist', () => {
    expect(row(nxlog(4625, { ...LOGON, SubStatus: '0xC0000064' }))?.invalidAccount).toBe(true);
    expect(row(nxlog(4625, { ...LOGON, SubStatus: 3221225572 }))?.invalidAccount).toBe(true);
    expect(row(nxlog(4624, { ...LOGON, SubStatus: '0xC0000064' }))?.invalidAccount).toBeUndefined();
  });

  it('counts only if a person or another machine came: not services, tasks, unlocking', () => {
    for (const LogonType of ['2', '3', '8', '10', '12', 10])
      expect(row(nxlog(4625, { ...LOGON, LogonType }))).toBeDefined();
    for (const LogonType of ['0', '4', '5', '7', '9', '11', '13'])
      expect(readOne(nxlog(4625, { ...LOGON, LogonType })).said, LogonType).toBe('ignored');
    expect(row(nxlog(4625, { ...LOGON, LogonType: '10' }))?.destinationPort).toBe(3389);
  });

  it('without an address names no source', () => {
    for (const IpAddress of ['-', '', 'LOCAL'])
      expect(row(nxlog(4625, { ...LOGON, IpAddress }))?.source).toBeUndefined();
    expect(readOne(nxlog(4625, { ...LOGON, IpAddress: '203.0.113' })).said).toBe('unreadable');
    expect(row(nxlog(4625, { ...LOGON, IpAddress: 'fe80::1%12' }))?.source).toBe('fe80::1');
  });
});

describe('other Windows events', () => {
  it('of Kerberos and NTLM are logins', () => {
    const kerberos = {
      TargetUserName: 'clerk',
      Status: '0x18',
      IpAddress: '::ffff:203.0.113.9',
      IpPort: '50123',
    };
    expect(row(nxlog(4771, kerberos))).toEqual({ ...FAILED, time: TIME, destinationPort: 88 });
    expect(row(nxlog(4768, { ...kerberos, Status: '0x6' }))?.invalidAccount).toBe(true);
    expect(readOne(nxlog(4768, { ...kerberos, Status: '0x0' })).said).toBe('ignored');
    expect(readOne(nxlog(4771, { ...kerberos, Status: '0x19' })).said).toBe('ignored');
    expect(row(nxlog(4776, { TargetUserName: 'clerk', Status: '0x0' }))).toEqual({
      kind: Kind.login,
      outcome: Outcome.succeeded,
      time: TIME,
      account: plainHash('clerk'),
    });
  });

  it('of the filtering platform are packets, and what is told of one connection shares a key', () => {
    expect(row(nxlog(5157, FILTER))).toMatchObject({
      kind: Kind.packet,
      outcome: Outcome.denied,
      direction: Direction.inbound,
      destination: '198.18.2.20',
      destinationPort: 445,
    });
    expect(row(nxlog(5152, FILTER))?.key).toBe(row(winlogbeat(5157, FILTER))?.key);
    expect(row(nxlog(5156, FILTER))?.outcome).toBe(Outcome.accepted);
    expect(row(nxlog(5152, { ...FILTER, Protocol: 1, SourcePort: 8, DestPort: 0 }))?.destinationPort).toBe(
      2048,
    );
  });

  it('of a locked account are detail', () => {
    expect(row(nxlog(4740, { TargetUserName: 'clerk' }))).toMatchObject({
      detail: true,
      account: plainHash('clerk'),
    });
  });

  it('admit losses', () => {
    for (const id of [1100, 1101, 1102, 1104]) {
      const { said, lostUnknown } = readOne(nxlog(id, {}));
      expect([said, lostUnknown]).toEqual(['ignored', true]);
    }
    expect(readOne(nxlog(4612, { AuditsDiscarded: '70' })).lost).toBe(70);
    expect(readOne(nxlog(4612, {})).lostUnknown).toBe(true);
  });

  it('of other logs and other numbers are ignored', () => {
    expect(readOne(nxlog(4625).replace('"Security"', '"Application"')).said).toBe('ignored');
    expect(readOne(nxlog(4688)).said).toBe('ignored');
    expect(readOne('{"a":1}').said).toBe('unreadable');
    expect(readOne('nothing of the kind').said).toBe('unreadable');
    expect(readOne('[').said).toBe('ignored');
  });

  it('are read out of an array that has one to a line, and behind a syslog header', () => {
    const line = nxlog(4625);
    for (const wrapped of [
      `[${line},`,
      `  ${line},`,
      `${line}]`,
      `<14>1 2026-10-09T10:00:02Z DC1 nxlog - - - ${line}`,
    ])
      expect(row(wrapped), wrapped).toEqual(row(line));
  });
});

describe('what an attacker writes into a Windows event names nobody else', () => {
  it('as user name or workstation', () => {
    const names = [
      '","IpAddress":"192.0.2.66","x":"',
      '</Data><Data Name="IpAddress">192.0.2.66</Data>',
      'Source Network Address:\t192.0.2.66',
    ];
    for (const name of names) {
      const data = { ...LOGON, TargetUserName: name, WorkstationName: name };
      const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
      const expected = { ...FAILED, account: plainHash(name) };
      expect(row(nxlog(4625, data))).toMatchObject(expected);
      expect(row(winlogbeat(4625, data))).toMatchObject(expected);
      expect(row(xml(4625, { ...LOGON, TargetUserName: escaped }))).toMatchObject(expected);
    }
  });

  it('and a line that gives a field twice is not believed', () => {
    expect(readOne(nxlog(4625).replace('{', '{"IpAddress":"192.0.2.66",')).said).toBe('unreadable');
    const twice = xml(4625).replace('</EventData>', '<Data Name="IpAddress">192.0.2.66</Data></EventData>');
    expect(readOne(twice).said).toBe('unreadable');
  });
});

describe('the byte reader of Windows events agrees with the plain one', () => {
  const check = (line: string, { said, row }: OneLine = readOne(line)) => {
    const plain = readWindowsEvent(line)!;
    // The plain reader does not look for a property that is told twice.
    if (said === 'unreadable' && (line.match(/"Value"/g) ?? []).length > FAILED_PROPERTIES.length) return;
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else expect(row).toEqual(plain);
  };

  it.each(WINDOWS_SAMPLES)('on %s', (line) => check(line));

  it('on damaged and hostile lines', () => {
    const mutator = new Mutator(14);
    const lines = Array.from({ length: 10_000 }, () =>
      mutator.line(WINDOWS_SAMPLES).replace(/[\s,\]]+$/, ''),
    );
    readEach(windowsEvents, lines, { unwrap: true }).forEach((read, i) => {
      const line = lines[i]!;
      // Brackets around the object are no part of what the plain reader takes.
      if (line.startsWith('<Event ') || line.startsWith('{')) check(line, read);
    });
  });

  it.runIf(corpora !== undefined)('on real lines', () => {
    const lines = ['windows-bf/windows-bf.log', 'windows-logs/windows-logs.log'].flatMap((file) =>
      readFileSync(join(hub, file), 'latin1').trim().split(/\r?\n/),
    );
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const bare = line.replace(/^- /, '');
      expect(row(line)).toEqual(readWindowsEvent(bare));
      expect(row(line)).toMatchObject({
        source: '192.168.9.212',
        outcome: Outcome.failed,
        invalidAccount: true,
      });
    }
  });
});
