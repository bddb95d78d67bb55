/**
 * Suricata's EVE JSON: one object a line.
 *
 *     {"timestamp":"2026-10-09T22:33:20.520012+0000","flow_id":1398609176796675,"in_iface":"eth0","event_type":"flow",
 *      "src_ip":"203.0.113.7","src_port":33270,"dest_ip":"198.18.0.9","dest_port":443,"proto":"TCP","flow":{...},"tcp":{...}}
 */
import { BATCH_ROWS, type Batch } from '../contact.ts';
import { ascii, hashText, startsWith } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { EveBlocks } from './eve-block.ts';
import { EveEvents } from './eve-event.ts';
import { Eve, evePaths } from './eve-fields.ts';
import { Json, JsonScanner } from './json.ts';
import { type Format, Line, type LineLoop, type LineReader, type ReaderOptions } from './reader.ts';
import { readingMemory } from './wasm-memory.ts';
import { readByWindows } from './wasm-windows.ts';

const OPEN = 123;
/** What rsyslog and Suricata's syslog output may put before the object (lumberjack's cookie). */
const COOKIE = ascii('@cee:');
/** How `header` carries from block to block when the file began: it never changes, so blocks can be read ahead. */
const HEADER = /^since (\d{1,15})$/;

let scanner: JsonScanner | undefined;
let scannerOf = '';

/** The scanner of this thread: a reader is made for every block, and a scanner holds nothing between two lines. */
function scannerFor(forwardedHeader: string): JsonScanner {
  if (scanner === undefined || scannerOf !== forwardedHeader) {
    scanner = new JsonScanner(evePaths(forwardedHeader));
    scannerOf = forwardedHeader;
  }
  return scanner;
}

class EveReader implements LineReader {
  readonly #scanner: JsonScanner;
  readonly #events: EveEvents;
  /** The last value of `host`: a file mostly has one. */
  #host = new Uint8Array(0);
  #hostHash = 0;

  readonly #forwardedHeader: string;
  #blocks: EveBlocks | undefined;

  constructor(options: ReaderOptions) {
    this.#forwardedHeader = options.forwardedHeader ?? 'x-forwarded-for';
    this.#scanner = scannerFor(this.#forwardedHeader);
    const before = HEADER.exec(options.header ?? '');
    this.#events = new EveEvents(options.clock, before ? Number(before[1]) : Number.NaN);
  }

  get header(): string {
    const { since } = this.#events;
    return Number.isNaN(since) ? '' : `since ${since}`;
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
    this.#blocks ??= new EveBlocks(memory, this.#events, this.#scanner, this.#forwardedHeader);
    return readByWindows(memory, bytes, from, to, firstLine, batch, plain, this.#blocks.readWindow);
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const at = startsWith(bytes, from, to, COOKIE) ? objectAt(bytes, from + COOKIE.length, to) : from;
    // Suricata also writes plain messages to syslog; they are no events.
    if (bytes[at] !== OPEN) return envelope.found ? Line.ignored : Line.unreadable;
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, at, to)) return Line.unreadable;
    const said = this.#events.read(bytes, scanner, batch);
    if (said === Line.row) batch.host[batch.count] = envelope.host || this.#hostOf(bytes);
    return said;
  }

  #hostOf(bytes: Uint8Array): number {
    const { start, end, type } = this.#scanner;
    if (type[Eve.host] !== Json.string) return 0;
    const from = start[Eve.host]!;
    const to = end[Eve.host]!;
    if (from === to) return 0;
    const last = this.#host;
    if (to - from === last.length && startsWith(bytes, from, to, last)) return this.#hostHash;
    this.#host = bytes.slice(from, to);
    this.#hostHash = hashText(bytes, from, to);
    return this.#hostHash;
  }
}

function objectAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === 32) at++;
  return at;
}

/** The format `eve` of contracts. */
export const eve: Format = {
  name: 'eve',
  syslog: 'maybe',
  sniff: (text) => {
    if (!/^(@cee: ?)?\{.*"event_type" ?: ?"/.test(text)) return 0;
    return /"timestamp" ?: ?"\d{4}-\d\d-\d\dT/.test(text) ? 2 : 1;
  },
  reader: (options) => new EveReader(options),
  doc: {
    of: "Suricata's EVE JSON (eve.json), 4.0 to 8.0",
    contact:
      'The first event of a flow_id; later ones are detail. flow: what packets and TCP flags of both sides prove; a ' +
      'half-open scan of an open port is "accepted". http: a request. alert: a signature; "blocked" if Suricata ' +
      'dropped it, else its outcome is not known. drop: a packet. netflow tells one direction: "one-sided". fileinfo ' +
      'and anomaly are always detail. Events without addresses are ignored.',
    losses:
      'stats: growth of capture.kernel_drops and flow.memcap from one stats event to the next, or their deltas; the first ' +
      'one of a file counts whole if Suricata was started then, else what was lost before it is not known.',
    seen: 'Real lines: crowdsecurity/hub, suricata-logs-evelog and suricata-eve-detect (MIT).',
  },
};
