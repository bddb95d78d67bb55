/** What a check found, as data: what commands print as JSON, and what texts make sentences of. */
import { decodeText, encodeBase64, type Policy } from '@bellwether/evidence';
import { nightText } from '@bellwether/rolls';
import type { TrustedCheckpoint } from './policy-check.ts';
import type { CheckedProof } from './proof-check.ts';
import type { CheckedReceipt } from './receipt-check.ts';
import type { Replayed } from './replay.ts';
import type { CheckedStatement } from './statement-check.ts';

/** A checkpoint that may be relied on. Numbers that may be beyond 2^53 are decimal. */
export type CheckpointFound = {
  readonly origin: string;
  readonly size: string;
  /** Base64. */
  readonly root: string;
  readonly witnesses: readonly string[];
  readonly of: number;
  /** When a quorum had cosigned, ISO 8601. */
  readonly at: string;
};

/** By kind of check. */
export type Finding =
  | {
      readonly kind: 'policy';
      readonly hash: string;
      readonly logs: readonly string[];
      readonly witnesses: number;
      readonly quorum: string;
      /** SHA-256 of the genesis entry of the log that was named; null where none was. */
      readonly genesis: string | null;
    }
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointFound }
  | {
      readonly kind: 'proof';
      readonly checkpoint: CheckpointFound;
      readonly index: string;
      /** The entry as text; null where it is none. */
      readonly entry: string | null;
    }
  | {
      readonly kind: 'receipt';
      readonly checkpoint: CheckpointFound;
      readonly version: number;
      readonly epoch: number | null;
      readonly sealedAt: string | null;
      readonly records: number;
      readonly withFields: boolean;
    }
  | {
      readonly kind: 'night';
      readonly checkpoint: CheckpointFound;
      readonly index: string;
      readonly day: string;
      readonly name: string;
      readonly text: string;
      readonly isOfLastSeal: boolean;
    }
  | {
      readonly kind: 'witness';
      readonly checkpoint: CheckpointFound;
      readonly witness: string;
      readonly time: string;
      readonly size: string;
      /** Checks that it did, those that it did not, and what it refused. */
      readonly done: readonly string[];
      readonly notDone: readonly string[];
      readonly refused: readonly { readonly check: string; readonly entry: string }[];
      readonly rows: number | null;
      /** Records that were drawn and opened to it. */
      readonly opened: number | null;
    }
  | {
      readonly kind: 'replay';
      readonly checkpoint: CheckpointFound | null;
      readonly policyFrom: 'you' | 'log' | null;
      readonly origin: string;
      readonly size: string;
      readonly genesis: string;
      readonly genesisDay: string;
      readonly firstRecords: number;
      readonly nights: number;
      readonly roots: number;
      readonly batches: number;
      readonly items: number;
      readonly signatures: number;
      readonly lastDay: string | null;
      readonly lastAt: string | null;
      readonly records: number | null;
      /** Changes without authority that the last night itself tells. */
      readonly unauthorised: number | null;
      readonly captures: 'dumps' | 'audit-table' | 'replication' | null;
      readonly state: string;
    }
  | {
      readonly kind: 'sheet';
      readonly root: string;
      readonly words: readonly string[];
      readonly office: string;
      readonly day: string;
      readonly sequence: number;
      readonly changes: number;
    };

/** A finding of one kind. */
export type FindingOf<K extends Finding['kind']> = Extract<Finding, { kind: K }>;

function checkpointFound({ checkpoint, witnesses, of, time }: TrustedCheckpoint): CheckpointFound {
  return {
    origin: checkpoint.origin,
    size: String(checkpoint.size),
    root: encodeBase64(checkpoint.root),
    witnesses,
    of,
    at: new Date(time).toISOString(),
  };
}

/** Of a policy that was read; `genesis` of the log that was named beside it. */
export function policyFinding(
  { policy, hash }: { readonly policy: Policy; readonly hash: string },
  genesis: string | null,
): FindingOf<'policy'> {
  const logs = policy.logs.map(({ key }) => key.name);
  return {
    kind: 'policy',
    hash,
    logs,
    witnesses: policy.witnesses.length,
    quorum: quorumText(policy),
    genesis,
  };
}

/** Of a checkpoint. */
export function checkpointFinding(trusted: TrustedCheckpoint): FindingOf<'checkpoint'> {
  return { kind: 'checkpoint', checkpoint: checkpointFound(trusted) };
}

/** Of a proof. */
export function proofFinding({ trusted, index, entry }: CheckedProof): FindingOf<'proof'> {
  const text = decodeText(entry);
  const isText = text !== undefined && !/[\0-\x08\x0b-\x1f\x7f]/.test(text);
  return {
    kind: 'proof',
    checkpoint: checkpointFound(trusted),
    index: String(index),
    entry: isText ? text : null,
  };
}

/** Of a receipt. */
export function receiptFinding(checked: CheckedReceipt): FindingOf<'receipt'> {
  const { trusted, version, seal, records, withFields } = checked;
  const [epoch, sealedAt] = [seal?.epoch ?? null, seal?.at ?? null];
  return {
    kind: 'receipt',
    checkpoint: checkpointFound(trusted),
    version,
    epoch,
    sealedAt,
    records,
    withFields,
  };
}

/** Of a statement of either kind. */
export function statementFinding(checked: CheckedStatement): FindingOf<'night'> | FindingOf<'witness'> {
  const checkpoint = checkpointFound(checked.trusted);
  if (checked.kind === 'night') {
    const { night, index, isOfLastSeal } = checked;
    const { day, name } = night;
    return {
      kind: 'night',
      checkpoint,
      index: String(index),
      day,
      name,
      text: nightText(night),
      isOfLastSeal,
    };
  }
  const { witness, time, size, checks, rows, opened } = checked.statement;
  const outcomes = Object.entries(checks);
  return {
    kind: 'witness',
    checkpoint,
    witness,
    time,
    size: String(size),
    done: outcomes.filter(([, outcome]) => outcome === 'ok').map(([check]) => check),
    notDone: outcomes.filter(([, outcome]) => outcome === 'not-checked').map(([check]) => check),
    refused: outcomes.flatMap(([check, outcome]) =>
      typeof outcome === 'object' ? [{ check, entry: String(outcome.refused) }] : [],
    ),
    rows: rows?.count ?? null,
    opened: opened?.count ?? null,
  };
}

/** Of a replay. */
export function replayFinding(replayed: Replayed): FindingOf<'replay'> {
  const { checkpoint, trusted, policyFrom, genesis, nights, roots, batches, items, signatures } = replayed;
  const { lastSeal, root } = replayed;
  return {
    kind: 'replay',
    checkpoint: trusted && checkpointFound(trusted),
    policyFrom,
    origin: checkpoint.origin,
    size: String(checkpoint.size),
    genesis: genesis.hash,
    genesisDay: genesis.entry.day,
    firstRecords: genesis.entry.records,
    nights,
    roots,
    batches,
    items,
    signatures,
    lastDay: lastSeal?.day ?? null,
    lastAt: lastSeal?.at ?? null,
    records: lastSeal?.records ?? null,
    unauthorised:
      lastSeal && Object.values(lastSeal.result.unauthorised).reduce((sum, count) => sum + count, 0),
    captures: lastSeal?.result.captures ?? null,
    state: root,
  };
}

/** The quorum as its policy spells it: `offices: 60 of 116`. */
function quorumText({ groups, quorum }: Policy): string {
  const group = groups.find(({ name }) => name === quorum);
  return group === undefined ? quorum : `${quorum}: ${group.k} of ${group.members.length}`;
}
