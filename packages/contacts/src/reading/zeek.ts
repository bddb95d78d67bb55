/**
 * Zeek's logs as TSV and as JSON: conn, http, ssh, notice, and what capture_loss, stats and reporter say of losses.
 *
 *     #separator \x09
 *     #fields ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto ...               (tabs between them)
 *     1531687187.123456 CQcDwa4Gg1sLMIs3Ri 192.0.2.7 52220 198.18.0.9 443 tcp ...
 *
 * A header may stand anywhere (files are joined, Zeek is restarted) and names the columns of the lines that follow, in
 * any order. Each line must have exactly those columns. Source: src/logging/writers/ascii/Ascii.cc of zeek/zeek.
 */
import { BATCH_ROWS, type Batch } from '../contact.ts';
import { ascii } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { type Format, Line, type LineLoop, type LineReader, type ReaderOptions } from './reader.ts';
import { readingMemory } from './wasm-memory.ts';
import { readByWindows, type Window } from './wasm-windows.ts';
import { readConnWindow } from './zeek-block.ts';
import { readConn } from './zeek-conn.ts';
import {
  type Cells,
  FIELD_NAMES,
  headerLine,
  headerOf,
  Log,
  MARKS,
  MAX_COLUMNS,
  MISSING,
  type ZeekHeader,
} from './zeek-fields.ts';
import { zeekJson } from './zeek-json.ts';
import { readHttp, readNoticeLog, readSsh } from './zeek-logs.ts';
import { readCaptureLoss, readReporter, readStats } from './zeek-losses.ts';

const HASH = 35;
const OPEN = 123;
const DASH = 45;

/** Columns of conn.log in Zeek 3 to 7 and, with `ip_proto`, in 8: for lines whose header was lost. */
const CONN_COLUMNS = [21, 22];

