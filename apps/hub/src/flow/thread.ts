/**
 * The thread of the flow: reads the journal as far as it is on disk, lets the machine of `judge.ts` work, and keeps what
 * it yields. While one transaction is on its way the next steps are judged; what they yield waits for the next one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { LiveTopic } from '@bellwether/api';
import { DISPOSITIONS } from '@bellwether/contacts';
import type { JournalReader, StreamRecord } from '../platform/bus/journal-types.ts';
import { openReaderAt } from '../platform/bus/places.ts';
import type { HistoryFile, HistoryWriter } from '../platform/history/history-types.ts';
import { openHistoryWriter } from '../platform/history/index.ts';
import { Pending } from './account.ts';
import { Flow, type FlowSink, type Judged } from './judge.ts';
import { Keeper, KeptByAnother, type Progress } from './keep.ts';
import type { Added, FlowOptions, FromFlow, ToFlow } from './messages.ts';
import {
  dropSnapshot,
  dropUnfinished,
  keepSnapshot,
  snapshotsIn,
  type TakenSnapshot,
  takeSnapshot,
} from './snapshots.ts';

/** Rows that make a file of the history worth writing: one row group of Parquet as DuckDB cuts them. */
const FLUSH_ROWS = 122_880;

/** A contact can be searched for after so many milliseconds at most, when little comes. */
const FLUSH_AFTER = 4_000;

/** Records taken before the thread looks up for messages and answers. */
const RECORDS_PER_TURN = 64;

/** Pause before PostgreSQL is tried again, ms, doubled each time up to the longest. */
const RETRY_FIRST = 200;
const RETRY_LONGEST = 5_000;

const port = parentPort!;
const tell = (message: FromFlow): void => port.postMessage(message);

