/**
 * Tiles of a log: c2sp.org/tlog-tiles v0.1.0.
 *
 *     tile/0/x001/x234/067            256 hashes of leaves, 32 bytes each: the tile with index 1234067 at level 0
 *     tile/1/000.p/17                 17 hashes so far, each the root of a full tile at level 0
 *     tile/entries/x001/x234/067      the entries themselves
 *
 * A log keeps every eighth level of its tree; levels between them are hashed again from a tile.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { MAX_SIZE } from './bytes.ts';
import type { EvidenceError } from './errors.ts';

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256;

/** Levels of the tree that one tile spans: 2^8 hashes are 256. */
export const TILE_HEIGHT = 8;

/** Longest path that is read: `tile/`, a level, seven groups of an index below 2^64 and a width take less. */
const MAX_PATH = 80;

/** Highest level that the specification allows. */
const MAX_LEVEL = 63;

/** One tile, or one bundle of entries: level 'entries'. */
export type Tile = {
  readonly level: number | 'entries';
  /** Which one of its level. */
  readonly index: bigint;
  /** Hashes or entries in it: 1 to 256, and 256 is a full one. */
  readonly width: number;
};

/** Where a tile stands below the address of its log. */
export function tilePath({ level, index, width }: Tile): string {
  let group = (index % 1000n).toString().padStart(3, '0');
  for (let rest = index / 1000n; rest > 0n; rest /= 1000n) {
    group = `x${(rest % 1000n).toString().padStart(3, '0')}/${group}`;
  }
  return `tile/${level}/${group}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile at a path; only what `tilePath` writes. */
export function parseTilePath(path: string): Result<Tile, EvidenceError> {
  if (path.length > MAX_PATH) return badPath('longer than any path of a tile');
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(
    path,
  );
  if (!match) return badPath('no path of a tile');
  const level = match[1] === 'entries' ? ('entries' as const) : Number(match[1]);
  const index = BigInt(match[2]!.replace(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  if (level !== 'entries' && level > MAX_LEVEL) return badPath('there are 64 levels');
  if (index > MAX_SIZE || width > TILE_WIDTH) return badPath('no tile is so large');
  const tile: Tile = { level, index, width };
  return tilePath(tile) === path ? ok(tile) : badPath('not in its one spelling');
}

/** Hashes that tile `index` of a level holds in a tree of `size` leaves; 0 where it does not exist. */
export function tileWidth(level: number, index: bigint, size: bigint): number {
  const hashes = (size >> BigInt(TILE_HEIGHT * level)) - index * BigInt(TILE_WIDTH);
  if (hashes <= 0n) return 0;
  return hashes >= TILE_WIDTH ? TILE_WIDTH : Number(hashes);
}

/** The partial tile of each level, lowest first, null where a level ends in a full one: what a tree grows on from. */
export function rightEdge(size: bigint): ReadonlyArray<Tile | null> {
  const edge: Array<Tile | null> = [];
  for (let level = 0, hashes = size; hashes > 0n; level++, hashes >>= BigInt(TILE_HEIGHT)) {
    const index = hashes / BigInt(TILE_WIDTH);
    const width = Number(hashes % BigInt(TILE_WIDTH));
    edge.push(width === 0 ? null : { level, index, width });
  }
  return edge;
}

function badPath(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail });
}
