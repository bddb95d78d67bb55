/**
 * One JSON object to a line with columns of anybody's naming, as `csv` has them: by a saved column map (our name to
 * their path, dots for objects inside), else by the usual names, those of ECS among them.
 *
 *     {"time":"2026-10-09T10:00:00Z","source":"203.0.113.9","destination":"198.18.1.10","destination_port":443,"action":"allow"}
 */
import type { Batch } from '../contact.ts';
import { ColumnRow, Spelling } from './column-row.ts';
import { COLUMN_NAMES, USUAL_NAMES } from './columns.ts';
import type { Envelope } from './envelope.ts';
import { Json, JsonScanner } from './json.ts';
import { jsonEnd, jsonStart } from './json-lines.ts';
import { readNotice } from './notices.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';

/** A path that may hold one of our columns. */
export type ColumnPath = { readonly column: number; readonly segments: readonly string[] };

/** Paths by a saved map, or all usual ones. A name with dots is looked for as it stands and as objects inside. */
export function columnPaths(saved?: Readonly<Record<string, string>>): readonly ColumnPath[] {
  const paths: ColumnPath[] = [];
  const seen = new Set<string>();
  const add = (column: number, segments: readonly string[]) => {
    const spelled = JSON.stringify(segments);
    if (seen.has(spelled)) return;
    seen.add(spelled);
    paths.push({ column, segments });
  };
  COLUMN_NAMES.forEach((name, column) => {
    const theirs =
      saved === undefined ? USUAL_NAMES[name] : [saved[name] ?? ''].filter((path) => path !== '');
    for (const path of theirs) {
      add(column, [path]);
      if (path.includes('.')) add(column, path.split('.'));
    }
  });
  return paths;
}

const USUAL_PATHS = columnPaths();

class NdjsonReader implements LineReader {
  readonly #paths: readonly ColumnPath[];
  readonly #scanner: JsonScanner;
  readonly #row: ColumnRow;

  constructor(options: ReaderOptions) {
    this.#paths = options.columns === undefined ? USUAL_PATHS : columnPaths(options.columns);
    this.#scanner = new JsonScanner(this.#paths.map(({ segments }) => segments));
    this.#row = new ColumnRow(options.clock);
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const at = jsonStart(bytes, from, to);
    const objectEnd = jsonEnd(bytes, at, to);
    if (at >= objectEnd) return Line.ignored;
    if (bytes[at] !== 123) return readNotice(bytes, from, to, envelope, batch);
    const { start, end, type } = this.#scanner;
    if (!this.#scanner.scan(bytes, at, objectEnd)) return Line.unreadable;
    const row = this.#row;
    row.clear();
    const paths = this.#paths;
    for (let path = 0; path < paths.length; path++) {
      const kind = type[path];
      if (kind === Json.absent || kind === Json.null || kind === Json.object || kind === Json.array) continue;
      const spelling = kind === Json.escaped ? Spelling.json : Spelling.plain;
      row.set(paths[path]!.column, start[path]!, end[path]!, spelling);
    }
    return row.read(bytes, envelope, batch);
  }
}

/** The format `ndjson` of contracts. */
export const ndjson: Format = {
  name: 'ndjson',
  syslog: 'maybe',
  sniff: (text) => (/^\s*\[?\s*\{"/.test(text) && SOURCE_KEY.test(text) ? 1 : 0),
  reader: (options) => new NdjsonReader(options),
  doc: {
    of: 'One JSON object to a line, by a saved column map or by the usual names (ECS and others); columns as in `csv`',
    contact: 'As in `csv`.',
    losses: 'The format has no place for them.',
    seen: "No product's format of its own: lines of the testkit.",
  },
};

/** A key that names a source in one of the usual ways. */
const SOURCE_KEY = new RegExp(
  `"(${USUAL_NAMES.source.filter((name) => !name.includes('.')).join('|')})"\\s*:\\s*["{]`,
);
