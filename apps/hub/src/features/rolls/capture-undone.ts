/**
 * Changed and changed back: fields that captured lines set to different values since the last night, and in which the
 * record differs in nothing now. Two dumps look the same then; only the lines tell.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GROUPS, type Mapping, STATE } from '@bellwether/rolls';
import { PROTECTED_FLAG } from './book-files.ts';
import type { CapturedTransaction } from './capture-append.ts';
import type { CapturedNow } from './capture-source.ts';
import { differingFields } from './difference-class.ts';
import type { StateNow } from './reconcile-state.ts';
import { type RollPaths, readJson } from './roll-files.ts';
import type { Change, Night, Undone, UndoneBy } from './rolls-files.ts';

/** Records that are named: more are not undone changes but a table that was written twice. */
export const MOST_UNDONE = 10_000;

/** Times of one record that are kept. */
const MOST_TIMES = 16;

/** The field of a record that came and went. */
const WHOLE_RECORD = 'record';

/** What was undone, and how far the lines were read. */
export type FoundUndone = { readonly undone: readonly Undone[]; readonly to: number };

type SetField = {
  readonly values: Set<string>;
  readonly times: string[];
  readonly by: Map<string, UndoneBy>;
};
type SetFields = Map<string, SetField>;
type Touched = { office: string; readonly fields: SetFields };

/** Looks through the lines since the last night. Null where nothing is captured but dumps. */
export async function findUndone(
  paths: Pick<RollPaths, 'nights'>,
  epoch: number,
  { lines }: CapturedNow,
  mapping: Mapping,
  state: Pick<StateNow, 'signed' | 'book'>,
  changes: readonly Change[],
): Promise<FoundUndone | null> {
  if (lines === null) return null;
  const last = await readJson<Night>(join(paths.nights, `${epoch}.json`), 'bellwether/night@1');
  const { touched, to } = await readTouched(lines, last?.capturedTo ?? 0, mapping);
  const differing = new Map(changes.map((change) => [change.recordId, change]));
  const undone: Undone[] = [];
  for (const [recordId, { office, fields }] of touched) {
    const back = [...fields].filter(([, { values }]) => values.size > 1);
    if (back.length === 0 || undone.length === MOST_UNDONE) continue;
    const now = differing.get(recordId);
    const differs = new Set([...(now?.fields ?? []), ...signedFields(recordId, state)]);
    if (now !== undefined && now.kind !== 'changed') continue;
    if (differs.has(WHOLE_RECORD)) continue;
    const told = back.filter(([field]) => !differs.has(field));
    if (told.length === 0) continue;
    const times = [...new Set(told.flatMap(([, field]) => field.times))].sort().slice(0, MOST_TIMES);
    undone.push({
      recordId,
      office: toldOffice(recordId, office, state, now),
      fields: told.map(([field]) => field).sort(),
      times,
      by: [...new Map(told.flatMap(([, field]) => [...field.by])).values()].slice(0, MOST_TIMES),
    });
  }
  return { undone: undone.sort((a, b) => (a.recordId < b.recordId ? -1 : 1)), to };
}

/** Protected voters are never told by office. */
function toldOffice(
  recordId: string,
  office: string,
  { signed, book }: Pick<StateNow, 'signed' | 'book'>,
  now: Change | undefined,
): string {
  const ordinal = book.index.find(recordId);
  const flags = signed.get(recordId)?.flags ?? (ordinal < 0 ? 0 : book.flags[ordinal]!);
  return now?.isProtected === true || (flags & PROTECTED_FLAG) !== 0 ? STATE : office;
}

/** Fields in which what was signed since the book differs from it: those are no secret. */
function signedFields(
  recordId: string,
  { signed, book }: Pick<StateNow, 'signed' | 'book'>,
): readonly string[] {
  const since = signed.get(recordId);
  if (since === undefined) return [];
  const ordinal = book.index.find(recordId);
  if (since.isRemoved || ordinal < 0) return [WHOLE_RECORD];
  return differingFields(book.fieldsAt(ordinal), since.fields);
}

async function readTouched(
  path: string,
  from: number,
  mapping: Mapping,
): Promise<{ readonly touched: ReadonlyMap<string, Touched>; readonly to: number }> {
  const named = fieldsByColumn(mapping);
  const touched = new Map<string, Touched>();
  const seen = new Set<string>();
  const file = createReadStream(path, { encoding: 'utf8', start: from });
  let to = from;
  try {
    for await (const text of createInterface({ input: file, crlfDelay: 0 })) {
      to += Buffer.byteLength(text) + 1;
      const line = JSON.parse(text) as CapturedTransaction;
      // What was written and not acknowledged stands there twice.
      if (seen.has(line.id)) continue;
      seen.add(line.id);
      const record = touched.get(line.record) ?? { office: line.office, fields: new Map() };
      touched.set(line.record, record);
      for (const [column, value] of Object.entries(line.fields)) {
        const field = named.get(column);
        if (field !== undefined) note(record.fields, field, value, line);
      }
      if (line.class === 'registration-created') note(record.fields, WHOLE_RECORD, 'there', line);
      if (line.class === 'registration-cancelled') note(record.fields, WHOLE_RECORD, 'gone', line);
    }
  } catch (error) {
    // Nothing was ever captured: there is no file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    file.destroy();
  }
  return { touched, to };
}

function note(
  fields: SetFields,
  field: string,
  value: string,
  { at, clerk, device }: Pick<CapturedTransaction, 'at' | 'clerk' | 'device'>,
): void {
  const known: SetField = fields.get(field) ?? { values: new Set(), times: [], by: new Map() };
  fields.set(field, known);
  known.values.add(value);
  if (known.times.length < MOST_TIMES) known.times.push(at);
  if ((clerk !== null || device !== null) && known.by.size < MOST_TIMES)
    known.by.set(JSON.stringify([clerk, device]), { clerk, device });
}

function fieldsByColumn(mapping: Mapping): ReadonlyMap<string, string> {
  const fields = GROUPS.flatMap((group) =>
    mapping.groups[group].map(({ name, column }): [string, string] => [column, `${group}.${name}`]),
  );
  return new Map([[mapping.office, 'office'], ...fields]);
}
