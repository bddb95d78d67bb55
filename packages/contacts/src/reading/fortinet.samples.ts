/** Lines of FortiOS after its Log Message Reference, with addresses for documentation. */

const HEAD =
  'date=2026-10-09 time=10:00:00 devname="FG-1" devid="FG100F" logid="0000000013" eventtime=1791558000841267391 tz="-0500"';
/** The event time of the lines, ms. */
export const TIME = 1_791_558_000_841;

/** A line of the traffic log with some values of its own; undefined leaves one out. */
export function traffic(extra: Readonly<Record<string, string | undefined>> = {}): string {
  const values: Record<string, string | undefined> = {
    srcip: '203.0.113.7',
    srcport: '52344',
    srcintf: '"wan1"',
    srcintfrole: '"wan"',
    dstip: '198.18.1.10',
    dstport: '443',
    dstintfrole: '"dmz"',
    sessionid: '105048',
    proto: '6',
    action: '"close"',
    policyid: '1',
    service: '"HTTPS"',
    duration: '28',
    sentbyte: '1188',
    rcvdbyte: '12240',
    sentpkt: '17',
    rcvdpkt: '16',
    ...extra,
  };
  const text = Object.entries(values).map(([key, value]) => (value === undefined ? '' : `${key}=${value}`));
  return `${HEAD} type="traffic" subtype="forward" level="notice" vd="root" ${text.filter(Boolean).join(' ')}`;
}

/** An attack that was dropped. */
export const IPS =
  'date=2026-10-09 time=10:00:00 logid="0419016384" type="utm" subtype="ips" eventtype="signature" level="alert" vd="root" eventtime=1791558000 tz="-0500" severity="critical" srcip=203.0.113.7 srccountry="Reserved" dstip=198.18.1.10 srcintfrole="wan" dstintfrole="dmz" sessionid=105048 action="dropped" proto=6 service="HTTPS" policyid=1 attack="Bash.Function.Definitions.Remote.Code.Execution" srcport=52344 dstport=443 hostname="www.example.gov" url="/cgi-bin/status" direction="outgoing" attackid=39294 profile="default" msg="applications3: Bash"';
/** A flood that the DoS policy saw. */
export const ANOMALY =
  'date=2026-10-09 time=10:00:00 logid="0720018433" type="utm" subtype="anomaly" eventtype="anomaly" severity="critical" srcip=2001:db8::7 dstip=2001:db8:4f::1 sessionid=0 action="clear_session" proto=58 service="PING6" count=28 attack="icmp_flood" icmpid="0x0e4c" icmptype="0x80" icmpcode="0x00" attackid=16777316 msg="anomaly: icmp_flood, 51 > threshold 50, repeats 28 times"';
/** A refused sign-in of an administrator. */
export const ADMIN =
  'date=2026-10-09 time=10:00:00 devname="FG-1" tz="-0500" logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" sn="0" user="abc" ui="https(203.0.113.204)" method="https" srcip=203.0.113.204 dstip=198.18.2.87 action="login" status="failed" reason="name_invalid" msg="Administrator abc login failed from https(203.0.113.204) because of invalid user name"';
/** A sign-in at the SSL VPN. */
export const SSL_UP =
  'date=2026-10-09 time=10:00:00 type="event" subtype="vpn" level="information" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-web" tunnelid=1791 remip=203.0.113.9 user="clerk" group="staff" dst_host="N/A" reason="login successfully" msg="SSL tunnel established"';
/** A refused sign-in at the SSL VPN. */
export const SSL_FAIL =
  'date=2026-10-09 time=10:00:00 eventtime=1791558000841267391 tz="-0500" logid="0101039426" type="event" subtype="vpn" level="alert" vd="root" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" tunnelid=0 remip=203.0.113.9 user="root" group="N/A" dst_host="N/A" reason="sslvpn_login_unknown_user" msg="SSL user failed to logged in"';
/** An attack that was dropped. */
export const IPSEC =
  'date=2026-10-09 time=10:00:00 type="event" subtype="vpn" logdesc="IPsec phase 1 error" action="negotiate" remip=203.0.113.9 locip=198.18.0.1 remport=500 locport=500 outintf="wan1" cookies="9b1b25d6c1f3/0000000000000000" user="N/A" status="negotiate_error" reason="peer SA proposal not match local policy"';
/** A refused sign-in of a user at a policy. */
export const USER =
  'date=2026-10-09 time=10:00:00 type="event" subtype="user" logdesc="Authentication failed" srcip=203.0.113.9 dstip=198.18.0.1 user="bob" group="g" authproto="HTTPS(203.0.113.9)" action="authentication" status="failure" reason="Invalid credentials" msg="User bob failed"';

/** One line of each kind, for tests of reading and of damage. */
export const FORTINET_SAMPLES: readonly string[] = [
  traffic(),
  traffic({ action: '"deny"', rcvdbyte: '0', rcvdpkt: undefined, sentbyte: '0' }),
  traffic({ action: '"start"', rcvdbyte: undefined, rcvdpkt: undefined }),
  traffic({ action: '"timeout"', rcvdbyte: '0', rcvdpkt: '0', utmaction: '"block"' }),
  traffic({ srcip: '2001:db8::7', dstip: '2001:db8:4f::1', proto: '17', action: '"accept"' }),
  traffic({ proto: '1', action: '"accept"', srcport: undefined, dstport: undefined, icmptype: '8' }),
  IPS,
  ANOMALY,
  ADMIN,
  SSL_UP,
  SSL_FAIL,
  IPSEC,
  USER,
];
