/** The format `apache`: what access.ts reads, as Apache httpd writes it. */
import { AccessReader } from './access.ts';
import type { Format } from './reader.ts';

const ACCESS = /^\S+ (?:\S+ )?\S+ .*\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}\] "/;
const VHOST = /^\S+:\d{1,5} \S+ - /;
const ERROR = /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}\] \[/;

/** The format `apache` of contracts. */
export const apache: Format = {
  name: 'apache',
  syslog: 'maybe',
  sniff: (text) => {
    if (ERROR.test(text)) return 2;
    if (!ACCESS.test(text)) return 0;
    // nginx writes \x22 for a quote and no host before the client unless told to.
    return VHOST.test(text) || text.includes('\\"') ? 2 : 1;
  },
  reader: (options) => new AccessReader(options),
  doc: {
    of: "Apache httpd's access log (common, combined, vhost_combined) and its error log",
    contact:
      'Each request is one contact; 401 with a user is a login that failed. Of the error log: refusals that name a ' +
      'client (denied by configuration, unknown user, wrong password, ModSecurity); its other lines are ignored.',
    losses: 'The format cannot tell; lines lost by syslog are read when syslog says so.',
    seen: 'Real lines: crowdsecurity/hub, apache2-* and many of its http scenarios (MIT).',
  },
};
