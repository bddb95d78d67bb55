/**
 * A voter's receipt: that the record stands in the state of the last seal, that the seal is in the log, and that a quorum has lately
 * cosigned the log. With the public fields of the record, that it says exactly these.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeText, type Hasher, isSame, type Policy } from '@bellwether/evidence';
import {
  canonicalFields,
  type GenesisEntry,
  leafOfReceipt,
  MAX_STATE_FILE,
  parseReceipt,
  RECEIPT_BYTES,
  type Receipt,
  readTyped,
  receiptOrigin,
  recordIn,
  type SealEntry,
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

/** Checks a receipt against the newest state of a log. `fields`: null leaves open what the record says. */
export async function judgeReceipt(
  receipt: Receipt,
  fields: Readonly<Record<string, string>> | null,
  source: LogSource,
  policy: Policy,
  pinned: string | null,
  tools: CheckingTools,
): Promise<Result<CheckedReceipt, VerifyError>> {
  const { hasher } = tools;
  const note = await readCheckpointNote(source);
  if (note.isErr()) return note;
  const trusted = await judgeCheckpoint(note.value, policy, tools);
  if (trusted.isErr()) return trusted;
  const { checkpoint } = trusted.value;
  if (!isSame(receipt.origin, receiptOrigin(hasher, checkpoint.origin)))
    return err({ code: 'VERIFY_OTHER_LOG', detail: `the receipt is not of ${checkpoint.origin}` });
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
  const leaf = await leafInState(hasher, source, receipt.handle, seal.value?.entry ?? genesis.value.entry);
  if (leaf.isErr()) return leaf;
  if (leaf.value === null) return differs('there is no record under the number of this receipt');
  if (fields !== null) {
    const open = openedLeaf(hasher, receipt, fields, genesis.value.entry);
    if (open.isErr()) return open;
    if (!isSame(open.value, leaf.value))
      return differs(`its version ${receipt.version} with these fields is not what stands there now`);
  }
  const { version } = receipt;
  const records = (seal.value?.entry ?? genesis.value.entry).records;
  return ok({
    trusted: trusted.value,
    version,
    seal: seal.value?.entry ?? null,
    records,
    withFields: fields !== null,
  });
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

function openedLeaf(
  hasher: Hasher,
  receipt: Receipt,
  fields: Readonly<Record<string, string>>,
  genesis: GenesisEntry,
): Result<Uint8Array, VerifyError> {
  const names = genesis.fields.public;
  const foreign = Object.keys(fields).find((name) => !names.includes(name));
  if (foreign !== undefined) return badFields(`this roll has no public field ${foreign}`);
  // A field that is not told is empty, as it is in the roll.
  const all = Object.fromEntries(names.map((name) => [name, fields[name] ?? '']));
  const bytes = canonicalFields({ public: all, identity: {}, administrative: {} }, 'public');
  return ok(leafOfReceipt(hasher, receipt, bytes));
}

function differs(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_RECORD_DIFFERS', detail });
}

function badFields(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail: `the fields: ${detail}` });
}
