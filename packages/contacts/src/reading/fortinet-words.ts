/**
 * The words of FortiOS logs that matter here, and what they mean (docs.fortinet.com, FortiOS Log Message Reference).
 */
import { Outcome, Protocol } from '../contact.ts';
import { WordValues } from './words.ts';

/** Keys that matter, in the order of `Key`. */
export const FORTINET_KEYS = [
  ...['date', 'time', 'tz', 'eventtime', 'type', 'subtype', 'action', 'status', 'srcip', 'srcport', 'dstip'],
  ...[
    'dstport',
    'proto',
    'sessionid',
    'rcvdbyte',
    'rcvdpkt',
    'duration',
    'user',
    'remip',
    'remport',
    'locip',
  ],
  ...['locport', 'tunneltype', 'tunnelid', 'method', 'reason', 'attack', 'severity', 'direction', 'count'],
  ...['srcintfrole', 'dstintfrole', 'icmptype', 'icmpcode', 'url', 'utmaction', 'cookies'],
] as const;

/** Index of each key. */
export const Key = Object.fromEntries(FORTINET_KEYS.map((name, index) => [name, index])) as {
  readonly [K in (typeof FORTINET_KEYS)[number]]: number;
};
/** Index of a key. */
export type Key = number;

/** How a session of the traffic log ended. */
export const TrafficAction = { deny: 1, start: 2, ended: 3, serverReset: 4, failed: 5 } as const;

/** Values of `action` in traffic logs. All but deny and start mean "allowed", and say how the session ended. */
export const FORTINET_TRAFFIC: Readonly<Record<string, number>> = {
  deny: TrafficAction.deny,
  blocked: TrafficAction.deny,
  block: TrafficAction.deny,
  drop: TrafficAction.deny,
  start: TrafficAction.start,
  accept: TrafficAction.ended,
  close: TrafficAction.ended,
  timeout: TrafficAction.ended,
  dns: TrafficAction.ended,
  'client-rst': TrafficAction.ended,
  'server-rst': TrafficAction.serverReset,
  'ip-conn': TrafficAction.failed,
};
/** The same, to be found by their bytes. */
export const TRAFFIC_ACTIONS = new WordValues(FORTINET_TRAFFIC);

/** Values of `action` in UTM logs. */
export const FORTINET_ALERTS: Readonly<Record<string, number>> = Object.fromEntries([
  ...[
    'dropped',
    'drop',
    'reset',
    'reset_client',
    'reset_server',
    'reset_both',
    'drop_session',
    'clear_session',
  ]
    .concat(['blocked', 'block', 'deny', 'denied', 'quarantine', 'quarantined', 'redirected'])
    .map((word) => [word, Outcome.blocked]),
  ...['detected', 'pass', 'passed', 'pass_session', 'passthrough', 'allow', 'allowed', 'monitored', 'monitor']
    .concat(['exempt', 'log-only', 'permit', 'bypass'])
    .map((word) => [word, Outcome.unknown]),
]) as Record<string, number>;
/** The same, to be found by their bytes. */
export const ALERT_ACTIONS = new WordValues(FORTINET_ALERTS);

/** UTM logs whose lines are signatures of attacks; app-ctrl, webfilter, dns, ssl, dlp, voip are not about attacks. */
export const FORTINET_SIGNATURES: Readonly<Record<string, number>> = { ips: 1, anomaly: 1, waf: 1, virus: 1 };
/** The same, to be found by their bytes. */
export const SIGNATURES = new WordValues(FORTINET_SIGNATURES);

/** Roles of interfaces: 1 ours, 0 the internet. `undefined` says nothing. */
export const FORTINET_ROLES: Readonly<Record<string, number>> = { lan: 1, dmz: 1, wan: 0 };
/** The same, to be found by their bytes. */
export const ROLES = new WordValues(FORTINET_ROLES);

/** Ports of the ways an administrator comes in. */
export const FORTINET_ADMIN: Readonly<Record<string, number>> = { ssh: 22, telnet: 23, http: 80, https: 443 };
/** The same, to be found by their bytes. */
export const ADMIN_PORTS = new WordValues(FORTINET_ADMIN);

/**
 * Largest packet of a handshake, in bytes of IP: headers of 20 (IPv6: 40) and 20, and the 20 bytes of options that
 * servers' SYN-ACKs carry (MSS, SACK, timestamps, window scale).
 */
export const HANDSHAKE_PACKET = 60;
/** The same for IPv6. */
export const HANDSHAKE_PACKET_V6 = 80;
/** SYN-ACKs that a server sends to a client who never answers: Linux sends six. */
export const HANDSHAKE_PACKETS = 6;

/**
 * What a session that the policy allowed came to. In TCP only bytes beyond what handshakes take prove that the client
 * heard the server: a forged SYN is answered with SYN-ACKs too, so those are no more than let in.
 */
export function sessionOutcome(
  action: number,
  protocol: number,
  wide: boolean,
  receivedBytes: number,
  receivedPackets: number,
): Outcome {
  if (receivedBytes < 0 && receivedPackets < 0)
    return action === TrafficAction.failed ? Outcome.noAnswer : Outcome.accepted;
  if (receivedBytes <= 0 && receivedPackets <= 0)
    return action === TrafficAction.serverReset ? Outcome.rejected : Outcome.noAnswer;
  if (protocol !== Protocol.tcp) return Outcome.established;
  const packets = receivedPackets > 0 ? receivedPackets : HANDSHAKE_PACKETS;
  if (receivedBytes > packets * (wide ? HANDSHAKE_PACKET_V6 : HANDSHAKE_PACKET)) return Outcome.established;
  return action === TrafficAction.serverReset && receivedPackets === 1 ? Outcome.rejected : Outcome.accepted;
}
