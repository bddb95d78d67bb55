import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Direction, Kind, Outcome } from '../contact.ts';
import { damaged, readOne } from './differential.ts';
import { plainHash } from './plain.ts';
import { readWindowsEvent } from './windows-events.reference.ts';
import { windowsEvents } from './windows-events.ts';

const corpora = process.env.BELLWETHER_CORPORA;
const hub = join(corpora ?? '', 'contacts/crowdsec-hub');

type Data = Readonly<Record<string, string | number>>;

const LOGON: Data = {
  TargetUserName: 'clerk',
  TargetDomainName: 'COUNTY',
  Status: '0xc000006d',
  SubStatus: '0xc000006a',
  LogonType: '3',
  WorkstationName: 'KALI',
  IpAddress: '203.0.113.9',
  IpPort: '50123',
};
const FILTER: Data = {
  ProcessId: '4',
  Application: 'System',
  Direction: '%%14592',
  SourceAddress: '203.0.113.9',
  SourcePort: '50123',
  DestAddress: '198.18.2.20',
  DestPort: '445',
  Protocol: '6',
};

function nxlog(id: number, data: Data = LOGON, more: Data = {}): string {
  return JSON.stringify({
    EventTime: '2026-10-09 10:00:00',
    Hostname: 'DC1.county.example',
    Keywords: '-9218868437227405312',
    EventID: id,
    SourceName: 'Microsoft-Windows-Security-Auditing',
    Channel: 'Security',
    ...data,
    Message: 'An account failed to log on.\r\n\r\nSubject:\r\n\tAccount Name:\t-\r\n',
    ...more,
  });
}

function winlogbeat(id: number, data: Data = LOGON): string {
  return JSON.stringify({
    '@timestamp': '2026-10-09T10:00:00.250Z',
    event: { code: String(id), kind: 'event' },
    source: { ip: '192.0.2.66' },
    winlog: { event_id: String(id), channel: 'Security', computer_name: 'DC1', event_data: data },
    message: 'An account failed to log on.',
  });
}

function powershell(id: number, properties: ReadonlyArray<string | number>): string {
  return JSON.stringify({
    Id: id,
    Version: 0,
    ProviderName: 'Microsoft-Windows-Security-Auditing',
    LogName: 'Security',
    MachineName: 'DC1',
    TimeCreated: 'TIME',
    Properties: properties.map((Value) => ({ Value })),
    Message: 'An account failed to log on.',
  }).replace('TIME', '\\/Date(1791540000250)\\/');
}

function xml(id: number, data: Data = LOGON): string {
  const items = Object.entries(data).map(([name, value]) => `<Data Name="${name}">${value}</Data>   `);
  return `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>  <Provider Name="Microsoft-Windows-Security-Auditing" />   <EventID>${id}</EventID>   <TimeCreated SystemTime="2026-10-09T10:00:00.2509999Z" />   <Channel>Security</Channel>   <Computer>DC1</Computer>   <Security />   </System><EventData>  ${items.join('')}</EventData></Event>`;
}

const FAILED_PROPERTIES = [
  ...['S-1-0-0', '-', '-', 0, 'S-1-0-0', 'clerk', 'COUNTY', -1073741715, '%%2313', -1073741724, 3],
  ...['NtLmSsp', 'NTLM', 'KALI', '-', '-', 0, 0, '-', '203.0.113.9', '50123'],
];

const TIME = Date.UTC(2026, 9, 9, 10);
const FAILED = {
  kind: Kind.login,
  outcome: Outcome.failed,
  source: '203.0.113.9',
  sourcePort: 50123,
  protocol: 6,
  account: plainHash('clerk'),
};

