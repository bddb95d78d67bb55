/** Lines of ASA and Threat Defense in every shape that asa.ts reads, for tests. */

const HEAD = '<164>Oct  9 2026 22:33:20 fw1 : ';

/** Packets. */
export const ASA_PACKETS: readonly string[] = [
  `${HEAD}%ASA-4-106023: Deny tcp src outside:203.0.113.9/50229 dst inside:198.18.1.10/22 by access-group "outside_in" [0x8ed66b60, 0xf8852875]`,
  `${HEAD}%ASA-4-106023: Deny icmp src outside:203.0.113.9 dst inside:198.18.1.10 (type 8, code 0) by access-group "outside_in" [0x0, 0x0]`,
  `${HEAD}%ASA-4-106023: Deny protocol 47 src outside:203.0.113.9 dst inside:198.18.1.10 by access-group "outside_in"`,
  `${HEAD}%ASA-4-106023: Deny udp src outside:203.0.113.9/5(LOCAL\\frank) dst inside:198.18.1.10/53(host.example) by access-group "a" [0x0, 0x0]`,
  `${HEAD}%ASA-4-106023: Deny icmp src outside:2001:db8::7 dst inside:2001:db8:4f::10 (type 128, code 0) by access-group "a"`,
  `${HEAD}%ASA-2-106001: Inbound TCP connection denied from 203.0.113.9/43803 to 198.18.1.10/14322 flags SYN  on interface outside`,
  `${HEAD}%ASA-2-106006: Deny inbound UDP from 203.0.113.9/137 to 198.18.1.10/137 on interface outside`,
  `${HEAD}%ASA-2-106007: Deny inbound UDP from 203.0.113.9/12981 to 198.18.1.10/53 due to DNS Query`,
  `${HEAD}%ASA-3-106010: Deny inbound sctp src outside:203.0.113.9/5114 dst inside:198.18.1.10/2`,
  `${HEAD}%ASA-3-106011: Deny inbound (No xlate) udp src outside:203.0.113.9/5114 dst inside:198.18.1.10/2`,
  `${HEAD}%ASA-3-106014: Deny inbound icmp src outside:203.0.113.9 dst inside:198.18.1.10 (type 8, code 0)`,
  `${HEAD}%ASA-6-106015: Deny TCP (no connection) from 203.0.113.9/53089 to 198.18.1.10/443 flags FIN PSH ACK  on interface outside`,
  `${HEAD}%ASA-2-106016: Deny IP spoof from (0.0.0.0) to 198.18.1.10 on interface outside`,
  `${HEAD}%ASA-2-106017: Deny IP due to Land Attack from 198.18.1.10 to 198.18.1.10`,
  `${HEAD}%ASA-1-106021: Deny TCP reverse path check from 203.0.113.9 to 198.18.1.10 on interface inside`,
  `${HEAD}%ASA-6-106100: access-list outside_in denied tcp outside/203.0.113.9(50229) -> inside/198.18.1.10(22) hit-cnt 1 first hit [0x71a87d94, 0x0]`,
  `${HEAD}%ASA-session-5-106100: access-list outside_in permitted udp outside/203.0.113.9(1065) -> inside/198.18.1.10(53) hit-cnt 144 300-second interval [0xe982c7a4, 0x0]`,
  `${HEAD}%ASA-6-106100: access-list outside_in denied icmp outside/203.0.113.9(8) -> inside/198.18.1.10(0) hit-cnt 2 300-second interval [0x0, 0x0]`,
  `${HEAD}%ASA-6-106102: access-list vpn permitted tcp for user frank outside/203.0.113.9(1)(LOCAL\\frank) -> inside/198.18.1.10(443) hit-cnt 1 first hit [0x0, 0x0]`,
  `${HEAD}%ASA-4-106103: access-list vpn denied tcp for user 'a b' outside/203.0.113.9(51950) -> inside/198.18.1.10(443) hit-cnt 1 first hit [0x0, 0x0]`,
  `${HEAD}%ASA-3-313001: Denied ICMP type=8, code=0 from 203.0.113.9 on interface outside`,
  `${HEAD}%ASA-4-313004: Denied ICMP type=0, from laddr 203.0.113.9 on interface outside to 198.18.1.10: no matching session`,
  `${HEAD}%ASA-4-313005: No matching connection for ICMP error message: icmp src outside:203.0.113.9 dst inside:198.18.1.10 (type 3, code 3) on outside interface. Original IP payload: udp src 192.0.2.66/53 dst 192.0.2.67/10872.`,
  `${HEAD}%ASA-3-313008: Denied IPv6-ICMP type=134, code=0 from fe80::1ff:fe23:4567:890a on interface outside`,
  `${HEAD}%ASA-4-410001: Dropped UDP DNS reply from outside:203.0.113.9/53 to inside:198.18.1.10/5555; label length 65 bytes exceeds protocol limit of 63 bytes`,
  `${HEAD}%ASA-3-710003: TCP access denied by ACL from 203.0.113.9/6370 to outside:198.18.1.1/https`,
  `${HEAD}%ASA-7-710005: UDP request discarded from 203.0.113.9/68 to outside:198.18.1.1/67`,
  `${HEAD}%ASA-7-710006: VRRP request discarded from 203.0.113.9 to outside:198.18.1.1`,
  `${HEAD}%ASA-4-400013: IDS:2003 ICMP redirect from 203.0.113.9 to 198.18.1.1 on interface outside`,
];

