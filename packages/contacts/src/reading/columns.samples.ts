/** Lines of CSV and NDJSON as exports write them, with addresses for documentation. */

/** The header of the lines below. */
export const CSV_HEADER = 'time,source,source_port,destination,destination_port,protocol,action,user,note';
/** Lines of that CSV. */
export const CSV_SAMPLES: readonly string[] = [
  '2026-10-09T10:00:00.250Z,203.0.113.9,50123,198.18.1.10,443,tcp,allow,,"rule ""edge"", line 7"',
  '2026-10-09 10:00:00,2001:db8::9,50123,2001:db8:4f::1,22,6,deny,-,',
  '1791540000,203.0.113.9,,,,,failed,"o""brien, a",x',
  'Oct 09 2026 10:00:00 UTC,vpn.example.org,,198.18.1.10,0,icmp,blocked,,',
];
/** Objects with usual names. */
export const NDJSON_SAMPLES: readonly string[] = [
  '{"time":"2026-10-09T10:00:00Z","source":"203.0.113.9","source_port":50123,"destination":"198.18.1.10","destination_port":443,"protocol":"tcp","action":"allow"}',
  '{"@timestamp":"2026-10-09T10:00:00.250Z","source":{"ip":"2001:db8::9","port":50123},"destination":{"ip":"2001:db8:4f::1","port":22},"event":{"outcome":"failure"},"user":{"name":"clerk"}}',
  '{"ts":1791540000.25,"id.orig_h":"203.0.113.9","id.resp_h":"198.18.1.10","url.path":"/x","status_code":200,"duration":1.5,"user_name":null}',
  '{"time":1791540000,"user":"clerk","result":true,"source_ip":"203.0.113.9","count":2}',
];
