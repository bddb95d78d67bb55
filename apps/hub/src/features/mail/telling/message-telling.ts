/** What the hub is told of a message that a hook is done with. */
import type { ToldMessage } from '@bellwether/api';
import type { Arrival, Judged } from '@bellwether/mail';
import type { Verdict } from '../gate/gate.ts';
import { shortText } from './short-text.ts';

/** Longest texts, as the API takes them. */
const LONGEST = { address: 320, name: 200, subject: 400, reason: 1_000 } as const;

/** Recipients, reasons and prints that are told. */
const MOST = { to: 50, reasons: 20, prints: 64 } as const;

/** Where what is held lies, by the hook that held it. */
const WHERE: Readonly<Record<string, ToldMessage['where']>> = {
  milter: 'queue',
  proxy: 'server',
  imap: 'folder',
  graph: 'folder',
  gmail: 'folder',
};

/** An event without its number. `judged`: null where it was not judged. */
export function messageTelling(
  { bytes, envelope, hook, office, at, queueId }: Arrival,
  { decision, putOff, reasons, id }: Verdict,
  judged: Judged | null,
): Omit<ToldMessage, 'id'> {
  const outcome = putOff ? 'put-off' : decision;
  const isKept = outcome === 'hold' || outcome === 'block';
  const { from = '', fromName = '', subject = '' } = judged?.heading ?? {};
  const { score = 0, campaign = null, prints = [] } = judged?.judgement ?? {};
  return {
    ...{ kind: 'message', at: new Date(at).toISOString(), office, hook, outcome, sha256: id, score },
    from: shortText(from.toLowerCase(), LONGEST.address),
    fromName: shortText(fromName, LONGEST.name),
    to: envelope.to.slice(0, MOST.to).map((address) => shortText(address.toLowerCase(), LONGEST.address)),
    subject: shortText(subject, LONGEST.subject),
    reasons: reasons
      .slice(0, MOST.reasons)
      .map(({ code, text }) => ({ code, text: shortText(text, LONGEST.reason) })),
    ...(campaign === null ? {} : { campaign }),
    prints: prints.slice(0, MOST.prints).filter((print) => print.length <= 300),
    where: outcome === 'hold' ? (WHERE[hook] ?? 'nowhere') : 'nowhere',
    ...(queueId === undefined ? {} : { queueId: shortText(queueId, 100) }),
    exposed: 0,
    ...(isKept ? { message: Buffer.from(bytes).toString('base64') } : {}),
  };
}
