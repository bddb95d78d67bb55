/** The roll of a data folder, with the book and the vault that lie there. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { parseMapping } from '@bellwether/rolls';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { nodeVerifier } from '../../platform/evidence/verifying.ts';
import { type Book, openBook } from './book.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { DrillRules } from './planted-looks.ts';
import { type RollPaths, readBounded, readJson, rollPaths } from './roll-files.ts';
import { openRolls, type Rolls } from './rolls.ts';
import type { Night, RollHead } from './rolls-files.ts';
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
  /** How often something is planted on a sheet; left out: never. */
  readonly drills?: DrillRules | null | undefined;
  /** ms since 1970. */
  readonly now: () => number;
};

/** Opens it, for this process alone. Closing it leaves the log open. */
export async function openHubRoll({
  data,
  vault,
  log,
  zone,
  drills = null,
  now,
}: HubRoll): Promise<Result<Rolls, RollError>> {
  const paths = rollPaths(data, vault);
  const mapping = await readBounded(paths.mapping, MOST_MAPPING);
  if (mapping === null) return rollRefused('ROLL_ABSENT', `${paths.mapping} is not there`);
  const parsed = parseMapping(mapping.toString('utf8'));
  if (parsed.isErr()) return rollRefused('ROLL_DAMAGED', `${paths.mapping}: ${parsed.error.detail}`);
  const keys = await openVault(paths.vault, now);
  if (keys.isErr()) {
    const { code, detail } = keys.error;
    return code === 'ROLL_VAULT_ABSENT' ? rollRefused(code, `${detail}. ${await lastSealed(paths)}`) : keys;
  }
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
    drills,
    feeds: parsed.value.feeds,
    zone,
    now,
    random: (bytes) => Uint8Array.from(randomBytes(bytes)),
  });
}

/** From which day on a copy of the vault has all keys of the book, in a sentence. */
async function lastSealed({ head, nights }: RollPaths): Promise<string> {
  const { epoch = 0 } = (await readJson<RollHead>(head, 'bellwether/roll@1')) ?? {};
  const night = await readJson<Night>(join(nights, `${epoch}.json`), 'bellwether/night@1');
  if (night === null) return 'No night is sealed yet: any copy of the vault will do.';
  return `The last night was sealed at ${night.at}: bring the copy of ${night.at.slice(0, 10)}, or the next one after it.`;
}
