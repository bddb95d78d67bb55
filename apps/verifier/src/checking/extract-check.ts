/**
 * A voter's record in a file that was made of the roll: the poll book of their precinct, for one. The log's operator gives a list of
 * what was sealed, which is believed only as far as it is proven: each line by the entry it names, the rows by the root in that entry.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeText, type Hasher, isSame, TILE_WIDTH } from '@bellwether/evidence';
import {
  commitment,
  EXTRACT_ROW_BYTES,
  type ExtractEntry,
  hexOf,
  parseExtract,
  type Receipt,
} from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { type FoundEntry, proveEntry, readBundle } from './log-entries.ts';
import { type LogSource, readNeeded } from './log-source.ts';
import { publicBytes, type TrustedRoll } from './receipt-check.ts';
import { entryOfType } from './roll-entries.ts';

/** Where the operator lists extracts, and how long that list may be: a line for each precinct of a state, many times over. */
const LIST_PATH = 'extracts';
const MOST_LIST = 4_194_304;

/** Most rows of an extract that a browser fetches: the registrations of the largest office, and more. */
const MOST_ROWS = 1_000_000;

const WIDTH = BigInt(TILE_WIDTH);

/** A line of the list: an entry of the log, and where it stands. */
export type ListedExtract = { readonly index: bigint; readonly kind: string; readonly place: string };

/** What the operator lists, in the order of the log; empty where nothing was sealed yet. One bad line makes all of it unreadable. */
export async function readExtractList(
  source: LogSource,
): Promise<Result<readonly ListedExtract[], VerifyError>> {
  const read = await source.readPath(LIST_PATH, MOST_LIST);
  if (read.isErr()) return read;
  const lines = (decodeText(read.value ?? new Uint8Array(0)) ?? '\0')
    .split('\n')
    .filter((line) => line !== '');
  const listed: ListedExtract[] = [];
  for (const line of lines) {
    const one = listedOf(line);
    if (one === null)
      return err({ code: 'VERIFY_UNREADABLE', detail: `the list of extracts: ${line.slice(0, 80)}` });
    listed.push(one);
  }
  return ok(listed);
}

/** The newest poll book of each place, by place. */
export function pollBooks(listed: readonly ListedExtract[]): readonly ListedExtract[] {
  const newest = new Map<string, ListedExtract>();
  for (const one of listed) {
    const before = newest.get(one.place);
    if (one.kind === 'poll-book' && (before === undefined || before.index < one.index))
      newest.set(one.place, one);
  }
  return [...newest.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Whether a record stands in an extract that a log lists, with these public fields. */
export async function judgeInExtract(
  receipt: Receipt,
  fields: Readonly<Record<string, string>>,
  listed: ListedExtract,
  roll: TrustedRoll,
  hasher: Hasher,
): Promise<Result<ExtractEntry, VerifyError>> {
  const open = publicBytes(fields, roll.genesis);
  if (open.isErr()) return open;
  const entry = await readListed(listed, roll, hasher);
  if (entry.isErr()) return entry;
  const { root, rows } = entry.value;
  if (rows > MOST_ROWS) return err({ code: 'VERIFY_UNREADABLE', detail: `an extract of ${rows} rows` });
  const bytes = decodeBase64(root)!;
  const read = await readNeeded(roll.source, `state/${hexOf(bytes)}`, rows * EXTRACT_ROW_BYTES);
  if (read.isErr()) return read;
  const parsed = parseExtract(hasher, bytes, read.value);
  if (parsed.isErr()) return parsed;
  const committed = commitment(hasher, receipt.opening, 'public', receipt.version, open.value);
  const row = parsed.value.find(({ handle }) => isSame(handle, receipt.handle));
  if (row === undefined) return differs(`the record is not in the ${listed.kind} of ${listed.place}`);
  if (row.version !== receipt.version || !isSame(row.committed, committed))
    return differs(`the ${listed.kind} of ${listed.place} has something else in this record`);
  return entry;
}

async function readListed(
  { index, kind, place }: ListedExtract,
  { source, trusted: { checkpoint } }: TrustedRoll,
  hasher: Hasher,
): Promise<Result<ExtractEntry, VerifyError>> {
  if (index >= checkpoint.size) return notListed(index, 'it is not in the log yet');
  const bundle = await readBundle(source, index / WIDTH, checkpoint.size);
  if (bundle.isErr()) return bundle;
  const found: FoundEntry = { index, bytes: bundle.value[Number(index % WIDTH)]! };
  const entry = entryOfType(found.bytes, 'extract');
  if (entry === null || entry.kind !== kind || entry.place !== place)
    return notListed(index, 'it is another entry');
  const proven = await proveEntry(hasher, source, checkpoint, found);
  return proven.isErr() ? proven : ok(entry);
}

function listedOf(line: string): ListedExtract | null {
  try {
    const { index, kind, place } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const isIndex = typeof index === 'string' && /^(?:0|[1-9][0-9]{0,18})$/.test(index);
    return isIndex && typeof kind === 'string' && typeof place === 'string'
      ? { index: BigInt(index), kind, place }
      : null;
  } catch {
    return null;
  }
}

function differs(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_RECORD_DIFFERS', detail });
}

function notListed(index: bigint, what: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_NOT_IN_LOG', detail: `entry ${index} of the list of extracts: ${what}` });
}
