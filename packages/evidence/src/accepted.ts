/** Whether a policy accepts a checkpoint: signed by one of its logs, cosigned by a quorum of its witnesses. */
import { err, ok, type Result } from '@bellwether/basics';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { checkSignatures } from './cosignature.ts';
import type { EvidenceError } from './errors.ts';
import { isQuorum, type Policy } from './policy.ts';
import type { SignedNote } from './signed-note.ts';
import type { Verifier } from './verifier.ts';

/** A checkpoint that a policy accepts. */
export type AcceptedCheckpoint = {
  readonly checkpoint: Checkpoint;
  /** Names of the witnesses in the policy that cosigned, each with its latest time: seconds since 1970. */
  readonly cosigned: ReadonlyMap<string, bigint>;
};

/**
 * Checks a checkpoint against a policy. How fresh it is, is not: a caller who asks for that looks at the times, of which a
 * quorum has to be recent.
 */
export async function checkCheckpoint(
  note: SignedNote,
  policy: Policy,
  verifier: Verifier,
): Promise<Result<AcceptedCheckpoint, EvidenceError>> {
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.isErr()) return checkpoint;
  const { origin } = checkpoint.value;
  const logs = policy.logs.map(({ key }) => key).filter(({ name }) => name === origin);
  const signed = await checkSignatures(note, logs, verifier);
  if (signed.isErr()) return signed;
  const keys = policy.witnesses.map(({ key }) => key);
  const checked = await checkSignatures(note, keys, verifier);
  if (checked.isErr() && checked.error.code !== 'EVIDENCE_UNSIGNED') return checked;
  const cosigned = new Map<string, bigint>();
  for (const { key, time } of checked.isOk() ? checked.value : []) {
    const { name } = policy.witnesses.find((witness) => witness.key === key)!;
    const before = cosigned.get(name) ?? 0n;
    cosigned.set(name, time !== null && time > before ? time : before);
  }
  if (!isQuorum(policy, new Set(cosigned.keys()))) {
    const detail = `${cosigned.size} of ${policy.witnesses.length} witnesses cosigned, which is no quorum`;
    return err({ code: 'EVIDENCE_QUORUM_MISSED', detail });
  }
  return ok({ checkpoint: checkpoint.value, cosigned });
}
