/**
 * The log, read without its lock: what was signed is on disk with everything below it, and never changes. The holder may
 * append meanwhile; that is not seen.
 */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { parseEntries, TILE_WIDTH, tileWidth } from '@bellwether/evidence';
import { TileFiles } from '../../platform/evidence/tile-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import { type RollPaths, readBounded } from './roll-files.ts';

/** Bytes of the file that tells the size. */
const MOST_SIGNING = 4_096;

/** Entries of the log. */
export async function logSize({ logPrivate }: RollPaths): Promise<bigint> {
  const bytes = await readBounded(join(logPrivate, 'signing.json'), MOST_SIGNING);
  if (bytes === null) return 0n;
  const { size } = JSON.parse(bytes.toString('utf8')) as { readonly size: string };
  return BigInt(size);
}

/** Calls `takeEntry` with entries [from, size), in their order. */
export async function readLog(
  { log }: RollPaths,
  from: bigint,
  size: bigint,
  takeEntry: (index: bigint, entry: Uint8Array) => Result<void, RollError>,
): Promise<Result<void, RollError>> {
  const files = new TileFiles(log);
  const width = BigInt(TILE_WIDTH);
  for (let bundle = from / width; bundle * width < size; bundle++) {
    const tile = { level: 'entries', index: bundle, width: tileWidth(0, bundle, size) } as const;
    const bytes = await files.read(tile);
    if (bytes === null) return rollRefused('ROLL_DAMAGED', `bundle ${bundle} of the log is missing`);
    const exact = parseEntries(bytes, tile.width);
    // The full bundle may have taken the place of the partial one.
    const entries = exact.isOk() ? exact : parseEntries(bytes, TILE_WIDTH);
    if (entries.isErr()) return rollRefused('ROLL_DAMAGED', `bundle ${bundle} of the log is damaged`);
    for (let at = 0; at < tile.width; at++) {
      const index = bundle * width + BigInt(at);
      if (index < from) continue;
      const taken = takeEntry(index, entries.value[at]!);
      if (taken.isErr()) return taken;
    }
  }
  return ok();
}
