/**
 * Step 3, judge: the records of the journal, one after the other, and at each tick a step.
 *
 * A deterministic machine: the same records from the same state give the same steps. It knows no clock, no file and no
 * database; `thread.ts` feeds it and carries away what it yields.
 */
import {
  type CompiledSurface,
  compileSurface,
  createLiveJudge,
  type FileInfo,
  type LiveJudge,
  type LiveSource,
  restoreLiveJudge,
  type Stretch,
} from '@bellwether/contacts';
import { parseSurface } from '@bellwether/contacts/surface';
import type { JournalRecord, LinesHead, StreamRecord, TickRecord } from '../platform/bus/journal-types.ts';
import { RecordKind } from '../platform/bus/journal-types.ts';
import type { Pending } from './account.ts';
import { addNotice, addSensorTrouble } from './decide.ts';
import { type GapMemory, Gaps } from './gaps.ts';
import { HOLD, LATE_AFTER, Order } from './order.ts';
import { type RecordCounts, type StreamMemory, StreamReader } from './settle.ts';

/** What the flow remembers beside the judge; plain data. */
export type FlowMemory = {
  readonly step: number;
  /** Where the journal goes on. */
  readonly offset: number;
  readonly frontier: number | null;
  readonly surface: string | null;
  readonly streams: readonly StreamMemory[];
  /** Streams in the order of the judge's files. */
  readonly files: readonly number[];
  readonly clients: Readonly<Record<string, GapMemory>>;
};

/** Rows that were judged: for the history. */
export type Judged = {
  readonly step: number;
  readonly parts: Stretch;
  readonly streamOf: readonly number[];
  readonly resettled: ReadonlyArray<{
    readonly part: number;
    readonly row: number;
    readonly from: number;
    readonly to: number;
  }>;
};

/** What the machine hands to whoever feeds it. */
export interface FlowSink {
  /** Where a step's sums go, or undefined if it is in the database already. */
  pendingFor(step: number): Pending | undefined;
  /** The rows of a step, before their batches are used again. */
  history(judged: Judged): void;
  /** A step has ended; `snapshot`: nothing waits, and somebody asked for one. */
  ended(step: number, offset: number, snapshot: boolean): void;
  /** A stream is new, or told anew. */
  stream(record: StreamRecord): void;
}

/** A share of unreadable lines above this, in a record of at least `TROUBLED_LINES`, is reported. */
const TROUBLED_SHARE = 0.5;
const TROUBLED_LINES = 20;

/** Clients whose numbers are followed: a few for each office; one that makes up names must not fill the memory. */
const MOST_CLIENTS = 20_000;

/** What of a step cannot be added before its number is known. */
type Before = {
  readonly arrival: number;
  readonly head: LinesHead;
  readonly counts: RecordCounts;
  readonly missing: number;
  readonly minute: number;
};

/** The machine. */
export class Flow {
  step = 0;
  offset = 0;
  #judge: LiveJudge;
  #surface: CompiledSurface;
  #surfaceText: string | null;
  readonly #order = new Order();
  readonly #streams = new Map<number, StreamReader>();
  /** File of the judge by stream, and stream by file. */
  readonly #fileOf = new Map<number, number>();
  readonly #streamOf: number[] = [];
  readonly #clients = new Map<string, Gaps>();
  #before: Before[] = [];

