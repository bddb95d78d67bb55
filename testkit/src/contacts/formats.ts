/**
 * The formats that can be asked for, the file each goes to, and the kind of event it tells.
 */

/** What a sensor sees: packets and connections, web requests, SSH logins, Windows logons, cloud sign-ins. */
export const Family = {
  network: 'network',
  web: 'web',
  ssh: 'ssh',
  windows: 'windows',
  entra: 'entra',
} as const;
export type Family = (typeof Family)[keyof typeof Family];

/** How a file is described: its name below the output folder, what it tells, and whether it tells single packets. */
export type FormatFile = {
  readonly file: string;
  readonly family: Family;
  /** Packet sensors log every packet; flow sensors fold packets of one flow into one line. */
  readonly packets: boolean;
};

/** Every format by the name that `--formats` takes. */
export const FORMATS = {
  netfilter: { file: 'netfilter.log', family: 'network', packets: true },
  filterlog: { file: 'filterlog.log', family: 'network', packets: true },
  nginx: { file: 'nginx.log', family: 'web', packets: false },
  apache: { file: 'apache.log', family: 'web', packets: false },
  iis: { file: 'iis.log', family: 'web', packets: false },
  sshd: { file: 'auth.log', family: 'ssh', packets: false },
  'zeek-conn': { file: 'conn.log', family: 'network', packets: false },
  'zeek-http': { file: 'http.log', family: 'web', packets: false },
  'zeek-ssh': { file: 'ssh.log', family: 'ssh', packets: false },
  'zeek-json': { file: 'conn.json.log', family: 'network', packets: false },
  eve: { file: 'eve.json', family: 'network', packets: false },
  asa: { file: 'asa.log', family: 'network', packets: true },
  paloalto: { file: 'paloalto.log', family: 'network', packets: false },
  fortinet: { file: 'fortinet.log', family: 'network', packets: false },
  cef: { file: 'cef.log', family: 'network', packets: false },
  'windows-events': { file: 'windows-events.json', family: 'windows', packets: false },
  pfirewall: { file: 'pfirewall.log', family: 'network', packets: true },
  'entra-signin': { file: 'entra-signin.json', family: 'entra', packets: false },
  'flow-aws': { file: 'flow-aws.log', family: 'network', packets: false },
  'flow-nfdump': { file: 'flow-nfdump.csv', family: 'network', packets: false },
  csv: { file: 'contacts.csv', family: 'network', packets: true },
  ndjson: { file: 'contacts.ndjson', family: 'network', packets: true },
} as const satisfies Record<string, FormatFile>;

/** Name of a format. */
export type FormatName = keyof typeof FORMATS;

/** All names, in the order of the table. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** Whether the text names a format. */
export function isFormatName(text: string): text is FormatName {
  return Object.hasOwn(FORMATS, text);
}
