/** Signals of where an answer would go (RFC 5322, 3.6.2), if not to whom the message seems to be from. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import type { ProtectedIndex } from './compile-list.ts';
import { isFreemail } from './freemail.ts';
import type { Claimed } from './identified.ts';
import { domainOf, isGovernmentName, organisationOf } from './organisation.ts';
import { type Pretence, told } from './pretence.ts';
import { isProven } from './proven.ts';

/** Addresses of Reply-To that are looked at. */
const MOST_ANSWERS = 5;

/** What the Reply-To means. `is`: whose address the From is; `pretends`: in whose name the message is besides. */
export function answerSignals(
  message: Message,
  auth: Authenticated,
  index: ProtectedIndex,
  is: Claimed | null,
  pretends: readonly Claimed[],
): (Signal | Pretence)[] {
  const from = (message.from[0]?.address ?? '').toLowerCase();
  const domain = domainOf(from);
  const organisation = organisationOf(domain);
  const isTheirs = isProven(domain, auth);
  const elsewhere = message.replyTo
    .slice(0, MOST_ANSWERS)
    .map(({ address }) => address.toLowerCase())
    .filter(
      (address) =>
        address !== '' &&
        address !== from &&
        index.ownerOf(address) === null &&
        !index.isCorrespondent(address),
    );
  for (const address of elsewhere) {
    const target = domainOf(address);
    const look = isGovernmentName(target) ? null : index.lookalikeOf(target);
    if (look === null || organisationOf(target) === organisation) continue;
    const values = { domain: told(target), real: told(look.real), name: told(look.claimed.name) };
    return [{ signal: { code: 'answer-to-lookalike', values }, claimed: look.claimed }];
  }
  const away = elsewhere.find(
    (address) => isFreemail(domainOf(address)) || organisationOf(domainOf(address)) !== organisation,
  );
  if (away === undefined) return [];
  const toFreemail = isFreemail(domainOf(away));
  // Lists put the member who wrote into Reply-To, and forms of web pages whoever filled them in.
  const isList = message.listId !== null && isTheirs;
  const isForm =
    [...message.to, ...message.cc].some((one) => index.isPublicMailbox(one.address)) && pretends.length === 0;
  if (isList || isForm) return [];
  const claimed = is ?? pretends[0];
  // Ticket systems answer for vendors; nobody's ticket system is a free mailbox.
  if (claimed !== undefined && (toFreemail || !isTheirs || is === null))
    return [{ code: 'answer-goes-elsewhere', values: { name: told(claimed.name), address: told(away) } }];
  if (!toFreemail || isFreemail(domain)) return [];
  return [{ code: 'answer-to-freemail', values: { domain: told(domain), address: told(away) } }];
}