class FlowThread implements FlowSink {
  readonly #options: FlowOptions;
  readonly #keeper: Keeper;
  #flow!: Flow;
  #reader: JournalReader | undefined;
  #history!: HistoryWriter;
  #progress!: Progress;
  #pending = new Pending();
  #durable: number;
  #keeping: Promise<void> | undefined;
  #lastFlush = 0;
  #timer: NodeJS.Timeout | undefined;
  /** A snapshot that was taken, and waits until everything that it knows is in the database. */
  #wanted: TakenSnapshot | undefined;
  #started: Promise<void> | undefined;
  /** Where the journal was read from at the start. */
  #began = 0;
  #isRunning = false;
  /** Everything has been read that was there at the start. */
  #isReady = false;

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#durable = options.durable;
    this.#keeper = new Keeper(options.connection);
  }

  /** Loads the newest snapshot that can be read, and begins behind it. */
  start(): Promise<void> {
    this.#started = this.#begin();
    return this.#started;
  }

  async #begin(): Promise<void> {
    const { journal, history, snapshots, journalId, streams, surface, begin } = this.#options;
    this.#progress = await this.#retry(() => this.#keeper.progress(journalId));
    dropUnfinished(snapshots);
    this.#flow = restore(snapshots, this.#progress.step, begin) ?? new Flow();
    // Without a snapshot, what the journal said before its beginning is what the database says.
    if (this.#flow.step === 0 && surface !== null) this.#flow.assumeSurface(surface);
    for (const stream of streams) this.#flow.knowStream(stream);
    this.#history = await openHistoryWriter(history);
    for (const { stream, authority, sensor } of streams) this.#history.name(stream, authority, sensor);
    // Last, because messages come in meanwhile, and where there is a reader there is something to run.
    const reader = await openReaderAt(journal, Math.max(this.#flow.offset, begin));
    if (reader.isErr()) throw new Error(`${reader.error.code}: ${reader.error.detail}`);
    this.#reader = reader.value;
    this.#began = reader.value.offset;
    this.#lastFlush = Date.now();
    this.#timer = setInterval(() => this.#flushIfDue(), FLUSH_AFTER / 4);
    await this.#run();
  }

  hear(message: ToFlow): void {
    switch (message.kind) {
      case 'durable':
        this.#durable = message.offset;
        void this.#run();
        return;
      case 'source': {
        const { id, key0, key1, v6 } = message;
        tell({ kind: 'source', id, source: this.#flow?.sourceOf(key0, key1, v6) });
        return;
      }
      case 'stop':
        void this.#stop();
        return;
    }
  }

  // What the machine hands over.

  pendingFor(step: number): Pending | undefined {
    return step <= this.#progress.step ? undefined : this.#pending;
  }

  history({ step, parts, streamOf, resettled }: Judged): void {
    if (step <= this.#progress.historyStep) return;
    for (const { file, batch, from, to, firstLine } of parts) {
      this.#history.take(streamOf[file]!, batch, from, to, firstLine);
    }
    for (const { part, row, from, to } of resettled) {
      const { file, batch, firstLine } = parts[part]!;
      this.#history.resettle(streamOf[file]!, batch, row, firstLine, from, to);
    }
  }

  ended(step: number, _offset: number, snapshot: boolean): void {
    if (snapshot && step > this.#progress.step) this.#takeSnapshot(step);
    this.#keepSoon();
  }

  stream(record: StreamRecord): void {
    this.#history.name(record.stream, record.authority, record.sensor);
    this.#pending.streams.push(record);
  }

  // The work.

  async #run(): Promise<void> {
    const reader = this.#reader;
    if (this.#isRunning || reader === undefined) return;
    this.#isRunning = true;
    for (;;) {
      let isAtEnd = false;
      for (let taken = 0; taken < RECORDS_PER_TURN; taken++) {
        const record = reader.next(this.#durable);
        isAtEnd = record === undefined;
        if (record === undefined) break;
        this.#flow.take(record, this);
        if (this.#history.rows >= FLUSH_ROWS || this.#pending.isLarge) break;
      }
      // More is on disk, and on its way here.
      const isComing = isAtEnd && reader.offset < this.#durable;
      if (!this.#isReady && isAtEnd && !isComing) {
        // Ready is a hub whose account has everything that was acknowledged before.
        await this.#keepNow(false);
        this.#isReady = true;
        tell({ kind: 'ready', step: this.#flow.step, bytes: reader.offset - this.#began });
        // Something may have come meanwhile.
        continue;
      }
      if (this.#history.rows >= FLUSH_ROWS || this.#pending.isLarge || this.#wanted !== undefined) {
        await this.#keepNow(true);
      } else if (isComing) {
        await reader.arrived(this.#durable);
      } else if (isAtEnd) break;
      await nextTurn();
    }
    this.#isRunning = false;
  }

  #keepSoon(): void {
    if (this.#keeping !== undefined || this.#pending.step === 0) return;
    this.#keeping = nextTurn()
      .then(() => this.#keep(Date.now() - this.#lastFlush >= FLUSH_AFTER))
      .then(() => {
        this.#keeping = undefined;
        // What came meanwhile.
        if (this.#pending.step > 0) this.#keepSoon();
      });
  }

  /** Keeps everything that waits before it returns. */
  async #keepNow(flush: boolean): Promise<void> {
    while (this.#keeping !== undefined) await this.#keeping;
    this.#keeping = this.#keep(flush);
    await this.#keeping;
    this.#keeping = undefined;
  }

  /** One transaction, tried until it is there. */
  async #keep(flush: boolean): Promise<void> {
    const pending = this.#pending;
    // A snapshot is of use only when the history has everything up to it.
    const wanted = flush ? this.#wanted : undefined;
    if (flush) this.#wanted = undefined;
    if (pending.step === 0) {
      if (flush) await this.#keepFile();
      if (wanted !== undefined) this.#keepSnapshot(wanted);
      return;
    }
    this.#pending = new Pending();
    const file = flush ? await this.#flush(pending.step) : undefined;
    const historyStep = flush ? pending.step : this.#progress.historyStep;
    const began = performance.now();
    const before = this.#progress;
    const { incidents } = await this.#retry(() =>
      this.#keeper.keep({ before, pending, file, historyStep, now: Date.now() }),
    );
    this.#progress = { step: pending.step, offset: pending.offset, historyStep };
    tell({
      kind: 'committed',
      step: pending.step,
      offset: pending.offset,
      added: addedBy(pending),
      topics: topicsOf(pending),
      incidents,
      historyRows: file?.rows ?? 0,
      millis: performance.now() - began,
    });
    if (wanted !== undefined) this.#keepSnapshot(wanted);
  }

  /** Rows that wait for a file although nothing came after them. */
  async #keepFile(): Promise<void> {
    const before = this.#progress;
    const { step } = before;
    const file = await this.#flush(step);
    if (file === undefined) return;
    await this.#retry(() => this.#keeper.keepFile(file, before));
    this.#progress = { ...this.#progress, historyStep: step };
    tell({ kind: 'history', rows: file.rows });
  }

  async #flush(step: number): Promise<HistoryFile | undefined> {
    this.#lastFlush = Date.now();
    if (this.#history.rows === 0) return undefined;
    const from = this.#progress.historyStep + 1;
    return this.#writeFile(from, step);
  }

  /** Tried until it is there: the writer keeps its rows, and the disk may have room again. */
  async #writeFile(from: number, step: number): Promise<HistoryFile | undefined> {
    for (let pause = RETRY_FIRST; ; pause = Math.min(2 * pause, RETRY_LONGEST)) {
      try {
        return await this.#history.flush(from, step);
      } catch (error) {
        tell({ kind: 'trouble', detail: (error as Error).message });
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  #flushIfDue(): void {
    if (this.#keeping !== undefined || this.#history.rows === 0) return;
    if (Date.now() - this.#lastFlush >= FLUSH_AFTER) void this.#keepNow(true);
  }

  #takeSnapshot(step: number): void {
    const { snapshots } = this.#options;
    const before = this.#wanted;
    this.#wanted = undefined;
    this.#withoutSnapshot(() => {
      // It was not kept yet, and this one knows more.
      if (before !== undefined) dropSnapshot(snapshots, before);
      this.#wanted = takeSnapshot(snapshots, step, (take) => this.#flow.snapshot(take));
    });
  }

  #keepSnapshot(taken: TakenSnapshot): void {
    this.#withoutSnapshot(() => {
      const needed = keepSnapshot(this.#options.snapshots, taken);
      tell({ kind: 'snapshot', step: taken.step, offset: needed, bytes: taken.bytes });
    });
  }

  /** The disk is full, most likely: without a snapshot a start takes longer, and nothing is lost. */
  #withoutSnapshot(saving: () => void): void {
    try {
      saving();
    } catch (error) {
      tell({ kind: 'trouble', detail: `a snapshot could not be written: ${(error as Error).message}` });
    }
  }

  async #retry<T>(work: () => Promise<T>): Promise<T> {
    for (let pause = RETRY_FIRST; ; pause = Math.min(2 * pause, RETRY_LONGEST)) {
      try {
        const value = await work();
        if (pause > RETRY_FIRST) tell({ kind: 'database', up: true, detail: '' });
        return value;
      } catch (error) {
        if (error instanceof KeptByAnother) throw error;
        tell({ kind: 'database', up: false, detail: (error as Error).message });
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #stop(): Promise<void> {
    // Another part may fail to start while this one still does.
    await this.#started;
    clearInterval(this.#timer);
    while (this.#isRunning) await nextTurn();
    // Where another process writes the journal, it goes on growing: nothing more is read.
    const reader = this.#reader;
    this.#reader = undefined;
    await this.#keepNow(true);
    await this.#keeper.close();
    this.#history.close();
    reader?.close();
    tell({ kind: 'stopped' });
    port.close();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The machine as the newest snapshot that can be read has it. */
function restore(folder: string, step: number, begin: number): Flow | undefined {
  for (const { memory, judge } of snapshotsIn(folder, step)) {
    if (memory.offset < begin) continue;
    try {
      return new Flow(memory, judge);
    } catch (error) {
      // Of an older version, for example. The journal is read from its beginning instead.
      tell({
        kind: 'trouble',
        detail: `the snapshot of step ${memory.step} is of no use: ${(error as Error).message}`,
      });
    }
  }
  return undefined;
}

function addedBy({ account }: Pending): Added {
  return {
    lines: account.sum('lines'),
    contacts: account.sum('contacts'),
    knocks: account.sum('knocks'),
    dispositions: DISPOSITIONS.map((name) => account.sum(name)),
  };
}

function topicsOf(pending: Pending): LiveTopic[] {
  const topics: LiveTopic[] = ['account', 'offices'];
  if (pending.incidents.size > 0) topics.push('incidents', 'surface');
  if (pending.decisions.length > 0) topics.push('decisions');
  return topics;
}

const thread = new FlowThread(workerData as FlowOptions);
port.on('message', (message: ToFlow) => thread.hear(message));
await thread.start();
