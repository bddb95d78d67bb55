/**
 * Step 1, intake: the one door for lines, whatever way they came. They get their sensor and their numbers, are written
 * to the journal, and are acknowledged when they are on disk there. A tick ends each step of the flow.
 */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import { FORMATS, zoneNamed } from '@bellwether/contacts';
import {
  type Journal,
  type JournalReader,
  type LinesHead,
  MAX_PAYLOAD,
  type NewRecord,
  RecordKind,
  type StreamRecord,
  type TickRecord,
} from '../platform/bus/journal-types.ts';
import { Batches } from './batches.ts';
import type { Arrival, HubIntake, IntakeError, IntakeErrorCode, Receipt, Transport } from './intake-types.ts';
import { Refusals } from './refusals.ts';
import { linesIn } from './settle.ts';
import { type Recognised, recogniseLines, Streams } from './streams.ts';

/** A step is what comes in within this time, ms: a desk hears of a contact after two of them and a transaction. */
const TICK = 200;

/**
 * Last ticks come so long after a quiet one, ms, so that nothing that waits needs a further line: a block on evidence that can be
 * forged until a group of decoys would have shown itself (what it waits for may have come at any time before the quiet), what is
 * judged by the minute until its minute ends, and members of a campaign for two minutes more.
 */
const LAST_TICKS = [5, 10, 15, 20, 25, 30, 36, 61, 181].map((seconds) => seconds * 1_000);

/** Bytes after which a step ends before its time, so that what is judged at once stays small. */
const MOST_PER_STEP = 4 * 1024 * 1024;

/** Bytes of lines between two snapshots: what has to be read again after a kill, some seconds' worth. */
const SNAPSHOT_BYTES = 96 * 1024 * 1024;

/** Bytes that were read again at a start, from which a snapshot is due at once. */
const MOST_READ_AGAIN = 4 * 1024 * 1024;

/** The longest time between two snapshots while lines come, ms. */
const SNAPSHOT_TIME = 300_000;

/** Bytes of one arrival at most: it is written to the journal in one piece, all of it or nothing. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** Bytes that may wait to be judged: at the slowest some minutes of work. Beyond, clients have to wait. */
export const MOST_BACKLOG = 2 * 1024 * 1024 * 1024;

const SENSOR = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NEWLINE = 10;

/** What the intake asks of the world. */
export type IntakeOptions = {
  readonly journal: Journal;
  readonly authorities: ReadonlySet<string>;
  readonly now: () => number;
  /** Digest (hex) of a batch that may have been acknowledged long ago; `gone` if nobody can tell any more. */
  readonly lookUp: (client: string, sequence: number) => Promise<string | 'gone' | undefined>;
  /** Told of every arrival that was acknowledged. */
  readonly onTaken: (transport: Transport, lines: number, bytes: number) => void;
  readonly onRefused: (transport: Transport, reason: string, lines: number) => void;
};

