/**
 * Compares the trail with what the log tells of it. Who rewrites the trail, or cuts off its end, can make a chain that fits
 * by itself; what the log told of it before is still there, and cosigned.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { encodeBase64 } from '@bellwether/evidence';
import type { Kysely } from 'kysely';
import type { LogError } from '../../platform/evidence/errors.ts';
import { readBundles } from '../../platform/evidence/log-reading.ts';
import { readSigning } from '../../platform/evidence/signing-file.ts';
import { TileFiles } from '../../platform/evidence/tile-files.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import { type TrailEntry, trailEntryOf } from './sealed-trail.ts';

/** Seals that are looked up at a time. */
const AT_ONCE = 1_000;

/** Where the log is that tells of the trail. */
export type SealedIn = { readonly log: string; readonly logPrivate: string };

/** What the log tells: how often, and up to which entry. */
export type Seals = { readonly count: number; readonly upTo: number };

/** The first seal that the trail does not keep: the log tells of that many entries. */
export type BrokenSeal = { readonly fault: 'cut' | 'rewritten'; readonly entries: number };

/** Compares the trail with each seal in the log; a log without seals has none to compare. */
export async function compareSeals(
  db: Kysely<Tables>,
  folders: SealedIn,
): Promise<Result<Seals, BrokenSeal | LogError>> {
  const signing = await readSigning(folders.logPrivate);
  if (signing.isErr()) return signing;
  const size = signing.value?.size ?? 0n;
  let seals = { count: 0, upTo: 0 };
  let waiting: TrailEntry[] = [];
  for await (const { first, entries } of readBundles(new TileFiles(folders.log), 0n, size, size)) {
    for (const entry of entries) {
      const seal = trailEntryOf(entry);
      if (seal !== null) waiting.push(seal);
    }
    if (waiting.length < AT_ONCE && first + BigInt(entries.length) < size) continue;
    const broken = await firstBroken(db, waiting);
    if (broken !== null) return err(broken);
    const upTo = waiting.reduce((most, seal) => Math.max(most, seal.entries), seals.upTo);
    seals = { count: seals.count + waiting.length, upTo };
    waiting = [];
  }
  return ok(seals);
}

/** A broken seal in a sentence. */
export function describeBrokenSeal({ fault, entries }: BrokenSeal): string {
  return fault === 'cut'
    ? `The evidence log tells of ${entries} entries, and the trail ends before: its end was cut off, or the hub was put back from a backup.`
    : `Entry ${entries} is not the one that the evidence log tells of: the trail was written anew.`;
}

async function firstBroken(db: Kysely<Tables>, seals: readonly TrailEntry[]): Promise<BrokenSeal | null> {
  if (seals.length === 0) return null;
  const rows = await db
    .selectFrom('trail')
    .select(['number', 'hash'])
    .where('number', 'in', [...new Set(seals.map(({ entries }) => entries))])
    .execute();
  const hashes = new Map(
    rows.map(({ number, hash }) => [Number(number), encodeBase64(new Uint8Array(hash))]),
  );
  for (const { entries, head } of seals) {
    const hash = hashes.get(entries);
    if (hash === undefined) return { fault: 'cut', entries };
    if (hash !== head) return { fault: 'rewritten', entries };
  }
  return null;
}
