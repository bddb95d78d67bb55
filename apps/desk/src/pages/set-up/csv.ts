/**
 * A first look at a list of offices (CSV, RFC 4180) before it is sent: how many there are, how the first look, and what is
 * wrong on which line. The hub checks it again, and has the last word.
 */
import { csvRows } from '@bellwether/basics';

/** As much as the hub takes, characters. */
export const LARGEST = 1_048_576;

/** Offices that are shown: enough to see whether the columns are the right ones. */
export const SHOWN = 5;

/** Rows that are looked at: twice as many as the hub takes offices; a longer list it refuses. */
const MOST_ROWS = 10_000;

/** Mistakes that are told at once: who has more has chosen the wrong file. */
const MOST_FAULTS = 10;

/** One office, as it stands in the list. */
export type Listed = { readonly leaId: string; readonly name: string };

/** What is wrong, and where. */
export type Fault = { readonly line: number; readonly what: FaultKind; readonly text: string };

export type FaultKind =
  | 'empty'
  | 'no-lea-id'
  | 'no-name'
  | 'bad-lea-id'
  | 'bad-name'
  | 'twice'
  | 'open-quote'
  | 'letters';

/** What was seen. */
export type Preview = {
  readonly count: number;
  readonly first: readonly Listed[];
  readonly faults: readonly Fault[];
};

/** Looks at a list. */
export function previewOf(text: string): Preview {
  const { rows, openedAt } = csvRows(text, MOST_ROWS);
  if (openedAt !== undefined) return broken({ line: openedAt, what: 'open-quote', text: '' });
  const [heading, ...lines] = rows;
  if (heading === undefined) return broken({ line: 1, what: 'empty', text: '' });
  const columns = heading.fields.map((field) => field.trim().toLowerCase());
  const [leaIdAt, nameAt] = [columns.indexOf('lea_id'), columns.indexOf('name')];
  if (leaIdAt === -1) return broken({ line: heading.line, what: 'no-lea-id', text: '' });
  if (nameAt === -1) return broken({ line: heading.line, what: 'no-name', text: '' });
  const offices: Listed[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { line, fields } of lines) {
    if (fields.every((field) => field.trim() === '')) continue;
    const office = { leaId: (fields[leaIdAt] ?? '').trim(), name: (fields[nameAt] ?? '').trim() };
    const what = faultOf(office, seen);
    if (what !== undefined) faults.push({ line, what, text: office.leaId });
    seen.add(office.leaId);
    offices.push(office);
    if (faults.length === MOST_FAULTS) break;
  }
  if (offices.length === 0) return broken({ line: heading.line, what: 'empty', text: '' });
  return { count: offices.length, first: offices.slice(0, SHOWN), faults };
}

function faultOf({ leaId, name }: Listed, seen: ReadonlySet<string>): FaultKind | undefined {
  if (!/^\d{5}$/.test(leaId)) return 'bad-lea-id';
  if (name === '' || name.length > 100) return 'bad-name';
  // What a reader of UTF-8 writes for bytes that are none: the file was saved in another way.
  if (name.includes('\uFFFD')) return 'letters';
  return seen.has(leaId) ? 'twice' : undefined;
}

function broken(fault: Fault): Preview {
  return { count: 0, first: [], faults: [fault] };
}
