/**
 * The fields of Zeek's logs that are read here, and how a line's cells are found by them.
 *
 * Zeek writes the same records as TSV, whose header says which columns follow, and as JSON. Both are laid out as
 * `marks`: the cell of field `f` is `marks[map[f]] + 1` to `marks[map[f] + 1]`, so that one reader serves both.
 */
import { ascii } from './bytes.ts';

/** Fields by number. */
export const Field = {
  ts: 0,
  uid: 1,
  origHost: 2,
  origPort: 3,
  respHost: 4,
  respPort: 5,
  proto: 6,
  duration: 7,
  respBytes: 8,
  connState: 9,
  localOrig: 10,
  localResp: 11,
  missedBytes: 12,
  history: 13,
  origPkts: 14,
  respPkts: 15,
  statusCode: 16,
  uri: 17,
  bodyLength: 18,
  username: 19,
  userAgent: 20,
  proxied: 21,
  authSuccess: 22,
  direction: 23,
  note: 24,
  src: 25,
  dst: 26,
  port: 27,
  gaps: 28,
  pktsDropped: 29,
  message: 30,
  msg: 31,
} as const;
export type Field = (typeof Field)[keyof typeof Field];

/** Zeek's names of the fields, by number. */
export const FIELD_NAMES: readonly string[] = [
  ...['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'resp_bytes'],
  ...['conn_state', 'local_orig', 'local_resp', 'missed_bytes', 'history', 'orig_pkts', 'resp_pkts'],
  ...['status_code', 'uri', 'response_body_len', 'username', 'user_agent', 'proxied'],
  ...['auth_success', 'direction', 'note', 'src', 'dst', 'p', 'gaps', 'pkts_dropped', 'message', 'msg'],
];

/** Which log a line is of. */
export const Log = {
  other: 0,
  conn: 1,
  http: 2,
  ssh: 3,
  notice: 4,
  captureLoss: 5,
  stats: 6,
  reporter: 7,
} as const;
export type Log = (typeof Log)[keyof typeof Log];

const LOGS: Readonly<Record<string, Log>> = {
  conn: Log.conn,
  http: Log.http,
  ssh: Log.ssh,
  notice: Log.notice,
  capture_loss: Log.captureLoss,
  stats: Log.stats,
  reporter: Log.reporter,
};

/** The log that Zeek calls `path`; undefined if it is none that is read here. */
export function logOfPath(path: string): Log | undefined {
  return Object.hasOwn(LOGS, path) ? LOGS[path] : undefined;
}

/** Columns that a log is known by where no `#path` names it. */
const KNOWN_BY: ReadonlyArray<readonly [Log, readonly string[]]> = [
  [Log.conn, ['id.orig_h', 'conn_state']],
  [Log.http, ['id.orig_h', 'trans_depth']],
  [Log.ssh, ['id.orig_h', 'auth_attempts']],
  [Log.notice, ['note', 'suppress_for']],
  [Log.captureLoss, ['gaps', 'acks']],
  [Log.stats, ['pkts_proc', 'pkts_dropped']],
  [Log.reporter, ['level', 'message', 'location']],
];

/** The log whose fields these are. */
export function logOfNames(names: ReadonlySet<string>): Log {
  return KNOWN_BY.find(([, needed]) => needed.every((name) => names.has(name)))?.[0] ?? Log.other;
}

/** Cells of one line, as laid out above. */
export type Cells = { readonly marks: Int32Array; readonly map: Int32Array };

/** Most columns of a log that are looked at: `conn` has 21, `http` 30, sites add a few. */
export const MAX_COLUMNS = 160;
/** Where the marks of a field that the line does not have stand: an empty cell. */
export const MISSING = MAX_COLUMNS + 2;
/** Room for marks, of TSV columns or of JSON values. */
export const MARKS = MISSING + 2;

/** Longest header that is kept, characters: names of columns, no data. */
const MAX_HEADER = 16_384;

/** Order in which Zeek writes conn.log (4.0 to 8.0): for lines that were shipped without their header. */
const DEFAULT_CONN =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state ' +
  'local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents';

/** What the `#` lines of a TSV log have said so far. */
export class ZeekHeader {
  /** The byte between columns. */
  separator = 9;
  /** The byte between the members of a set. */
  setSeparator = 44;
  /** What stands for a field that is not set, and for one that is empty. */
  unset: Uint8Array = ascii('-');
  empty: Uint8Array = ascii('(empty)');
  log: Log = Log.conn;
  /** Columns that every line must have; 0: any of the two that Zeek's versions have for conn. */
  columns = 0;
  /** How many header lines have been taken. */
  changes = 0;
  /** Column of each field, or MISSING. */
  readonly map = new Int32Array(FIELD_NAMES.length);

  #separatorLine = '';
  #lines = new Map<string, string>();

  constructor() {
    this.#mapColumns(DEFAULT_CONN.split(' '));
  }

  /** The lines that make this header again, '' if there were none. */
  get text(): string {
    const text = [this.#separatorLine, ...this.#lines.values()].filter((line) => line !== '').join('\n');
    return text.length > MAX_HEADER ? '' : text;
  }

  /** Takes one `#` line. What is no header says nothing. */
  take(line: string): void {
    this.changes++;
    if (line.startsWith('#separator')) {
      const byte = /^#separator (?:\\x([0-9a-fA-F]{2})|(.))$/s.exec(line);
      if (byte === null) return;
      this.#lines.clear();
      this.#separatorLine = line;
      this.separator = byte[1] === undefined ? byte[2]!.charCodeAt(0) : Number.parseInt(byte[1], 16);
      return;
    }
    const [name = '', ...rest] = line.split(String.fromCharCode(this.separator));
    const value = rest[0] ?? '';
    if (name === '#set_separator') this.setSeparator = (value || ',').charCodeAt(0);
    else if (name === '#empty_field') this.empty = ascii(value);
    else if (name === '#unset_field') this.unset = ascii(value);
    else if (name === '#path') {
      // The columns follow: until then the lines are of no known shape.
      this.#lines.delete('#fields');
      this.log = logOfPath(value) ?? Log.other;
    } else if (name === '#fields') {
      if (rest.length > MAX_COLUMNS) return;
      this.columns = rest.length;
      this.#mapColumns(rest);
      const path = this.#lines.get('#path')?.split(String.fromCharCode(this.separator))[1] ?? '';
      this.log = logOfPath(path) ?? logOfNames(new Set(rest));
    } else {
      return;
    }
    this.#lines.set(name, line);
  }

  #mapColumns(names: readonly string[]): void {
    FIELD_NAMES.forEach((name, field) => {
      const column = names.indexOf(name);
      this.map[field] = column < 0 ? MISSING : column;
    });
  }
}

/** The header that `text` (see `ZeekHeader.text`) makes. */
export function headerOf(text: string): ZeekHeader {
  const header = new ZeekHeader();
  for (const line of text.split('\n')) if (line !== '') header.take(line);
  return header;
}

/** A header line from its bytes. */
export function headerLine(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + MAX_HEADER)));
}
