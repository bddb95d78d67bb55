/**
 * The verdicts of a worker's shards in columns: there may be a million, and most runs only count them.
 */
import { EVIDENCE_LINES, type EvidenceLine } from './evidence.ts';
import type { Shard } from './shard.ts';
import { SourceBit } from './sources.ts';

/** Structured-cloneable. Row i of each column is about one source. */
export type VerdictColumns = {
  readonly count: number;
  readonly key0: Uint32Array;
  readonly key1: Uint32Array;
  /** `SourceBit`s. */
  readonly bits: Uint16Array;
  readonly tier: Uint8Array;
  readonly contacts: Uint32Array;
  readonly targets: Uint32Array;
  readonly likelihood: Float64Array;
  /** Index in `campaigns`, -1 if none. */
  readonly campaign: Int32Array;
  readonly campaigns: readonly string[];
  /** File and line, EVIDENCE_LINES pairs a row, line 0 where there are fewer. */
  readonly lines: Uint32Array;
};

/** The verdicts of shards: sources with a failure, whom a campaign may claim although nothing else is shown. */
export function verdictColumns(shards: readonly Shard[]): VerdictColumns {
  const chosen = shards.map((shard) => {
    const slots: number[] = [];
    for (let slot = 0; slot < shard.sources.count; slot++) if (isKnown(shard, slot)) slots.push(slot);
    return { shard, slots };
  });
  const count = chosen.reduce((sum, { slots }) => sum + slots.length, 0);
  const columns = {
    count,
    key0: new Uint32Array(count),
    key1: new Uint32Array(count),
    bits: new Uint16Array(count),
    tier: new Uint8Array(count),
    contacts: new Uint32Array(count),
    targets: new Uint32Array(count),
    likelihood: new Float64Array(count),
    campaign: new Int32Array(count).fill(-1),
    campaigns: [] as string[],
    lines: new Uint32Array(count * EVIDENCE_LINES * 2),
  };
  let row = 0;
  for (const { shard, slots } of chosen) {
    const { sources } = shard;
    const { prefixes } = shard.neighbours;
    const named = new Map<number, number>();
    for (const slot of slots) {
      columns.key0[row] = sources.key0(slot);
      columns.key1[row] = sources.key1(slot);
      columns.bits[row] = sources.bits(slot);
      columns.tier[row] = sources.tier(slot);
      columns.contacts[row] = sources.contacts(slot);
      columns.targets[row] = sources.targets.size(slot);
      columns.likelihood[row] = shard.stakes.of(slot);
      const prefix = sources.prefix(slot);
      if (prefix >= 0 && prefixes.tier[prefix]! > 0) {
        let name = named.get(prefix);
        if (name === undefined) {
          name = columns.campaigns.push(shard.neighbours.campaignOf(prefix)) - 1;
          named.set(prefix, name);
        }
        columns.campaign[row] = name;
      }
      const seen = Math.max(0, sources.evidenceSeen(slot) - 1);
      shard.stakes.evidence.list(sources.evidence(slot), seen).forEach(({ file, line }, k) => {
        const at = 2 * (row * EVIDENCE_LINES + k);
        columns.lines[at] = file;
        columns.lines[at + 1] = line;
      });
      row++;
    }
  }
  return columns;
}

/** The lines of evidence of one row. */
export function evidenceOf(columns: VerdictColumns, row: number): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  for (let k = 0; k < EVIDENCE_LINES; k++) {
    const at = 2 * (row * EVIDENCE_LINES + k);
    const line = columns.lines[at + 1]!;
    if (line > 0) lines.push({ file: columns.lines[at]!, line });
  }
  return lines;
}

function isKnown(shard: Shard, slot: number): boolean {
  const { sources } = shard;
  const { prefixes } = shard.neighbours;
  const telling = SourceBit.intrusion | SourceBit.scan | SourceBit.attempt;
  if (sources.tier(slot) > 0 || (sources.bits(slot) & telling) !== 0) return true;
  const prefix = sources.prefix(slot);
  return prefix >= 0 && prefixes.tier[prefix]! > 0;
}
