/** The entries of a roll that single checks need: its genesis, and its last seal. */
import { err, ok, type Result } from '@bellwether/basics';
import { type Hasher, parseCheckpoint } from '@bellwether/evidence';
import { type GenesisEntry, type JsonEntry, parseEntry, type SealEntry } from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { findFirst, findLast } from './log-entries.ts';
import { type LogSource, readCheckpointNote } from './log-source.ts';
import { sha256Hex } from './policy-check.ts';

/** An entry that was read, its bytes, and where it stands. */
export type ReadEntry<T extends JsonEntry> = {
  readonly index: bigint;
  readonly bytes: Uint8Array;
  readonly entry: T;
};

/** The entry that these bytes are, if they are one of that type. */
export function entryOfType<T extends JsonEntry['type']>(
  bytes: Uint8Array,
  type: T,
): Extract<JsonEntry, { type: T }> | null {
  // JSON begins with a brace: items, which are many, need not be looked at.
  if (bytes[0] !== 0x7b) return null;
  const parsed = parseEntry(bytes);
  if (parsed.isErr() || parsed.value === 'other' || !('type' in parsed.value)) return null;
  return parsed.value.type === type ? (parsed.value as Extract<JsonEntry, { type: T }>) : null;
}

/** The genesis of a log. */
export async function findGenesis(
  source: LogSource,
  size: bigint,
): Promise<Result<ReadEntry<GenesisEntry>, VerifyError>> {
  const found = await findFirst(source, size, (bytes) => entryOfType(bytes, 'genesis') !== null);
  if (found.isErr()) return found;
  if (found.value === null)
    return err({ code: 'VERIFY_NO_ROLL', detail: `no genesis among its first entries` });
  return ok({ ...found.value, entry: entryOfType(found.value.bytes, 'genesis')! });
}

/** Names of the public fields as the genesis has them, to ask a person by: nothing is proven of them here. */
export async function findGenesisFields(source: LogSource): Promise<Result<readonly string[], VerifyError>> {
  const note = await readCheckpointNote(source);
  const checkpoint = note.isErr() ? note : parseCheckpoint(note.value.text);
  if (checkpoint.isErr()) return checkpoint;
  const genesis = await findGenesis(source, checkpoint.value.size);
  return genesis.map(({ entry }) => entry.fields.public);
}

/** The last seal of a log; null before the first. */
export async function findSeal(
  source: LogSource,
  size: bigint,
): Promise<Result<ReadEntry<SealEntry> | null, VerifyError>> {
  const found = await findLast(source, size, (bytes) => entryOfType(bytes, 'seal') !== null);
  if (found.isErr()) return found;
  return ok(found.value && { ...found.value, entry: entryOfType(found.value.bytes, 'seal')! });
}

/** Refuses a genesis that is not the pinned one. `pinned`: SHA-256 of the entry's bytes, hex; null pins nothing. The hash. */
export function checkPinnedGenesis(
  hasher: Hasher,
  genesis: Uint8Array,
  pinned: string | null,
): Result<string, VerifyError> {
  const hash = sha256Hex(hasher, genesis);
  if (pinned === null || pinned === hash) return ok(hash);
  return err({ code: 'VERIFY_OTHER_GENESIS', detail: `it is ${hash}, and you trust ${pinned}` });
}
