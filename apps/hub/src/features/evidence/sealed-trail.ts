/**
 * The trail in the log: the number of its entries and the hash of the last one, once an hour while it grows. A chain by
 * itself cannot show that its end was cut off; what witnesses have cosigned can.
 */
import { canonicalJson, ok, type Result } from '@bellwether/basics';
import { encodeBase64, encodeText } from '@bellwether/evidence';
import type { Kysely } from 'kysely';
import type { LogError } from '../../platform/evidence/errors.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** What stands in the log: `{"entries":12,"head":"...","type":"trail"}`. */
export type TrailEntry = { readonly type: 'trail'; readonly entries: number; readonly head: string };

/** Bytes of such an entry at most. */
const LONGEST_ENTRY = 200;

/** Entries from the end that are looked through for the trail: more than a state changes in a day. */
const LOOKED_THROUGH = 65_536n;

/** Seals the trail as it is, if it has grown since it was sealed last. */
export function trailSealer(db: Kysely<Tables>, log: EvidenceLog): () => Promise<Result<void, LogError>> {
  let sealed: number | undefined;
  return async () => {
    sealed ??= await sealedLast(log);
    const last = await db
      .selectFrom('trail')
      .select(['number', 'hash'])
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (last === undefined || Number(last.number) === sealed) return ok();
    const entry: TrailEntry = {
      type: 'trail',
      entries: Number(last.number),
      head: encodeBase64(new Uint8Array(last.hash)),
    };
    const added = await log.appendEntries([encodeText(canonicalJson(entry).okOrThrow())]);
    if (added.isErr()) return added;
    sealed = entry.entries;
    return ok();
  };
}

/** How many entries of the trail the log tells of last; 0 where it tells nothing of late: then they are sealed once more. */
async function sealedLast(log: EvidenceLog): Promise<number> {
  let last = 0;
  const from = log.size > LOOKED_THROUGH ? log.size - LOOKED_THROUGH : 0n;
  for await (const { entries } of log.bundles(from, log.size)) {
    for (const entry of entries) last = trailEntryOf(entry)?.entries ?? last;
  }
  return last;
}

/** The entry that tells of the trail; null where it tells of something else. */
export function trailEntryOf(entry: Uint8Array): TrailEntry | null {
  const text = entry.length > LONGEST_ENTRY ? '' : Buffer.from(entry).toString();
  if (!text.startsWith('{"entries":') || !text.endsWith(',"type":"trail"}')) return null;
  const { entries, head } = JSON.parse(text) as TrailEntry;
  return { type: 'trail', entries, head };
}
