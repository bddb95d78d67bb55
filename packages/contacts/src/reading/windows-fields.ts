/**
 * Where the fields of a Windows event stand in each way of writing it down.
 *
 *     {"EventTime":"2026-10-09 10:00:00","Hostname":"DC1","EventID":4625,"TargetUserName":"x","IpAddress":...}   NXLog
 *     {"@timestamp":"...","winlog":{"event_id":"4625","computer_name":"DC1","event_data":{"TargetUserName":...}}}  Winlogbeat
 *     {"Id":4625,"TimeCreated":"...","MachineName":"DC1","Properties":[{"Value":"S-1-0-0"},...]}   Get-WinEvent | ConvertTo-Json
 *     <Event xmlns=...><System><EventID>4625</EventID>...<Data Name="TargetUserName">x</Data>...    Event Viewer, wevtutil
 *
 * Source of names and order: learn.microsoft.com, "Audit events" (4624, 4625, ...), and the event manifests.
 */

/** Fields that matter. Those of the event itself come first. */
export const FIELD_NAMES = [
  ...['EventID', 'Time', 'Host', 'Channel'],
  ...[
    'TargetUserName',
    'LogonType',
    'Status',
    'SubStatus',
    'IpAddress',
    'IpPort',
    'Direction',
    'SourceAddress',
  ],
  ...['SourcePort', 'DestAddress', 'DestPort', 'Protocol', 'AuditsDiscarded'],
] as const;

/** Index of each field. */
export const WindowsField = Object.fromEntries(FIELD_NAMES.map((name, index) => [name, index])) as {
  readonly [K in (typeof FIELD_NAMES)[number]]: number;
};
/** Index of a field. */
export type WindowsField = number;

/** Fields of the event's data begin here. */
export const FIRST_DATA: WindowsField = WindowsField.TargetUserName;

type Path = readonly [field: WindowsField, segments: readonly string[]];

/** Paths that may hold a field; of one field the first that is there counts. */
export const JSON_PATHS: readonly Path[] = [
  [WindowsField.EventID, ['EventID']],
  [WindowsField.EventID, ['winlog', 'event_id']],
  [WindowsField.EventID, ['event_id']],
  [WindowsField.EventID, ['Id']],
  [WindowsField.Time, ['EventTime']],
  [WindowsField.Time, ['TimeCreated']],
  [WindowsField.Time, ['@timestamp']],
  [WindowsField.Host, ['Hostname']],
  [WindowsField.Host, ['winlog', 'computer_name']],
  [WindowsField.Host, ['computer_name']],
  [WindowsField.Host, ['MachineName']],
  [WindowsField.Channel, ['Channel']],
  [WindowsField.Channel, ['winlog', 'channel']],
  [WindowsField.Channel, ['LogName']],
  ...FIELD_NAMES.slice(FIRST_DATA).flatMap((name, i): Path[] => [
    [FIRST_DATA + i, [name]],
    [FIRST_DATA + i, ['winlog', 'event_data', name]],
    [FIRST_DATA + i, ['event_data', name]],
  ]),
];

/** Get-WinEvent gives the data without names, in the order of the event's template. Longest that is read: 4625. */
export const PROPERTIES = 21;

/** Which property of an event is which field. */
export const PROPERTY_FIELDS: ReadonlyMap<
  number,
  ReadonlyArray<readonly [property: number, field: WindowsField]>
> = new Map([
  [
    4624,
    [
      [5, WindowsField.TargetUserName],
      [8, WindowsField.LogonType],
      [18, WindowsField.IpAddress],
      [19, WindowsField.IpPort],
    ],
  ],
  [
    4625,
    [
      [5, WindowsField.TargetUserName],
      [7, WindowsField.Status],
      [9, WindowsField.SubStatus],
      [10, WindowsField.LogonType],
      [19, WindowsField.IpAddress],
      [20, WindowsField.IpPort],
    ],
  ],
  [
    4768,
    [
      [0, WindowsField.TargetUserName],
      [6, WindowsField.Status],
      [9, WindowsField.IpAddress],
      [10, WindowsField.IpPort],
    ],
  ],
  [
    4771,
    [
      [0, WindowsField.TargetUserName],
      [4, WindowsField.Status],
      [6, WindowsField.IpAddress],
      [7, WindowsField.IpPort],
    ],
  ],
  [
    4776,
    [
      [1, WindowsField.TargetUserName],
      [3, WindowsField.Status],
    ],
  ],
  [4740, [[0, WindowsField.TargetUserName]]],
  [4612, [[0, WindowsField.AuditsDiscarded]]],
  ...[5152, 5156, 5157].map(
    (id) =>
      [
        id,
        [
          [2, WindowsField.Direction],
          [3, WindowsField.SourceAddress],
          [4, WindowsField.SourcePort],
          [5, WindowsField.DestAddress],
          [6, WindowsField.DestPort],
          [7, WindowsField.Protocol],
        ],
      ] as const,
  ),
] as ReadonlyArray<readonly [number, ReadonlyArray<readonly [number, WindowsField]>]>);

/** How the characters of a value are spelled. */
export const Spelling = { plain: 0, json: 1, xml: 2 } as const;
export type Spelling = (typeof Spelling)[keyof typeof Spelling];

/** The fields of the event being read. One per reader. */
export class WindowsFields {
  /** Begin and end of each field's value; -1 where the event has none. */
  readonly start = new Int32Array(FIELD_NAMES.length);
  readonly end = new Int32Array(FIELD_NAMES.length);
  readonly spelling = new Uint8Array(FIELD_NAMES.length);

  /** Forgets the event before. */
  clear(): void {
    this.start.fill(-1);
    this.end.fill(-1);
  }

  /** Sets a field. False if it was set before. */
  set(field: WindowsField, from: number, to: number, spelling: Spelling): boolean {
    if (this.start[field] !== -1) return false;
    this.start[field] = from;
    this.end[field] = to;
    this.spelling[field] = spelling;
    return true;
  }

  /** Whether a field is there and not empty. */
  has(field: WindowsField): boolean {
    return this.end[field]! > this.start[field]!;
  }
}
