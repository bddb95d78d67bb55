/**
 * The trail as a file that can be checked without us: NDJSON, one canonical JSON value (RFC 8785) in each line.
 *
 *     {"entries":2,"last":{"hash":HEX,"number":2},"madeAt":"2026-11-03T20:04:30.123Z","places":"all","schema":"bellwether/trail@1"}
 *     {"about":"key:1","act":"key.make","after":{...},"at":...,"hash":HEX,...,"number":1,...}
 *     {"about":...}
 *
 * `last` is the last entry of the file, null if there is none, so that one that was cut off shows. `places` is `all`, or
 * the places of whoever made it: then other entries are missing in between, and each is checked by itself.
 */
import { TrailRow } from '@bellwether/api';
import { canonicalJson, err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Tables } from '../postgres/tables.ts';
import type { Reach } from './rights.ts';
import { checkEntries, type TrailFault } from './trail-check.ts';
import { ENTRY_BOUNDS } from './trail-entry.ts';
import { BEGINNING, type Head, trailCount, trailHead, trailPages } from './trail-read.ts';

/** Name of the format. */
export const TRAIL_SCHEMA = 'bellwether/trail@1';

const Header = Type.Object({
  schema: Type.Literal(TRAIL_SCHEMA),
  madeAt: Type.String(),
  places: Type.Union([Type.Literal('all'), Type.Array(Type.String())]),
  entries: Type.Integer({ minimum: 0 }),
  last: Type.Union([Type.Object({ number: Type.Integer({ minimum: 1 }), hash: Type.String() }), Type.Null()]),
});

/** The first line. */
export type TrailHeader = Static<typeof Header>;

/** Longest line of a file that is read, bytes: an entry with both values at their longest, every character of three bytes. */
const LONGEST_LINE = 256 * 1024;

/** The lines of an export, in pieces, each line with its end. `now`: ms. */
export async function* trailLines(
  db: Kysely<Tables>,
  reach: Reach,
  now: number,
): AsyncGenerator<string, void, void> {
  const last = await trailHead(db, reach);
  const header: TrailHeader = {
    schema: TRAIL_SCHEMA,
    madeAt: new Date(now).toISOString(),
    places: reach === 'all' ? 'all' : [...reach].sort(),
    entries: await trailCount(db, reach, last.number),
    last: last.number === 0 ? null : last,
  };
  yield lineOf(header);
  for await (const page of trailPages(db, reach, 0, last.number)) yield page.map(lineOf).join('');
}

/** What a file holds whose chain is unbroken. */
export type CheckedExport = { readonly header: TrailHeader; readonly last: Head };

/** Why a file is no good: it is no export at all, a line of it is no entry, or an entry is wrong. */
export type ExportFault =
  | { readonly fault: 'no-export'; readonly detail: string }
  | { readonly fault: 'no-entry'; readonly line: number; readonly detail: string }
  | TrailFault;

/** Checks an export while it is read. */
export async function checkExport(
  chunks: AsyncIterable<Uint8Array>,
): Promise<Result<CheckedExport, ExportFault>> {
  const lines = linesOf(chunks);
  const head = headerOf((await lines.next()).value ?? { fault: 'it is empty' });
  if (head.isErr()) return head;
  const header = head.value;
  const broken: { line?: ExportFault } = {};
  const kind = header.places === 'all' ? 'whole' : 'part';
  const checked = await checkEntries(entriesIn(lines, broken), BEGINNING, kind);
  if (checked.isErr()) return checked;
  if (broken.line !== undefined) return err(broken.line);
  const { number, hash } = header.last ?? BEGINNING;
  if (checked.value.number < number) {
    const isNext = kind === 'whole';
    return err({ fault: 'missing', number: isNext ? checked.value.number + 1 : number });
  }
  if (checked.value.number > number) return err({ fault: 'disordered', number: checked.value.number });
  return checked.value.hash === hash
    ? ok({ header, last: checked.value })
    : err({ fault: 'changed', number });
}

function lineOf(value: TrailHeader | TrailRow): string {
  return `${canonicalJson(value, ENTRY_BOUNDS).okOrThrow()}\n`;
}

function headerOf(line: Line): Result<TrailHeader, ExportFault> {
  const value = valueOfLine(line);
  if (value.isErr()) return err({ fault: 'no-export', detail: value.error });
  const { schema } = Object(value.value) as { schema?: unknown };
  if (schema !== TRAIL_SCHEMA) {
    return err({ fault: 'no-export', detail: `its first line has not the schema ${TRAIL_SCHEMA}` });
  }
  return Value.Check(Header, value.value)
    ? ok(value.value)
    : err({ fault: 'no-export', detail: 'its first line is not as the schema says' });
}

/** The entries of the lines behind the header, as far as they are entries. */
async function* entriesIn(
  lines: AsyncIterable<Line>,
  broken: { line?: ExportFault },
): AsyncGenerator<readonly TrailRow[], void, void> {
  let number = 1;
  for await (const line of lines) {
    number++;
    const value = valueOfLine(line);
    const detail = value.isErr() ? value.error : 'it is no entry';
    if (value.isErr() || !Value.Check(TrailRow, value.value)) {
      broken.line = { fault: 'no-entry', line: number, detail };
      return;
    }
    yield [value.value];
  }
}

/** Read strictly: written again it has to be the same, or a member could stand there twice. */
function valueOfLine(line: Line): Result<unknown, string> {
  if (typeof line !== 'string') return err(line.fault);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return err('it is no JSON');
  }
  return canonicalJson(value, ENTRY_BOUNDS).unwrapOr('') === line
    ? ok(value)
    : err('it is no canonical JSON');
}

/** A line without its end, or why it is none. */
type Line = string | { readonly fault: string };

/** Cuts bytes into lines. One that is too long or no UTF-8 is told, and is the last. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      yield textOf(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_LINE) {
      yield { fault: `it is longer than ${LONGEST_LINE} bytes` };
      return;
    }
  }
  if (rest.length > 0) yield { fault: 'the file was cut off in it' };
}

const LF = 0x0a;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): Line {
  if (bytes.length > LONGEST_LINE) return { fault: `it is longer than ${LONGEST_LINE} bytes` };
  try {
    return UTF8.decode(bytes);
  } catch {
    return { fault: 'it is no UTF-8' };
  }
}
