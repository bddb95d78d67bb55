/** Reports of many receivers put together: by domain and source network. */
import type { DmarcReport } from './dmarc-report.ts';
import type { DomainSummary, KnownSender, SourceSummary } from './domain-summary.ts';
import { addRow, type GrowingCounts, noMessages } from './message-counts.ts';
import { sentencesOf } from './sentences.ts';
import { type Source, sourceOf } from './source-of.ts';

/** Sources that are listed. A large domain has some hundred of its own; a wave of forgery has any number. */
const MOST_SOURCES = 1_000;

/** Names in From that are told of one source. */
const MOST_NAMES = 5;

type GrowingSource = Source & GrowingCounts & { readonly names: Set<string> };

/** Sums up each domain that is reported on, in the order of their names. A report that comes twice is counted once. */
export function summariseDomain(
  reports: readonly DmarcReport[],
  senders: readonly KnownSender[],
): DomainSummary[] {
  const byDomain = new Map<string, DmarcReport[]>();
  for (const report of reports) {
    const before = byDomain.get(report.policy.domain);
    if (before === undefined) byDomain.set(report.policy.domain, [report]);
    else before.push(report);
  }
  return [...byDomain.keys()].sort().map((domain) => summaryOf(domain, byDomain.get(domain)!, senders));
}

function summaryOf(
  domain: string,
  all: readonly DmarcReport[],
  senders: readonly KnownSender[],
): DomainSummary {
  const reports = withoutRepeated(all);
  const total = noMessages();
  const bySource = new Map<string, GrowingSource>();
  for (const row of reports.flatMap(({ rows }) => rows)) {
    addRow(total, row);
    const source = sourceOf(row, senders);
    const key = `${source.network} ${source.knownBy} ${source.sender}`;
    let sum = bySource.get(key);
    if (sum === undefined) {
      sum = { ...source, ...noMessages(), names: new Set() };
      bySource.set(key, sum);
    }
    addRow(sum, row);
    if (row.headerFrom !== null && sum.names.size < MOST_NAMES) sum.names.add(row.headerFrom);
  }
  const sources = [...bySource.values()].sort(byImportance).map(toldSource);
  const summary = {
    domain,
    ...total,
    from: outermost(
      reports.map(({ from }) => from),
      Math.min,
    ),
    to: outermost(
      reports.map(({ to }) => to),
      Math.max,
    ),
    reports: reports.length,
    reporters: new Set(reports.map(({ organisation }) => organisation)).size,
    repeated: all.length - reports.length,
    rowsMissing: reports.reduce((sum, { unread, rowsLeftOut }) => sum + unread.count + rowsLeftOut, 0),
    brokenOff: reports.filter(({ isWhole }) => !isWhole).length,
    policy: latestOf(reports).policy,
    sources: sources.slice(0, MOST_SOURCES),
    sourcesLeftOut: Math.max(0, sources.length - MOST_SOURCES),
  };
  return { ...summary, sentences: sentencesOf({ ...summary, sources }) };
}

/** By who made it, its id and its time; one without an id is never taken for another. */
function withoutRepeated(reports: readonly DmarcReport[]): DmarcReport[] {
  const seen = new Set<string>();
  return reports.filter(({ organisation, reportId, from, to }) => {
    if (reportId === null) return true;
    const key = JSON.stringify([organisation, reportId, from, to]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function latestOf(reports: readonly DmarcReport[]): DmarcReport {
  return reports.reduce((latest, report) => ((report.to ?? 0) >= (latest.to ?? 0) ? report : latest));
}

function outermost(
  times: readonly (number | null)[],
  choose: (a: number, b: number) => number,
): number | null {
  return times.reduce((a, b) => (a === null ? b : b === null ? a : choose(a, b)), null);
}

/** Most unproven mail first; then most mail; then by name, so that the same reports give the same list. */
function byImportance(a: GrowingSource, b: GrowingSource): number {
  return b.notAligned - a.notAligned || b.messages - a.messages || (a.network < b.network ? -1 : 1);
}

function toldSource({ names, ...source }: GrowingSource): SourceSummary {
  return { ...source, names: [...names].sort() };
}
