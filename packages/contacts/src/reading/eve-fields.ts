/**
 * The values of Suricata's EVE events that are read here, as paths for `JsonScanner`.
 *
 * Source: src/output-json*.c of OISF/suricata (4.0 to 8.0) and doc/userguide/output/eve. Versions differ in order and
 * presence of fields, so every one is found by its path.
 */

/** Paths by number. */
export const Eve = {
  timestamp: 0,
  flowId: 1,
  eventType: 2,
  srcIp: 3,
  srcPort: 4,
  destIp: 5,
  destPort: 6,
  proto: 7,
  icmpType: 8,
  icmpCode: 9,
  direction: 10,
  host: 11,
  xff: 12,
  pktsToServer: 13,
  pktsToClient: 14,
  bytesToClient: 15,
  start: 16,
  age: 17,
  state: 18,
  flowAction: 19,
  flowSrcIp: 20,
  flowDestIp: 21,
  flowSrcPort: 22,
  flowDestPort: 23,
  tcpFlagsToServer: 24,
  tcpFlagsToClient: 25,
  tcpState: 26,
  alertAction: 27,
  signature: 28,
  category: 29,
  severity: 30,
  url: 31,
  status: 32,
  userAgent: 33,
  length: 34,
  httpXff: 35,
  dropReason: 36,
  dropFin: 37,
  dropSyn: 38,
  dropRst: 39,
  dropPsh: 40,
  dropAck: 41,
  dropUrg: 42,
  netflowStart: 43,
  netflowAge: 44,
  netflowBytes: 45,
  dnsType: 46,
  kernelDrops: 47,
  kernelDropsDelta: 48,
  flowMemcap: 49,
  flowMemcapDelta: 50,
  uptime: 51,
  httpForwarded: 52,
} as const;
export type Eve = (typeof Eve)[keyof typeof Eve];

const FIXED: ReadonlyArray<string> = [
  ...['timestamp', 'flow_id', 'event_type', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'proto'],
  ...['icmp_type', 'icmp_code', 'direction', 'host', 'xff'],
  ...[
    'flow.pkts_toserver',
    'flow.pkts_toclient',
    'flow.bytes_toclient',
    'flow.start',
    'flow.age',
    'flow.state',
  ],
  ...['flow.action', 'flow.src_ip', 'flow.dest_ip', 'flow.src_port', 'flow.dest_port'],
  ...['tcp.tcp_flags_ts', 'tcp.tcp_flags_tc', 'tcp.state'],
  ...['alert.action', 'alert.signature', 'alert.category', 'alert.severity'],
  ...['http.url', 'http.status', 'http.http_user_agent', 'http.length', 'http.xff'],
  ...['drop.reason', 'drop.fin', 'drop.syn', 'drop.rst', 'drop.psh', 'drop.ack', 'drop.urg'],
  ...['netflow.start', 'netflow.age', 'netflow.bytes', 'dns.type'],
  ...['stats.capture.kernel_drops', 'stats.capture.kernel_drops_delta'],
  ...['stats.flow.memcap', 'stats.flow.memcap_delta', 'stats.uptime'],
];

/**
 * The paths in the order of `Eve`. `forwardedHeader` is a header's name in lower case; where it is logged with a request
 * (`custom:` in suricata.yaml), Suricata writes its dashes as underscores.
 */
export function evePaths(forwardedHeader: string): readonly string[] {
  const name = forwardedHeader.replaceAll('-', '_').replaceAll('.', '_');
  const path = `http.${name}`;
  return [...FIXED, FIXED.includes(path) ? 'http.x_forwarded_for' : path];
}

/** Where the values of the event being read stand: what `JsonScanner` leaves, types are of `Json`. */
export type Values = { readonly start: Int32Array; readonly end: Int32Array; readonly type: Uint8Array };
