/** A summary in sentences: each with its number, out of how many, and what it means. */
import type { DomainSummary, MessageCounts, SourceSummary } from './domain-summary.ts';

/** Sources that are told one by one; the rest stand in the table. */
const MOST_TOLD = 5;

/** The sentences of a domain, the most important first. */
export function sentencesOf(summary: Omit<DomainSummary, 'sentences'>): string[] {
  const { domain, messages } = summary;
  if (messages === 0) return [`No receiver reported mail in the name of ${domain}.`, ...gaps(summary)];
  const unknown = summary.sources
    .filter((source) => source.sender === null && unexplained(source) > 0)
    .sort((a, b) => unexplained(b) - unexplained(a));
  const ours = bySender(summary.sources).filter((sender) => unexplained(sender) > 0);
  return [
    `${numberOf(summary.aligned)} of ${messagesOf(messages)} in the name of ${domain} proved to be from it.`,
    ...unknown.slice(0, MOST_TOLD).map((source) => unknownSentence(domain, source)),
    ...more(unknown, 'sent in this name without proof and is on no list'),
    ...policySentences(summary, unknown),
    ...ours.slice(0, MOST_TOLD).map((sender) => ourSentence(domain, sender)),
    ...forwardedSentences(summary),
    ...unclearSentences(summary),
    ...gaps(summary),
  ];
}

/** Not aligned, and no list or forwarder is said to have changed it. */
function unexplained({ notAligned, forwarded }: MessageCounts): number {
  return notAligned - forwarded;
}

function unknownSentence(domain: string, source: SourceSummary): string {
  const shown = source.names.length === 0 ? domain : source.names.join(', ');
  return (
    `${source.network} is on no list and sent ${messagesOf(unexplained(source))} in the name of ${shown} without proof: ` +
    `${fateOf(source)}. It may be a forger, or a service that nobody told of.`
  );
}

function policySentences(
  { policy }: Pick<DomainSummary, 'policy'>,
  unknown: readonly SourceSummary[],
): string[] {
  if (unknown.length === 0 || policy.p !== 'none') return [];
  return [
    `The record of ${policy.domain} asks receivers to do nothing about such mail (p=none). Once our own services prove themselves, ask for quarantine or reject.`,
  ];
}

type Sender = MessageCounts & Pick<SourceSummary, 'knownBy'> & { readonly name: string };

function ourSentence(domain: string, sender: Sender): string {
  const start = `${sender.name} sent ${messagesOf(unexplained(sender))} of ${numberOf(sender.messages)} in the name of ${domain} without proof: ${fateOf(sender)}.`;
  return sender.knownBy === 'domain'
    ? `${start} It is known only by a domain that its other customers share, so some of it may be forged. Have it sign as ${domain}.`
    : `${start} Have it sign as ${domain}, or add it to the SPF record.`;
}

/** One entry a sender, whatever number of networks it has. What is known by a domain only is told apart. */
function bySender(sources: readonly SourceSummary[]): Sender[] {
  const senders = new Map<string, Sender>();
  for (const source of sources) {
    if (source.sender === null) continue;
    const key = `${source.knownBy} ${source.sender}`;
    const before = senders.get(key);
    senders.set(key, before === undefined ? { ...source, name: source.sender } : sumOf(before, source));
  }
  return [...senders.values()].sort((a, b) => unexplained(b) - unexplained(a));
}

function sumOf(sender: Sender, source: SourceSummary): Sender {
  return {
    ...sender,
    messages: sender.messages + source.messages,
    aligned: sender.aligned + source.aligned,
    notAligned: sender.notAligned + source.notAligned,
    unclear: sender.unclear + source.unclear,
    forwarded: sender.forwarded + source.forwarded,
    letThrough: sender.letThrough + source.letThrough,
    quarantined: sender.quarantined + source.quarantined,
    rejected: sender.rejected + source.rejected,
  };
}

/** What was done with what nothing explains. */
function fateOf(counts: MessageCounts): string {
  const { letThrough, quarantined, rejected } = counts;
  const untold = unexplained(counts) - letThrough - quarantined - rejected;
  const parts = (
    [
      [letThrough, 'let through'],
      [quarantined, 'put aside as suspect'],
      [rejected, 'refused'],
      [untold, 'unknown what became of them'],
    ] as const
  )
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${numberOf(number)} ${words}`);
  return parts.join(', ');
}

function more(sources: readonly SourceSummary[], words: string): string[] {
  const rest = sources.slice(MOST_TOLD);
  if (rest.length === 0) return [];
  const sum = rest.reduce((all, source) => all + unexplained(source), 0);
  return rest.length === 1
    ? [`One more network ${words}: ${messagesOf(sum)}.`]
    : [`Each of ${numberOf(rest.length)} more networks ${words}: ${messagesOf(sum)}.`];
}

function forwardedSentences({ forwarded, notAligned }: MessageCounts): string[] {
  if (forwarded === 0) return [];
  return [
    `Of ${messagesOf(notAligned)} without proof, ${numberOf(forwarded)} came by a mailing list or were passed on, which their receivers take for harmless.`,
  ];
}

function unclearSentences({ unclear, messages }: MessageCounts): string[] {
  return unclear === 0
    ? []
    : [
        `For ${numberOf(unclear)} of ${messagesOf(messages)} the reports do not say whether they proved anything.`,
      ];
}

/** What is not in the figures. */
function gaps({ rowsMissing, brokenOff, reports }: Omit<DomainSummary, 'sentences'>): string[] {
  const sentences: string[] = [];
  if (rowsMissing > 0)
    sentences.push(`Lines of reports that could not be read and are not counted: ${numberOf(rowsMissing)}.`);
  if (brokenOff > 0)
    sentences.push(
      `Reports that broke off, so that mail may be missing: ${numberOf(brokenOff)} of ${numberOf(reports)}.`,
    );
  return sentences;
}

function messagesOf(count: number): string {
  return `${numberOf(count)} ${count === 1 ? 'message' : 'messages'}`;
}

/** `12,345`. */
function numberOf(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
