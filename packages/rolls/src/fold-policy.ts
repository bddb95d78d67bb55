/** What the policy asks of a batch, and who may change the policy. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkSignatures,
  encodeText,
  type Hasher,
  isQuorum,
  KeyKind,
  type Policy,
  parsePolicy,
  parseSignatures,
  type Verifier,
} from '@bellwether/evidence';
import { policyText } from './claim.ts';
import type { BatchEntry, PolicyEntry } from './entries.ts';
import type { RollsPolicy } from './rolls-types.ts';
import { isLocalOffice } from './signers.ts';

/** What stands behind a witness's name in the name of the key with which it states what else it checked. */
export const CHECKS_SUFFIX = '/checks';

/** Changes of a batch. */
export function changesOf({ counts }: Pick<BatchEntry, 'counts'>): number {
  return counts.new + counts.changed + counts.removed;
}

/**
 * Why a batch needs a second office; null if it does not. `records`: those of the office before the batch; `sealed`: day of
 * the last seal. A batch is within a quiet period if its own day is, or the last night that was sealed: dated back or ahead,
 * it gains nothing.
 */
export function secondOfficeNeeded(
  { massItems, massShare, quiet, quietRemovals }: RollsPolicy,
  batch: Pick<BatchEntry, 'counts' | 'day'>,
  records: number,
  sealed: string,
): 'mass' | 'quiet' | null {
  const changes = changesOf(batch);
  if (changes > massItems && changes > massShare * records) return 'mass';
  const isQuiet = quiet.some(({ from, to }) => [batch.day, sealed].some((day) => day >= from && day <= to));
  return isQuiet && batch.counts.removed > quietRemovals ? 'quiet' : null;
}

/** The place whose key has to sign a batch. */
export function placeOf({ office, source }: Pick<BatchEntry, 'office' | 'source'>): string {
  return source === 'office' ? office : source;
}

/** Whether keys of these places are enough for a batch: its own, and a local office beside it where a second is needed. */
export function areEnough(
  batch: Pick<BatchEntry, 'office' | 'source'>,
  places: readonly string[],
  second: boolean,
): boolean {
  const own = placeOf(batch);
  return places.includes(own) && (!second || places.some((place) => place !== own && isLocalOffice(place)));
}

/** The log's policy within a policy of the rolls. Empty: nobody witnesses yet, which is null. */
export function witnessPolicy(hasher: Hasher, policy: RollsPolicy): Result<Policy | null, string> {
  if (policy.witnesses === '') return ok(null);
  const parsed = parsePolicy(hasher, encodeText(policy.witnesses));
  return parsed.isOk() ? parsed : err(parsed.error.detail);
}

/**
 * Whether a new policy may take the place of the old one: a quorum of the old one's witnesses signed it, each with its
 * second key, which the policy tells in a `log` line whose key is called `NAME/checks` after the witness's key. Where the
 * genesis named no witnesses, the first that come agree to themselves: whoever pins such a genesis pins no witness.
 */
export async function checkPolicyChange(
  origin: string,
  old: RollsPolicy,
  entry: PolicyEntry,
  hasher: Hasher,
  verifier: Verifier,
): Promise<Result<void, string>> {
  const before = witnessPolicy(hasher, old);
  const after = witnessPolicy(hasher, entry.policy);
  if (before.isErr()) return before;
  if (after.isErr()) return after;
  const judges = before.value ?? after.value;
  if (judges === null) return err('there is no witness who could agree');
  if (after.value === null) return err('a policy without witnesses takes the place of one with them');
  const signatures = parseSignatures(entry.notes);
  if (signatures.isErr()) return err(signatures.error.detail);
  const seconds = new Map(judges.witnesses.map(({ key, name }) => [`${key.name}${CHECKS_SUFFIX}`, name]));
  const keys = judges.logs
    .map(({ key }) => key)
    .filter(({ name, kind }) => kind === KeyKind.note && seconds.has(name));
  const note = { text: policyText(origin, entry), signatures: signatures.value };
  const checked = await checkSignatures(note, keys, verifier);
  if (checked.isErr()) return err(checked.error.detail);
  const agreed = new Set(checked.value.map(({ key }) => seconds.get(key.name)!));
  return isQuorum(judges, agreed) ? ok() : err(`${agreed.size} witnesses agreed, which is no quorum`);
}
