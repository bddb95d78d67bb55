/**
 * Access logs of Microsoft IIS: W3C extended, in any order of fields.
 *
 *     #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) ... sc-status ...
 *     2026-10-09 22:33:20 198.18.1.10 GET /lookup county=boone 443 - 203.0.113.9 Mozilla/5.0+(...) - 200 0 0 46
 *
 * Sources: W3C, "Extended Log File Format" (WD-logfile-960323), and Microsoft, "W3C Logging" (IIS 7 and later, HTTP.sys).
 * Times are UTC. IIS writes `+` for a blank, so a field that a client sent cannot become two; a line with more or fewer
 * words than the header names is not read, and no word of it is taken for another.
 *
 * A user is a login only where Windows says that it refused one: 401 with the error of a wrong password, a locked or an
 * unknown account. NTLM and Kerberos answer 401 on their way, which proves nothing; a request with a user and another
 * status is a request of somebody who had signed in before.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { readAgent, searchAgent } from './agents.ts';
import { ascii, Family, startsWith, takeAddress, words } from './bytes.ts';
import { wholeNumber } from './cells.ts';
import type { Clock } from './clock.ts';
import { writeAccount, writeText } from './composed.ts';
import { readTarget, readTargetParts } from './content.ts';
import { type Envelope, two } from './envelope.ts';
import { holdsExpression } from './quotes.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { columnsOf, headerText, Tokens } from './tokens.ts';

const HASH = 35;
const SPACE = 32;
const DASH = 45;
const COLON = 58;

const FIELDS = ascii('#Fields:');
const DATE = ascii('#Date:');
const POST = ascii('POST');
const CONNECT = ascii('CONNECT');

/** The fields that IIS 7 and later write unless told otherwise, for files whose header was cut off. */
const DEFAULT_HEADER =
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) ' +
  'sc-status sc-substatus sc-win32-status time-taken';

/** What the columns are called; `cs-uri` and `c-port` stand in HTTP.sys's error log. */
const NAMES = {
  date: ['date'],
  time: ['time'],
  client: ['c-ip'],
  clientPort: ['c-port'],
  server: ['s-ip'],
  serverPort: ['s-port'],
  method: ['cs-method'],
  stem: ['cs-uri-stem', 'cs-uri'],
  query: ['cs-uri-query'],
  user: ['cs-username'],
  agent: ['cs(user-agent)'],
  referer: ['cs(referer)'],
  status: ['sc-status'],
  error: ['sc-win32-status'],
  size: ['sc-bytes'],
  taken: ['time-taken'],
} as const;
type Columns = Readonly<Record<keyof typeof NAMES | 'forwarded', number>>;

/**
 * Windows error codes of a sign-in that was refused (winerror.h): wrong password or unknown account, restrictions of
 * the account, hours, workstation, expired password, disabled, must change, expired account, locked out; and
 * SEC_E_LOGON_DENIED as the unsigned number that IIS writes.
 */
const REFUSED: ReadonlySet<number> = new Set([
  1326, 1327, 1328, 1329, 1330, 1331, 1793, 1907, 1909, 2148074252,
]);

