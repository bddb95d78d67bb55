/**
 * The web sites of the made-up office: routes with their usual answers, and the programs that visit them.
 */
import type { Random } from '../../random.ts';
import type { WebRequest } from '../web-requests.ts';

/** A route: its path, what it answers, the usual size in bytes, and how far sizes stray from it (share). */
export type Route = {
  readonly path: string;
  readonly status: number;
  readonly size: number;
  readonly strays: number;
};

/** Pages that people open. */
export const PAGES: readonly Route[] = [
  { path: '/', status: 200, size: 18_432, strays: 0 },
  { path: '/register', status: 200, size: 12_210, strays: 0.01 },
  { path: '/register/deadlines', status: 200, size: 8_820, strays: 0 },
  { path: '/polling-place', status: 200, size: 9_640, strays: 0.01 },
  { path: '/absentee', status: 200, size: 14_020, strays: 0 },
  { path: '/sample-ballot', status: 200, size: 10_950, strays: 0.02 },
  { path: '/contact', status: 200, size: 6_110, strays: 0 },
  { path: '/es/registro', status: 200, size: 12_760, strays: 0.01 },
  { path: '/news', status: 200, size: 21_300, strays: 0.05 },
  { path: '/accessibility', status: 200, size: 7_420, strays: 0 },
];

/** Files that pages bring along. */
export const ASSETS: readonly Route[] = [
  { path: '/static/uswds.3f1c9a.css', status: 200, size: 88_214, strays: 0 },
  { path: '/static/app.77ab01.js', status: 200, size: 143_880, strays: 0 },
  { path: '/static/seal.svg', status: 200, size: 23_471, strays: 0 },
  { path: '/static/public-sans.woff2', status: 200, size: 48_956, strays: 0 },
  { path: '/favicon.ico', status: 200, size: 1_150, strays: 0 },
];

/** The public form that looks up a registration: a short answer of nearly constant size. */
export const LOOKUP_PATH = '/register/status';

/** Usual answer of the look-up form in bytes, and how far it strays. */
export const LOOKUP_ANSWER = { size: 4_310, strays: 0.03 } as const;

/** Where staff sign in. */
export const STAFF_PATH = '/admin/';

/** Where voters sign in to their own record: POST, 401 when wrong, 303 when right. */
export const LOGIN_PATH = '/account/login';

const FIRST_NAMES = [
  'Mary',
  'James',
  'Linda',
  'Jose',
  'Aisha',
  'Wei',
  'Olga',
  'Deshawn',
  'Emma',
  'Liam',
  'Nora',
  'Tom',
];
const LAST_NAMES = [
  "O'Brien",
  'Smith',
  'Garcia',
  "D'Angelo",
  'Nguyen',
  'Select',
  'Union',
  'Dropp',
  'Miller',
  'Null',
];
const CITIES = [
  "O'Fallon",
  'Union',
  'St. Louis',
  'Kansas City',
  "Lee's Summit",
  'Columbia',
  'Nevada',
  'Mexico',
];

/** Words that voters look for: quotes and words of SQL are in perfectly good questions. */
const QUESTIONS = [
  'union county polling place',
  "o'fallon where do i vote",
  'select ballot language',
  'drop off box near me',
  'voter id -- what is accepted',
  "sheriff's race 2026",
  'order absentee ballot by mail',
  'how to update address or name',
  'table of sample ballots',
  '<2 weeks before election registration',
  "can't find my precinct",
];

/** Browsers of people. */
export const BROWSERS: readonly string[] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
];

/** Programs that attackers use; some do not lie about themselves. */
export const TOOLS: readonly string[] = [
  'Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:000003)',
  'sqlmap/1.8.9#stable (https://sqlmap.org)',
  'gobuster/3.6',
  'Fuzz Faster U Fool v2.1.0-dev',
  'python-requests/2.32.3',
  'Go-http-client/1.1',
  'curl/8.5.0',
  'Mozilla/5.0 zgrab/0.x',
  'Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)',
  '-',
  ...BROWSERS.slice(0, 3),
];

/** Size of an answer of this route, as it strays by itself. */
export function usualSize(random: Random, { size, strays }: Pick<Route, 'size' | 'strays'>): number {
  return strays === 0 ? size : Math.round(size * random.between(1 - strays, 1 + strays));
}

/** A request for a page or file. */
export function ask(random: Random, route: Route, after: number, agent: string, referer = '-'): WebRequest {
  return { after, url: route.path, status: route.status, size: usualSize(random, route), agent, referer };
}

/** A voter's look-up in the public form. */
export function lookUp(random: Random, after: number, agent: string): WebRequest {
  const name = `${random.pick(FIRST_NAMES)}+${encodeURIComponent(random.pick(LAST_NAMES))}`;
  const born = `${random.integer(1930, 2007)}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
  const city = encodeURIComponent(random.pick(CITIES)).replaceAll('%20', '+');
  const url = `${LOOKUP_PATH}?name=${name}&born=${born}&city=${city}`;
  return { after, url, status: 200, size: usualSize(random, LOOKUP_ANSWER), agent, referer: '-' };
}

/** A search on the site. */
export function search(random: Random, after: number, agent: string): WebRequest {
  const words = encodeURIComponent(random.pick(QUESTIONS)).replaceAll('%20', '+');
  const route = { path: `/search?q=${words}`, status: 200, size: 15_300, strays: 0.2 };
  return ask(random, route, after, agent);
}

/** An answer that the site gives for what is not there. */
export function missing(url: string, after: number, agent: string, method = 'GET'): WebRequest {
  return { after, method, url, status: 404, size: 1_245, agent };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
