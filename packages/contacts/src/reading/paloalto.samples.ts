/** Lines of PAN-OS after the columns of its documentation, with addresses for documentation. */

/** What a line of a session may differ in. */
export type Session = Partial<
  Record<'type' | 'subtype' | 'source' | 'destination' | 'rule' | 'app' | 'session', string>
> &
  Partial<
    Record<'count' | 'sport' | 'dport' | 'proto' | 'action' | 'received' | 'sent' | 'reason', string>
  > & {
    packetsReceived?: string;
    precise?: string;
  };

/** A TRAFFIC line. */
export function traffic(s: Session = {}): string {
  const head = `1,2026/10/09 10:00:01,012801012345,TRAFFIC,${s.subtype ?? 'end'},2561,2026/10/09 10:00:00`;
  const pair = `${s.source ?? '203.0.113.7'},${s.destination ?? '198.18.1.10'},0.0.0.0,0.0.0.0,${s.rule ?? 'web in'}`;
  const zones = `,,,${s.app ?? 'ssl'},vsys1,untrust,dmz,ethernet1/1,ethernet1/2,forward,2026/10/09 10:00:00`;
  const ports = `${s.session ?? '34567'},${s.count ?? '1'},${s.sport ?? '52344'},${s.dport ?? '443'},0,0,0x19`;
  const act = `${s.proto ?? 'tcp'},${s.action ?? 'allow'},900,${s.sent ?? '500'},${s.received ?? '400'},12`;
  const rest = `2026/10/09 09:59:30,28,any,,7088216349921087004,0x8000000000000000,US,US,,6,${s.packetsReceived ?? '6'}`;
  const tail = `${s.reason ?? 'tcp-fin'},0,0,0,0,,fw-1,from-policy`;
  const line = `${head},${pair}${zones},${ports},${act},${rest},${tail}`;
  return s.precise === undefined ? line : `${line}${','.repeat(102 - 53)}${s.precise},,,`;
}

/** A THREAT line. */
export function threat(
  s: Session & { url?: string; name?: string; severity?: string; direction?: string } = {},
): string {
  const head = `1,2026/10/09 10:00:01,012801012345,THREAT,${s.subtype ?? 'vulnerability'},2561,2026/10/09 10:00:00`;
  const pair = `${s.source ?? '203.0.113.7'},${s.destination ?? '198.18.1.10'},0.0.0.0,0.0.0.0,${s.rule ?? 'web in'}`;
  const zones = ',,,web-browsing,vsys1,untrust,dmz,ethernet1/1,ethernet1/2,forward,2026/10/09 10:00:00';
  const ports = `${s.session ?? '34567'},${s.count ?? '1'},${s.sport ?? '52344'},${s.dport ?? '443'},0,0,0x19`;
  const act = `tcp,${s.action ?? 'alert'},"${s.url ?? 'www.example.gov/a,b?q=1'}",${s.name ?? 'SQL Injection(59204)'}`;
  return `${head},${pair}${zones},${ports},${act},any,${s.severity ?? 'high'},${s.direction ?? 'client-to-server'},1,0x0`;
}

/** A refused sign-in at a GlobalProtect portal. */
export const PORTAL =
  '1,2026/10/09 10:00:01,016201004321,GLOBALPROTECT,0,2817,2026/10/09 10:00:00,vsys1,portal-auth,login,LDAP,,"clerk, a",US,PC-7,' +
  '203.0.113.24,0.0.0.0,0.0.0.0,0.0.0.0,6c1f3e2a-8b7d-4c19,PF3K,6.2.4,Windows,"Windows 11 , 64-bit",1,,,"",failure,,0,,0,gp,74,0x0,2026-10-09T10:00:00.114-05:00,';
/** A refused sign-in in the SYSTEM log. */
export const SYSTEM =
  "1,2026/10/09 10:00:01,unknown,SYSTEM,auth,0,2026/10/09 10:00:00,,auth-fail,,0,0,general,medium,failed authentication for user 'admin'. Reason: Invalid username/password. From: 203.0.113.55.,1718,0x0,0,0,0,0,,fw";
/** A sign-in at a gateway, as PAN-OS told it before 9.1. */
export const PORTAL_SYSTEM =
  '1,2026/10/09 10:00:01,007200001165,SYSTEM,globalprotect,0,2026/10/09 10:00:00,,globalprotectgateway-auth-succ,GW-N,0,0,general,informational,"GlobalProtect gateway user authentication succeeded. Login from: 203.0.113.230, User name: clerk, Auth type: profile, Client OS version: Windows",641953,0x0,0,0,0,0,,fw';

/** One line of each kind, for tests of reading and of damage. */
export const PALOALTO_SAMPLES: readonly string[] = [
  traffic(),
  traffic({ subtype: 'start', received: '0' }),
  traffic({
    subtype: 'drop',
    action: 'deny',
    session: '0',
    app: 'not-applicable',
    received: '0',
    count: '7',
  }),
  traffic({ source: '2001:db8::7', destination: '2001:db8:4f::1', proto: 'icmp6', sport: '0', dport: '0' }),
  traffic({ app: 'incomplete', received: '60', reason: 'tcp-rst-from-server', packetsReceived: '1' }),
  traffic({ precise: '2026-10-09T10:00:00.534-05:00' }),
  traffic({ rule: '"Allow-Web,Prod"', proto: 'udp', dport: '53', reason: 'aged-out' }),
  threat(),
  threat({ subtype: 'url', action: 'block-url' }),
  threat({ source: '0.0.0.0', destination: '0.0.0.0', subtype: 'flood', name: 'TCP Flood(8501)' }),
  PORTAL,
  SYSTEM,
  PORTAL_SYSTEM,
];
