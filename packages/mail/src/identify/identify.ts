/** Who a message claims to be from, and who it only looks like: its address, the name that it shows, and where an answer would go. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { MailAddress, Message } from '../message.ts';
import type { Signal } from '../signal.ts';
import { answerSignals } from './answer.ts';
import type { ProtectedIndex } from './compile-list.ts';
import { isFreemail } from './freemail.ts';
import type { Claimed, Identified } from './identified.ts';
import type { LookalikeKind } from './lookalike.ts';
import { domainOf, isGovernmentName, organisationOf } from './organisation.ts';
import { type Pretence, told } from './pretence.ts';
import { isProven, proofSignals } from './proven.ts';
import { addressShown, shownPretences } from './shown-name.ts';
import type { IDENTIFY_SIGNALS } from './signals.ts';

/** Senders that are looked at: a message has one. */
const MOST_SENDERS = 4;

const LOOKALIKE_CODES: Readonly<Record<LookalikeKind, keyof typeof IDENTIFY_SIGNALS>> = {
  letters: 'lookalike-letters',
  inside: 'lookalike-inside',
  edit: 'lookalike-edit',
  ending: 'lookalike-ending',
  words: 'lookalike-words',
  part: 'lookalike-part',
};

/** Identifies a message; each code once. */
export function identify(
  message: Message,
  auth: Authenticated,
  index: ProtectedIndex,
): { readonly identified: Identified; readonly signals: Signal[] } {
  const address = (message.from[0]?.address ?? '').toLowerCase();
  const domain = domainOf(address);
  const organisation = organisationOf(domain);
  const is = index.ownerOf(address);
  const signals = new Map<string, Signal>();
  const pretends = new Map<string, Claimed>();
  const take = (found: Signal | Pretence): void => {
    const signal = 'signal' in found ? found.signal : found;
    if (!signals.has(signal.code)) signals.set(signal.code, signal);
    if ('signal' in found) pretends.set(`${found.claimed.kind} ${found.claimed.name}`, found.claimed);
  };
  if (is !== null) for (const found of proofSignals(domain, is, message, auth, index)) take(found);
  for (const sender of message.from.slice(0, MOST_SENDERS))
    for (const found of senderSignals(sender, message, auth, index)) take(found);
  for (const found of answerSignals(message, auth, index, is, [...pretends.values()])) take(found);
  return {
    identified: {
      address,
      domain,
      organisation,
      is,
      pretends: [...pretends.values()],
      isFreemail: isFreemail(domain),
    },
    signals: [...signals.values()],
  };
}

function senderSignals(
  sender: MailAddress,
  message: Message,
  auth: Authenticated,
  index: ProtectedIndex,
): (Signal | Pretence)[] {
  const found: (Signal | Pretence)[] = [];
  const domain = domainOf(sender.address);
  const look = isProven(domain, auth) && isGovernmentName(domain) ? null : index.lookalikeOf(domain);
  if (look !== null) {
    const { kind, real, claimed } = look;
    const values = { domain: told(domain), real: told(real), name: told(claimed.name) };
    found.push({ signal: { code: LOOKALIKE_CODES[kind], values }, claimed });
  }
  const other = addressShown(sender, index);
  if (other !== null) found.push(other);
  return [...found, ...shownPretences(sender, message, auth, index)];
}