class ZeekReader implements LineReader {
  readonly #clock: Clock;
  readonly #header: ZeekHeader;
  readonly #forwardedHeader: Uint8Array;
  readonly #columns: Cells;
  /** Cells apart from each other, so that one can be emptied: those of JSON, and of TSV with values not set. */
  readonly #apart: Cells;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
    this.#header = headerOf(options.header ?? '');
    this.#forwardedHeader = ascii(options.forwardedHeader ?? 'x-forwarded-for');
    this.#columns = { marks: new Int32Array(MARKS), map: this.#header.map };
    this.#apart = { marks: new Int32Array(MARKS), map: new Int32Array(FIELD_NAMES.length) };
    // An empty cell for the fields that a log does not have: from 1 to 1.
    this.#columns.marks[MISSING + 1] = 1;
    this.#apart.marks[MISSING + 1] = 1;
  }

  get header(): string {
    return this.#header.text;
  }

  readBlock(
    bytes: Buffer,
    from: number,
    to: number,
    firstLine: number,
    batch: Batch,
    plain: LineLoop,
  ): number {
    const memory = readingMemory();
    if (memory === undefined) return plain.readLines(bytes, from, to, firstLine, batch, BATCH_ROWS);
    return readByWindows(memory, bytes, from, to, firstLine, batch, plain, this.#readWindow);
  }
  readonly #readWindow = (window: Window): void => readConnWindow(window, this.#header);

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const first = bytes[from];
    if (first === OPEN) return this.#readJson(bytes, from, to, envelope, batch);
    const header = this.#header;
    if (first === HASH) {
      header.take(headerLine(bytes, from, to));
      return Line.ignored;
    }
    const marks = this.#columns.marks;
    const separator = header.separator;
    marks[0] = from - 1;
    let column = 1;
    for (let i = from; i < to; i++) {
      if (bytes[i] !== separator) continue;
      if (column === MAX_COLUMNS) return Line.unreadable;
      marks[column++] = i;
    }
    marks[column] = to;
    if (column !== header.columns && (header.columns > 0 || !CONN_COLUMNS.includes(column)))
      return Line.unreadable;
    if (header.log === Log.conn && header.unset.length === 1 && header.unset[0] === DASH) {
      const said = readConn(bytes, this.#columns, this.#clock, batch);
      batch.host[batch.count] = envelope.host;
      return said;
    }
    this.#cutUnset(bytes);
    return this.#readLog(bytes, header.log, header.setSeparator, envelope, batch);
  }

  #readJson(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const json = zeekJson();
    const log = json.scan(bytes, from, to, this.#apart);
    if (log < 0) return Line.unreadable;
    const said = this.#readLog(bytes, log as Log, COMMA, envelope, batch);
    if (said === Line.row && log === Log.http) json.readEscaped(bytes, batch, batch.count);
    return said;
  }

  #readLog(bytes: Uint8Array, log: Log, setSeparator: number, envelope: Envelope, batch: Batch): Line {
    const cells = this.#apart;
    const clock = this.#clock;
    let said: Line;
    switch (log) {
      case Log.conn:
        said = readConn(bytes, cells, clock, batch);
        break;
      case Log.http:
        said = readHttp(bytes, cells, clock, batch, this.#forwardedHeader, setSeparator);
        break;
      case Log.ssh:
        said = readSsh(bytes, cells, clock, batch);
        break;
      case Log.notice:
        said = readNoticeLog(bytes, cells, clock, batch);
        break;
      case Log.captureLoss:
        return readCaptureLoss(bytes, cells, batch);
      case Log.stats:
        return readStats(bytes, cells, batch);
      case Log.reporter:
        return readReporter(bytes, cells, batch);
      case Log.other:
        return Line.ignored;
    }
    batch.host[batch.count] = envelope.host;
    return said;
  }

  /** Lays the columns' cells apart, those that say "not set" or "(empty)" with nothing in them. */
  #cutUnset(bytes: Uint8Array): void {
    const { marks, map } = this.#columns;
    const { unset, empty } = this.#header;
    const apart = this.#apart;
    for (let field = 0; field < map.length; field++) {
      const column = map[field]!;
      const from = marks[column]! + 1;
      const to = marks[column + 1]!;
      const blank = spells(bytes, from, to, unset) || spells(bytes, from, to, empty);
      apart.map[field] = column === MISSING ? MISSING : 2 * field;
      apart.marks[2 * field] = from - 1;
      apart.marks[2 * field + 1] = blank ? from : to;
    }
  }
}

const COMMA = 44;

function spells(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false;
  return true;
}

/** The format `zeek` of contracts. */
export const zeek: Format = {
  name: 'zeek',
  syslog: 'maybe',
  sniff: (text) => {
    if (/^#(separator \\x|fields\tts\t|set_separator|path\t|unset_field|empty_field)/.test(text)) return 2;
    if (/^\{"_path":"|^\{.*"id\.orig_h":/.test(text)) return 2;
    if (/^\d{9,10}\.\d+\tC[0-9A-Za-z]{11,18}\t[0-9a-f.:]+\t\d+\t[0-9a-f.:]+\t\d+\t/.test(text)) return 2;
    return 0;
  },
  reader: (options) => new ZeekReader(options),
  doc: {
    of: 'Zeek logs as TSV and JSON: conn, http, ssh, notice; capture_loss, stats and reporter for losses',
    contact:
      'Each line of conn.log is a flow, of http.log a request, of ssh.log a login, of notice.log with a connection an ' +
      'alert; lines with the same uid are one contact. A half-open scan of an open port (`ShR`) is "accepted", not ' +
      '"established". A notice without a connection (Scan::Port_Scan) is detail. All other logs are ignored.',
    losses:
      'capture_loss: gaps. stats: pkts_dropped. reporter: packets dropped. Notices PacketFilter::Dropped_Packets and ' +
      'CaptureLoss. missed_bytes in conn.log: lost, number not known.',
    seen: 'No real file. Lines that docs.zeek.org shows, and lines of ssh.log, conn.log and http.log that users published.',
  },
};
