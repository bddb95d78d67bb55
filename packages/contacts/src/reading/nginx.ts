/** The format `nginx`: what access.ts reads, as nginx writes it. */
import { AccessReader } from './access.ts';
import type { Format } from './reader.ts';

const ACCESS = /^\S+ (?:\S+ )?- .*\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}\] "/;
const ERROR = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] \d+#\d+: /;

/** The format `nginx` of contracts. */
export const nginx: Format = {
  name: 'nginx',
  syslog: 'maybe',
  sniff: (text) => (ACCESS.test(text) || ERROR.test(text) ? 2 : 0),
  reader: (options) => new AccessReader(options),
  doc: {
    of: "nginx's access log (combined, main, with fields behind) and its error log",
    contact:
      'Each request is one contact; 401 with a user is a login that failed. Of the error log: refusals that name one ' +
      'client (forbidden by rule, unknown user, wrong password, limits, ModSecurity); its other lines are ignored.',
    losses: 'The format cannot tell; lines lost by syslog are read when syslog says so.',
    seen: 'Real lines: crowdsecurity/hub, nginx-* and many of its http scenarios (MIT).',
  },
};
