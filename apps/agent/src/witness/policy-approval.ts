/**
 * A new policy of the log, before its witness signs it: a person sees what changes. The old policy is read from the log itself, entry by
 * entry up to the checkpoint that this witness cosigned, so that neither a file nor the hub can tell another one.
 */
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '@bellwether/basics';
import {
  decodeText,
  entryHashes,
  formatNote,
  formatNoteKey,
  GrowingTree,
  type Hasher,
  isSame,
  MAX_ENTRY_BYTES,
  signText,
  type Verifier,
} from '@bellwether/evidence';
import {
  checkPolicyChange,
  parseEntry,
  parsePolicyText,
  policyDifferences,
  type RollsPolicy,
  witnessPolicy,
} from '@bellwether/rolls';
import type { AgentError } from '../errors.ts';
import type { HubClient } from './hub-client.ts';
import { entriesFrom } from './roll-fold.ts';
import { signersOf } from './witness-keys.ts';
import type { SeenCheckpoint, WitnessMemory } from './witness-state.ts';

/** Bytes of a proposal: an entry of the log, its label and the name of the log. */
const MOST_BYTES = MAX_ENTRY_BYTES + 1_024;

/** What looking at a proposal needs. */
export type ApprovalNeeds = {
  readonly client: HubClient;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  readonly memory: WitnessMemory;
};

/** A proposal, as it is shown: the text that is signed, and what changes, a sentence each. */
export type Approval = {
  readonly text: string;
  readonly origin: string;
  /** The minute from which it is meant to hold, ISO 8601 UTC. */
  readonly at: string;
  readonly changes: readonly string[];
};

/** Reads the file of a proposal, bounded. */
export async function proposalIn(path: string): Promise<Result<Uint8Array, AgentError>> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = new Uint8Array(MOST_BYTES + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      if (bytesRead > MOST_BYTES) return malformed(`${path} has more than ${MOST_BYTES} bytes`);
      return ok(bytes.slice(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    return malformed((error as Error).message);
  }
}

/** What a proposal changes, and whether it is this witness's to sign. */
export async function lookAtProposal(
  needs: ApprovalNeeds,
  bytes: Uint8Array,
): Promise<Result<Approval, AgentError>> {
  const { hasher, memory } = needs;
  const text = decodeText(bytes);
  const proposal = text === undefined ? null : parsePolicyText(text);
  if (text === undefined || proposal === null) return malformed('it is not in UTF-8');
  if (proposal.isErr()) return malformed(proposal.error.detail);
  const { origin, policy, at } = proposal.value;
  const seen = memory.seen.get(origin);
  if (seen === undefined) return stranger(`this witness has signed nothing of the log ${origin}`);
  if (memory.stopped !== null || memory.refused !== null)
    return err({ code: 'WITNESS_STOPPED', detail: 'find out why before you sign anything else' });
  const old = await policyInForce(needs, seen);
  if (old.isErr()) return old;
  const known = witnessPolicy(hasher, old.value);
  if (known.isErr()) return stranger(known.error);
  const own = formatNoteKey(signersOf(hasher, memory.keys).checks.key);
  // Where nobody is named yet, the first witnesses agree to themselves.
  const judges = known.value ?? witnessPolicy(hasher, policy).unwrapOr(null);
  if (judges?.logs.some(({ key }) => formatNoteKey(key) === own) !== true)
    return stranger(
      'the policy in force does not name the second key of this witness, so its word does not count',
    );
  const changes = policyDifferences(hasher, old.value, policy);
  return changes.isErr() ? malformed(changes.error) : ok({ text, origin, at, changes: changes.value });
}

/** The note to send back: the text, signed by the second key of this witness. */
export async function approvalNote(
  hasher: Hasher,
  { keys }: WitnessMemory,
  { text }: Approval,
): Promise<string> {
  return formatNote({ text, signatures: [await signText(text, 0n, signersOf(hasher, keys).checks)] });
}

/** What a person reads before they agree. */
export function approvalText({ origin, at, changes }: Approval): string {
  const lines = changes.length === 0 ? ['Nothing changes.'] : changes.map((change) => `- ${change}`);
  return `A new policy for the log ${origin}, from ${at} on:

${lines.join('\n')}

Is this what the state office told you, on a number that you know? Then add --i-agree, and send back what is printed.
A witness that you do not know, or a smaller number of those who have to agree, is a reason to ask first.
`;
}

/** The same for programs; `note` is null until somebody agreed. */
export function approvalJson({ origin, at, changes }: Approval, note: string | null): object {
  return { schema: 'bellwether/policy-approval@1', origin, at, changes, note };
}

/** The policy that a log has told by a checkpoint, from its genesis on; each change is checked as everybody checks it. */
export async function policyInForce(
  { client, hasher, verifier }: Pick<ApprovalNeeds, 'client' | 'hasher' | 'verifier'>,
  { origin, size, root }: Pick<SeenCheckpoint, 'origin' | 'size' | 'root'>,
): Promise<Result<RollsPolicy, AgentError>> {
  const tree = new GrowingTree(hasher, () => {});
  let policy: RollsPolicy | null = null;
  while (tree.size < size) {
    const entries = await entriesFrom(client, tree.size, size);
    if (entries.isErr()) return entries;
    tree.append(entryHashes(hasher, entries.value));
    for (const bytes of entries.value) {
      const entry = parseEntry(bytes).unwrapOr('other');
      if (entry === 'other' || !('type' in entry)) continue;
      if (entry.type === 'genesis') policy ??= entry.policy;
      if (entry.type !== 'policy' || policy === null) continue;
      const agreed = await checkPolicyChange(origin, policy, entry, hasher, verifier);
      if (agreed.isErr())
        return stranger(`the log holds a change of policy that was not agreed to: ${agreed.error}`);
      policy = entry.policy;
    }
  }
  if (!isSame(tree.root(), root))
    return err({ code: 'WITNESS_HUB_AWAY', detail: 'the entries are not those that this witness signed' });
  return policy === null ? stranger('the log has no roll, and so no policy, in it yet') : ok(policy);
}

function malformed(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_POLICY_MALFORMED', detail });
}

function stranger(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_POLICY_STRANGER', detail });
}
