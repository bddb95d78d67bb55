/**
 * Reads entries from disk. Needs no lock: what was signed never changes, and a partial bundle that goes away has given its
 * entries to the full one.
 */
import { TILE_WIDTH, tileWidth } from '@bellwether/evidence';
import { readBundle } from './log-edge.ts';
import type { TileFiles } from './tile-files.ts';

/** Entries in a row, and the index of the first. */
export type EntriesInARow = { readonly first: bigint; readonly entries: readonly Uint8Array[] };

/** Entries [from, to) of a log that has `to` or more, bundle by bundle. Throws where the disk has lost one. */
export async function* readBundles(
  files: TileFiles,
  from: bigint,
  to: bigint,
  size: bigint,
): AsyncGenerator<EntriesInARow> {
  for (let first = from; first < to; ) {
    const index = first / BigInt(TILE_WIDTH);
    const start = index * BigInt(TILE_WIDTH);
    const width = tileWidth(0, index, size);
    const entries = await readBundle(files, { level: 'entries', index, width });
    if (entries === null) throw new Error(`bundle ${index} of the evidence log is missing`);
    const last = to - start < BigInt(width) ? Number(to - start) : width;
    yield { first, entries: entries.slice(Number(first - start), last) };
    first = start + BigInt(last);
  }
}
