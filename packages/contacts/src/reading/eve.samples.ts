/** EVE events after src/output-json*.c of Suricata 7 and the real lines of crowdsecurity/hub. */

export type Json = Record<string, unknown>;

export function event(type: string, more: Json = {}, rest: Json = {}): string {
  return JSON.stringify({
    timestamp: '2026-10-09T22:33:20.520012+0000',
    flow_id: 1398609176796675,
    in_iface: 'eth0',
    event_type: type,
    src_ip: '203.0.113.7',
    src_port: 33270,
    dest_ip: '198.18.0.9',
    dest_port: 443,
    proto: 'TCP',
    ...more,
    ...rest,
  });
}

export function flowEvent(flow: Json, tcp?: Json, more: Json = {}): string {
  return event('flow', {
    ...more,
    flow: {
      pkts_toserver: 1,
      pkts_toclient: 0,
      bytes_toserver: 60,
      bytes_toclient: 0,
      start: '2026-10-09T22:32:19.123456+0000',
      end: '2026-10-09T22:32:20.123456+0000',
      age: 1,
      state: 'new',
      reason: 'timeout',
      alerted: false,
      ...flow,
    },
    ...(tcp ? { tcp } : {}),
  });
}

export const ALERT: string = event('alert', {
  alert: {
    action: 'allowed',
    gid: 1,
    signature_id: 2034125,
    rev: 4,
    signature: 'ET EXPLOIT Apache HTTP Server 2.4.49 - Path Traversal Attempt (CVE-2021-41773) M2',
    category: 'Attempted Administrator Privilege Gain',
    severity: 1,
  },
  http: { hostname: 'www.example.gov', url: '/cgi-bin/.%2e/.%2e/bin/sh', status: 400, length: 166 },
  flow: { pkts_toserver: 4, pkts_toclient: 4, start: '2026-10-09T22:33:20.488697+0000' },
});
export const HTTP: string = event('http', {
  tx_id: 0,
  http: {
    hostname: 'www.example.gov',
    url: '/lookup?name=Smith',
    http_user_agent: 'Mozilla/5.0',
    http_method: 'GET',
    protocol: 'HTTP/1.1',
    status: 200,
    length: 5120,
  },
});
export const DROP: string = event('drop', {
  drop: { len: 1500, syn: true, ack: false, psh: false, rst: false, urg: false, fin: false, reason: 'rules' },
});
export const STATS: string = JSON.stringify({
  timestamp: '2026-10-09T22:33:20.520012+0000',
  event_type: 'stats',
  stats: { uptime: 51, capture: { kernel_packets: 900, kernel_drops: 7 }, flow: { memcap: 2 } },
});

/** Events of every kind. */
export const EVE_SAMPLES: readonly string[] = [
  ALERT,
  HTTP,
  DROP,
  STATS,
  flowEvent({ pkts_toclient: 4 }),
  flowEvent({}, { tcp_flags_ts: '02', tcp_flags_tc: '12', state: 'syn_recv' }, { host: 'sensor-1' }),
  flowEvent(
    {},
    { tcp_flags_ts: '02', tcp_flags_tc: '14' },
    { src_ip: '2001:db8::7', dest_ip: '2001:db8:4f::1' },
  ),
  flowEvent({ action: 'drop' }, undefined, { proto: 'ICMP', icmp_type: 8, icmp_code: 0 }),
  event('dns', { proto: 'UDP', dns: { type: 'query' } }),
  event('netflow', { netflow: { pkts: 1, bytes: 60, age: 3 } }),
  event('fileinfo'),
];
