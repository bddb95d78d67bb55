/** Single entries of a log, without reading all of it: the genesis, the last one of a kind, and the proof that they are in it. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  type Checkpoint,
  checkInclusion,
  formatEntries,
  type Hasher,
  inclusionProof,
  leafHash,
  MAX_ENTRY_BYTES,
  parseEntries,
  TILE_WIDTH,
  tileWidth,
} from '@bellwether/evidence';
import type { VerifyError } from '../errors.ts';
import { type LogSource, logAway, readTileFile, tilesOf } from './log-source.ts';

/** Bytes of the longest bundle of entries. */
export const MAX_BUNDLE_BYTES: number = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);

/**
 * Bundles that are searched for one entry: a million entries, more than the busiest week of a large state, or than can stand before a
 * genesis.
 */
const MOST_SEARCHED = 4_096n;

/** An entry, and where it stands. */
export type FoundEntry = { readonly index: bigint; readonly bytes: Uint8Array };

/** Bytes in which entries stand, each behind its length, and how many they are. */
export type BundleBytes = { readonly bytes: Uint8Array; readonly width: number };

/** Bundle `index` of a log of `size` entries. Where a wider one took its place, only what is in the log at that size. */
export async function readBundleBytes(
  source: LogSource,
  index: bigint,
  size: bigint,
): Promise<Result<BundleBytes, VerifyError>> {
  const width = tileWidth(0, index, size);
  const file = await readTileFile(source, { level: 'entries', index, width }, MAX_BUNDLE_BYTES);
  if (file.isErr() || file.value.width === width) return file;
  const entries = parseEntries(file.value.bytes, file.value.width);
  if (entries.isErr()) return badBundle(index, entries.error.detail);
  return ok({ bytes: formatEntries(entries.value.slice(0, width)), width });
}

/** The entries of bundle `index` of a log of `size` entries. */
export async function readBundle(
  source: LogSource,
  index: bigint,
  size: bigint,
): Promise<Result<readonly Uint8Array[], VerifyError>> {
  const bundle = await readBundleBytes(source, index, size);
  if (bundle.isErr()) return bundle;
  const entries = parseEntries(bundle.value.bytes, bundle.value.width);
  return entries.isErr() ? badBundle(index, entries.error.detail) : ok(entries.value);
}

/** A bundle that is not in its form. */
export function badBundle(index: bigint, detail: string): Result<never, VerifyError> {
  return logAway(`bundle ${index} of the entries: ${detail}`);
}

/** The first entry that fits, from the beginning; null where there is none among those that are searched. */
export async function findFirst(
  source: LogSource,
  size: bigint,
  fits: (entry: Uint8Array) => boolean,
): Promise<Result<FoundEntry | null, VerifyError>> {
  const bundles = bundlesOf(size);
  for (let index = 0n; index < bundles && index < MOST_SEARCHED; index++) {
    const entries = await readBundle(source, index, size);
    if (entries.isErr()) return entries;
    const at = entries.value.findIndex(fits);
    if (at >= 0) return ok({ index: index * BigInt(TILE_WIDTH) + BigInt(at), bytes: entries.value[at]! });
  }
  return ok(null);
}

/** The last entry that fits. */
export async function findLast(
  source: LogSource,
  size: bigint,
  fits: (entry: Uint8Array) => boolean,
): Promise<Result<FoundEntry | null, VerifyError>> {
  const bundles = bundlesOf(size);
  for (let done = 1n; done <= bundles && done <= MOST_SEARCHED; done++) {
    const index = bundles - done;
    const entries = await readBundle(source, index, size);
    if (entries.isErr()) return entries;
    const at = entries.value.findLastIndex(fits);
    if (at >= 0) return ok({ index: index * BigInt(TILE_WIDTH) + BigInt(at), bytes: entries.value[at]! });
  }
  return ok(null);
}

/** Proves from the tiles that a log holds an entry. */
export async function proveEntry(
  hasher: Hasher,
  source: LogSource,
  { size, root }: Checkpoint,
  { index, bytes }: FoundEntry,
): Promise<Result<void, VerifyError>> {
  const proof = await inclusionProof(hasher, index, size, tilesOf(source));
  if (proof.isErr()) return proof;
  const leaf = leafHash(hasher, bytes);
  const included = checkInclusion(hasher, { index, size, leaf, root }, proof.value);
  if (included.isOk()) return ok();
  return err({ code: 'VERIFY_ENTRIES_DIFFER', detail: `entry ${index}: ${included.error.detail}` });
}

function bundlesOf(size: bigint): bigint {
  return (size + BigInt(TILE_WIDTH) - 1n) / BigInt(TILE_WIDTH);
}
