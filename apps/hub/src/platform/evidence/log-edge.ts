/** The right edge of the log: what it grows on from. Read from disk, and checked against what was signed. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  entryHashes,
  formatEntries,
  GrowingTree,
  type Hasher,
  isSame,
  parseEntries,
  rightEdge,
  TILE_WIDTH,
  type Tile,
} from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import type { Signing } from './signing-file.ts';
import type { TileFile, TileFiles } from './tile-files.ts';

/** The tree as it was signed, and the entries of its last bundle while that is not full. */
export type Edge = { readonly tree: GrowingTree; readonly tail: readonly Uint8Array[] };

/** Reads the edge. `onTile`: what the tree hands out when it grows on. */
export async function readEdge(
  files: TileFiles,
  hasher: Hasher,
  { size, root }: Signing,
  onTile: (file: TileFile) => void,
): Promise<Result<Edge, LogError>> {
  const hashes: (Uint8Array | null)[] = [];
  for (const tile of rightEdge(size)) {
    const bytes = tile === null ? null : await files.read(tile);
    if (tile !== null && bytes === null)
      return damaged(`tile ${tile.level}/${tile.index} of width ${tile.width} is missing`);
    hashes.push(tile === null ? null : bytes!.subarray(0, tile.width * root.length));
  }
  let tree: GrowingTree;
  try {
    tree = new GrowingTree(hasher, (tile, bytes) => onTile({ tile, bytes: bytes.slice() }), size, hashes);
  } catch (error) {
    return damaged((error as Error).message);
  }
  if (!isSame(tree.root(), root)) return damaged('its tiles have another root than what was signed');
  const last = lastBundle(size);
  if (last === null) return ok({ tree, tail: [] });
  const tail = await readBundle(files, last);
  if (tail === null) return damaged('the last bundle of entries is missing or cut off');
  if (!isSame(entryHashes(hasher, tail), hashes[0]!))
    return damaged('the last entries are not those of its tiles');
  return ok({ tree, tail });
}

/** The entries of a bundle, or of the first part of the full one that took its place; null where they are not there. */
export async function readBundle(files: TileFiles, tile: Tile): Promise<readonly Uint8Array[] | null> {
  const bytes = await files.read(tile);
  if (bytes === null) return null;
  const exact = parseEntries(bytes, tile.width);
  if (exact.isOk()) return exact.value;
  const full = parseEntries(bytes, TILE_WIDTH);
  return full.isOk() ? full.value.slice(0, tile.width) : null;
}

/**
 * Cuts off what lies beyond the edge: a step that was broken off may have left tiles that no checkpoint tells of, and whoever
 * reads them would keep them for ever. Where only the full tile is left of a partial one (a backup may take it so), the
 * partial one is made of it first. The edge was read before, and is right.
 */
export async function cutBeyond(
  files: TileFiles,
  { size, root }: Signing,
  { tail }: Pick<Edge, 'tail'>,
): Promise<void> {
  const partial: TileFile[] = [];
  for (const tile of rightEdge(size)) {
    if (tile === null || (await files.has(tile))) continue;
    const bytes = await files.read(tile);
    partial.push({ tile, bytes: bytes!.subarray(0, tile.width * root.length) });
  }
  const last = lastBundle(size);
  if (last !== null && !(await files.has(last))) partial.push({ tile: last, bytes: formatEntries(tail) });
  if (partial.length > 0) await files.write(partial);
  await files.removeBeyond(size);
}

function lastBundle(size: bigint): Tile | null {
  const width = Number(size % BigInt(TILE_WIDTH));
  return width === 0 ? null : { level: 'entries', index: size / BigInt(TILE_WIDTH), width };
}

function damaged(detail: string): Result<never, LogError> {
  return err({ code: 'LOG_DAMAGED', detail });
}
