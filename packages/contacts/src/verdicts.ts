/**
 * What is thought of each source, put together from its own shard and from what crosses shards.
 */
import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import type { Labels } from './judge/labels.ts';
import type { ShardReport } from './judge/shards.ts';
import { SourceBit } from './judge/sources.ts';
import { evidenceOf, type VerdictColumns } from './judge/verdict-columns.ts';
import type { FileInfo } from './stretch.ts';

/** What is thought of a source, and the lines that say so. */
export type SourceVerdict = {
  readonly source: string;
  readonly verdict: VerdictName;
  readonly campaign: string | null;
  readonly contacts: number;
  readonly targets: number;
  readonly likelihood: number;
  readonly lines: ReadonlyArray<{ readonly path: string; readonly line: number }>;
};

type VerdictName = 'scan' | 'attempt' | 'intrusion';

/** Counts verdicts at once, and lists them when asked. */
export class Verdicts {
  readonly counts = { scan: 0, attempt: 0, intrusion: 0 };
  /** Sources that are not unknown. */
  count = 0;
  /** Campaigns with a member. */
  readonly campaigns: number;
  readonly #reports: readonly ShardReport[];
  readonly #decoys: Labels;
  readonly #labels: readonly Labels[];
  readonly #files: readonly FileInfo[];
  readonly #sizes = new Map<string, number>();

  /** `labels`: of destinations, then of accounts; sources that only they name are scans, then attempts. */
  constructor(
    reports: readonly ShardReport[],
    decoys: Labels,
    labels: readonly [Labels, Labels],
    files: readonly FileInfo[],
  ) {
    this.#reports = reports;
    this.#decoys = decoys;
    this.#labels = labels;
    this.#files = files;
    this.#measure();
    const campaigns = new Set<string>();
    for (const { name, campaign } of this.#all()) {
      this.counts[name]++;
      this.count++;
      if (campaign !== null) campaigns.add(campaign);
    }
    this.campaigns = campaigns.size;
  }

  /** All verdicts, by source. */
  list(): SourceVerdict[] {
    const verdicts: SourceVerdict[] = [];
    for (const { key0, key1, v6, name, campaign, columns, row } of this.#all()) {
      verdicts.push({
        source: v6 ? `${formatIPv6([key0, key1, 0, 0])}/64` : formatIPv4(key0),
        verdict: name,
        campaign,
        contacts: columns?.contacts[row] ?? 0,
        targets: columns?.targets[row] ?? 0,
        likelihood: Number((columns?.likelihood[row] ?? 1).toPrecision(6)),
        lines: columns
          ? evidenceOf(columns, row).map(({ file, line }) => ({ path: this.#files[file]!.path, line }))
          : [],
      });
    }
    return verdicts.sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
  }

  /** Of the campaigns that claim a source, decoys first, else the one with the most members. */
  #largest(decoys: string | undefined, ...claims: readonly (string | undefined)[]): string | null {
    if (decoys !== undefined) return decoys;
    let largest: string | null = null;
    for (const claim of claims) {
      if (claim === undefined) continue;
      if (largest === null || this.#size(claim) > this.#size(largest)) largest = claim;
    }
    return largest;
  }

  #size(campaign: string): number {
    return this.#sizes.get(campaign) ?? 0;
  }

  /** Members that each campaign claims. */
  #measure(): void {
    const add = (campaign: string) => this.#sizes.set(campaign, this.#size(campaign) + 1);
    for (const { verdicts } of this.#reports) {
      for (const own of verdicts.campaign) if (own >= 0) add(verdicts.campaigns[own]!);
    }
    for (const labels of this.#labels) for (const { value } of labels.entries()) add(value);
  }

  *#all(): Generator<{
    key0: number;
    key1: number;
    v6: boolean;
    name: VerdictName;
    campaign: string | null;
    columns?: VerdictColumns;
    row: number;
  }> {
    const v4 = new Set<number>();
    const v6s = new Set<string>();
    for (const { verdicts: columns } of this.#reports) {
      for (let row = 0; row < columns.count; row++) {
        const key0 = columns.key0[row]!;
        const key1 = columns.key1[row]!;
        const bits = columns.bits[row]!;
        const v6 = (bits & SourceBit.v6) !== 0;
        const own = columns.campaign[row]!;
        const campaign = this.#largest(
          this.#decoys.get(key0, key1, v6),
          own < 0 ? undefined : columns.campaigns[own],
          this.#labels[0]!.get(key0, key1, v6),
          this.#labels[1]!.get(key0, key1, v6),
        );
        if (campaign === null && columns.tier[row] === 0 && (bits & SourceBit.intrusion) === 0) continue;
        if (v6) v6s.add(`${key0}:${key1}`);
        else v4.add(key0);
        const name = bits & SourceBit.intrusion ? 'intrusion' : bits & SourceBit.attempt ? 'attempt' : 'scan';
        yield { key0, key1, v6, name, campaign, columns, row };
      }
    }
    for (const labels of [this.#decoys, ...this.#labels]) {
      const name = labels === this.#labels[1] ? 'attempt' : 'scan';
      for (const { key0, key1, v6, value } of labels.entries()) {
        const isTold = v6 ? v6s.has(`${key0}:${key1}`) : v4.has(key0);
        if (isTold) continue;
        if (v6) v6s.add(`${key0}:${key1}`);
        else v4.add(key0);
        yield { key0, key1, v6, name, campaign: value, row: -1 };
      }
    }
  }
}
