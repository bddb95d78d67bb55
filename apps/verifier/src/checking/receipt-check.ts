/**
 * A voter's receipt: that the record stands in the state of the last seal, that the seal is in the log, and that a quorum has lately
 * cosigned the log. With the public fields of the record, that it says exactly these.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeText, type Hasher, isSame, type Policy } from '@bellwether/evidence';
import {
  canonicalFields,
  type GenesisEntry,
  isFresh,
  leafOfReceipt,
  MAX_STATE_FILE,
  parseReceipt,
  RECEIPT_BYTES,
  type Receipt,
  readTyped,
  receiptOrigin,
  recordIn,
  type SealEntry,
  spelled,
} from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { proveEntry } from './log-entries.ts';
import { type LogSource, readCheckpointNote, readNeeded } from './log-source.ts';
import { type CheckingTools, judgeCheckpoint, type TrustedCheckpoint } from './policy-check.ts';
import { checkPinnedGenesis, findGenesis, findSeal } from './roll-entries.ts';

/** A receipt that holds. */
export type CheckedReceipt = {
  readonly trusted: TrustedCheckpoint;
  readonly version: number;
  /** The seal whose state holds the record; null: the first state, before any night was sealed. */
  readonly seal: SealEntry | null;
  readonly records: number;
  /** Whether the fields were compared. Without them, only that there is a record under this number. */
  readonly withFields: boolean;
};

/** Longest value of a field and most of them: what a mapping allows, and more. */
const MOST_FIELDS_BYTES = 65_536;

/** Reads a receipt: its 145 bytes, or what somebody typed. */
export function receiptOf(hasher: Hasher, given: Uint8Array): Result<Receipt, VerifyError> {
  if (given.length === RECEIPT_BYTES && given[0] === 1) return parseReceipt(hasher, given);
  const text = decodeText(given);
  if (text === undefined) return parseReceipt(hasher, given);
  const typed = readTyped(text);
  return typed.isErr() ? typed : parseReceipt(hasher, typed.value);
}

