/**
 * One line of a Zeek log as JSON (`LogAscii::use_json=T`, json-streaming-logs, Corelight): its values laid out as the
 * cells that the readers of the logs take. Keys are Zeek's names, `id.orig_h` with the dot inside; some shippers turn
 * that into an object `id`.
 */
import type { Batch } from '../contact.ts';
import { Kind } from '../contact.ts';
import { hash1, hashText } from './bytes.ts';
import { readAgent, readTarget } from './content.ts';
import { Json, JsonScanner, unescapeJson } from './json.ts';
import { type Cells, FIELD_NAMES, Field, Log, logOfPath } from './zeek-fields.ts';

const FIELDS = FIELD_NAMES.length;
/** The fields that may also stand in an object `id`, and how they are called there. */
const NESTED: ReadonlyArray<readonly [Field, string]> = [
  [Field.origHost, 'orig_h'],
  [Field.origPort, 'orig_p'],
  [Field.respHost, 'resp_h'],
  [Field.respPort, 'resp_p'],
];
const PATH = FIELDS + NESTED.length;
const DEPTH = PATH + 1;
const ATTEMPTS = PATH + 2;

/** Fields that may hold any character. No other value that Zeek writes needs an escape. */
const FREE_TEXT: ReadonlySet<number> = new Set<number>([
  Field.uri,
  Field.username,
  Field.userAgent,
  Field.proxied,
  Field.message,
  Field.msg,
]);

/** Longest text that is unescaped: as long as any request target that a server takes. */
const MAX_UNESCAPED = 16_384;

let made: ZeekJson | undefined;

/** The one of this thread: a reader is made for every block, and this holds nothing between two lines. */
export function zeekJson(): ZeekJson {
  made ??= new ZeekJson();
  return made;
}

/** Finds the fields in a JSON object, and which log it is of. */
class ZeekJson {
  readonly #scanner = new JsonScanner([
    ...FIELD_NAMES.map((name) => [name]),
    ...NESTED.map(([, name]) => ['id', name]),
    ['_path'],
    ['trans_depth'],
    ['auth_attempts'],
  ]);
  readonly #plain = new Uint8Array(MAX_UNESCAPED);

  /** Lays out the object in [from, to) in `cells` and returns its log, or -1 if it is no object with a time. */
  scan(bytes: Uint8Array, from: number, to: number, cells: Cells): Log | -1 {
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, from, to)) return -1;
    const { type } = scanner;
    for (let field = 0; field < FIELDS; field++) {
      if (type[field] === Json.escaped && !FREE_TEXT.has(field)) return -1;
      this.#layOut(field, field, cells);
    }
    for (let i = 0; i < NESTED.length; i++) {
      if (type[FIELDS + i] === Json.absent) continue;
      const field = NESTED[i]![0];
      if (type[field] !== Json.absent) return -1;
      this.#layOut(field, FIELDS + i, cells);
    }
    if (type[Field.ts] === Json.absent) return -1;
    return this.#logOf(bytes);
  }

  #layOut(field: number, path: number, { marks, map }: Cells): void {
    const { start, end, type } = this.#scanner;
    const set = type[path] !== Json.absent && type[path] !== Json.null;
    // JSON leaves out what is not set, so a field that is absent is there, and empty.
    map[field] = 2 * field;
    marks[2 * field] = set ? start[path]! - 1 : 0;
    marks[2 * field + 1] = set ? end[path]! : 1;
  }

  #logOf(bytes: Uint8Array): Log {
    const { start, end, type } = this.#scanner;
    if (type[PATH] === Json.string && end[PATH]! - start[PATH]! < 32) {
      const at = start[PATH]!;
      return logOfPath(String.fromCharCode(...bytes.subarray(at, end[PATH]))) ?? Log.other;
    }
    if (type[Field.connState] !== Json.absent) return Log.conn;
    if (type[DEPTH] !== Json.absent) return Log.http;
    if (type[ATTEMPTS] !== Json.absent) return Log.ssh;
    if (type[Field.note] !== Json.absent) return Log.notice;
    if (type[Field.gaps] !== Json.absent) return Log.captureLoss;
    if (type[Field.pktsDropped] !== Json.absent) return Log.stats;
    return type[Field.message] !== Json.absent ? Log.reporter : Log.other;
  }

  /** Reads the texts of row `row` of an http log again, without their escapes, where they have any. */
  readEscaped(bytes: Uint8Array, batch: Batch, row: number): void {
    const { start, end, type } = this.#scanner;
    const plain = this.#plain;
    if (type[Field.username] === Json.escaped && batch.kind[row] === Kind.login) {
      const length = unescapeJson(bytes, start[Field.username]!, end[Field.username]!, plain);
      batch.acct0[row] = hashText(plain, 0, length);
      batch.acct1[row] = hash1;
    }
    if (type[Field.userAgent] === Json.escaped) {
      const length = unescapeJson(bytes, start[Field.userAgent]!, end[Field.userAgent]!, plain);
      batch.content[row]! |= readAgent(plain, 0, length);
    }
    if (type[Field.uri] === Json.escaped) {
      const textAt = batch.textAt[row]!;
      const textLength = batch.textLength[row]!;
      const length = unescapeJson(bytes, start[Field.uri]!, end[Field.uri]!, plain);
      readTarget(plain, 0, length, batch, row);
      batch.textAt[row] = textAt;
      batch.textLength[row] = textLength;
    }
  }
}
