/**
 * Blocks as people read them, and whether the evidence for one has an error rate.
 */
import { formatIPv4, formatIPv6 } from '@bellwether/basics';
import { type Proposal, REASONS } from './judge/findings.ts';
import type { EngineOptions } from './judge/shards.ts';

/** A block: what, why, with what error, until when. Times ISO 8601, event time. */
export type Decision = {
  readonly value: string;
  readonly reason: string;
  readonly alpha: number | null;
  readonly rule: string;
  readonly forgeable: boolean;
  readonly covers: 'all' | 'private';
  readonly evidence: {
    readonly contacts: number;
    readonly targets: number;
    readonly first: string | null;
    readonly last: string | null;
  };
  readonly campaign: string | null;
  readonly from: string | null;
  readonly until: string | null;
};

/**
 * A block as the judge of a hub gives it. `seen`: where its source is seen. `packets`: it sends packets of its own. `client`: a proxy
 * of ours named it and nothing else did, so only who sees the client can turn it away: the proxy, or a web server behind it.
 */
export type LiveDecision = Decision & { readonly seen: 'packets' | 'client' };

/**
 * For each file, whether its sensor logs what it lets in, so that its evidence has an error rate. `accepts`: what each
 * worker has seen, by file.
 */
export function filesThatAccept(
  { files, surface }: EngineOptions,
  accepts: readonly Uint8Array[],
): Uint8Array {
  const bySensor = new Set<string>();
  files.forEach((file, i) => {
    const stated = file.sensorIndex < 0 ? null : surface.sensors[file.sensorIndex]!.denialsOnly;
    const seen = accepts.some((told) => told[i] === 1);
    if (stated === false || (stated === null && seen)) bySensor.add(file.sensor);
  });
  return Uint8Array.from(files, (file) => (bySensor.has(file.sensor) ? 1 : 0));
}

/** The decision that a proposal becomes; `hasErrorRate`: its sensor logs what it lets in. */
export function decisionOf(proposal: Proposal, hasErrorRate: boolean): Decision {
  const { key0, key1, v6, bits } = proposal;
  return {
    value: v6 ? `${formatIPv6([key0, key1, 0, 0])}/${bits}` : `${formatIPv4(key0)}/${bits}`,
    reason: proposal.reason,
    alpha: hasErrorRate ? proposal.alpha : null,
    rule: ruleOf(proposal, hasErrorRate),
    forgeable: proposal.forgeable,
    covers: proposal.forgeable || bits < (v6 ? 64 : 32) ? 'private' : 'all',
    evidence: {
      contacts: proposal.contacts,
      targets: proposal.targets,
      first: iso(proposal.first),
      last: iso(proposal.last),
    },
    campaign: proposal.campaign,
    from: iso(proposal.time),
    until: proposal.time === 0 ? null : iso(proposal.time + proposal.duration),
  };
}

/** How the block was reached, for a person: by the test, or, where only denials are logged, by counting. */
function ruleOf({ likelihood, threshold, reason, campaign }: Proposal, hasErrorRate: boolean): string {
  const of = campaign === null ? '' : ` of ${campaign}`;
  const test = `likelihood ratio${of} ${likelihood.toExponential(1)} >= ${threshold.toExponential(0)}`;
  return hasErrorRate ? test : `${test}, counted on denials alone: ${REASONS[reason]}`;
}

/** Null where no line told a time: such a contact is judged as if at 0. */
export function iso(time: number): string | null {
  return time !== 0 && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null;
}
