/** Nights as the API tells them: from the seals of the log, and the files of those who are entitled to more. */
import { join } from 'node:path';
import type { NightSummary } from '@bellwether/api';
import type { ItemCounts } from '@bellwether/rolls';
import type { Holding, Sealed } from './holding.ts';
import { readJson } from './roll-files.ts';
import type { Night } from './rolls-files.ts';
import type { CodeWords } from './signing.ts';

/** A night as everybody who may see the roll sees it. */
export async function nightSummary(
  holding: Readonly<Holding>,
  { index, entry }: Sealed,
  words: CodeWords,
  witnessedSize: bigint,
): Promise<NightSummary> {
  const night = await nightFile(holding, entry.epoch);
  const changed = Object.values(entry.counts).reduce((sum, counts) => sum + changesIn(counts), 0);
  const { result } = entry;
  return {
    epoch: entry.epoch,
    day: entry.day,
    at: momentOf(entry.at),
    records: entry.records,
    changed,
    authorised: night?.authorised ?? changed,
    fromFeeds: night?.fromFeeds ?? 0,
    awaiting: result.awaiting,
    unauthorised: Object.values(result.unauthorised).reduce((sum, count) => sum + count, 0),
    captures: result.captures,
    root: entry.after,
    words: [...words.of(holding, entry.after)],
    entry: String(index),
    witnessed: index < witnessedSize,
  };
}

/** What a night found, with its records; null where the file is gone. */
export async function nightFile({ paths }: Pick<Holding, 'paths'>, epoch: number): Promise<Night | null> {
  return readJson<Night>(join(paths.nights, `${epoch}.json`), 'bellwether/night@1');
}

/** All changes of a count. */
export function changesIn(counts: ItemCounts | undefined): number {
  return counts === undefined ? 0 : counts.new + counts.changed + counts.removed;
}

/** A minute of the log as a moment of the API. */
export function momentOf(minute: string): string {
  return new Date(Date.parse(minute)).toISOString();
}
