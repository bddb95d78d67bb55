/** Windows events in the four spellings that are read, with addresses for documentation. */
import { Kind, Outcome } from '../contact.ts';
import { plainHash } from './plain.ts';

/** Data of an event by its names. */
export type Data = Readonly<Record<string, string | number>>;

/** A refused logon. */
export const LOGON: Data = {
  TargetUserName: 'clerk',
  TargetDomainName: 'COUNTY',
  Status: '0xc000006d',
  SubStatus: '0xc000006a',
  LogonType: '3',
  WorkstationName: 'KALI',
  IpAddress: '203.0.113.9',
  IpPort: '50123',
};
/** A packet at the filtering platform. */
export const FILTER: Data = {
  ProcessId: '4',
  Application: 'System',
  Direction: '%%14592',
  SourceAddress: '203.0.113.9',
  SourcePort: '50123',
  DestAddress: '198.18.2.20',
  DestPort: '445',
  Protocol: '6',
};

/** An event as NXLog writes it. */
export function nxlog(id: number, data: Data = LOGON, more: Data = {}): string {
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

/** An event as Winlogbeat writes it. */
export function winlogbeat(id: number, data: Data = LOGON): string {
  return JSON.stringify({
    '@timestamp': '2026-10-09T10:00:00.250Z',
    event: { code: String(id), kind: 'event' },
    source: { ip: '192.0.2.66' },
    winlog: { event_id: String(id), channel: 'Security', computer_name: 'DC1', event_data: data },
    message: 'An account failed to log on.',
  });
}

/** An event as Get-WinEvent and ConvertTo-Json write it. */
export function powershell(id: number, properties: ReadonlyArray<string | number>): string {
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

/** An event as XML. */
export function xml(id: number, data: Data = LOGON): string {
  const items = Object.entries(data).map(([name, value]) => `<Data Name="${name}">${value}</Data>   `);
  return `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>  <Provider Name="Microsoft-Windows-Security-Auditing" />   <EventID>${id}</EventID>   <TimeCreated SystemTime="2026-10-09T10:00:00.2509999Z" />   <Channel>Security</Channel>   <Computer>DC1</Computer>   <Security />   </System><EventData>  ${items.join('')}</EventData></Event>`;
}

/** The properties of a refused logon in their order. */
export const FAILED_PROPERTIES = [
  ...['S-1-0-0', '-', '-', 0, 'S-1-0-0', 'clerk', 'COUNTY', -1073741715, '%%2313', -1073741724, 3],
  ...['NtLmSsp', 'NTLM', 'KALI', '-', '-', 0, 0, '-', '203.0.113.9', '50123'],
];

/** When the events were, ms. */
export const TIME = Date.UTC(2026, 9, 9, 10);
/** What the refused logon is read as, but for its time. */
export const FAILED = {
  kind: Kind.login,
  outcome: Outcome.failed,
  source: '203.0.113.9',
  sourcePort: 50123,
  protocol: 6,
  account: plainHash('clerk'),
};

/** One line of each kind, for tests of reading and of damage. */
export const WINDOWS_SAMPLES: readonly string[] = [
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
