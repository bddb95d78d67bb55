/**
 * What benign sources do, as three kinds of sensor tell it: connections (their failures can be forged), requests to a
 * web site and logins (theirs cannot). Each contact is a first contact: it has a target of its own.
 */
import type { Random } from '@bellwether/testkit';

/** How a contact ended. `ourFault`: it would have succeeded, but our service was down. */
export const Ending = { success: 0, failure: 1, ourFault: 2 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

/** One kind of sensor. */
export type World = {
  readonly name: string;
  /** Name of the file that `watch` is told to read, and further arguments for it. */
  readonly args: readonly string[];
  readonly surface: string;
  readonly head: string;
  /** One line; `time` in ms UTC, `number` different for each contact. */
  readonly line: (time: number, source: string, ending: Ending, number: number, random: Random) => string;
  /** One of three targets that are gone, which a stale record or link sends people to. */
  readonly dead: (time: number, source: string, which: number, number: number) => string;
  /** What an outage of ours looks like here. */
  readonly outage: string;
  readonly stale: string;
};

/** Hosts of ours. */
const HOSTS = 2_048;
/** Ports of services that are gone or were never there, and that people still ask for. */
const GONE_PORTS = [
  21, 22, 25, 110, 143, 445, 993, 1723, 3389, 5060, 5900, 8000, 8080, 8081, 8443, 8888, 9000, 10_000,
];

const NETWORKS = 'networks: [198.18.0.0/15]\n';

const connections: World = {
  name: 'connections',
  args: ['--format', 'zeek'],
  surface: `${NETWORKS}services:
  - { name: everything-we-offer, address: 198.18.0.0/15, port: ["80", "443", "20000-29999"], protocol: tcp, audience: public }
`,
  head: `#separator \\x09
#set_separator	,
#empty_field	(empty)
#unset_field	-
#path	conn
#open	2026-10-07-00-00-00
#fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	orig_bytes	resp_bytes	conn_state	local_orig	local_resp	missed_bytes	history	orig_pkts	orig_ip_bytes	resp_pkts	resp_ip_bytes	tunnel_parents
#types	time	string	addr	port	addr	port	enum	string	interval	count	count	string	bool	bool	count	string	count	count	count	count	set[string]
`,
  line(time, source, ending, number, random) {
    const fails = ending === Ending.failure;
    const port = fails ? random.pick(GONE_PORTS) : 20_000 + random.below(10_000);
    return conn(time, source, ending === Ending.success, host(random.below(HOSTS)), port, number);
  },
  dead: (time, source, which, number) => conn(time, source, false, `198.19.200.${which + 1}`, 8443, number),
  outage: 'for an hour nothing of ours answers',
  stale: 'three addresses that nothing answers on any more',
};

const requests: World = {
  name: 'web requests',
  args: ['--format', 'nginx'],
  surface: `${NETWORKS}services:
  - { name: site, address: 198.18.1.10, port: 443, protocol: tcp, audience: public }
sensors:
  - { id: www, files: '*', service: site, completeness: complete }
`,
  head: '',
  line(time, source, ending, _, random) {
    const path = `/${random.pick(SECTIONS)}/${word(random)}-${word(random)}`;
    return request(time, source, path, [200, 404, 503][ending]!);
  },
  dead: (time, source, which) => request(time, source, `/${SECTIONS[which]}/moved-away-${'abc'[which]}`, 404),
  outage: 'for an hour the site answers 503',
  stale: 'three pages that are gone',
};

const logins: World = {
  name: 'logins',
  args: ['--format', 'sshd', '--year', '2026', '--tz', 'UTC'],
  surface: `${NETWORKS}services:
  - { name: way-in, address: 198.18.1.22, port: 22, protocol: tcp, audience: public }
sensors:
  - { id: way-in, files: '*', service: way-in, completeness: complete }
`,
  head: '',
  // Eight neighbours share an account, so that accounts are tested by several sources too.
  line: (time, source, ending, number) => login(time, source, ending === Ending.success, number),
  dead: (time, source, _, number) => login(time, source, false, number),
  outage: 'for an hour no password is right, because the directory is down',
  stale: 'a saved password that is out of date, tried three times',
};

/** Every kind of sensor that is simulated. */
export const WORLDS: readonly World[] = [connections, requests, logins];

const SECTIONS = [
  'register',
  'results',
  'polling-places',
  'forms',
  'news',
  'about',
  'candidates',
  'calendar',
];
const SYLLABLES = [
  'ba',
  'co',
  'du',
  'fe',
  'gi',
  'ho',
  'ka',
  'le',
  'mi',
  'no',
  'pu',
  'ra',
  'se',
  'ti',
  'vo',
  'wa',
];

/** A word without digits: readers fold digits of a route, so these stay targets of their own. */
function word(random: Random): string {
  return `${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}`;
}

function host(number: number): string {
  return `198.18.${number >> 8}.${number & 255}`;
}

function conn(
  time: number,
  source: string,
  answered: boolean,
  to: string,
  port: number,
  number: number,
): string {
  const uid = `C${number.toString(36).padStart(8, '0')}`;
  const tail = answered
    ? '0.250000\t520\t1840\tSF\tF\tT\t0\tShADadFf\t6\t840\t5\t2108\t-'
    : '-\t-\t-\tS0\tF\tT\t0\tS\t1\t60\t0\t0\t-';
  const sourcePort = 1_024 + (number % 60_000);
  return `${(time / 1000).toFixed(6)}\t${uid}\t${source}\t${sourcePort}\t${to}\t${port}\ttcp\t-\t${tail}\n`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function request(time: number, source: string, path: string, status: number): string {
  const at = new Date(time);
  const clock = at.toISOString().slice(11, 19);
  const day = `${`${at.getUTCDate()}`.padStart(2, '0')}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const agent =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36';
  return `${source} - - [${day}:${clock} +0000] "GET ${path} HTTP/1.1" ${status} ${status === 200 ? 5_120 : 153} "-" "${agent}"\n`;
}

function login(time: number, source: string, right: boolean, number: number): string {
  const at = new Date(time);
  const day = `${MONTHS[at.getUTCMonth()]} ${`${at.getUTCDate()}`.padStart(2, ' ')}`;
  const said = right ? 'Accepted' : 'Failed';
  const who = `office-${source.split('.', 3).join('-')}`;
  const port = 1_024 + (number % 60_000);
  return `${day} ${at.toISOString().slice(11, 19)} bastion sshd[${1 + (number % 4_000_000)}]: ${said} password for ${who} from ${source} port ${port} ssh2\n`;
}
