/** Where an address leads, as a browser reads it (WHATWG URL), after what only leads on was taken off; nobody is asked. */

/** What was found of one address. */
export type LinkTarget = {
  /** In the end, bounded; `data:` and the like cut after their kind. */
  readonly url: string;
  /** Lower case, Unicode names in ASCII; empty where it has none. */
  readonly host: string;
  readonly scheme: string;
  /** Hosts that only led on. */
  readonly through: readonly string[];
  /** Something stands before the host that looks like one (`https://bank.example@evil.example/`). */
  readonly hasUser: boolean;
};

/** Most of an address that is read. */
const MOST = 8_192;

/** Redirects in redirects: more is a game. */
const MOST_STEPS = 5;

/** Rewriters of mail gateways and open redirects, by host: where the address stands that they lead to. */
const WRAPPED: readonly (readonly [host: RegExp, path: RegExp | null, parameter: string])[] = [
  [/(^|\.)safelinks\.protection\.outlook\.com$/, null, 'url'],
  [/^(www\.)?google\.[a-z.]{2,6}$/, /^\/url/, 'q'],
  [/^(www\.)?google\.[a-z.]{2,6}$/, /^\/url/, 'url'],
  [/^(www\.)?google\.[a-z.]{2,6}$/, /^\/amp\/s\//, ''],
  [/^l\.(facebook|instagram)\.com$/, /^\/l\.php/, 'u'],
  [/^(www\.)?youtube\.com$/, /^\/redirect/, 'q'],
  [/^(www\.)?linkedin\.com$/, /^\/redir/, 'url'],
  [/^slack-redir\.net$/, null, 'url'],
  [/^urldefense\.proofpoint\.com$/, /^\/v[12]\//, 'u'],
  [/^urldefense\.com$/, /^\/v3\//, ''],
  [/^linkprotect\.cudasvc\.com$/, null, 'a'],
  [/^(www\.)?bing\.com$/, /^\/ck\//, 'u'],
  [/^duckduckgo\.com$/, /^\/l\//, 'uddg'],
  [/^steamcommunity\.com$/, /^\/linkfilter/, 'url'],
];

/** Pages at which a program is given an account. */
const CONSENT = /^(?:login\.microsoftonline\.com|login\.live\.com|accounts\.google\.com)$/;

/** Reads an address; undefined for what leads nowhere (an anchor, a path alone, a telephone number, a mailbox). */
export function targetOf(href: string): LinkTarget | undefined {
  let text = cleaned(href.slice(0, MOST));
  const through: string[] = [];
  for (let step = 0; step <= MOST_STEPS; step++) {
    const url = parsed(text);
    if (url === undefined) return undefined;
    const scheme = url.protocol.slice(0, -1);
    if (scheme === 'mailto' || scheme === 'tel' || scheme === 'cid' || scheme === 'sms') return undefined;
    const host = url.hostname.toLowerCase().replace(/\.$/, '');
    const next = step < MOST_STEPS ? wrappedIn(url, host) : undefined;
    if (next === undefined)
      return {
        url: host === '' ? `${scheme}:` : url.href.slice(0, MOST),
        ...{ host, scheme, through },
        hasUser: url.username !== '',
      };
    through.push(host);
    text = next;
  }
  return undefined;
}

/** Browsers drop tabs and line ends inside, and read `\\` as `/`; people see no characters without width. */
function cleaned(text: string): string {
  const plain = text.replaceAll(/[\t\r\n\u200b-\u200d\u2060\ufeff\u00ad]/g, '').trim();
  if (plain.startsWith('//') || plain.startsWith('\\\\')) return `https:${plain}`;
  return /^www\./i.test(plain) ? `https://${plain}` : plain;
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function wrappedIn(url: URL, host: string): string | undefined {
  for (const [of, path, parameter] of WRAPPED) {
    if (!of.test(host) || (path !== null && !path.test(url.pathname))) continue;
    const inside = parameter === '' ? inPath(url) : url.searchParams.get(parameter);
    const text = inside === null || inside === undefined ? undefined : unescaped(host, inside);
    if (text !== undefined && parsed(text) !== undefined) return text;
  }
  // Where a program is given an account, the page itself is what matters, and where it goes on to is the program's.
  if (CONSENT.test(host)) return undefined;
  // Whatever has a whole address in one of its terms hands it on: tracking, sign-in, open redirects.
  for (const value of url.searchParams.values())
    if (/^https?:\/\/[^/]/i.test(value) && parsed(value)?.hostname !== url.hostname) return value;
  return undefined;
}

/** `/v3/__https://host/path__;!!…` and `/amp/s/host/path`. */
function inPath(url: URL): string | undefined {
  const v3 = /\/v3\/__(.{1,4000}?)__;/.exec(url.href)?.[1];
  if (v3 !== undefined) return v3;
  const amp = /^\/amp\/s\/(.+)/.exec(url.pathname)?.[1];
  return amp === undefined ? undefined : `https://${amp}`;
}

/** Proofpoint's second version writes `-` for `%` and `_` for `/`; Bing writes base64 after two letters. */
function unescaped(host: string, text: string): string | undefined {
  if (host === 'urldefense.proofpoint.com' && !text.includes('://')) {
    try {
      return decodeURIComponent(text.replaceAll('-', '%').replaceAll('_', '/'));
    } catch {
      return undefined;
    }
  }
  if (host.endsWith('bing.com') && text.startsWith('a1'))
    return Buffer.from(text.slice(2), 'base64url').toString('utf8').slice(0, MOST);
  return text;
}
