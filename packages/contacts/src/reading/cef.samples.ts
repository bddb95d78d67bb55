/** CEF events after the standard and descriptions of what products write, with addresses for documentation. */

/** UniFi: an intrusion attempt. */
export const THREAT =
  'CEF:0|Ubiquiti|UniFi Network|10.4.57|201|Threat Detected and Blocked|7|UNIFIcategory=Security UNIFIhost=UCG Max proto=TCP spt=22536 dpt=80 act=blocked app=HTTP UNIFIrisk=medium UNIFIpolicyName=Our policy UNIFIpolicyType=IDS/IPS UNIFIdirection=incoming src=203.0.113.99 dst=198.18.1.10 UNIFIipsSignature=ET SCAN Nmap UNIFIipsSignatureId=9999999 UNIFIutcTime=2026-10-09T10:00:00.250Z msg=A network intrusion attempt.';
/** UniFi: a packet that a policy refused. */
export const BLOCKED =
  'CEF:0|Ubiquiti|UniFi Network|10.6.101|203|Blocked by Firewall|4|UNIFIcategory=Security UNIFIhost=Site A Gateway proto=UDP spt=5353 dpt=55006 act=blocked UNIFIdirection=local UNIFIdstDeviceIp=198.18.0.1 UNIFIsrcClientAlias=Environmental Sensor UNIFIsrcClientIp=198.18.4.49 UNIFIflowCount=3 UNIFIutcTime=2026-10-09T10:00:00Z';
/** UniFi: a station that left, no contact. */
export const STATION =
  'CEF:0|Ubiquiti|UniFi Network|9.3.33|401|WiFi Client Disconnected|2|UNIFIcategory=Monitoring src=198.18.4.60 msg=Watch disconnected.';
/** UniFi OS, which leaves a header field out. */
export const UNIFI_OS =
  'CEF:0|Ubiquiti|UniFi OS|4.3.6|admins|1|msg=clerk accessed UniFi OS. Source IP: 203.0.113.4';
/** FortiGate: a session. */
export const FORTI =
  'CEF:0|Fortinet|Fortigate|v7.0.1|00013|traffic:forward close|3|deviceExternalId=FGT FTNTFGTeventtime=1791540000 src=203.0.113.7 spt=52344 dst=198.18.1.10 dpt=443 externalId=105048 proto=6 act=close out=1188 in=12240 deviceDirection=0 rt=1791540000250';
/** A refused sign-in. */
export const LOGIN =
  'CEF:0|Vendor|VPN \\| Gate|1.0|vpn-7|User login failed|5|rt=Oct 09 2026 10:00:00 UTC src=2001:db8::7 dst=2001:db8:4f::1 dpt=443 suser=gate duser=o\\=brien outcome=failure reason=bad password';
/** A request that a web application firewall blocked. */
export const WAF =
  'CEF:0|F5|ASM|11.3.0|200021069|Illegal URL|5|rt=Oct 09 2026 10:00:00 src=203.0.113.7 spt=52344 dst=198.18.1.10 dpt=80 act=blocked request=/index.php?id\\=1 requestMethod=GET cnt=4';
/** An alert of a sensor. */
export const IDS =
  'CEF:0|Vendor|IDS|1|77|Port scan|High|start=1791540000 src=203.0.113.7 dst=198.18.1.10 proto=icmp dpt=8 cat=/Attack';
/** A denial that names its source by host name. */
export const DENY =
  'CEF:0|Vendor|Firewall|1|4|deny|Low|start=1791540000 src=gateway.example dst=198.18.1.10 act=Deny dpt=22';

/** One line of each kind, for tests of reading and of damage. */
export const CEF_SAMPLES: readonly string[] = [
  THREAT,
  BLOCKED,
  STATION,
  UNIFI_OS,
  FORTI,
  LOGIN,
  WAF,
  IDS,
  DENY,
];
