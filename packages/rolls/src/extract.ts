/**
 * Files that are made of the roll: poll books, public lists. An extract is sealed row for row:
 *
 *     handle (32) ‖ u32 version ‖ commitment public (32)        68 bytes, by handle
 *
 * and its root is that of a Merkle tree (RFC 6962) over the rows. Whoever has the file and the openings of the public group
 * makes the rows again; whoever has one row and its proof knows that it stands in the file that was sealed.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { checkInclusion, type Hasher, leafHash, type Proof } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { merkleRoot } from './merkle-root.ts';
import { HANDLE_SIZE } from './rolls-types.ts';

/** Bytes of a row. */
export const EXTRACT_ROW_BYTES: number = HANDLE_SIZE + 4 + HANDLE_SIZE;

/** One row. */
export type ExtractRow = {
  readonly handle: Uint8Array;
  readonly version: number;
  /** Commitment to the public fields, 32 bytes. */
  readonly committed: Uint8Array;
};

/** The bytes of one row. */
export function extractRow({ handle, version, committed }: ExtractRow): Uint8Array {
  if (handle.length !== HANDLE_SIZE || committed.length !== HANDLE_SIZE)
    throw new RangeError('a handle or a commitment has 32 bytes');
  const row = new Uint8Array(EXTRACT_ROW_BYTES);
  row.set(handle);
  new DataView(row.buffer).setUint32(HANDLE_SIZE, version);
  row.set(committed, HANDLE_SIZE + 4);
  return row;
}

/** The rows of an extract, by handle. Throws on a handle that stands twice: the roll has each once. */
export function formatExtract(rows: readonly ExtractRow[]): Uint8Array {
  const all = rows.map(extractRow).sort(compareRows);
  const bytes = new Uint8Array(all.length * EXTRACT_ROW_BYTES);
  for (const [i, row] of all.entries()) {
    if (i > 0 && compareRows(all[i - 1]!, row) === 0)
      throw new RangeError('a handle stands twice in an extract');
    bytes.set(row, i * EXTRACT_ROW_BYTES);
  }
  return bytes;
}

/** Reads rows that somebody gives out as those of a root. */
export function parseExtract(
  hasher: Hasher,
  root: Uint8Array,
  bytes: Uint8Array,
): Result<readonly ExtractRow[], RollsError> {
  if (bytes.length % EXTRACT_ROW_BYTES !== 0) return notSealed('its last row is cut off');
  const rows: ExtractRow[] = [];
  for (let at = 0; at < bytes.length; at += EXTRACT_ROW_BYTES) {
    const row = bytes.slice(at, at + EXTRACT_ROW_BYTES);
    if (at > 0 && compareRows(bytes.subarray(at - EXTRACT_ROW_BYTES, at), row) >= 0)
      return notSealed('its rows are out of order');
    rows.push({
      handle: row.subarray(0, HANDLE_SIZE),
      version: new DataView(row.buffer).getUint32(HANDLE_SIZE),
      committed: row.subarray(HANDLE_SIZE + 4),
    });
  }
  const computed = extractRoot(hasher, bytes);
  return computed.every((byte, i) => byte === root[i])
    ? ok(rows)
    : notSealed('it has another root than the one that was sealed');
}

/** Root over rows as `formatExtract` gives them. */
export function extractRoot(hasher: Hasher, rows: Uint8Array): Uint8Array {
  return merkleRoot(hasher, rows, EXTRACT_ROW_BYTES);
}

/** Whether one row stands in the extract of this root, at this place of so many. */
export function checkExtractRow(
  hasher: Hasher,
  root: Uint8Array,
  row: ExtractRow,
  place: { readonly index: number; readonly rows: number },
  proof: Proof,
): Result<void, RollsError> {
  const inclusion = {
    index: BigInt(place.index),
    size: BigInt(place.rows),
    leaf: leafHash(hasher, extractRow(row)),
    root,
  };
  const included = checkInclusion(hasher, inclusion, proof);
  return included.isOk() ? ok() : notSealed(included.error.detail);
}

function compareRows(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return 0;
}

function notSealed(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_PROOF_WRONG', detail });
}
