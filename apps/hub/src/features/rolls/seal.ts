/**
 * Sealing a night: what the reader found goes into the log, and the book that it made beside becomes the book. Sealed also
 * when the news is bad.
 *
 *     nights/pending.json ─► checked ─► nights/EPOCH.json ─► the log ─► roll.json ─► what the book holds is forgotten
 *
 * A crash at any arrow is mended when the roll is opened again: until the log has the seal nothing has happened, and from
 * there on everything that is left to do can be done again.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64 } from '@bellwether/evidence';
import { formatEntry, type IncidentEntry, minuteText, type SealEntry } from '@bellwether/rolls';
import { type RollError, rollRefused } from './errors.ts';
import { appendFolded, type Holding, type Sealed } from './holding.ts';
import { countsByOffice, readingOfNight } from './readings.ts';
import { namesIn, readBounded, readJson, writeJson } from './roll-files.ts';
import type { Night, RollHead } from './rolls-files.ts';

/** Bytes of a checkpoint: a line for each of some hundred witnesses takes 16 KB. */
const MOST_CHECKPOINT = 128 * 1024;

/** Seals what `reconcile` left behind. */
export async function sealPending(holding: Holding): Promise<Result<Night, RollError>> {
  const { paths, fold } = holding;
  const pending = join(paths.nights, 'pending.json');
  const night = await readJson<Night>(pending, 'bellwether/night@1');
  if (night === null) return rollRefused('ROLL_NIGHT_ABSENT', `${pending} is not there`);
  const fault = staleness(holding, night);
  if (fault !== null) return rollRefused('ROLL_NIGHT_STALE', fault);
  if (night.root !== encodeBase64(fold.state.root())) {
    return rollRefused('ROLL_NIGHT_WRONG', 'the next book has another root than the fold of the log');
  }
  const checkpoint = await acceptedCheckpoint(holding);
  const sealed: Night = { ...night, ...(checkpoint === null ? {} : { checkpoint }), sealed: true };
  const kept = join(paths.nights, `${night.epoch}.json`);
  await writeJson(kept, sealed);
  const incidents = incidentsOf(night);
  const entries = [...incidents, sealOf(holding, night, holding.log.size + BigInt(incidents.length))];
  const appended = await appendFolded(holding, entries.map(formatEntry));
  if (appended.isErr()) {
    const { code, detail } = appended.error;
    if (code !== 'ROLL_RULE_BROKEN') return appended;
    await rm(kept, { force: true });
    return rollRefused('ROLL_NIGHT_WRONG', detail);
  }
  const finished = await finishSeal(holding);
  return finished.isErr() ? finished : ok(sealed);
}

/** What is left to do after the log has a seal that `roll.json` does not know. Can be done again at any moment. */
export async function finishSeal(holding: Holding): Promise<Result<void, RollError>> {
  const { paths, seals, fold } = holding;
  const last = seals.at(-1);
  if (last !== undefined && last.entry.epoch > holding.head.epoch) {
    const night = await readJson<Night>(join(paths.nights, `${last.entry.epoch}.json`), 'bellwether/night@1');
    if (night === null) return rollRefused('ROLL_DAMAGED', `nights/${last.entry.epoch}.json is missing`);
    const records = await holding.openRecords(night.next);
    if (records.isErr()) return records;
    const head: RollHead = headAfter(holding.head, last, night.next);
    await writeJson(paths.head, head);
    holding.head = head;
    holding.records = records.value;
    holding.since.clear();
  }
  await forgetFolded(holding);
  const pending = join(paths.nights, 'pending.json');
  const left = await readJson<Night>(pending, 'bellwether/night@1');
  if (left !== null && left.epoch <= fold.epoch) await rm(pending, { force: true });
  return ok();
}

/** The newest accepted checkpoint: read before the seal is in the log, it tells nothing beyond it. */
async function acceptedCheckpoint({ paths }: Holding): Promise<string | null> {
  const note = await readBounded(join(paths.log, 'checkpoint'), MOST_CHECKPOINT);
  return note === null ? null : note.toString('utf8');
}

/** Why a night is not that of the roll as it is; null if it is. */
function staleness({ fold, head, batches }: Holding, { epoch, generation, to }: Night): string | null {
  if (epoch !== fold.epoch + 1) return `it is night ${epoch}, and ${fold.epoch} was the last`;
  if (generation !== head.generation)
    return `it compared with the book ${generation}, and ${head.generation} holds`;
  const later = [...batches].find(([, index]) => index >= BigInt(to));
  return later === undefined ? null : `batch ${later[0]} was signed since`;
}

function sealOf({ fold, seals, head, now }: Holding, night: Night, to: bigint): SealEntry {
  const { result } = readingOfNight(fold.genesis.origin, night);
  const last = seals.at(-1);
  const from = (last?.index ?? BigInt(head.genesis)) + 1n;
  // A clock that was set back: times of a log do not go back, and the minute before is no lie.
  const at = [minuteText(now()), last?.entry.at ?? ''].sort().at(-1)!;
  return {
    type: 'seal',
    epoch: night.epoch,
    day: night.day,
    at,
    from: String(from),
    to: String(to),
    before: last?.entry.after ?? fold.genesis.root,
    after: night.root,
    bucketBits: night.bucketBits,
    records: night.records,
    leaves: night.leaves,
    counts: fold.countsSinceSeal(),
    result: { ...result, reader: night.reader },
  };
}

function incidentsOf({ day, unauthorised }: Night): readonly IncidentEntry[] {
  return Object.entries(countsByOffice(unauthorised))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([office, count]) => ({ type: 'incident', day, kind: 'unauthorised-change', office, count }));
}

function headAfter(head: RollHead, { index, entry }: Sealed, generation: string): RollHead {
  const { epoch, after, bucketBits, records, leaves } = entry;
  return {
    ...head,
    generation,
    foldedTo: String(index + 1n),
    epoch,
    root: after,
    bucketBits,
    records,
    leaves,
  };
}

/** Deletes what the book holds by now: personal rows of signed batches, and older books. */
async function forgetFolded({ paths, head, batches }: Holding): Promise<void> {
  for (const name of await namesIn(paths.batches)) {
    const index = batches.get(Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0));
    if (index !== undefined && index < BigInt(head.foldedTo))
      await rm(join(paths.batches, name), { force: true });
  }
  for (const generation of await namesIn(paths.books)) {
    if (Number(generation) < Number(head.generation)) {
      await rm(join(paths.books, generation), { recursive: true, force: true });
    }
  }
}