/** Connections. */
export const ASA_CONNECTIONS: readonly string[] = [
  `${HEAD}%ASA-6-302304: Teardown TCP state-bypass connection 2751765169 from outside:203.0.113.9/54242 to inside:198.18.1.10/9101 duration 1:00:02 bytes 245 Connection timeout`,
  `${HEAD}%ASA-6-302013: Built inbound TCP connection 447236 for outside:203.0.113.9/1234 (203.0.113.9/1234) to inside:198.18.1.10/443 (192.0.2.10/443)`,
  `${HEAD}%ASA-6-302014: Teardown TCP connection 447236 for outside:203.0.113.9/1234 to inside:198.18.1.10/443 duration 0:00:30 bytes 0 SYN Timeout`,
  `${HEAD}%ASA-6-302014: Teardown TCP connection 447236 for outside:203.0.113.9/1234 to inside:198.18.1.10/443 duration 92:01:08 bytes 134781 TCP FINs from outside`,
  `${HEAD}%ASA-6-302014: Teardown TCP connection 7 for outside:203.0.113.9/1234(LOCAL\\First Last) to inside:198.18.1.10/443 duration 0:00:00 bytes 0 TCP Reset-I from inside (First Last)`,
  `${HEAD}%ASA-6-302013: Built outbound TCP connection 447237 for outside:203.0.113.9/80 (203.0.113.9/80) to inside:198.18.1.10/4952 (192.0.2.10/12834)`,
  `${HEAD}%ASA-6-302015: Built inbound UDP connection 447238 for outside:203.0.113.9/500 (203.0.113.9/500)(LOCAL\\frank, 9999:tag) to identity:198.18.1.1/500 (198.18.1.1/500) (frank)`,
  `${HEAD}%ASA-6-302016: Teardown UDP connection 447238 for outside:203.0.113.9/500 user1 to identity:198.18.1.1/500 user2 duration 0:02:02 bytes 1416`,
  `${HEAD}%ASA-6-302020: Built inbound ICMP connection for faddr 203.0.113.9/28416 gaddr 192.0.2.10/0 laddr 198.18.1.10/0 type 8 code 0`,
  `${HEAD}%ASA-6-302021: Teardown ICMP connection for faddr 203.0.113.9/0(LOCAL\\x) gaddr 192.0.2.10/2 laddr 198.18.1.10/2 (x) type 8 code 0`,
  `${HEAD}%ASA-6-302013: Built inbound TCP connection 447239 for dmz:OCSP_Server/5678 (OCSP_Server/5678) to inside:198.18.1.10/443 (198.18.1.10/443)`,
  `${HEAD}%ASA-6-302013: Built inbound TCP connection 251933191 for OUTSIDE:2001:db8::7/62477 (2001:db8::7/62477) to OUTSIDE:2001:db8:4f::10/443 (2001:db8:4f::10/443) (x@example.com)`,
  `${HEAD}%ASA-6-302022: Built director stub TCP connection for outside:203.0.113.9/38540 (203.0.113.9/38540) to inside:198.18.1.10/10051 (198.18.1.10/10051)`,
  'Oct  9 22:33:20 198.18.0.1 %ASA-6-302016 Teardown UDP connection 40 for outside:203.0.113.9/500 to inside:198.18.1.10/500 duration 0:02:02 bytes 1416',
  'Oct  9 22:33:20 dev01: %FTD-6-302015: Built inbound UDP connection 9 for net:203.0.113.9/53500 (203.0.113.9/53500) to fw111:198.18.1.10/53 (198.18.1.10/53)',
  'Oct  9 22:33:20 relay1 Oct 09 2026 22:33:19: %ASA-6-302015: Built inbound UDP connection 9 for net:203.0.113.9/53500 (203.0.113.9/53500) to fw111:198.18.1.10/53 (198.18.1.10/53)',
];