class IisReader implements LineReader {
  readonly #clock: Clock;
  readonly #forwardedNames: readonly string[];
  readonly #tokens = new Tokens();
  #fields: string;
  #date = '';
  #columns: Columns;
  #count = 0;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
    const name = (options.forwardedHeader ?? 'x-forwarded-for').toLowerCase();
    this.#forwardedNames = [name, `cs(${name})`];
    const [fields = '', date = ''] = (options.header ?? '').split('\n');
    this.#fields = fields || DEFAULT_HEADER;
    this.#date = date;
    this.#columns = this.#understand();
  }

  get header(): string {
    return this.#date === '' ? this.#fields : `${this.#fields}\n${this.#date}`;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    if (bytes[from] === HASH) {
      this.#readDirective(bytes, from, to);
      return Line.ignored;
    }
    const tokens = this.#tokens;
    const columns = this.#columns;
    if (tokens.split(bytes, from, to, SPACE) !== this.#count) return Line.unreadable;
    const { start, end } = tokens;
    const row = batch.count;
    batch.begin(row, Kind.web);
    let flags = this.#readEnds(bytes, batch, row);
    if (flags < 0) return Line.unreadable;
    if (!this.#readTime(bytes, batch, row)) flags |= Flag.noTime;
    batch.host[row] = envelope.host;
    batch.protocol[row] = Protocol.tcp;
    if (tokens.has(bytes, columns.status)) {
      const status = wholeNumber(bytes, start[columns.status]!, end[columns.status]!);
      if (status < 0 || status > 999) return Line.unreadable;
      batch.status[row] = status;
      batch.outcome[row] = Outcome.answered;
    }
    batch.size[row] = this.#number(bytes, columns.size);
    batch.millis[row] = this.#number(bytes, columns.taken);
    this.#readRequest(bytes, batch, row);
    if (tokens.has(bytes, columns.agent)) {
      const found = readAgent(bytes, start[columns.agent]!, end[columns.agent]!);
      batch.content[row] = batch.content[row]! | found;
    }
    if (tokens.has(bytes, columns.referer)) {
      const at = start[columns.referer]!;
      const stop = end[columns.referer]!;
      const found = holdsExpression(bytes, at, stop)
        ? searchAgent(bytes, at, stop) & Content.codeExecution
        : 0;
      batch.content[row] = batch.content[row]! | found;
    }
    if (tokens.has(bytes, columns.user)) this.#readUser(bytes, batch, row);
    if (isWord(bytes, start, end, columns.method, POST)) flags |= Flag.post;
    if (tokens.has(bytes, columns.forwarded)) {
      const at = start[columns.forwarded]!;
      batch.forwardedAt[row] = at;
      batch.forwardedLength[row] = Math.min(end[columns.forwarded]! - at, 0xffff);
      flags |= Flag.forwarded;
    }
    batch.flags[row] = flags;
    return Line.row;
  }

  /** Client and server with their ports; the bits of `flags` that go with them, -1 if the client is no address. */
  #readEnds(bytes: Uint8Array, batch: Batch, row: number): number {
    const tokens = this.#tokens;
    const { start, end } = tokens;
    const columns = this.#columns;
    let flags: number = Flag.noDestination;
    if (tokens.has(bytes, columns.serverPort)) {
      const port = wholeNumber(bytes, start[columns.serverPort]!, end[columns.serverPort]!);
      if (port < 0 || port > 65_535) return -1;
      batch.dport[row] = port;
    }
    if (tokens.has(bytes, columns.clientPort)) {
      const port = wholeNumber(bytes, start[columns.clientPort]!, end[columns.clientPort]!);
      if (port < 0 || port > 65_535) return -1;
      batch.sport[row] = port;
    }
    if (!tokens.has(bytes, columns.client)) return flags | Flag.noSource;
    const source = takeAddress(bytes, start[columns.client]!, end[columns.client]!);
    if (source === Family.none) return -1;
    if (source === Family.v4) {
      batch.src[row] = words[3]!;
    } else {
      batch.wide.set(words, 8 * row);
      flags |= Flag.v6;
    }
    // A server that listens on both families may be named by its other address: then it names no destination.
    if (!tokens.has(bytes, columns.server)) return flags;
    if (takeAddress(bytes, start[columns.server]!, end[columns.server]!) !== source) return flags;
    if (source === Family.v4) batch.dst[row] = words[3]!;
    else batch.wide.set(words, 8 * row + 4);
    return flags & ~Flag.noDestination;
  }

  #readRequest(bytes: Uint8Array, batch: Batch, row: number): void {
    const tokens = this.#tokens;
    const { start, end } = tokens;
    const { stem, query, method } = this.#columns;
    if (!tokens.has(bytes, stem)) {
      // HTTP.sys could not read a request at all, or the log does not write it.
      if (stem >= 0) batch.content[row] = Content.malformed;
      return;
    }
    if (isWord(bytes, start, end, method, CONNECT)) batch.content[row] = Content.probePath;
    if (tokens.has(bytes, query)) {
      readTargetParts(bytes, start[stem]!, end[stem]!, start[query]!, end[query]!, batch, row);
    } else {
      readTarget(bytes, start[stem]!, end[stem]!, batch, row);
    }
  }

  #readUser(bytes: Uint8Array, batch: Batch, row: number): void {
    const { start, end } = this.#tokens;
    const { user, error } = this.#columns;
    writeAccount(bytes, start[user]!, end[user]!, batch, row);
    if (batch.status[row] !== 401 || error < 0) return;
    if (!REFUSED.has(wholeNumber(bytes, start[error]!, end[error]!))) return;
    batch.kind[row] = Kind.login;
    batch.outcome[row] = Outcome.failed;
    writeText(start[user]!, end[user]!, batch, row);
  }

  /** Writes the time into the row. Without a date column the last `#Date:` holds. */
  #readTime(bytes: Uint8Array, batch: Batch, row: number): boolean {
    const { start, end } = this.#tokens;
    const { date, time } = this.#columns;
    batch.time[row] = Number.NaN;
    if (time < 0 || end[time]! - start[time]! !== 8) return false;
    let day: number;
    if (date >= 0) {
      const at = start[date]!;
      if (end[date]! - at !== 10) return false;
      day = this.#day(bytes, at);
    } else {
      day = this.#dateOfHeader();
    }
    const at = start[time]!;
    if (bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return false;
    const hour = two(bytes, at);
    const minute = two(bytes, at + 3);
    const second = two(bytes, at + 6);
    if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 60) return false;
    batch.time[row] = day + (hour * 3600 + minute * 60 + second) * 1000;
    return !Number.isNaN(day);
  }

  #day(bytes: Uint8Array, at: number): number {
    const century = two(bytes, at);
    const years = two(bytes, at + 2);
    const month = two(bytes, at + 5);
    const day = two(bytes, at + 8);
    if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return Number.NaN;
    if (century < 0 || years < 0 || month < 0 || day < 0) return Number.NaN;
    return this.#clock.dayStart(century * 100 + years, month, day);
  }

  #dateOfHeader(): number {
    const found = /^#Date: (\d{4})-(\d\d)-(\d\d)/.exec(this.#date);
    if (found === null) return Number.NaN;
    return this.#clock.dayStart(Number(found[1]), Number(found[2]), Number(found[3]));
  }

  #number(bytes: Uint8Array, column: number): number {
    if (!this.#tokens.has(bytes, column)) return UNKNOWN_U32;
    const value = wholeNumber(bytes, this.#tokens.start[column]!, this.#tokens.end[column]!);
    return value < 0 ? UNKNOWN_U32 : Math.min(value, UNKNOWN_U32 - 1);
  }

  #readDirective(bytes: Uint8Array, from: number, to: number): void {
    if (startsWith(bytes, from, to, DATE)) this.#date = headerText(bytes, from, to);
    if (!startsWith(bytes, from, to, FIELDS)) return;
    this.#fields = headerText(bytes, from, to);
    this.#columns = this.#understand();
  }

  #understand(): Columns {
    const fields = this.#fields.slice(FIELDS.length).trim().split(/ +/);
    const columns = columnsOf(fields, { ...NAMES, forwarded: this.#forwardedNames });
    // A header without them is none of this format's: every line is unreadable then, and says so.
    const ours = columns.client >= 0 && columns.method >= 0;
    this.#count = ours ? fields.length : -1;
    return columns;
  }
}

