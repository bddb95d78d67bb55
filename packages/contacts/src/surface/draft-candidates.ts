/**
 * Who may be a proxy of ours, and who may be monitoring. Both are written as comments: they widen trust, and a forged
 * header or a patient visitor can look like either.
 */
import { MANY_CLIENTS, MAX_VISITED, type Visitor } from './draft.ts';
import { compare, counted, sortKey, span, textOf, times, yamlText } from './draft-text.ts';

/** Hours in which a source must have come to pass for monitoring: a visitor stays a few. */
const MIN_HOURS = 6;
/** Share of the hours between its first and last in which it must have come: monitoring sleeps at no time. */
const MIN_REGULARITY = 0.9;
/** Candidates that are listed: nobody confirms more by hand. */
const MAX_CANDIDATES = 20;

const HOUR = 3_600_000;

/** Sources that passed on requests of many clients, if their header is to be believed. */
export function proxyLines(visitors: readonly Visitor[]): string[] {
  return candidates(
    visitors.filter(({ clients }) => clients.size >= MANY_CLIENTS),
    'Proxies, if these are yours: whoever is listed is believed about who the client is, and never blocked.',
    'proxies',
    (visitor) => [
      `{ networks: [${yamlText(textOf(visitor.source))}], header: x-forwarded-for, hops: 1 }`,
      `seen ${times(visitor.count)} for ${MANY_CLIENTS} clients or more, ${span(visitor)}`,
    ],
  );
}

/** Sources that asked the same few places hour after hour. */
export function monitoringLines(visitors: readonly Visitor[]): string[] {
  return candidates(
    visitors.filter(isRegular),
    'Monitoring, if these are yours: nothing that is listed is ever blocked.',
    'never_block',
    (visitor) => [
      yamlText(textOf(visitor.source)),
      `seen ${times(visitor.count)} in ${visitor.hours} hours at ${counted(visitor.places.size, 'place')}, ${span(visitor)}`,
    ],
  );
}

function candidates(
  found: readonly Visitor[],
  about: string,
  section: string,
  entry: (visitor: Visitor) => readonly [string, string],
): string[] {
  if (found.length === 0) return [];
  const first = found
    .toSorted((a, b) => b.count - a.count || compare(sortKey(a.source), sortKey(b.source)))
    .slice(0, MAX_CANDIDATES);
  const lines = first.map((visitor) => {
    const [value, confirm] = entry(visitor);
    return `#   - ${value} # confirm: ${confirm}`;
  });
  if (found.length > first.length) lines.push(`#   and ${found.length - first.length} more`);
  return [`# ${about}`, `# ${section}:`, ...lines];
}

function isRegular({ hours, first, last, places, clients }: Visitor): boolean {
  if (hours < MIN_HOURS || places.size >= MAX_VISITED || clients.size > 0) return false;
  const between = Math.floor(last / HOUR) - Math.floor(first / HOUR) + 1;
  // Times that go back and forth count an hour twice: who has more hours than there were has not been measured.
  return hours <= between && hours >= MIN_REGULARITY * between;
}
