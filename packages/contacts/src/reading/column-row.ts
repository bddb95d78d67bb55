/**
 * One row from columns, for `csv` and `ndjson`: what kind of event it is, and what became of it, from the columns
 * that are filled.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { hashText, readEnd, readNumber } from './bytes.ts';
import type { Clock } from './clock.ts';
import { ACTIONS, DIRECTIONS, KINDS } from './column-words.ts';
import { COLUMN_NAMES, Column } from './columns.ts';
import { bounded, Composed, writeAccount, writeCount, writeText } from './composed.ts';
import { readTarget } from './content.ts';
import { Endpoints, isHostName } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { unquote } from './fields.ts';
import { unescapeJson } from './json.ts';
import { readProtocol } from './protocols.ts';
import { Line } from './reader.ts';
import { readTime } from './times.ts';

/** How the characters of a value are spelled. */
export const Spelling = { plain: 0, quoted: 1, json: 2 } as const;
export type Spelling = (typeof Spelling)[keyof typeof Spelling];

/** Longest account name that is undone of its escapes. Directories allow 256 characters. */
const MAX_ACCOUNT = 1024;

/** The columns of the line being read, and what they make. One per reader. */
export class ColumnRow {
  /** Begin and end of each column's value; -1 where there is none. */
  readonly start = new Int32Array(COLUMN_NAMES.length);
  readonly end = new Int32Array(COLUMN_NAMES.length);
  readonly spelling = new Uint8Array(COLUMN_NAMES.length);
  readonly #clock: Clock;
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();
  readonly #scratch = new Uint8Array(MAX_ACCOUNT);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets the line before. */
  clear(): void {
    this.start.fill(-1);
    this.end.fill(-1);
  }

  /** Sets a column, unless it is set already. */
  set(column: Column, from: number, to: number, spelling: Spelling): void {
    if (this.start[column] !== -1) return;
    this.start[column] = from;
    this.end[column] = to;
    this.spelling[column] = spelling;
  }

