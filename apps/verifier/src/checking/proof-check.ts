/** Proofs in files: c2sp.org/tlog-proof. The entry comes along in the line `extra`, or in a file of its own. */
import { err, ok, type Result } from '@bellwether/basics';
import { checkTlogProof, leafHash, type Policy, parseTlogProof } from '@bellwether/evidence';
import type { VerifyError } from '../errors.ts';
import { type CheckingTools, type TrustedCheckpoint, trustAccepted } from './policy-check.ts';

/** A proof that holds. */
export type CheckedProof = {
  readonly trusted: TrustedCheckpoint;
  readonly index: bigint;
  /** What is proven to stand in the log. */
  readonly entry: Uint8Array;
};

/** Checks a proof in a file. `entry`: null takes what the proof has with it. */
export async function judgeProof(
  bytes: Uint8Array,
  entry: Uint8Array | null,
  policy: Policy,
  tools: CheckingTools,
): Promise<Result<CheckedProof, VerifyError>> {
  const proof = parseTlogProof(bytes);
  if (proof.isErr()) return proof;
  const proven = entry ?? proof.value.extra;
  if (proven === null)
    return err({
      code: 'VERIFY_UNREADABLE',
      detail: 'the proof does not hold its entry, and no file of it was named',
    });
  const leaf = leafHash(tools.hasher, proven);
  const accepted = await checkTlogProof(proof.value, leaf, policy, tools.hasher, tools.verifier);
  if (accepted.isErr()) return accepted;
  const trusted = trustAccepted(accepted.value, policy, tools);
  return trusted.isErr() ? trusted : ok({ trusted: trusted.value, index: proof.value.index, entry: proven });
}
