/**
 * What is thought of one source now, put together from its shard and from what crosses shards, as `verdicts.ts` does for
 * all of them.
 */
import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import type { Commons } from './judge/commons.ts';
import type { Labels } from './judge/labels.ts';
import type { Shard } from './judge/shard.ts';
import type { Shards } from './judge/shards.ts';
import { SourceBit } from './judge/sources.ts';
import { stake } from './judge/walk.ts';
import type { LiveSource } from './live-types.ts';
import { type FileInfo, shardOf } from './stretch.ts';

/** Undefined if nothing is remembered of the source. */
export function liveSource(
  shards: Shards,
  commons: Commons,
  files: readonly FileInfo[],
  key0: number,
  key1: number,
  v6: boolean,
): LiveSource | undefined {
  const shard = shards.shard(shardOf(key0, key1, v6))!;
  const slot = shard.sources.find(key0, v6 ? key1 : 0, v6 ? SourceBit.v6 : 0);
  const prefix = slot < 0 ? -1 : shard.sources.prefix(slot);
  const isInCampaign = prefix >= 0 && shard.neighbours.prefixes.tier[prefix]! > 0;
  const labels = [commons.destinations.labels, commons.accounts.members.labels] as const;
  const [byHost, byAccount] = labels.map((told) => told.get(key0, key1, v6));
  const campaign =
    commons.decoys.labels.get(key0, key1, v6) ??
    largest(
      [isInCampaign ? shard.neighbours.campaignOf(prefix) : undefined, byHost, byAccount],
      (name) => membersOf(name, labels) + (isInCampaign ? networkMembers(shard, prefix, name) : 0),
    );
  const source = v6 ? `${formatIPv6([key0, key1, 0, 0])}/64` : formatIPv4(key0);
  if (slot < 0) {
    if (campaign === null) return undefined;
    // Who was forgotten and is still labelled: an account's campaign is one of attempts, all others scan.
    const verdict = campaign === byAccount ? 'attempt' : 'scan';
    const nothing = { contacts: 0, targets: 0, likelihood: 1, lines: [], stakes: { any: 0, firm: 0 } };
    return { source, verdict, campaign, ...nothing };
  }
  const { sources, stakes } = shard;
  const seen = Math.max(0, sources.evidenceSeen(slot) - 1);
  const likelihood = stakes.of(slot);
  return {
    source,
    verdict: verdictOf(sources.bits(slot), sources.tier(slot), campaign),
    campaign,
    contacts: sources.contacts(slot),
    targets: sources.targets.size(slot),
    likelihood: Number(likelihood.toPrecision(6)),
    lines: stakes.evidence
      .list(sources.evidence(slot), seen)
      .map(({ file, line }) => ({ path: files[file]!.path, line })),
    stakes: {
      any: Math.log10(likelihood),
      firm: Math.log10(stake(sources.firm(slot), sources.firmTrials(slot))),
    },
  };
}

function verdictOf(bits: number, tier: number, campaign: string | null): LiveSource['verdict'] {
  if (bits & SourceBit.intrusion) return 'intrusion';
  if (campaign === null && tier === 0) return 'unknown';
  return bits & SourceBit.attempt ? 'attempt' : 'scan';
}

/** Of the campaigns that claim a source, the one with the most members; the first of equals. */
function largest(
  claims: readonly (string | undefined)[],
  sizeOf: (campaign: string) => number,
): string | null {
  const told = claims.filter((claim) => claim !== undefined);
  if (told.length < 2) return told[0] ?? null;
  let best = told[0]!;
  let size = sizeOf(best);
  for (const claim of told.slice(1)) {
    const other = sizeOf(claim);
    if (other <= size) continue;
    best = claim;
    size = other;
  }
  return best;
}

function membersOf(campaign: string, labels: readonly Labels[]): number {
  let count = 0;
  for (const told of labels) for (const { value } of told.entries()) if (value === campaign) count++;
  return count;
}

function networkMembers(shard: Shard, prefix: number, campaign: string): number {
  const { sources, neighbours } = shard;
  if (neighbours.campaignOf(prefix) !== campaign) return 0;
  let count = 0;
  for (let slot = neighbours.prefixes.head[prefix]!; slot >= 0; slot = sources.next(slot)) count++;
  return count;
}