  /** Fills row `batch.count` from the columns. */
  read(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const { start, end } = this;
    const row = batch.count;
    batch.begin(row, Kind.packet);
    const endpoints = this.#endpoints;
    endpoints.clear();
    if (!this.#takeSource(bytes) || !this.#takeDestination(bytes)) return Line.unreadable;
    if (!endpoints.hasSource && !endpoints.hasDestination && !this.#has(bytes, Column.account))
      return Line.ignored;
    let flags = endpoints.write(batch, row);
    if (flags < 0 || !this.#writePorts(bytes, batch, row)) return Line.unreadable;

    const status = this.#number(bytes, Column.status);
    const answered = status >= 100 && status <= 599;
    let said = ACTIONS.find(bytes, start[Column.action]!, end[Column.action]!);
    if (said < 0 && !answered) said = ACTIONS.find(bytes, start[Column.status]!, end[Column.status]!);
    const outcome = said < 0 ? Outcome.unknown : (said as Outcome);
    const kind = this.#kindOf(bytes, outcome, answered);
    batch.kind[row] = kind;
    batch.outcome[row] = outcomeFor(kind, outcome);
    if (kind === Kind.web && answered) {
      batch.status[row] = status;
      batch.outcome[row] = Outcome.answered;
    }
    this.#writeMeasures(bytes, batch, row);
    this.#writeTexts(bytes, batch, row, kind);
    if (this.#has(bytes, Column.forwarded)) {
      batch.forwardedAt[row] = start[Column.forwarded]!;
      batch.forwardedLength[row] = Math.min(0xffff, end[Column.forwarded]! - start[Column.forwarded]!);
      flags |= Flag.forwarded;
    }
    const host = start[Column.host]!;
    batch.host[row] = this.#has(bytes, Column.host)
      ? hashText(bytes, host, end[Column.host]!)
      : envelope.host;
    let time = Number.NaN;
    if (start[Column.time]! >= 0) time = readTime(bytes, start[Column.time]!, end[Column.time]!, this.#clock);
    if (Number.isNaN(time)) time = envelope.time;
    batch.time[row] = time;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
    return Line.row;
  }

  #takeSource(bytes: Uint8Array): boolean {
    const at = this.start[Column.source]!;
    const end = this.end[Column.source]!;
    return this.#endpoints.takeSource(bytes, at, end) || isHostName(bytes, at, end);
  }

  #takeDestination(bytes: Uint8Array): boolean {
    const at = this.start[Column.destination]!;
    const end = this.end[Column.destination]!;
    return this.#endpoints.takeDestination(bytes, at, end) || isHostName(bytes, at, end);
  }

  /** What the line says it is; else what its columns are about. */
  #kindOf(bytes: Uint8Array, outcome: Outcome, answered: boolean): Kind {
    const named = KINDS.find(bytes, this.start[Column.kind]!, this.end[Column.kind]!);
    if (named > 0) return named as Kind;
    if (answered || this.#has(bytes, Column.request)) return Kind.web;
    if (this.#has(bytes, Column.signature)) return Kind.alert;
    if (outcome === Outcome.failed || outcome === Outcome.succeeded) return Kind.login;
    // Firewalls too name the user of an address; there a port of the destination stands beside it.
    if (this.#has(bytes, Column.account) && !this.#has(bytes, Column.destinationPort)) return Kind.login;
    const measured =
      this.#has(bytes, Column.bytes) ||
      this.#has(bytes, Column.seconds) ||
      this.#has(bytes, Column.milliseconds);
    return measured ? Kind.flow : Kind.packet;
  }

  #writePorts(bytes: Uint8Array, batch: Batch, row: number): boolean {
    const protocol = readProtocol(bytes, this.start[Column.protocol]!, this.end[Column.protocol]!);
    batch.protocol[row] = protocol;
    const sport = this.#port(bytes, Column.sourcePort);
    const dport = this.#port(bytes, Column.destinationPort);
    if (sport < 0 || dport < 0) return false;
    // What stands in the port columns of an ICMP message differs between products.
    if (protocol === Protocol.icmp || protocol === Protocol.icmp6) return true;
    batch.sport[row] = sport;
    batch.dport[row] = dport;
    return true;
  }

  #writeMeasures(bytes: Uint8Array, batch: Batch, row: number): void {
    const size = this.#number(bytes, Column.bytes);
    if (size >= 0) batch.size[row] = bounded(size);
    const millis = this.#number(bytes, Column.milliseconds);
    if (millis >= 0) batch.millis[row] = bounded(millis);
    else if (this.#has(bytes, Column.seconds)) {
      const at = this.start[Column.seconds]!;
      const end = this.end[Column.seconds]!;
      const whole = readNumber(bytes, at, end);
      let thousandths = 0;
      let i = readEnd;
      if (whole >= 0 && i < end && bytes[i] === 46) {
        let unit = 100;
        for (i++; i < end && bytes[i]! >= 48 && bytes[i]! <= 57; i++) {
          thousandths += unit * (bytes[i]! - 48);
          unit = unit > 1 ? unit / 10 : 0;
        }
      }
      if (whole >= 0 && i === end) batch.millis[row] = bounded(whole * 1000 + thousandths);
    }
    writeCount(this.#number(bytes, Column.count), batch, row);
    const direction = DIRECTIONS.find(bytes, this.start[Column.direction]!, this.end[Column.direction]!);
    if (direction > 0) batch.direction[row] = direction;
    if (!this.#has(bytes, Column.key)) return;
    this.#key.begin(bytes, this.start[Column.key]!, this.end[Column.key]!);
    this.#key.writeKey(batch, row);
  }

  #writeTexts(bytes: Uint8Array, batch: Batch, row: number, kind: Kind): void {
    const { start, end, spelling } = this;
    if (this.#has(bytes, Column.account)) {
      const at = start[Column.account]!;
      const to = end[Column.account]!;
      const out = this.#scratch;
      const how = spelling[Column.account];
      if (how === Spelling.plain) writeAccount(bytes, at, to, batch, row);
      else if (how === Spelling.json) writeAccount(out, 0, unescapeJson(bytes, at, to, out), batch, row);
      else writeAccount(out, 0, unquote(bytes, at, to, out), batch, row);
      writeText(at, to, batch, row);
    }
    if (kind === Kind.web && this.#has(bytes, Column.request)) {
      let at = start[Column.request]!;
      const to = end[Column.request]!;
      // `https://host/path`: the path is what routes are made of.
      if (bytes[at] !== 47) {
        let slashes = 0;
        let i = at;
        for (; i < to && slashes < 3; i++) if (bytes[i] === 47) slashes++;
        if (slashes === 3) at = i - 1;
      }
      readTarget(bytes, at, to, batch, row);
    } else if (kind === Kind.alert && this.#has(bytes, Column.signature)) {
      batch.content[row] = Content.signature;
      writeText(start[Column.signature]!, end[Column.signature]!, batch, row);
    }
  }

  /** Whether a column is there and holds more than a dash. */
  #has(bytes: Uint8Array, column: Column): boolean {
    const length = this.end[column]! - this.start[column]!;
    return length > 1 || (length === 1 && bytes[this.start[column]!] !== 45);
  }

  #number(bytes: Uint8Array, column: Column): number {
    const end = this.end[column]!;
    if (end <= this.start[column]!) return -1;
    const value = readNumber(bytes, this.start[column]!, end);
    return readEnd === end ? value : -1;
  }

  /** The port in a column, 0 if there is none, -1 if something else stands there. */
  #port(bytes: Uint8Array, column: Column): number {
    if (!this.#has(bytes, column)) return 0;
    const port = this.#number(bytes, column);
    return port > 65_535 ? -1 : port;
  }
}

/** What an action's word means for a kind of event: "allowed" of an alert proves nothing, of a login that it worked. */
export function outcomeFor(kind: number, outcome: Outcome): Outcome {
  if (kind === Kind.login) {
    if (outcome === Outcome.denied || outcome === Outcome.blocked) return Outcome.failed;
    if (outcome === Outcome.accepted) return Outcome.succeeded;
  } else if (kind === Kind.alert) {
    if (outcome === Outcome.denied || outcome === Outcome.blocked) return Outcome.blocked;
    return Outcome.unknown;
  }
  return outcome;
}
