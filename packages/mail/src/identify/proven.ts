/** Whether a message is really from the domain that it names, and what is told where that is somebody's on the list. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import type { ProtectedIndex } from './compile-list.ts';
import type { Claimed } from './identified.ts';
import { organisationOf } from './organisation.ts';
import { type Pretence, told } from './pretence.ts';

/** Whether somebody vouches for a domain as the author's. */
export function isProven(domain: string, { author }: Authenticated): boolean {
  return author !== null && author === organisationOf(domain);
}

/** An address of somebody on the list: really from there, or only written into the message. */
export function proofSignals(
  domain: string,
  is: Claimed,
  message: Message,
  auth: Authenticated,
  index: ProtectedIndex,
): (Signal | Pretence)[] {
  const name = told(is.name);
  if (isProven(domain, auth)) {
    // Of another office it says nothing: accounts of offices are what attackers take over first.
    const host = index.ownerOf(`@${domain}`);
    const isOther = host?.kind === 'office' && host.office !== index.list.own;
    return isOther ? [] : [{ code: 'really-theirs', values: { name } }];
  }
  if (!isChecked(auth) || isThroughKnownList(message, auth, index) || isOwnForm(domain, message, index))
    return [];
  return [{ signal: { code: 'not-proven', values: { domain: told(domain), name } }, claimed: is }];
}

/** Lists add a footer, which breaks the signature of who wrote; the list's own holds. */
function isThroughKnownList(
  { listId }: Message,
  { dkimDomains }: Authenticated,
  index: ProtectedIndex,
): boolean {
  if (listId === null || !index.isKnownHost(listId.toLowerCase())) return false;
  const organisation = organisationOf(listId.toLowerCase());
  return dkimDomains.some((domain) => organisationOf(domain) === organisation);
}

/** Forms of an office's own pages write to its public mailbox in its own name, from the servers of whoever runs the pages. */
function isOwnForm(domain: string, { to, cc }: Message, index: ProtectedIndex): boolean {
  const recipients = [...to, ...cc];
  return (
    index.isOwnHost(domain) &&
    recipients.length > 0 &&
    recipients.every(({ address }) => index.isPublicMailbox(address))
  );
}

/** Whether anything could be asked: without the delivery and without DNS, nothing that is missing tells anything. */
function isChecked({ spf, spfDomain, dkim, dmarc }: Authenticated): boolean {
  if (dmarc === 'fail') return true;
  if (dmarc === 'temperror' || dkim === 'temperror') return false;
  return (spfDomain !== '' && spf !== 'temperror') || dkim === 'pass' || dkim === 'fail';
}
