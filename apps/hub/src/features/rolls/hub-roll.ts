/** The roll of a data folder, with the book and the vault that lie there. */
import { randomBytes } from 'node:crypto';
import { ok, type Result } from '@bellwether/basics';
import { parseMapping } from '@bellwether/rolls';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { nodeVerifier } from '../../platform/evidence/verifying.ts';
import { type Book, openBook } from './book.ts';
import { type RollError, rollRefused } from './errors.ts';
import { readBounded, rollPaths } from './roll-files.ts';
import { openRolls, type Rolls } from './rolls.ts';
import { openVault } from './vault.ts';

/** Bytes of a mapping: one of a hundred columns takes 8 KB. */
const MOST_MAPPING = 1024 * 1024;

/** Where a roll is, and what it is opened with. */
export type HubRoll = {
  /** Data folder of the hub. */
  readonly data: string;
  /** Folder of the vault, where it is not in the data folder. */
  readonly vault?: string | undefined;
  readonly log: EvidenceLog;
  readonly zone: string;
  /** ms since 1970. */
  readonly now: () => number;
};

/** Opens it, for this process alone. Closing it leaves the log open. */
export async function openHubRoll({
  data,
  vault,
  log,
  zone,
  now,
}: HubRoll): Promise<Result<Rolls, RollError>> {
  const paths = rollPaths(data);
  const mapping = await readBounded(paths.mapping, MOST_MAPPING);
  if (mapping === null) return rollRefused('ROLL_ABSENT', `${paths.mapping} is not there`);
  const parsed = parseMapping(mapping.toString('utf8'));
  if (parsed.isErr()) return rollRefused('ROLL_DAMAGED', `${paths.mapping}: ${parsed.error.detail}`);
  const keys = await openVault(vault ?? paths.vault, now);
  if (keys.isErr()) return keys;
  let open: Book | undefined;
  return openRolls({
    paths,
    log,
    tools: { hasher: bestHasher(), verifier: nodeVerifier() },
    openRecords: async (generation) => {
      const book = await openBook(paths, generation);
      if (book.isErr()) return book;
      open?.close();
      open = book.value;
      return ok(book.value);
    },
    keys: keys.value,
    feeds: parsed.value.feeds,
    zone,
    now,
    random: (bytes) => Uint8Array.from(randomBytes(bytes)),
  });
}
