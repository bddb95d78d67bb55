/**
 * Lines of filterlog as pfSense and OPNsense write them, after Netgate's "Raw Filter Log Format" and the real lines of
 * crowdsecurity/hub, with addresses for documentation.
 */
const MESSAGES: readonly string[] = [
  '53,,,1000102631,em0,match,block,in,4,0x0,,64,892,0,none,6,tcp,44,192.0.2.2,198.18.2.15,59576,22,0,S,17536001,,65535,,mss',
  '7,,,1000000102,vtnet0.5,match,block,in,4,0x0,,64,19008,0,DF,6,tcp,60,192.0.2.6,198.18.1.100,42970,80,0,SEC,523876198,,64240,,mss;sackOK;TS;nop;wscale',
  '80,,,1700000001,em0,match,pass,out,4,0x0,,127,5,0,DF,6,tcp,52,198.18.1.100,192.0.2.6,443,42970,0,SA,1,2,64240,,mss',
  '53,,,1000102631,em0,match,block,in,4,0x0,,64,892,0,none,6,tcp,40,192.0.2.3,198.18.2.15,59577,23,0,FPU,17536001,,1024,,',
  '53,,,1000102631,em0,match,block,in,4,0x0,,64,892,0,none,6,tcp,40,192.0.2.3,198.18.2.15,59578,23,0,,17536001,,1024,,',
  '5,16777216,,1000000103,em0,match,block,in,4,0x0,,128,25312,0,none,17,udp,229,0.0.0.0,255.255.255.255,68,67,209',
  '620,,,1644355515,vtnet0.10,match,block,in,6,0x00,0x07c63,64,TCP,6,44,2001:db8:ace:10::69,2001:db8:4f::6,65382,443,0,S,1927530165,,0,,mss;nop;wscale',
  '5,,,1000000003,igb0,match,block,in,6,0x00,0x526c3,255,UDP,17,86,fe80::146c:4c5b:1204:bb14%igb0,ff02::fb%igb0,5353,5353,86',
  '5,,,1000000003,em0,match,block,in,6,0x00,0x00000,255,ICMPv6,58,32,fe80::2aa:6eff:fec1:5019,ff02::1,',
  '7,,,1000000105,igb1,match,block,in,6,0x00,0x00000,1,Options,0,32,fe80::f29f:c2ff:fe1a:2665,ff02::1,HBH,PADN,RTALERT,0x0000,',
  '9,,,1000000103,ovpnc1,match,block,in,4,0x0,,64,65242,1480,none,17,udp,173,192.0.2.40,198.18.30.101,',
  '9,,,1000000103,em0,match,block,in,4,0x0,,1,0,0,none,2,igmp,36,192.0.2.1,224.0.0.1,datalength=12',
  '94,,,0,ix0_vlan30,match,pass,out,4,0x0,,58,0,0,DF,1,icmp,84,198.18.3.4,192.0.2.95,datalength=64',
  '53,,,1000102631,em0,match,block,in,4,0x0,,64,1,0,none,1,icmp,84,192.0.2.9,198.18.2.15,request,7,1',
  '53,,,1000102631,em0,match,block,in,4,0x0,,64,1,0,none,1,icmp,84,192.0.2.9,198.18.2.15,unreachport,192.0.2.9,UDP,33434',
  '8,,,1000000700,vmx1,match,pass,in,4,0x10,,255,0,0,DF,112,carp,56,198.18.0.2,224.0.0.18,advertise,255,1,2,0,1',
  '12,0,f2b/sshd,0,em0,match,block,in,4,0x0,,64,892,0,none,6,tcp,44,192.0.2.2,198.18.2.15,59576,22,0,S,17536001,,65535,,mss',
  '3,,,0,em0,match,rdr,in,4,0x0,,64,892,0,none,6,tcp,44,192.0.2.2,198.18.2.15,59576,22,0,S,17536001,,65535,,mss',
  "53,,,1000102631,em0,short,block,in,4,0x0,,64,892,0,none,6,tcp,24,192.0.2.2,198.18.2.15,errormsg='[bad hdr length 0 - too short, < 20]'",
];

export const FILTERLOG_SAMPLES: readonly string[] = [
  ...MESSAGES.map((text) => `Oct  9 22:33:20 pfSense filterlog: ${text}`),
  `<134>Oct  9 22:33:20 filterlog[1234]: ${MESSAGES[0]}`,
  `<134>1 2026-10-09T22:33:20.868451+00:00 firewall.lan filterlog 92653 - - ${MESSAGES[1]}`,
  `Oct  9 22:33:20 pfSense filterlog: message repeated 3 times: [ ${MESSAGES[5]}]`,
  'Oct  9 22:33:20 pfSense php-fpm[374]: /index.php: webConfigurator authentication error for user x from: 192.0.2.1',
  MESSAGES[0]!,
];
