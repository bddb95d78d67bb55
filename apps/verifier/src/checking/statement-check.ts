/**
 * Statements. A nightly statement is an entry of the log, to the byte. A witness's statement is a note under its second key, about a
 * state of the log that today's checkpoint has to go on from.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkConsistency,
  checkSignatures,
  consistencyProof,
  encodeBase64,
  isSame,
  MAX_ENTRY_BYTES,
  type Policy,
  parseNote,
} from '@bellwether/evidence';
import {
  CHECKS_SUFFIX,
  isFresh,
  type NightlyStatement,
  parseNight,
  parseWitnessStatement,
  type WitnessStatement,
} from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { findLast, proveEntry } from './log-entries.ts';
import { type LogSource, readCheckpointNote, tilesOf } from './log-source.ts';
import { type CheckingTools, judgeCheckpoint, type TrustedCheckpoint } from './policy-check.ts';
import { findSeal } from './roll-entries.ts';

/** A statement that stands. */
export type CheckedStatement = { readonly trusted: TrustedCheckpoint } & (
  | {
      readonly kind: 'night';
      readonly night: NightlyStatement;
      readonly index: bigint;
      /** Whether the last seal of the log is the one that it speaks of. */
      readonly isOfLastSeal: boolean;
    }
  | { readonly kind: 'witness'; readonly statement: WitnessStatement }
);

/** Checks a statement in a file, of either kind. */
export async function judgeStatement(
  bytes: Uint8Array,
  source: LogSource,
  policy: Policy,
  tools: CheckingTools,
): Promise<Result<CheckedStatement, VerifyError>> {
  const note = await readCheckpointNote(source);
  if (note.isErr()) return note;
  const trusted = await judgeCheckpoint(note.value, policy, tools);
  if (trusted.isErr()) return trusted;
  return bytes[0] === 0x7b
    ? judgeNight(bytes, source, trusted.value, tools)
    : judgeWitnessNote(bytes, source, policy, trusted.value, tools);
}

async function judgeNight(
  bytes: Uint8Array,
  source: LogSource,
  trusted: TrustedCheckpoint,
  tools: CheckingTools,
): Promise<Result<CheckedStatement, VerifyError>> {
  if (bytes.length > MAX_ENTRY_BYTES)
    return err({ code: 'VERIFY_UNREADABLE', detail: 'longer than any statement' });
  const night = parseNight(bytes);
  if (night.isErr())
    return err({ code: 'VERIFY_UNREADABLE', detail: `no nightly statement: ${night.error.detail}` });
  const { size } = trusted.checkpoint;
  const found = await findLast(source, size, (entry) => isSame(entry, bytes));
  if (found.isErr()) return found;
  if (found.value === null)
    return err({ code: 'VERIFY_NOT_IN_LOG', detail: `no entry before ${size} is this statement` });
  const proven = await proveEntry(tools.hasher, source, trusted.checkpoint, found.value);
  if (proven.isErr()) return proven;
  const seal = await findSeal(source, size);
  if (seal.isErr()) return seal;
  const isOfLastSeal =
    seal.value?.entry.after === night.value.root && seal.value.entry.epoch === night.value.epoch;
  return ok({ kind: 'night', night: night.value, index: found.value.index, isOfLastSeal, trusted });
}

async function judgeWitnessNote(
  bytes: Uint8Array,
  source: LogSource,
  policy: Policy,
  trusted: TrustedCheckpoint,
  { hasher, verifier, now }: CheckingTools,
): Promise<Result<CheckedStatement, VerifyError>> {
  const note = parseNote(bytes);
  if (note.isErr()) return note;
  const parsed = parseWitnessStatement(note.value.text);
  if (parsed.isErr())
    return err({ code: 'VERIFY_UNREADABLE', detail: `no statement: ${parsed.error.detail}` });
  const statement = parsed.value;
  const { witness, origin, size, root } = statement;
  // The second key of a witness stands in the policy as that of a log of its own.
  const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === `${witness}${CHECKS_SUFFIX}`);
  const signed = await checkSignatures(note.value, keys, verifier);
  if (signed.isErr()) return signed;
  const { checkpoint } = trusted;
  if (origin !== checkpoint.origin)
    return err({
      code: 'VERIFY_OTHER_LOG',
      detail: `it is about ${origin}, and this log is ${checkpoint.origin}`,
    });
  if (!isFresh(statement, now))
    return err({ code: 'VERIFY_NOT_FRESH', detail: `the statement is of ${statement.time}` });
  if (size > checkpoint.size || size === 0n)
    return err({
      code: 'VERIFY_NOT_IN_LOG',
      detail: `it is about ${size} entries, and the log has ${checkpoint.size}`,
    });
  const proof = await consistencyProof(hasher, 0n, size, checkpoint.size, tilesOf(source));
  if (proof.isErr()) return proof;
  const consistent = checkConsistency(
    hasher,
    { start: 0n, end: size, part: root, size: checkpoint.size, root: checkpoint.root },
    proof.value,
  );
  if (consistent.isErr()) {
    const detail = `the log does not go on from ${size} entries with the root ${encodeBase64(root)}`;
    return err({ code: 'VERIFY_ENTRIES_DIFFER', detail });
  }
  return ok({ kind: 'witness', statement, trusted });
}