/** The door to the journal. */
export class JournalIntake implements HubIntake {
  readonly refusals = new Refusals();
  readonly streams = new Streams();
  readonly #options: IntakeOptions;
  readonly #batches = new Batches();
  /** Batches on their way to the disk. */
  readonly #onTheirWay = new Map<string, { readonly digest: string; readonly done: Promise<unknown> }>();
  readonly #followed = new Map<string, { readonly file: string; readonly offset: number }>();
  #step = 0;
  #announcing: Promise<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastTimers: NodeJS.Timeout[] = [];
  #linesSinceTick = false;
  /** Rows may wait for a tick that holds nothing back. */
  #isHolding = false;
  #bytesSinceTick = 0;
  #bytesSinceSnapshot = 0;
  #isSnapshotDue = false;
  #lastSnapshot: number;
  /** Offset up to which everything has been judged and kept. */
  #kept: number;
  #isStopping = false;
  /** Why nothing can be written down at present; empty if it can. */
  trouble = '';

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#kept = options.journal.durable;
    this.#lastSnapshot = options.now();
  }

  /** Learns what the journal holds behind what the database tells, and ends an unfinished step. */
  async recover(reader: JournalReader, step: number, kept: number): Promise<void> {
    this.#step = step;
    this.#kept = kept;
    let isUnfinished = false;
    for (;;) {
      const { durable } = this.#options.journal;
      const record = reader.next(durable);
      if (record === undefined) {
        if (reader.offset >= durable) break;
        await reader.arrived(durable);
        continue;
      }
      switch (record.kind) {
        case RecordKind.stream:
          this.streams.know(record.head as StreamRecord, 0);
          break;
        case RecordKind.lines: {
          const head = record.head as LinesHead;
          this.#recoverLines(head);
          isUnfinished = true;
          break;
        }
        case RecordKind.surface:
          break;
        case RecordKind.tick:
          this.#step = Math.max(this.#step, (record.head as TickRecord).step);
          isUnfinished = !(record.head as TickRecord).all;
          break;
      }
    }
    if (isUnfinished) await this.#tick(true);
  }

  /** Learns of a batch, or a followed file, from the database. */
  knowBatch(client: string, sequence: number, digest: string): void {
    this.#batches.add(client, sequence, digest);
  }

  knowFollowed(path: string, file: string, offset: number): void {
    this.#followed.set(path, { file, offset });
  }

  /** Everything up to the offset is judged and kept. */
  keptUpTo(offset: number): void {
    this.#kept = Math.max(this.#kept, offset);
  }

  /**
   * So much had to be read again at the start. A hub that is killed again and again before it has taken in enough for a
   * snapshot would otherwise read more each time.
   */
  readAgain(bytes: number): void {
    this.#bytesSinceSnapshot += bytes;
    if (this.#bytesSinceSnapshot < MOST_READ_AGAIN || this.#isStopping) return;
    this.#isSnapshotDue = true;
    void this.#tick(true);
  }

  get backlog(): number {
    return Math.max(0, this.#options.journal.durable - this.#kept);
  }

  followedTo(path: string): { readonly file: string; readonly offset: number } | undefined {
    return this.#followed.get(path);
  }

  refuse(port: Transport, reason: string, batches: number, lines: number, bytes: number): void {
    this.refusals.add(this.#options.now(), port, reason, batches, lines, bytes);
    this.#options.onRefused(port, reason, lines);
  }

  async submit(arrival: Arrival): Promise<Result<Receipt, IntakeError>> {
    const wrong = this.#wrong(arrival);
    if (wrong !== undefined) return err(wrong);
    const lines = withNewline(arrival.lines);
    if (arrival.batch === undefined) return this.#record(arrival, lines, undefined);

    const { client, sequence } = arrival.batch;
    const id = `${client}/${sequence}`;
    const digest = createHash('sha256').update(lines).digest('hex').slice(0, 32);
    for (;;) {
      const before = this.#onTheirWay.get(id);
      if (before === undefined) break;
      await before.done;
    }
    let known = this.#batches.look(client, sequence, digest);
    if (known === 'unknown') {
      // From here to the entry in the map nothing is awaited but this, so hold the number meanwhile.
      const looking = this.#lookUp(client, sequence, digest);
      this.#onTheirWay.set(id, { digest, done: looking });
      const looked = await looking;
      this.#onTheirWay.delete(id);
      if (looked.isErr()) return looked;
      known = looked.value;
    }
    if (known === 'same') return ok({ lines: linesIn(lines), bytes: lines.length, duplicate: true });
    if (known === 'changed') {
      return this.#refused(arrival, 'INTAKE_BATCH_CHANGED', `batch ${id} was acknowledged with other lines`);
    }
    const writing = this.#record(arrival, lines, digest);
    this.#onTheirWay.set(id, { digest, done: writing });
    const written = await writing;
    this.#onTheirWay.delete(id);
    if (written.isOk()) this.#batches.add(client, sequence, digest);
    return written;
  }

  /** Whether everything that came is judged and kept, and nothing is on its way. */
  get isQuiet(): boolean {
    return !this.#isHolding && this.#onTheirWay.size === 0 && this.backlog === 0;
  }

  /** Writes down a surface that holds from now on; it was checked. Gives the offset behind it. */
  async recordSurface(yaml: string): Promise<Result<number, IntakeError>> {
    const recorded = await this.#options.journal.record([
      { kind: RecordKind.surface, head: {}, payload: Buffer.from(yaml) },
    ]);
    if (recorded.isErr()) return err({ code: 'INTAKE_DISK_FULL', detail: recorded.error.detail });
    this.#linesSinceTick = true;
    this.#schedule();
    return ok(recorded.value);
  }

  /** Takes in nothing more, and ends the last step with a snapshot. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled([...this.#onTheirWay.values()].map(({ done }) => done));
    clearTimeout(this.#timer);
    this.#endLastTimers();
    await this.#tick(true, true);
  }

  #wrong(arrival: Arrival): IntakeError | undefined {
    const { authority, sensor, format, zone, lines } = arrival;
    const { authorities, journal } = this.#options;
    if (this.#isStopping) return error('INTAKE_STOPPING', 'try again in a moment');
    if (authority !== 'state' && !authorities.has(authority)) {
      return error('INTAKE_AUTHORITY_UNKNOWN', `there is no authority ${JSON.stringify(authority)}`);
    }
    if (!SENSOR.test(sensor)) return error('INTAKE_SENSOR_INVALID', `${JSON.stringify(sensor)} is no name`);
    if (format !== undefined && !FORMATS.some(({ name }) => name === format)) {
      return error('INTAKE_FORMAT_UNLISTED', `there is no format ${JSON.stringify(format)}`);
    }
    if (zone !== undefined && zoneNamed(zone) === undefined) {
      return error('INTAKE_ZONE_UNKNOWN', `there is no time zone ${JSON.stringify(zone)}`);
    }
    if (lines.length === 0) return error('INTAKE_EMPTY', 'it holds no line');
    if (lines.length > MOST_BYTES) return error('INTAKE_TOO_LARGE', `${lines.length} bytes`);
    if (journal.durable - this.#kept > MOST_BACKLOG) {
      this.refuse(arrival.transport, 'busy', 1, linesIn(lines), lines.length);
      return error('INTAKE_BUSY', 'what was taken in already has to be judged first');
    }
    return undefined;
  }

  async #lookUp(
    client: string,
    sequence: number,
    digest: string,
  ): Promise<Result<'new' | 'same' | 'changed', IntakeError>> {
    let found: string | undefined;
    try {
      found = await this.#options.lookUp(client, sequence);
    } catch {
      return err(error('INTAKE_BUSY', 'whether this batch was acknowledged before cannot be told just now'));
    }
    if (found === 'gone') return err(error('INTAKE_BATCH_TOO_OLD', `batch ${client}/${sequence}`));
    return ok(found === undefined ? 'new' : found === digest ? 'same' : 'changed');
  }

  async #record(
    arrival: Arrival,
    lines: Buffer,
    digest: string | undefined,
  ): Promise<Result<Receipt, IntakeError>> {
    const { transport, batch, follow } = arrival;
    const announced = await this.#announce(arrival, lines);
    if (announced.isErr()) return announced;
    const stream = announced.value;
    const records: NewRecord[] = [];
    let count = 0;
    const pieces = piecesOf(lines);
    pieces.forEach((piece, i) => {
      const held = linesIn(piece);
      const isLast = i === pieces.length - 1;
      const head: LinesHead = {
        stream: stream.stream,
        line: this.streams.number(stream, held),
        lines: held,
        ...(isLast && batch !== undefined ? { ...batch, digest: digest! } : {}),
        ...(isLast && follow !== undefined ? { follow } : {}),
      };
      records.push({ kind: RecordKind.lines, head, payload: piece });
      count += held;
    });
    const recorded = await this.#options.journal.record(records);
    this.trouble = recorded.isErr() ? recorded.error.detail : '';
    if (recorded.isErr()) {
      return this.#refused(arrival, 'INTAKE_DISK_FULL', recorded.error.detail, count);
    }
    if (follow !== undefined) this.#followed.set(follow.path, follow);
    this.#linesSinceTick = true;
    this.#bytesSinceTick += lines.length;
    this.#bytesSinceSnapshot += lines.length;
    if (this.#bytesSinceTick >= MOST_PER_STEP) await this.#tick(false);
    this.#schedule();
    this.#options.onTaken(transport, count, lines.length);
    return ok({ lines: count, bytes: lines.length, duplicate: false });
  }

  /** The stream of the sensor. What is new about it is on disk before its lines are, one after the other. */
  async #announce(arrival: Arrival, lines: Buffer): Promise<Result<StreamRecord, IntakeError>> {
    let recognised: Recognised | undefined;
    const recognise = (): Recognised => {
      recognised ??= recogniseLines(arrival, lines);
      return recognised;
    };
    for (;;) {
      const stream = this.streams.of(arrival, recognise);
      if (stream === undefined) {
        const name = `${arrival.authority}/${arrival.sensor}`;
        return this.#refused(arrival, 'INTAKE_TOO_MANY_SENSORS', `${name} would be one too many`);
      }
      if (!stream.isNews) return ok(stream.record);
      if (this.#announcing !== undefined) {
        await this.#announcing;
        continue;
      }
      const recording = this.#options.journal.record([{ kind: RecordKind.stream, head: stream.record }]);
      this.#announcing = recording;
      const recorded = await recording;
      this.#announcing = undefined;
      if (recorded.isErr()) return this.#refused(arrival, 'INTAKE_DISK_FULL', recorded.error.detail);
      this.streams.know(stream.record, 0);
      return ok(stream.record);
    }
  }

  #refused(
    arrival: Arrival,
    code: IntakeErrorCode,
    detail: string,
    lines = linesIn(arrival.lines),
  ): Result<never, IntakeError> {
    this.refuse(arrival.transport, REASONS[code] ?? code, 1, lines, arrival.lines.length);
    return err(error(code, detail));
  }

  #schedule(): void {
    this.#isHolding = true;
    if (this.#timer !== undefined || this.#isStopping) return;
    this.#endLastTimers();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const wasQuiet = !this.#linesSinceTick;
      void this.#tick(wasQuiet).then(() => {
        // Rows may wait for the watermark: a tick after a quiet one lets them go.
        if (!wasQuiet) return this.#schedule();
        this.#endLastTimers();
        if (this.#isStopping) return;
        this.#lastTimers = LAST_TICKS.map((after) => setTimeout(() => void this.#tick(true), after));
      });
    }, TICK);
  }

  #endLastTimers(): void {
    for (const timer of this.#lastTimers.splice(0)) clearTimeout(timer);
  }

  async #tick(all: boolean, isLast = false): Promise<void> {
    const now = this.#options.now();
    const snapshot =
      isLast ||
      this.#isSnapshotDue ||
      this.#bytesSinceSnapshot >= SNAPSHOT_BYTES ||
      (this.#bytesSinceSnapshot > 0 && now - this.#lastSnapshot >= SNAPSHOT_TIME);
    const head: TickRecord = { step: this.#step + 1, all: all || snapshot, snapshot };
    this.#step++;
    this.#linesSinceTick = false;
    this.#bytesSinceTick = 0;
    if (snapshot) {
      this.#isSnapshotDue = false;
      this.#bytesSinceSnapshot = 0;
      this.#lastSnapshot = now;
    }
    const recorded = await this.#options.journal.record([{ kind: RecordKind.tick, head }]);
    if (recorded.isOk() && head.all && !this.#linesSinceTick) this.#isHolding = false;
    // Without room there is no tick; the next one that finds room ends the step.
    if (recorded.isErr() && !isLast) {
      this.#linesSinceTick = true;
      this.#schedule();
    }
  }

  #recoverLines(head: LinesHead): void {
    this.streams.numbered(head.stream, head.line + head.lines - 1);
    if (head.client !== undefined) this.#batches.add(head.client, head.sequence!, head.digest!);
    if (head.follow !== undefined) this.#followed.set(head.follow.path, head.follow);
  }
}

