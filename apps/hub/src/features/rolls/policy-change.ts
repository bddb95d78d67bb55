/**
 * The policy changes, by the word of the witnesses that the old one names. A proposal is a text with the minute from which it is meant to
 * hold: chosen some days ahead, so that people can sign it where their witnesses are. The log takes no minute that lies before its last
 * seal, and witnesses take none that lies ahead of their clock; so the entry is appended at that minute or soon after it.
 */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { formatSignature, isSame, parseNote } from '@bellwether/evidence';
import {
  checkPolicyChange,
  formatEntry,
  type PolicyEntry,
  parsePolicyText,
  policyDifferences,
  policyText,
  type RollsPolicy,
  witnessPolicy,
} from '@bellwether/rolls';
import { type RollError, rollRefused } from './errors.ts';
import { appendFolded, type Holding } from './holding.ts';
import { type RollPaths, writeFileWhole } from './roll-files.ts';

/** Name of the file, beside the private files of the log, with the witnesses that the log itself names now. */
export const POLICY_FILE = 'policy-of-log';

/** A proposal: the exact text that is signed, and what changes, a sentence each. */
export type ProposedPolicy = { readonly text: string; readonly changes: readonly string[] };

/** The text to be signed. `at`: ms since 1970, from when the policy is to hold. */
export function proposePolicy(
  holding: Holding,
  policy: RollsPolicy,
  at: string,
): Result<ProposedPolicy, RollError> {
  const { fold, log, tools } = holding;
  const text = textOf(fold.genesis.origin, policy, at);
  const proposal = text === null ? null : parsePolicyText(text);
  if (text === null || proposal === null || proposal.isErr())
    return rollRefused('ROLL_INPUT_WRONG', proposal?.isErr() ? proposal.error.detail : 'it is no policy');
  if (Date.parse(at) < fold.time)
    return rollRefused('ROLL_INPUT_WRONG', `${at} lies before what the log has told already`);
  const witnesses = witnessPolicy(tools.hasher, policy);
  if (witnesses.isErr()) return rollRefused('ROLL_INPUT_WRONG', witnesses.error);
  const named = witnesses.value?.logs.find(({ key }) => key.name === log.origin);
  if (named === undefined || !isSame(named.key.publicKey, log.key.publicKey))
    return rollRefused('ROLL_INPUT_WRONG', 'the policy does not name the key that this log signs with');
  const changes = policyDifferences(tools.hasher, fold.policy, policy);
  if (changes.isErr()) return rollRefused('ROLL_INPUT_WRONG', changes.error);
  return ok({ text, changes: changes.value });
}

/** Appends a proposal with the notes that witnesses signed; the number of lines that it has, and the index of the entry. */
export async function appendPolicy(
  holding: Holding,
  text: string,
  notes: readonly Uint8Array[],
): Promise<Result<{ readonly index: bigint; readonly lines: number }, RollError>> {
  const { fold, tools, now, paths } = holding;
  const proposal = parsePolicyText(text);
  if (proposal.isErr()) return rollRefused('ROLL_INPUT_WRONG', proposal.error.detail);
  const { policy, at, origin } = proposal.value;
  if (origin !== fold.genesis.origin) return rollRefused('ROLL_INPUT_WRONG', `it is for the log ${origin}`);
  const again = proposePolicy(holding, policy, at);
  if (again.isErr()) return again;
  if (Date.parse(at) > now())
    return rollRefused('ROLL_INPUT_WRONG', `it holds from ${at}: append it then, before the next seal`);
  const signed = linesOf(text, notes);
  if (signed.isErr()) return signed;
  const entry: PolicyEntry = { type: 'policy', policy, at, notes: signed.value.join('') };
  const { hasher, verifier } = tools;
  const agreed = await checkPolicyChange(origin, fold.policy, entry, hasher, verifier);
  if (agreed.isErr()) return rollRefused('ROLL_RULE_BROKEN', agreed.error);
  const appended = await appendFolded(holding, [formatEntry(entry)]);
  if (appended.isErr()) return appended;
  await keepPolicyOfLog(paths, policy);
  return ok({ index: appended.value, lines: signed.value.length });
}

/** Writes down whom the log names, for the next start of the hub: its witnesses are asked by this. */
export async function keepPolicyOfLog({ logPrivate }: RollPaths, { witnesses }: RollsPolicy): Promise<void> {
  await writeFileWhole(join(logPrivate, POLICY_FILE), witnesses);
}

/** Signature lines of all notes, each once. */
function linesOf(text: string, notes: readonly Uint8Array[]): Result<readonly string[], RollError> {
  const lines = new Map<string, string>();
  for (const [at, bytes] of notes.entries()) {
    const note = parseNote(bytes);
    if (note.isErr()) return rollRefused('ROLL_INPUT_WRONG', `note ${at + 1}: ${note.error.detail}`);
    if (note.value.text !== text)
      return rollRefused('ROLL_INPUT_WRONG', `note ${at + 1} is over another text than the one proposed`);
    for (const line of note.value.signatures) lines.set(line.name, formatSignature(line));
  }
  return ok([...lines.values()]);
}

function textOf(origin: string, policy: RollsPolicy, at: string): string | null {
  try {
    return policyText(origin, { policy, at });
  } catch {
    return null;
  }
}
