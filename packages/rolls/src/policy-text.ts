/** The text of a change of policy, as people send it about: read back strictly, and told in sentences before it is signed. */
import { ok, type Result } from '@bellwether/basics';
import { encodeText, formatNoteKey, type Hasher, MAX_ENTRY_BYTES, type Policy } from '@bellwether/evidence';
import { policyText } from './claim.ts';
import { formatEntry, type PolicyEntry } from './entries.ts';
import type { RollsError } from './errors.ts';
import { witnessPolicy } from './fold-policy.ts';
import { parseEntry } from './parse-entry.ts';
import type { RollsPolicy } from './rolls-types.ts';
import { malformed, readCanonical } from './strict-json.ts';

/** A policy that is proposed for a log. `at`: the minute from which it is meant to hold, ISO 8601 UTC. */
export type PolicyProposal = Pick<PolicyEntry, 'policy' | 'at'> & { readonly origin: string };

/** Reads the text that `policyText` makes; any other spelling is refused, since the signature would be over another one. */
export function parsePolicyText(text: string): Result<PolicyProposal, RollsError> {
  const [label, line, rest, ...more] = text.split('\n');
  if (line === undefined || rest !== '' || more.length > 0)
    return malformed(`${label?.slice(0, 40)}: no policy`);
  const read = readCanonical(encodeText(line), MAX_ENTRY_BYTES);
  if (read.isErr()) return read;
  const { origin, policy, at } = (read.value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof origin !== 'string' || typeof at !== 'string' || typeof policy !== 'object')
    return malformed('the policy names no log, no time or nothing that changes');
  const proposal = { origin, policy, at } as PolicyProposal;
  const entry = { type: 'policy', policy, at, notes: '' } as PolicyEntry;
  const checked = parseEntry(formatEntry(entry));
  if (checked.isErr()) return checked;
  return policyText(origin, proposal) === text
    ? ok(proposal)
    : malformed('a policy with more in it than is read');
}

/** What changes, a sentence each; none where nothing does. Errors: a policy whose witnesses cannot be read, in words. */
export function policyDifferences(
  hasher: Hasher,
  old: RollsPolicy,
  next: RollsPolicy,
): Result<readonly string[], string> {
  const before = witnessPolicy(hasher, old);
  const after = witnessPolicy(hasher, next);
  if (before.isErr()) return before;
  if (after.isErr()) return after;
  return ok([...witnessChanges(before.value, after.value, old, next), ...limitChanges(old, next)]);
}

function witnessChanges(
  before: Policy | null,
  after: Policy | null,
  old: RollsPolicy,
  next: RollsPolicy,
): readonly string[] {
  const was = keysByName(before);
  const is = keysByName(after);
  const told: string[] = [];
  for (const [name, key] of is) {
    if (!was.has(name)) told.push(`${name} is added, with the key ${key}.`);
    else if (was.get(name) !== key) told.push(`${name} has another key: ${key}.`);
  }
  for (const name of was.keys()) if (!is.has(name)) told.push(`${name} is removed.`);
  const rule = quorumLines(next.witnesses);
  if (quorumLines(old.witnesses) !== rule) told.push(`Who has to agree: ${rule || 'nobody'}.`);
  if (told.length === 0 && old.witnesses !== next.witnesses)
    told.push('Addresses or the spelling of the list of witnesses change, and nothing else in it.');
  return told;
}

/** Keys that the policy knows, of witnesses and of logs: second keys of witnesses are among these. */
function keysByName(policy: Policy | null): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { key } of policy?.logs ?? []) keys.set(`The key ${key.name}`, formatNoteKey(key));
  for (const { name, key } of policy?.witnesses ?? []) keys.set(`The witness ${name}`, formatNoteKey(key));
  return keys;
}

/** The lines of groups and of the quorum, without comments. */
function quorumLines(witnesses: string): string {
  const lines = witnesses.split('\n').filter((line) => /^(?:group|quorum)\s/.test(line));
  return lines.join('; ');
}

/** What each limit is called. */
const LIMITS = {
  massItems: 'Changes of an office on a day beyond which a second office signs',
  massShare: 'and the share of its records',
  quietRemovals: 'Removals in a quiet period beyond which a second office signs',
  signerDelayHours: 'Hours that a new signer is public before it counts',
  awaitingDays: 'Business days that a sheet waits for its office',
  protectedBatch: 'Fewest changes in a batch of protected voters',
} as const satisfies Partial<Record<keyof RollsPolicy, string>>;

function limitChanges(old: RollsPolicy, next: RollsPolicy): readonly string[] {
  const told = (Object.keys(LIMITS) as (keyof typeof LIMITS)[])
    .filter((limit) => old[limit] !== next[limit])
    .map((limit) => `${LIMITS[limit]}: ${old[limit]} becomes ${next[limit]}.`);
  const was = periods(old);
  const is = periods(next);
  return was === is ? told : [...told, `Quiet periods: ${was} become ${is}.`];
}

function periods({ quiet }: RollsPolicy): string {
  return quiet.map(({ from, to }) => `${from} to ${to}`).join(', ') || 'none';
}