/** Reasons as the account of refusals names them. */
const REASONS: Partial<Record<IntakeErrorCode, string>> = {
  INTAKE_DISK_FULL: 'disk-full',
  INTAKE_BATCH_CHANGED: 'batch-changed',
  INTAKE_TOO_MANY_SENSORS: 'too-many-sensors',
};

function error(code: IntakeErrorCode, detail: string): IntakeError {
  return { code, detail };
}

function withNewline(lines: Buffer): Buffer {
  return lines.at(-1) === NEWLINE ? lines : Buffer.concat([lines, Buffer.of(NEWLINE)]);
}

/** Cuts lines into payloads. A line that is longer than one is cut in two: both are unreadable, and counted. */
function piecesOf(lines: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < lines.length; ) {
    let to = Math.min(from + MAX_PAYLOAD, lines.length);
    if (to < lines.length) {
      const newline = lines.lastIndexOf(NEWLINE, to - 1);
      if (newline >= from) to = newline + 1;
    }
    let piece = lines.subarray(from, to);
    if (piece.at(-1) !== NEWLINE) {
      piece = Buffer.concat([piece.subarray(0, piece.length - 1), Buffer.of(NEWLINE)]);
      to--;
    }
    pieces.push(piece);
    from = to;
  }
  return pieces;
}
