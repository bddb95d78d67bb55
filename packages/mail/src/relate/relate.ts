/** Who has written to whom: what is asked of the past for a message, and what its answer means. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { Identified } from '../identify/identified.ts';
import type { Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import type { Relation, RelationQuestion } from './relations.ts';

/** Other offices within the hour from which on it is told: two are a coincidence. */
const MANY_OFFICES = 2;

/** Message ids that are asked after, the newest: a thread is known by its last messages. */
const MOST_ANSWERS = 20;

/** Prints that are asked after: the strong ones stand first. */
const MOST_PRINTS = 64;

/** What subjects of answers begin with, in the languages of mail programs here. */
const ANSWER_PREFIX = /^\s*((?:re|fw|fwd|aw|sv|rv|res)\s*:)/i;

/** What to ask. */
export function relationQuestion(
  { office, at }: { readonly office: string; readonly at: number },
  message: Message,
  identified: Identified,
  prints: readonly string[],
): RelationQuestion {
  const answers = [...new Set([...message.inReplyTo, ...[...message.references].reverse()])];
  return {
    office,
    sender: identified.address,
    domain: identified.organisation,
    replyTo: message.replyTo.map(({ address }) => address.toLowerCase()),
    answers: answers.slice(0, MOST_ANSWERS),
    prints: prints.slice(0, MOST_PRINTS),
    at,
  };
}

/** What the answer means. `isPublicMailbox`: strangers are usual there. */
export function relationSignals(
  relation: Relation,
  message: Message,
  identified: Identified,
  auth: Authenticated,
  isPublicMailbox: boolean,
): Signal[] {
  const { address, organisation: domain } = identified;
  const signals: Signal[] = [];
  const isVouchedFor = auth.author !== null && auth.author === domain;
  const isKnown = relation.isWrittenTo || relation.addressSince !== null;
  // Whom the list names, and who is proven to be them, is no stranger though they never wrote before.
  const isListed = isVouchedFor && identified.is !== null && identified.is.kind !== 'office';
  if (!isKnown && !isListed && !isPublicMailbox) {
    // At a mail provider all the world has an address: of who else writes from there nothing follows.
    if (identified.isFreemail) signals.push({ code: 'first-contact', values: { domain: address } });
    else if (relation.domainSince === null) signals.push({ code: 'first-contact', values: { domain } });
    else signals.push({ code: 'first-from-address', values: { address, domain } });
  }
  if (relation.isWrittenTo && isVouchedFor) signals.push({ code: 'correspondent', values: { address } });
  signals.push(...threadSignals(relation, message, domain, isVouchedFor));
  const count = Math.max(relation.officesOfSender, relation.officesOfPrints);
  if (count >= MANY_OFFICES) signals.push({ code: 'many-offices', values: { count: String(count) } });
  if (relation.campaign !== null)
    signals.push({ code: 'known-campaign', values: { campaign: relation.campaign } });
  return signals;
}

function threadSignals(
  relation: Relation,
  message: Message,
  domain: string,
  isVouchedFor: boolean,
): Signal[] {
  const { answers, answeredDomains } = relation;
  if (answers === 'sent') {
    if (!answeredDomains.includes(domain))
      return [{ code: 'thread-from-elsewhere', values: { domain, expected: answeredDomains.join(', ') } }];
    return isVouchedFor ? [{ code: 'answers-ours', values: { domain } }] : [];
  }
  // A list's messages answer what its other members wrote.
  if (answers === 'unknown' && message.listId === null) return [{ code: 'thread-made-up' }];
  const prefix = ANSWER_PREFIX.exec(message.subject.slice(0, 20))?.[1];
  if (answers === 'nothing' && prefix !== undefined)
    return [{ code: 'subject-answers-nothing', values: { prefix } }];
  return [];
}