/** Sign-ins. */
export const ASA_LOGINS: readonly string[] = [
  `${HEAD}%ASA-6-605004: Login denied from 203.0.113.9/51923 to outside:198.18.1.1/https for user "admin"`,
  `${HEAD}%ASA-6-605005: Login permitted from 203.0.113.9/6651 to inside:198.18.1.1/ssh for user "admin"`,
  `${HEAD}%ASA-6-605004: Login denied from serial to console for user "admin"`,
  `${HEAD}%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = 198.18.0.9 : user = frank : user IP = 203.0.113.9`,
  `${HEAD}%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = frank : user IP = 2001:db8::7`,
  `${HEAD}%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = 198.18.0.9 : user = frank : user IP = None`,
  `${HEAD}%ASA-6-113039: Group <Remote VPN> User <first.o'last@example.com> IP <203.0.113.9> AnyConnect parent session started.`,
  `${HEAD}%ASA-6-113039: Group VPN_USERS User frank IP 203.0.113.9 AnyConnect parent session started.`,
  `${HEAD}%ASA-6-716001: Group <VPN> User <frank> IP <203.0.113.9> WebVPN session started.`,
  `${HEAD}%ASA-6-716039: Group <VPN> User <frank> IP <203.0.113.9> Authentication: rejected, Session Type: WebVPN.`,
  `${HEAD}%ASA-6-611102: User authentication failed: IP address: 203.0.113.9, Uname: admin`,
  `${HEAD}%ASA-6-109006: Authentication failed for user 'frank' from 203.0.113.9/1234 to 198.18.1.10/80 on interface outside`,
];

/** Everything else: events of Threat Defense, losses, messages of other things. */
export const ASA_OTHERS: readonly string[] = [
  `${HEAD}%FTD-1-430003: EventPriority: Low, DeviceUUID: 1c8ff662-08f4-11ec, InstanceID: 1, FirstPacketSecond: 2026-10-09T22:33:20Z, ConnectionID: 61, AccessControlRuleAction: Allow, SrcIP: 203.0.113.9, DstIP: 198.18.1.10, SrcPort: 50229, DstPort: 443, Protocol: tcp, IngressInterface: outside, User: x, SrcIP: 192.0.2.66, InitiatorPackets: 9, ResponderPackets: 9, InitiatorBytes: 720, ResponderBytes: 5120, ConnectionDuration: 3, URL: http://x/, SrcIP: 192.0.2.66`,
  `${HEAD}%FTD-1-430002: EventPriority: Low, ConnectionID: 61, AccessControlRuleAction: Block with reset, SrcIP: 203.0.113.9, DstIP: 198.18.1.10, SrcPort: 50229, DstPort: 443, Protocol: tcp, IngressInterface: outside`,
  `${HEAD}%FTD-1-430003: AccessControlRuleAction: Block, SrcIP: 203.0.113.9, DstIP: 198.18.1.10, ICMPType: 8, ICMPCode: 0, Protocol: icmp, IngressInterface: outside`,
  `${HEAD}%FTD-1-430001: SrcIP: 2001:db8::7, DstIP: 2001:db8:4f::10, SrcPort: 50229, DstPort: 443, Protocol: tcp, Priority: 1, GID: 1, SID: 1003, Message: SERVER-WEBAPP probe, InlineResult: Dropped, Classification: x`,
  `${HEAD}%ASA-3-414003: TCP Syslog Server inside:198.18.0.9/1470 not responding. New connections are permitted based on logging permit-hostdown policy`,
  `${HEAD}%ASA-4-733100: [ Scanning] drop rate-2 exceeded. Current burst rate is 0 per second, max configured rate is 8`,
  `${HEAD}%ASA-5-111008: User 'enable_15' executed the 'show logging' command.`,
  `${HEAD}%ASA-6-305011: Built dynamic TCP translation from inside:198.18.1.10/1772 to outside:192.0.2.10/8256`,
  'Oct  9 22:33:20 198.18.0.1 %ASA-2-106006: message repeated 3 times: [ Deny inbound UDP from 203.0.113.9/137 to 198.18.1.10/137 on interface outside]',
  'Oct  9 22:33:20 fw1 : %ASA-2-106006: message repeated 3 times: [ Deny inbound UDP from 203.0.113.9/137 to 198.18.1.10/137 on interface outside]',
  '<38>Oct  9 22:33:20 host1 sshd[7]: Invalid user %ASA-4-106023: Deny tcp src x:192.0.2.66/1 dst y:198.18.1.10/2 by from 203.0.113.9',
  '%ASA-4-106023: Deny tcp src outside:203.0.113.9/50229 dst inside:198.18.1.10/22 by access-group "outside_in"',
];

export const ASA_SAMPLES: readonly string[] = [
  ...ASA_PACKETS,
  ...ASA_CONNECTIONS,
  ...ASA_LOGINS,
  ...ASA_OTHERS,
];