const SAMPLES = [
  nxlog(4625),
  nxlog(4624, { ...LOGON, LogonType: 10, IpAddress: '::ffff:203.0.113.9' }),
  nxlog(4771, {
    TargetUserName: 'o-brien "x"',
    Status: '0x18',
    IpAddress: '::ffff:203.0.113.9',
    IpPort: '50123',
  }).replace('o-b', '\\u2019\u00c3\u00a9b'),
  nxlog(5157, FILTER),
  winlogbeat(4625),
  winlogbeat(4776, { TargetUserName: 'clerk', Workstation: 'KALI', Status: '0xc0000064' }),
  winlogbeat(5152, { ...FILTER, Protocol: '1', SourcePort: '8', DestPort: '0' }),
  powershell(4625, FAILED_PROPERTIES),
  powershell(4740, ['clerk', 'KALI', 'S-1-5-21', 'S-1-5-18', 'DC1$', 'COUNTY', 999]),
  xml(4625),
  xml(5156, FILTER),
];

const row = (line: string) => readOne(windowsEvents, line).row;

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
    expect(readOne(windowsEvents, nxlog(4625)).text).toBe('clerk');
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
      expect(readOne(windowsEvents, nxlog(4625, { ...LOGON, LogonType })).said, LogonType).toBe('ignored');
    expect(row(nxlog(4625, { ...LOGON, LogonType: '10' }))?.destinationPort).toBe(3389);
  });

  it('without an address names no source', () => {
    for (const IpAddress of ['-', '', 'LOCAL'])
      expect(row(nxlog(4625, { ...LOGON, IpAddress }))?.source).toBeUndefined();
    expect(readOne(windowsEvents, nxlog(4625, { ...LOGON, IpAddress: '203.0.113' })).said).toBe('unreadable');
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
    expect(readOne(windowsEvents, nxlog(4768, { ...kerberos, Status: '0x0' })).said).toBe('ignored');
    expect(readOne(windowsEvents, nxlog(4771, { ...kerberos, Status: '0x19' })).said).toBe('ignored');
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
      const { said, lostUnknown } = readOne(windowsEvents, nxlog(id, {}));
      expect([said, lostUnknown]).toEqual(['ignored', true]);
    }
    expect(readOne(windowsEvents, nxlog(4612, { AuditsDiscarded: '70' })).lost).toBe(70);
    expect(readOne(windowsEvents, nxlog(4612, {})).lostUnknown).toBe(true);
  });

  it('of other logs and other numbers are ignored', () => {
    expect(readOne(windowsEvents, nxlog(4625).replace('"Security"', '"Application"')).said).toBe('ignored');
    expect(readOne(windowsEvents, nxlog(4688)).said).toBe('ignored');
    expect(readOne(windowsEvents, '{"a":1}').said).toBe('unreadable');
    expect(readOne(windowsEvents, 'nothing of the kind').said).toBe('unreadable');
    expect(readOne(windowsEvents, '[').said).toBe('ignored');
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
    expect(readOne(windowsEvents, nxlog(4625).replace('{', '{"IpAddress":"192.0.2.66",')).said).toBe(
      'unreadable',
    );
    const twice = xml(4625).replace('</EventData>', '<Data Name="IpAddress">192.0.2.66</Data></EventData>');
    expect(readOne(windowsEvents, twice).said).toBe('unreadable');
  });
});

describe('the byte reader of Windows events agrees with the plain one', () => {
  const check = (line: string) => {
    const plain = readWindowsEvent(line)!;
    const { said, row } = readOne(windowsEvents, line);
    // The plain reader does not look for a property that is told twice.
    if (said === 'unreadable' && (line.match(/"Value"/g) ?? []).length > FAILED_PROPERTIES.length) return;
    if ('line' in plain) expect([said, line]).toEqual([plain.line, line]);
    else expect(row).toEqual(plain);
  };

  it.each(SAMPLES)('on %s', check);

  it('on damaged and hostile lines', () => {
    fc.assert(
      fc.property(damaged(SAMPLES), (line) => {
        if (line.startsWith('<Event ') || line.startsWith('{')) check(line.replace(/[\s,\]]+$/, ''));
        readOne(windowsEvents, line);
      }),
      { numRuns: 1500 },
    );
  });

  it.runIf(corpora && existsSync(hub))('on real lines', () => {
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
