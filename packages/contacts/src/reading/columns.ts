/**
 * Columns of `csv` and `ndjson`: our names, and the names that products and exports use for them. A saved column map (our name to theirs) wins over every guess.
 */
/** Our names, in the order of `Column`. */
export const COLUMN_NAMES = [
  'time', // any spelling of `times.ts`
  'source',
  'sourcePort',
  'destination',
  'destinationPort',
  'protocol', // name or number
  'action', // allow, deny, failed, ...: see ACTION_WORDS
  'direction', // inbound, outbound, internal
  'account', // who signed in, or tried to
  'request', // path and query, or URL
  'status', // of HTTP, or a word like an action's
  'bytes', // sent back to the client
  'seconds',
  'milliseconds',
  'signature', // what an IDS calls it
  'count', // events that the line tells
  'key', // what lines about one contact share
  'host', // the sensor
  'forwarded', // X-Forwarded-For
  'kind', // packet, flow, web, login, alert
] as const;

/** Index of each column. */
export const Column = Object.fromEntries(COLUMN_NAMES.map((name, index) => [name, index])) as {
  readonly [K in (typeof COLUMN_NAMES)[number]]: number;
};
/** Index of a column. */
export type Column = number;

/** Names that stand for our columns, as in JSON (dots: an object inside, or one name with dots), the commonest first. */
export const USUAL_NAMES: Readonly<Record<(typeof COLUMN_NAMES)[number], readonly string[]>> = {
  time: [
    ...[
      'time',
      'timestamp',
      '@timestamp',
      'ts',
      'datetime',
      'date_time',
      'date',
      'event_time',
      'eventTime',
      'EventTime',
    ],
    ...[
      'start_time',
      'startTime',
      'start',
      'generated_time',
      'receive_time',
      'TimeGenerated',
      'log_time',
      '_time',
    ],
    ...['createdDateTime', 'utc_time', 'Timestamp', 'Time', 'event.created'],
  ],
  source: [
    ...[
      'source',
      'src',
      'src_ip',
      'srcip',
      'source_ip',
      'sourceip',
      'sourceIp',
      'sourceIP',
      'source.ip',
      'SourceIP',
    ],
    ...[
      'source_address',
      'sourceAddress',
      'source.address',
      'SourceAddress',
      'srcaddr',
      'src_addr',
      'saddr',
      'sa',
    ],
    ...[
      'client_ip',
      'clientip',
      'clientIp',
      'clientIP',
      'client.ip',
      'client',
      'c_ip',
      'remote_ip',
      'remote_addr',
    ],
    ...[
      'remoteAddr',
      'remote_address',
      'remip',
      'id.orig_h',
      'attacker_ip',
      'ip',
      'ip_address',
      'ipAddress',
      'from_ip',
    ],
    ...['source_ip_address', 'sourceIPAddress', 'callerIpAddress', 'IPAddress', 'user_ip'],
  ],
  sourcePort: [
    ...[
      'source_port',
      'sourceport',
      'sourcePort',
      'source.port',
      'SourcePort',
      'src_port',
      'srcport',
      'srcPort',
    ],
    ...['sport', 'spt', 'sp', 'client_port', 'clientPort', 'id.orig_p', 'remote_port'],
  ],
  destination: [
    ...[
      'destination',
      'dst',
      'dest',
      'dst_ip',
      'dstip',
      'dest_ip',
      'destip',
      'destination_ip',
      'destinationip',
    ],
    ...['destinationIp', 'destinationIP', 'destination.ip', 'DestinationIP', 'DestIP', 'destination_address'],
    ...[
      'destinationAddress',
      'destination.address',
      'DestAddress',
      'dstaddr',
      'dst_addr',
      'daddr',
      'da',
      'server_ip',
    ],
    ...['serverip', 'server.ip', 'target_ip', 'id.resp_h', 'local_ip', 'local_address', 'dest_address'],
  ],
  destinationPort: [
    ...[
      'destination_port',
      'destinationport',
      'destinationPort',
      'destination.port',
      'DestinationPort',
      'dst_port',
    ],
    ...[
      'dstport',
      'dstPort',
      'dest_port',
      'destport',
      'destPort',
      'DestPort',
      'dport',
      'dpt',
      'dp',
      'server_port',
    ],
    ...['target_port', 'id.resp_p', 'port', 'local_port'],
  ],
  protocol: [
    'protocol',
    'proto',
    'ip_protocol',
    'ip_proto',
    'network.transport',
    'transport',
    'Protocol',
    'pr',
  ],
  action: [
    ...[
      'action',
      'act',
      'event.action',
      'outcome',
      'event.outcome',
      'result',
      'verdict',
      'disposition',
      'decision',
    ],
    ...['Action', 'Result', 'login_result'],
  ],
  direction: ['direction', 'dir', 'network.direction', 'Direction'],
  account: [
    ...[
      'account',
      'user',
      'username',
      'user_name',
      'userName',
      'user.name',
      'account_name',
      'accountName',
      'login',
    ],
    ...['userPrincipalName', 'UserPrincipalName', 'TargetUserName', 'user_id', 'userId', 'email', 'User'],
  ],
  request: [
    ...[
      'request',
      'url',
      'uri',
      'path',
      'url.original',
      'url.path',
      'request_uri',
      'requestUri',
      'http_url',
      'URL',
    ],
    ...['cs_uri_stem', 'request_path', 'url_path'],
  ],
  status: [
    ...[
      'status',
      'status_code',
      'statusCode',
      'http_status',
      'http.response.status_code',
      'response_code',
      'sc_status',
    ],
    ...['http_status_code', 'Status'],
  ],
  bytes: [
    ...[
      'bytes',
      'bytes_received',
      'received_bytes',
      'rcvdbyte',
      'resp_bytes',
      'response_bytes',
      'response_size',
      'size',
    ],
    ...['bytes_to_client', 'sc_bytes', 'destination.bytes', 'body_bytes_sent'],
  ],
  seconds: ['seconds', 'duration', 'elapsed', 'elapsed_time', 'duration_s', 'request_time'],
  milliseconds: ['milliseconds', 'duration_ms', 'durationMs', 'time_taken', 'elapsed_ms', 'response_time_ms'],
  signature: ['signature', 'alert.signature', 'attack', 'threat', 'threat_name', 'alert', 'rule.name'],
  count: ['count', 'cnt', 'repeat_count', 'repeatCount', 'hits', 'hit_count'],
  key: ['key', 'session_id', 'sessionid', 'sessionId', 'flow_id', 'uid', 'connection_id', 'community_id'],
  host: [
    'host',
    'hostname',
    'host.name',
    'sensor',
    'device',
    'device_name',
    'devname',
    'computer',
    'observer.name',
  ],
  forwarded: ['forwarded', 'x_forwarded_for', 'http_x_forwarded_for', 'xff', 'forwarded_for'],
  kind: ['kind', 'event_kind'],
};

/** A name with its letters in lower case and everything else but digits left out: `Source IP` is `src-ip`'s cousin. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Our column for each usual name, folded. */
export const COLUMN_OF_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMN_NAMES.flatMap((name, column) =>
    USUAL_NAMES[name].map((usual): [string, Column] => [foldName(usual), column]),
  ),
);