function isWord(
  bytes: Uint8Array,
  start: Int32Array,
  end: Int32Array,
  column: number,
  word: Uint8Array,
): boolean {
  if (column < 0) return false;
  return (
    end[column]! - start[column]! === word.length && startsWith(bytes, start[column]!, end[column]!, word)
  );
}

const HEADER = /^#Fields:.* (?:c-ip|cs-uri-stem|cs-uri|cs-method)(?: |$)/;
const WELL_FORMED =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\S+ ){1,4}[A-Z_-]{3,20} \/\S* \S+ \d{1,5} \S+ [0-9a-f:.%]+ /;

/** The format `iis` of contracts. */
export const iis: Format = {
  name: 'iis',
  syslog: 'maybe',
  sniff: (text) => (HEADER.test(text) || WELL_FORMED.test(text) ? 2 : 0),
  reader: (options) => new IisReader(options),
  doc: {
    of: 'Microsoft IIS 6 to 10 and HTTP.sys (httperr): W3C extended log files',
    contact:
      'Each line but the directives is one request. 401 with a user and the Windows error of a refused sign-in is a ' +
      'login that failed.',
    losses: 'The format cannot tell.',
    seen:
      "No real line is in the corpora. Shapes: Microsoft's documentation, and read against the test logs of " +
      'elastic/integrations (iis), which may not be copied.',
  },
};