  /** Begins with nothing, or where a snapshot was made; `judge` are the bytes of the judge's own snapshot. */
  constructor(memory?: FlowMemory, judge?: Uint8Array) {
    this.#surfaceText = memory?.surface ?? null;
    this.#surface = surfaceFrom(this.#surfaceText);
    if (memory === undefined || judge === undefined) {
      this.#judge = createLiveJudge({ surface: this.#surface });
      return;
    }
    const restored = restoreLiveJudge(judge, { surface: this.#surface });
    if (restored.isErr()) throw new Error(`the judge's snapshot: ${restored.error.detail}`);
    this.#judge = restored.value;
    this.step = memory.step;
    this.offset = memory.offset;
    this.#order.frontier = memory.frontier ?? Number.NEGATIVE_INFINITY;
    for (const stream of memory.streams) {
      this.#streams.set(stream.record.stream, new StreamReader(stream.record, stream));
    }
    memory.files.forEach((stream, file) => {
      this.#streamOf[file] = stream;
      this.#fileOf.set(stream, file);
    });
    for (const [client, gaps] of Object.entries(memory.clients)) this.#clients.set(client, new Gaps(gaps));
  }

  /** Streams that are known from elsewhere, where no snapshot tells of them. */
  knowStream(record: StreamRecord): void {
    if (!this.#streams.has(record.stream)) this.#streams.set(record.stream, new StreamReader(record));
  }

  /** The surface that holds at the beginning, where no snapshot tells of it. */
  assumeSurface(yaml: string): void {
    this.#surfaceText = yaml;
    this.#surface = surfaceFrom(yaml);
    this.#judge = createLiveJudge({ surface: this.#surface });
  }

  /** Everything that it remembers, once nothing waits; that of the judge goes to `take`, a piece at a time. */
  snapshot(take: (bytes: Uint8Array) => void): FlowMemory {
    this.#judge.snapshot(take);
    return {
      step: this.step,
      offset: this.offset,
      frontier: Number.isFinite(this.#order.frontier) ? this.#order.frontier : null,
      surface: this.#surfaceText,
      streams: [...this.#streams.values()].map((stream) => stream.memory),
      files: this.#streamOf,
      clients: Object.fromEntries([...this.#clients].map(([client, gaps]) => [client, gaps.memory])),
    };
  }

  /** What is thought of a source. */
  sourceOf(key0: number, key1: number, v6: boolean): LiveSource | undefined {
    return this.#judge.sourceOf(key0, key1, v6);
  }

  /** Takes the record that comes next. */
  take(record: JournalRecord, sink: FlowSink): void {
    this.offset = record.end;
    switch (record.kind) {
      case RecordKind.stream:
        this.#stream(record.head as StreamRecord, sink);
        return;
      case RecordKind.lines:
        this.#lines(record.head as LinesHead, record.payload, record.arrival);
        return;
      case RecordKind.surface:
        this.#useSurface(record.payload.toString('utf8'), sink);
        return;
      case RecordKind.tick:
        this.#tick(record.head as TickRecord, record.arrival, sink);
        return;
    }
  }

  #stream(record: StreamRecord, sink: FlowSink): void {
    const known = this.#streams.get(record.stream);
    if (known === undefined) this.#streams.set(record.stream, new StreamReader(record));
    else known.become(record);
    sink.stream(record);
  }

  #lines(head: LinesHead, lines: Buffer, arrival: number): void {
    const stream = this.#streams.get(head.stream);
    if (stream === undefined) throw new Error(`lines of stream ${head.stream}, which no record names`);
    const file = this.#file(stream);
    const info = this.#judge.files[file]!;
    const minute = Math.floor((Number.isFinite(stream.running) ? stream.running : arrival) / 60_000);
    const counts = stream.read(
      lines,
      arrival,
      info,
      this.#surface,
      () => this.#order.scratch(),
      (batch) => {
        stream.running = this.#order.add(file, batch, head.line, stream.running, arrival);
      },
    );
    const missing = head.client === undefined ? 0 : this.#gapsOf(head.client).take(head.sequence!);
    this.#before.push({ arrival, head, counts, missing, minute });
  }

  #file(stream: StreamReader): number {
    const { stream: number } = stream.record;
    const known = this.#fileOf.get(number);
    if (known !== undefined) return known;
    const file = this.#judge.addFile(fileInfoOf(stream.record, this.#surface));
    this.#fileOf.set(number, file);
    this.#streamOf[file] = number;
    return file;
  }

  #gapsOf(client: string): Gaps {
    let gaps = this.#clients.get(client);
    if (gaps === undefined) {
      gaps = new Gaps();
      this.#clients.set(client, gaps);
      if (this.#clients.size > MOST_CLIENTS) this.#clients.delete(this.#clients.keys().next().value!);
    }
    return gaps;
  }

  #useSurface(yaml: string, sink: FlowSink): void {
    this.#surfaceText = yaml;
    this.#surface = surfaceFrom(yaml);
    const files = this.#streamOf.map((stream) =>
      fileInfoOf(this.#streams.get(stream)!.record, this.#surface),
    );
    this.#judge.useSurface(this.#surface, files);
    sink.pendingFor(this.step + 1)?.surfaces.push(yaml);
  }

  #tick(tick: TickRecord, arrival: number, sink: FlowSink): void {
    this.step = tick.step;
    const { parts, freed } = this.#order.take(tick.all);
    const step = this.#judge.judge(parts);
    // Where sensors tell of what happens now, time passes without lines as well.
    const isLive = arrival - this.#order.frontier < LATE_AFTER;
    const passed = tick.all && isLive ? this.#judge.pass(arrival - HOLD) : undefined;
    const pending = sink.pendingFor(tick.step);
    if (pending !== undefined) {
      pending.account.addCells(step.cells, this.#streamOf);
      for (const notice of step.notices) addNotice(pending.incidents, notice, this.#streamOf[notice.file]!);
      pending.decisions.push(...step.decisions, ...(passed?.decisions ?? []));
      for (const before of this.#before) this.#addRecord(pending, before);
      pending.step = tick.step;
      pending.offset = this.offset;
    }
    this.#before = [];
    sink.history({ step: tick.step, parts, streamOf: this.#streamOf, resettled: step.resettled });
    this.#order.release(freed);
    sink.ended(tick.step, this.offset, tick.snapshot && this.#order.isEmpty);
  }

  /** Adds what a record told beside its rows. */
  #addRecord(pending: Pending, { arrival, head, counts, missing, minute }: Before): void {
    const { stream } = head;
    pending.account.addLines(minute, stream, counts.unreadable, counts.ignored, counts.lost);
    const news = pending.sensor(stream);
    news.heard = Math.max(news.heard, arrival);
    news.event = Math.max(news.event, this.#streams.get(stream)!.running);
    news.lines += counts.lines;
    news.missing += missing;
    const trouble = pending.incidents;
    addSensorTrouble(trouble, 'sensor-gap', stream, 'batches-missing', missing, arrival);
    addSensorTrouble(trouble, 'sensor-losses', stream, 'sensor-admits', counts.lost, arrival);
    if (counts.lostUnknown)
      addSensorTrouble(trouble, 'sensor-losses', stream, 'sensor-admits-unknown', 1, arrival);
    addSensorTrouble(trouble, 'sensor-clock', stream, 'clock-ahead', counts.ahead, arrival);
    addSensorTrouble(trouble, 'sensor-clock', stream, 'clock-behind', counts.behind, arrival);
    if (this.#streams.get(stream)!.record.format === null) {
      addSensorTrouble(trouble, 'sensor-unreadable', stream, 'format-unknown', counts.lines, arrival);
    } else if (counts.lines >= TROUBLED_LINES && counts.unreadable > counts.lines * TROUBLED_SHARE) {
      addSensorTrouble(trouble, 'sensor-unreadable', stream, 'lines-unreadable', counts.unreadable, arrival);
    }
    if (head.client !== undefined) {
      pending.batches.push({
        client: head.client,
        sequence: head.sequence!,
        digest: head.digest!,
        lines: head.lines,
        at: arrival,
      });
    }
    if (head.follow !== undefined) pending.followed.set(head.follow.path, head.follow);
  }
}

/** A surface that was checked when it was stated. */
function surfaceFrom(yaml: string | null): CompiledSurface {
  if (yaml === null) return compileSurface(null);
  const parsed = parseSurface(yaml);
  if (parsed.isErr()) throw new Error('the surface in the journal cannot be read');
  return compileSurface(parsed.value);
}

/** A sensor as the judge knows it: by authority and name, which are what a surface calls it as well. */
export function fileInfoOf(record: StreamRecord, surface: CompiledSurface): FileInfo {
  const name = `${record.authority}/${record.sensor}`;
  const listed = surface.sensors.findIndex(({ id }) => id === name);
  return {
    path: name,
    format: record.format ?? 'unknown',
    sensor: name,
    sensorIndex: listed >= 0 ? listed : surface.sensorOf(name),
  };
}