/** Public fields as a file has them: a JSON object of names and texts. */
export function fieldsOf(bytes: Uint8Array): Result<Readonly<Record<string, string>>, VerifyError> {
  if (bytes.length > MOST_FIELDS_BYTES) return badFields('longer than any record');
  let value: unknown;
  try {
    value = JSON.parse(decodeText(bytes) ?? '');
  } catch {
    return badFields('no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return badFields('no object');
  const entries = Object.entries(value);
  if (!entries.every(([, text]) => typeof text === 'string')) return badFields('a value that is no text');
  return ok(Object.fromEntries(entries));
}

/** A roll whose newest state a quorum of witnesses has lately cosigned. */
export type TrustedRoll = {
  readonly source: LogSource;
  readonly trusted: TrustedCheckpoint;
  readonly genesis: GenesisEntry;
  /** The newest seal; null: the first state, before any night was sealed. */
  readonly seal: SealEntry | null;
};

/** Whether a log has a roll, begun or sealed last night, in a checkpoint that a quorum has lately cosigned. */
export async function judgeRoll(
  source: LogSource,
  policy: Policy,
  pinned: string | null,
  tools: CheckingTools,
): Promise<Result<TrustedRoll, VerifyError>> {
  const { hasher } = tools;
  const note = await readCheckpointNote(source);
  if (note.isErr()) return note;
  const trusted = await judgeCheckpoint(note.value, policy, tools);
  if (trusted.isErr()) return trusted;
  const { checkpoint } = trusted.value;
  const genesis = await findGenesis(source, checkpoint.size);
  if (genesis.isErr()) return genesis;
  const seal = await findSeal(source, checkpoint.size);
  if (seal.isErr()) return seal;
  for (const entry of [genesis.value, seal.value]) {
    const proven = entry === null ? ok() : await proveEntry(hasher, source, checkpoint, entry);
    if (proven.isErr()) return proven;
  }
  const hash = checkPinnedGenesis(hasher, genesis.value.bytes, pinned);
  if (hash.isErr()) return hash;
  const at = seal.value?.entry.at;
  if (at !== undefined && !isFresh({ time: at }, tools.now))
    return err({ code: 'VERIFY_NOT_FRESH', detail: `the last night that was sealed is that of ${at}` });
  return ok({
    source,
    trusted: trusted.value,
    genesis: genesis.value.entry,
    seal: seal.value?.entry ?? null,
  });
}

/** Checks a receipt against the newest state of a log. `fields`: null leaves open what the record says. */
export async function judgeReceipt(
  receipt: Receipt,
  fields: Readonly<Record<string, string>> | null,
  source: LogSource,
  policy: Policy,
  pinned: string | null,
  tools: CheckingTools,
): Promise<Result<CheckedReceipt, VerifyError>> {
  const roll = await judgeRoll(source, policy, pinned, tools);
  return roll.isErr() ? roll : judgeRecord(receipt, fields, roll.value, tools.hasher);
}

/** Checks a receipt against the state of a roll that was checked. */
export async function judgeRecord(
  receipt: Receipt,
  fields: Readonly<Record<string, string>> | null,
  { source, trusted, genesis, seal }: TrustedRoll,
  hasher: Hasher,
): Promise<Result<CheckedReceipt, VerifyError>> {
  const { origin } = trusted.checkpoint;
  if (!isSame(receipt.origin, receiptOrigin(hasher, origin)))
    return err({ code: 'VERIFY_OTHER_LOG', detail: `the receipt is not of ${origin}` });
  const open = fields === null ? ok(null) : publicBytes(fields, genesis);
  if (open.isErr()) return open;
  const leaf = await leafInState(hasher, source, receipt.handle, seal ?? genesis);
  if (leaf.isErr()) return leaf;
  if (leaf.value === null) return differs('there is no record under the number of this receipt');
  if (open.value !== null && !isSame(leafOfReceipt(hasher, receipt, open.value), leaf.value))
    return differs(`its version ${receipt.version} with these fields is not what stands there now`);
  const { records } = seal ?? genesis;
  return ok({ trusted, version: receipt.version, seal, records, withFields: fields !== null });
}

async function leafInState(
  hasher: Hasher,
  source: LogSource,
  handle: Uint8Array,
  state: SealEntry | GenesisEntry,
): Promise<Result<Uint8Array | null, VerifyError>> {
  const root = decodeBase64('after' in state ? state.after : state.root)!;
  let failed: Result<never, VerifyError> | null = null;
  const leaf = await recordIn(hasher, root, state.bucketBits, handle, async (name) => {
    const read = await readNeeded(source, `state/${name}`, MAX_STATE_FILE);
    if (read.isOk()) return ok(read.value);
    failed = read;
    return err({ code: 'ROLLS_STATE_DIFFERS', detail: name });
  });
  return failed ?? leaf;
}

/**
 * The canonical bytes of the public fields that somebody told, spelled as the roll spells them. The genesis names the fields and not
 * their forms; a day is a day in every field that can be one.
 */
export function publicBytes(
  fields: Readonly<Record<string, string>>,
  genesis: GenesisEntry,
): Result<Uint8Array, VerifyError> {
  const names = genesis.fields.public;
  const foreign = Object.keys(fields).find((name) => !names.includes(name));
  if (foreign !== undefined) return badFields(`this roll has no public field ${foreign}`);
  // A field that is not told is empty, as it is in the roll.
  const all = Object.fromEntries(names.map((name) => [name, spelled(fields[name] ?? '', 'date')]));
  return ok(canonicalFields({ public: all, identity: {}, administrative: {} }, 'public'));
}

function differs(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_RECORD_DIFFERS', detail });
}

function badFields(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail: `the fields: ${detail}` });
}
