/** A policy, and checkpoints judged by it: what every other check stands on. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  type AcceptedCheckpoint,
  type Checkpoint,
  checkCheckpoint,
  type Hasher,
  type Policy,
  parseNote,
  parsePolicy,
  type SignedNote,
  type Verifier,
} from '@bellwether/evidence';
import { hexOf } from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { checkFreshness } from './freshness.ts';

/** What every check is done with. */
export type CheckingTools = {
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** The time to judge at: ms since 1970. */
  readonly now: number;
};

/** A policy that was read, and what to compare it by. */
export type PinnedPolicy = {
  readonly policy: Policy;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
};

/** A checkpoint that may be relied on: signed by the log, cosigned by a quorum, and lately. */
export type TrustedCheckpoint = {
  readonly checkpoint: Checkpoint;
  /** Names of the witnesses that cosigned, in the order of the policy. */
  readonly witnesses: readonly string[];
  /** Witnesses that the policy names. */
  readonly of: number;
  /** When a quorum had cosigned: ms since 1970. */
  readonly time: number;
};

/** SHA-256 in hex: what `sha256sum` prints. */
export function sha256Hex(hasher: Hasher, bytes: Uint8Array): string {
  const hash = new Uint8Array(32);
  hasher.hash(bytes, hash, 0);
  return hexOf(hash);
}

/** Reads a policy file. */
export function readPinnedPolicy(hasher: Hasher, bytes: Uint8Array): Result<PinnedPolicy, VerifyError> {
  return parsePolicy(hasher, bytes).map((policy) => ({ policy, hash: sha256Hex(hasher, bytes) }));
}

/** Judges a checkpoint in a file. */
export async function judgeCheckpointFile(
  bytes: Uint8Array,
  policy: Policy,
  tools: CheckingTools,
): Promise<Result<TrustedCheckpoint, VerifyError>> {
  const note = parseNote(bytes);
  return note.isErr() ? note : judgeCheckpoint(note.value, policy, tools);
}

/** Judges a checkpoint. */
export async function judgeCheckpoint(
  note: SignedNote,
  policy: Policy,
  tools: CheckingTools,
): Promise<Result<TrustedCheckpoint, VerifyError>> {
  const accepted = await checkCheckpoint(note, policy, tools.verifier);
  return accepted.isErr() ? err(accepted.error) : trustAccepted(accepted.value, policy, tools);
}

/** An accepted checkpoint, if it is fresh. */
export function trustAccepted(
  accepted: AcceptedCheckpoint,
  policy: Policy,
  { now }: CheckingTools,
): Result<TrustedCheckpoint, VerifyError> {
  const time = checkFreshness(policy, accepted, now);
  if (time.isErr()) return time;
  const { checkpoint, cosigned } = accepted;
  const witnesses = policy.witnesses.map(({ name }) => name).filter((name) => cosigned.has(name));
  return ok({ checkpoint, witnesses, of: policy.witnesses.length, time: time.value });
}
