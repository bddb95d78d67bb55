/**
 * Takes hold of the evidence log for a backup: what was signed last is read first, then every tile of that size. Tiles never
 * change; a partial one that is gone has given way to the full one, which holds it.
 *
 * The signing key stays out, unless it is asked for: backups lie on other machines and are read by other people, and whoever
 * has the key can write a second history of the log.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, tilePath } from '@bellwether/evidence';
import { KEY_FILE } from '../evidence/log-key.ts';
import { PUBLIC_KEY } from '../evidence/resting.ts';
import { readSigning, SIGNING } from '../evidence/signing-file.ts';
import { STATEMENTS } from '../evidence/witness-statements.ts';
import { type BackupError, backupError } from './errors.ts';
import type { Holding } from './holding.ts';

/** Takes hold of it; a hub that has no log yet is no failure. */
export async function holdLog(holding: Holding, withKey: boolean): Promise<Result<void, BackupError>> {
  // The checkpoint first: what is published is never larger than what was signed.
  holding.hold('log/checkpoint');
  if (!holding.hold(`log-private/${SIGNING}`)) return ok();
  const signing = await readSigning(holding.at('log-private'));
  if (signing.isErr()) return unreadable(signing.error.detail);
  const size = signing.value?.size ?? 0n;
  for (const tile of tilesOf(size)) {
    if (holding.hold(`log/${tilePath(tile)}`)) continue;
    const full = tilePath({ ...tile, width: TILE_WIDTH });
    if (!holding.hold(`log/${full}`)) return unreadable(`log/${tilePath(tile)} is signed, and not there`);
  }
  for (const name of [PUBLIC_KEY, STATEMENTS]) holding.hold(`log-private/${name}`);
  for (const name of ['statement.json', 'statement.txt']) holding.hold(`log/${name}`);
  if (withKey && !holding.hold(`log-private/${KEY_FILE}`)) {
    return unreadable(`log-private/${KEY_FILE} is not there: the key lies elsewhere`);
  }
  return ok();
}

/** All tiles and bundles of a log of this size. */
function* tilesOf(size: bigint): Generator<Tile> {
  const width = BigInt(TILE_WIDTH);
  for (let level = 0, hashes = size; hashes > 0n; level++, hashes >>= BigInt(TILE_HEIGHT)) {
    for (let index = 0n; index * width < hashes; index++) {
      const rest = hashes - index * width;
      const tile = { index, width: rest < width ? Number(rest) : TILE_WIDTH };
      yield { level, ...tile };
      if (level === 0) yield { level: 'entries', ...tile };
    }
  }
}

function unreadable(reason: string): Result<never, BackupError> {
  return err(backupError('BACKUP_SOURCE_UNREADABLE', reason));
}
