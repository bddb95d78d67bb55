/** The whole pipeline: one message, one decision. */
import { err, ok, type Result } from '@bellwether/basics';
import type { Arrival } from './arrival.ts';
import { type AuthenticateGround, authenticate } from './authenticate/authenticate.ts';
import type { Authenticated } from './authenticate/authenticated.ts';
import { authenticationSignals } from './authenticate/authentication-signals.ts';
import { printsOf } from './campaign/prints.ts';
import { decide } from './decide/decide.ts';
import type { Judgement } from './decide/judgement.ts';
import { knownSignals } from './decide/known.ts';
import { type MailStep, stepOf } from './decide/signals.ts';
import { togetherSignals } from './decide/together.ts';
import type { MailError } from './errors.ts';
import type { ProtectedIndex } from './identify/compile-list.ts';
import type { Identified } from './identify/identified.ts';
import { identify } from './identify/identify.ts';
import { domainOf, organisationOf } from './identify/organisation.ts';
import type { KnownBad } from './known-bad.ts';
import type { Message } from './message.ts';
import type { ReadCodes } from './open/attachments/search.ts';
import { isSharedHost } from './open/links/shared-hosts.ts';
import { openMessage } from './open/open-message.ts';
import { readMessage } from './read/read-message.ts';
import { viewHtml } from './read/view-html.ts';
import type { PastMessage } from './relate/past.ts';
import { relationQuestion, relationSignals } from './relate/relate.ts';
import type { Relations } from './relate/relations.ts';
import { bitsOf } from './weigh/classifier.ts';
import { featuresOf } from './weigh/features.ts';
import type { Weights } from './weigh/weights.ts';

/** What a judgement stands on. */
export type MailGround = AuthenticateGround & {
  readonly index: ProtectedIndex;
  readonly relations: Relations;
  readonly known: KnownBad;
  /** Null: the classifier says nothing. */
  readonly weights: Weights | null;
  /** Reads codes in pictures; undefined: pictures are not looked at. */
  readonly readCodes?: ReadCodes | undefined;
  /** Steps whose signals are left out, to see what each is worth. */
  readonly without?: ReadonlySet<MailStep>;
};

/** What a message says of itself, for lists that people read: not proven, and within the limits of the reader. */
export type MailHeading = { readonly from: string; readonly fromName: string; readonly subject: string };

/** A judgement, what the message says of itself, and what the past should remember of it. */
export type Judged = {
  readonly judgement: Judgement;
  readonly heading: MailHeading;
  readonly past: PastMessage;
};

/** Judges a message. Fails only where there is none. */
export async function judgeMail(arrival: Arrival, ground: MailGround): Promise<Result<Judged, MailError>> {
  const read = readMessage(arrival.bytes);
  if (read.isErr()) return err(read.error);
  const message = read.value;
  const { index, relations, known, weights, readCodes, without } = ground;

  const auth = await authenticate(arrival, message, ground);
  const { identified, signals: identity } = identify(message, auth, index);

  const view = viewHtml(message.html);
  const { opened, signals: inside } = await openMessage(message, view, { readCodes });
  const prints = printsOf(message, view, opened, isSharedHost);

  const relation = await relations.relate(relationQuestion(arrival, message, identified, prints));
  const recipients = arrival.envelope.to.length > 0 ? arrival.envelope.to : addressesOf(message);
  const isPublic = recipients.some((address) => index.isPublicMailbox(address));

  const noticed = [
    ...authenticationSignals(auth, message, index.isOwnHost),
    ...identity,
    ...relationSignals(relation, message, identified, auth, isPublic),
    ...inside,
    ...knownSignals(known, identified, auth.author, opened, prints),
  ].filter(({ code }) => without?.has(stepOf(code)!) !== true);
  const signals = [...noticed, ...togetherSignals(noticed)];
  const bits =
    weights === null || without?.has('weigh') === true
      ? null
      : bitsOf(featuresOf(message, view, opened, recipients), weights);

  const { spf, dkim, dmarc, arc } = auth;
  const { campaign } = relation;
  return ok({
    judgement: { ...decide(signals, bits), auth: { spf, dkim, dmarc, arc }, campaign, prints },
    heading: {
      from: message.from[0]?.address ?? '',
      fromName: message.from[0]?.name ?? '',
      subject: message.subject,
    },
    past: pastOf(arrival, message, identified, auth, prints, recipients),
  });
}

/** What the past remembers. A message is our own where its author is vouched for, or where somebody signed in to send it. */
function pastOf(
  { office, at, envelope }: Arrival,
  { messageId }: Message,
  { address, organisation, is }: Identified,
  auth: Authenticated,
  prints: readonly string[],
  recipients: readonly string[],
): PastMessage {
  const isProven = envelope.account !== null || auth.author === organisation;
  return {
    ...{ office, at, sender: address, domain: organisation, recipients, messageId, prints },
    recipientDomains: [...new Set(recipients.map((recipient) => organisationOf(domainOf(recipient))))],
    isOwn: is?.kind === 'office' && is.office === office && isProven,
  };
}

function addressesOf({ to, cc }: Message): string[] {
  return [...to, ...cc].map(({ address }) => address.toLowerCase());
}
