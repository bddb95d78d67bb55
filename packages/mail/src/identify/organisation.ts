/**
 * What a registrar sold of a host name: the organisation that answers for it. By the Public Suffix List, and by RFC 1480 for
 * localities under `.us`, where a county and a city of one name are two organisations (`co.boone.mo.us`, `ci.boone.mo.us`).
 */
import { getDomain } from 'tldts';

/** Kinds of government in a locality name, RFC 1480, 3.2; towns and schools of Missouri use the rest. */
const LOCALITY = /(?:^|\.)((?:co|ci|town|vil|twp|city|county|clerk|k12|pvt)\.[a-z0-9-]{1,63}\.[a-z]{2}\.us)$/;

/** Names below a public suffix are seldom longer; beyond it nothing is a name (RFC 1035). */
const MOST_HOST = 253;

const cache = new Map<string, string>();

/** Answers that are kept: one office hears from some thousand organisations in a year. */
const MOST_CACHED = 20_000;

/** The organisation, lower case; the host itself where nobody sells below it; empty for what is no name. */
export function organisationOf(host: string): string {
  const known = cache.get(host);
  if (known !== undefined) return known;
  const name = host.toLowerCase().replace(/\.$/, '');
  const organisation =
    name.length > MOST_HOST
      ? ''
      : (LOCALITY.exec(name)?.[1] ?? getDomain(name, { allowPrivateDomains: true }) ?? name);
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(host, organisation);
  return organisation;
}

/**
 * Whether governments alone are given such a name: `.gov` and `.mil`, and localities under `.us`. A name like another one there is a
 * neighbour's, as long as the message is really from it.
 */
export function isGovernmentName(host: string): boolean {
  // Letters beyond ASCII are not given there.
  return !host.includes('xn--') && (/\.(?:gov|mil)$/.test(host) || LOCALITY.test(host));
}

/** Whether anybody registers names below a name, so that it is nobody's: `com`, `mo.us`, `web.app`. */
export function isRegistry(name: string): boolean {
  return getDomain(name, { allowPrivateDomains: true }) === null;
}

/** What stands after the last `@`, lower case. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : address.slice(at + 1).toLowerCase();
}
