/**
 * Lines of Zeek's logs: those that docs.zeek.org shows ("Zeek Log Formats and Inspection") and a published ssh.log, and
 * lines made after the fields of Zeek's scripts.
 */

const HEAD = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-'];
export const CONN_FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig ' +
  'local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents';
const HTTP_FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_depth method host uri referrer version user_agent origin ' +
  'request_body_len response_body_len status_code status_msg info_code info_msg tags username password proxied ' +
  'orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types';
const SSH_FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version auth_success auth_attempts direction client server ' +
  'cipher_alg mac_alg compression_alg kex_alg host_key_alg host_key';
const NOTICE_FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p fuid file_mime_type file_desc proto note msg sub src dst p n ' +
  'peer_descr actions email_dest suppress_for';

export function header(path: string, fields: string): string {
  return [...HEAD, `#path\t${path}`, `#fields\t${fields.replaceAll(' ', '\t')}`].join('\n');
}
const tabs = (line: string): string => line.replaceAll(' | ', '\t');

export const DNS_CONN = tabs(
  '1591367999.305988 | CMdzit1AMNsmfAIiQc | 192.168.4.76 | 36844 | 192.168.4.1 | 53 | udp | dns | 0.066852 | 62 | 141 | SF | - | - | 0 | Dd | 2 | 118 | 2 | 197 | -',
);
export const HTTP_CONN = tabs(
  '1591367999.430166 | C5bLoe2Mvxqhawzqqd | 192.168.4.76 | 46378 | 31.3.245.133 | 80 | tcp | http | 0.254115 | 77 | 295 | SF | - | - | 0 | ShADadFf | 6 | 397 | 4 | 511 | -',
);
export const DNS_JSON =
  '{"ts":1591367999.305988,"uid":"CMdzit1AMNsmfAIiQc","id.orig_h":"192.168.4.76","id.orig_p":36844,"id.resp_h":"192.168.4.1","id.resp_p":53,"proto":"udp","service":"dns","duration":0.06685185432434082,"orig_bytes":62,"resp_bytes":141,"conn_state":"SF","missed_bytes":0,"history":"Dd","orig_pkts":2,"orig_ip_bytes":118,"resp_pkts":2,"resp_ip_bytes":197}';
export const HTTP_JSON =
  '{"ts":1591367999.512593,"uid":"C5bLoe2Mvxqhawzqqd","id.orig_h":"192.168.4.76","id.orig_p":46378,"id.resp_h":"31.3.245.133","id.resp_p":80,"trans_depth":1,"method":"GET","host":"testmyids.com","uri":"/","version":"1.1","user_agent":"curl/7.47.0","request_body_len":0,"response_body_len":39,"status_code":200,"status_msg":"OK","tags":[],"resp_fuids":["FEEsZS1w0Z0VJIb5x4"],"resp_mime_types":["text/plain"]}';
export const SSH_LINE = tabs(
  '1488571329.467978 | CI8O6l2fkrwwTpBI1f | 2003:51:6012:110::b15:22 | 60892 | 2003:51:6012:121::2 | 22 | 2 | T | 2 | - | SSH-2.0-OpenSSH_7.2p2 Ubuntu-4ubuntu2.1 | SSH-2.0-Cisco-1.25 | aes128-cbc | hmac-sha1 | none | diffie-hellman-group-exchange-sha1 | ssh-rsa | cf:5f:e7:e2:32:12:88:6e:33:c9:ad:5b:da:b6:b1:43',
);

type Conn = Partial<
  Record<'ts' | 'uid' | 'orig' | 'sport' | 'resp' | 'dport' | 'proto' | 'duration', string>
> &
  Partial<Record<'bytes' | 'state' | 'lo' | 'lr' | 'missed' | 'history' | 'sent' | 'back', string>>;

export function conn(c: Conn = {}): string {
  const ends = `${c.orig ?? '203.0.113.7'}\t${c.sport ?? '52220'}\t${c.resp ?? '198.18.0.9'}\t${c.dport ?? '443'}`;
  const flow = `${c.proto ?? 'tcp'}\t-\t${c.duration ?? '-'}\t-\t${c.bytes ?? '-'}\t${c.state ?? 'S0'}`;
  const rest = `${c.lo ?? 'F'}\t${c.lr ?? 'T'}\t${c.missed ?? '0'}\t${c.history ?? 'S'}\t${c.sent ?? '1'}\t60`;
  return `${c.ts ?? '1531687187.123456'}\t${c.uid ?? 'CQcDwa4Gg1sLMIs3Ri'}\t${ends}\t${flow}\t${rest}\t${c.back ?? '0'}\t0\t-`;
}

export function http(
  h: Partial<Record<'uri' | 'agent' | 'status' | 'user' | 'proxied' | 'size', string>> = {},
): string {
  const ends = '1531687188.5\tCQcDwa4Gg1sLMIs3Ri\t203.0.113.7\t52220\t198.18.0.9\t80';
  const request = `1\tGET\twww.example.gov\t${h.uri ?? '/lookup?name=o'}\t-\t1.1\t${h.agent ?? 'curl/8.0'}\t-\t0`;
  const answer = `${h.size ?? '512'}\t${h.status ?? '200'}\tOK\t-\t-\t(empty)\t${h.user ?? '-'}\t-\t${h.proxied ?? '-'}`;
  return `${ends}\t${request}\t${answer}\t-\t-\t-\t-\t-\t-`;
}

export function notice(
  n: Partial<Record<'uid' | 'ends' | 'note' | 'msg' | 'src' | 'dst' | 'port', string>> = {},
): string {
  const about = `${n.uid ?? '-'}\t${n.ends ?? '-\t-\t-\t-'}\t-\t-\t-\ttcp`;
  const said = `${n.note ?? 'Scan::Port_Scan'}\t${n.msg ?? '203.0.113.7 scanned 15 ports'}\tlocal`;
  return `1531687190.0\t${about}\t${said}\t${n.src ?? '203.0.113.7'}\t${n.dst ?? '198.18.0.9'}\t${n.port ?? '-'}\t-\t-\tNotice::ACTION_LOG\t(empty)\t3600.000000`;
}

/** Headers of the logs. */
export const CONN: string = header('conn', CONN_FIELDS);
export const HTTP: string = header('http', HTTP_FIELDS);
export const SSH: string = header('ssh', SSH_FIELDS);
export const NOTICE: string = header('notice', NOTICE_FIELDS);

/** Lines of every kind, each below its header. */
export const ZEEK_SAMPLES: readonly string[] = [
  DNS_JSON,
  HTTP_JSON,
  ...CONN.split('\n'),
  DNS_CONN,
  HTTP_CONN,
  conn(),
  conn({ orig: '2001:db8::7', resp: '2001:db8:4f::1', history: '-', state: 'OTH' }),
  conn({ proto: 'icmp', sport: '8', dport: '0', state: 'OTH', history: '-' }),
  conn({ state: 'RSTO', history: 'ShR', sent: '2', back: '1' }),
  '#close\t2026-10-09-00-00-00',
  ...HTTP.split('\n'),
  http(),
  http({ proxied: 'X-FORWARDED-FOR -> 192.0.2.4', user: 'clerk', status: '401' }),
  ...SSH.split('\n'),
  SSH_LINE,
  ...NOTICE.split('\n'),
  notice(),
  notice({ uid: 'CQcDwa4Gg1sLMIs3Ri', ends: '203.0.113.7\t52220\t198.18.0.9\t22' }),
  ...header('capture_loss', 'ts ts_delta peer gaps acks percent_lost').split('\n'),
  '1531687187.1\t900.0\tzeek\t17\t8300\t0.2',
];
