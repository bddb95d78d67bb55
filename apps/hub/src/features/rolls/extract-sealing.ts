/**
 * Sealing an extract: its rows, made of the last sealed book, lie beside the state; their root is an entry of the log; and the list that
 * voters' browsers read tells of it. In this order: what the log has can be read, and what the list has is in the log.
 */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64 } from '@bellwether/evidence';
import {
  canonicalFields,
  commitment,
  type ExtractRow,
  extractRoot,
  formatEntry,
  formatExtract,
  HANDLE_SIZE,
  hexOf,
  opening,
} from '@bellwether/rolls';
import { Book } from './book.ts';
import { type RollError, rollRefused } from './errors.ts';
import { type ExtractReading, extractReadings, recordsOfPlace } from './extract-reading.ts';
import { appendFolded, type Holding } from './holding.ts';
import { writeFileWhole, writeJson } from './roll-files.ts';

/** Seals what readings left open; those of a book before the last are left for a new reading. The readings that were sealed. */
export async function sealExtracts(holding: Holding): Promise<Result<readonly ExtractReading[], RollError>> {
  const { paths, head } = holding;
  const done: ExtractReading[] = [];
  for (const reading of await extractReadings(paths)) {
    if (reading.state !== 'open' || reading.generation !== head.generation) continue;
    const sealed = await sealExtract(holding, reading);
    if (sealed.isErr()) return sealed;
    done.push(sealed.value);
  }
  if (done.length > 0) await writeList(holding);
  return ok(done);
}

async function sealExtract(
  holding: Holding,
  reading: ExtractReading,
): Promise<Result<ExtractReading, RollError>> {
  const { paths, records: book, keys, tools, seals } = holding;
  if (!(book instanceof Book)) throw new TypeError('the roll has no book');
  const ordinals = [...recordsOfPlace(book, reading.place)];
  const handles = ordinals.map((ordinal) =>
    book.handles.slice(ordinal * HANDLE_SIZE, (ordinal + 1) * HANDLE_SIZE),
  );
  const voterKeys = await keys.keysFor(handles);
  if (voterKeys.isErr()) return voterKeys;
  const rows: ExtractRow[] = [];
  for (const [i, ordinal] of ordinals.entries()) {
    const key = voterKeys.value[i];
    if (key === null || key === undefined)
      return rollRefused('ROLL_DAMAGED', `the vault has no key for ${book.index.recordAt(ordinal)}`);
    const version = book.versions[ordinal]!;
    const fields = canonicalFields(book.fieldsAt(ordinal)!, 'public');
    const open = opening(tools.hasher, key, version, 'public');
    const committed = commitment(tools.hasher, open, 'public', version, fields);
    rows.push({ handle: handles[i]!, version, committed });
  }
  const bytes = formatExtract(rows);
  const root = extractRoot(tools.hasher, bytes);
  await writeFileWhole(join(paths.public, 'extract-rows', hexOf(root)), bytes);
  const entry = {
    type: 'extract' as const,
    kind: reading.kind,
    place: reading.place,
    day: seals.at(-1)!.entry.day,
    rows: rows.length,
    root: encodeBase64(root),
    epoch: reading.epoch,
  };
  const index = await appendFolded(holding, [formatEntry(entry)]);
  if (index.isErr()) return index;
  const sealed: ExtractReading = { ...reading, state: 'sealed', index: String(index.value) };
  await writeJson(join(paths.extracts, `${reading.id}.json`), sealed);
  return ok(sealed);
}

/** `public/extracts`: a line for each that was sealed, written anew, so that it is whole whatever was cut off before. */
async function writeList({ paths, seals }: Holding): Promise<void> {
  const dayOf = new Map(seals.map(({ entry }) => [entry.epoch, entry.day]));
  const lines = (await extractReadings(paths))
    .filter(({ state }) => state === 'sealed')
    .map(({ index, kind, place, epoch, records }) =>
      JSON.stringify({ index, kind, place, day: dayOf.get(epoch) ?? '', rows: records }),
    );
  await writeFileWhole(join(paths.public, 'extracts'), lines.map((line) => `${line}\n`).join(''));
}
