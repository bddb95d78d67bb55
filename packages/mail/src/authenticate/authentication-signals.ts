/** What authentication means for a judgement. */
import { domainOf, organisationOf } from '../identify/organisation.ts';
import type { Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import type { Authenticated } from './authenticated.ts';

/** Of one field, characters: a result stands at its beginning. */
const MOST_FIELD = 4_000;

/**
 * Signals. `isOwnHost`: whether a name is one of our own mail servers: a message that brings their results before they have looked at it
 * brings a forgery.
 */
export function authenticationSignals(
  auth: Authenticated,
  message: Message,
  isOwnHost: (name: string) => boolean,
): Signal[] {
  const signals: Signal[] = [];
  const domain = domainOf(message.from[0]?.address ?? '');
  const isVouchedFor = auth.author !== null;
  if (auth.dmarc === 'fail' && !isVouchedFor) {
    const list = listOf(message, auth);
    if (list === null) signals.push({ code: 'dmarc-fail', values: { domain } });
    else signals.push({ code: 'dmarc-fail-list', values: { domain, list } });
  }
  if (!isVouchedFor && isToSelf(message)) signals.push({ code: 'to-self', values: { domain } });
  if (message.from.length > 1 && message.sender === null) signals.push({ code: 'two-senders' });
  const claimed = forgedClaim(message, auth, isOwnHost);
  if (claimed !== null) signals.push({ code: 'results-forged', values: { claimed } });
  return signals;
}

/** From and to one and the same: lures write so, since filters believe the reader's own address, and the reader is hidden among copies. */
function isToSelf({ from, to }: Message): boolean {
  const sender = from[0]?.address.toLowerCase() ?? '';
  return sender !== '' && to.length === 1 && to[0]!.address.toLowerCase() === sender;
}

/** The mailing list that passed it on and signed it: lists add a footer, which breaks the signature of who wrote. */
function listOf({ listId }: Message, { dkimDomains }: Authenticated): string | null {
  if (listId === null) return null;
  const list = organisationOf(listId.toLowerCase());
  return dkimDomains.some((domain) => organisationOf(domain) === list) ? list : null;
}

/** `spf=pass`, where somebody claims what our own work denies: in the name of our servers, or for a sender that failed here. */
function forgedClaim(
  message: Message,
  auth: Authenticated,
  isOwnHost: (name: string) => boolean,
): string | null {
  for (const { name, value } of message.headers) {
    if (name !== 'authentication-results') continue;
    const text = value.slice(0, MOST_FIELD);
    const host = /^\s*([^\s;]+)/.exec(text)?.[1]?.toLowerCase() ?? '';
    const passed = /\b(dmarc|dkim|spf)\s*=\s*pass\b/i.exec(text)?.[1]?.toLowerCase();
    if (passed === undefined) continue;
    const denied = auth.dmarc === 'fail' || (passed === 'dkim' && auth.dkim === 'fail');
    if ((isOwnHost(host) || denied) && auth.author === null) return `${passed}=pass`;
  }
  return null;
}
