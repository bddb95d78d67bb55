/**
 * Step 7, show: the main thread's end of the flow. Starts its thread, tells it how far the journal is on disk, and passes
 * on what it says: to the intake (what is kept), to the journal (what is not needed any more), to the desks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Changed } from '@bellwether/api';
import { DISPOSITIONS, type LiveSource } from '@bellwether/contacts';
import type { FollowedJournal } from '../platform/bus/index.ts';
import type { HubIntake } from './intake-types.ts';
import type { FlowOptions, FromFlow, ToFlow } from './messages.ts';

/** Bytes of the journal that stay although a snapshot covers them: to look at, and to judge anew if no snapshot is of use. */
const JOURNAL_KEPT = 256 * 1024 * 1024;

/** Memory that the thread may use for objects, MB. Columns of numbers are beside it. */
const HEAP_MB = 192;

/** How often somebody looks who waits for the flow, ms. */
const LOOK_AGAIN = 20;

/** Who is told of what. */
export type FlowListeners = {
  readonly onCommitted: (message: Extract<FromFlow, { kind: 'committed' }>) => void;
  readonly onChanged: (changed: Changed) => void;
  /** A file was added to the history. */
  readonly onHistory: (rows: number) => void;
  readonly onDatabase: (up: boolean, detail: string) => void;
  readonly onTrouble: (detail: string) => void;
  /** The thread has ended although nobody stopped it: the process has to end, too. */
  readonly onDied: (error: Error) => void;
};

/** The flow, as the main thread sees it. */
export class FlowHandle {
  /** Resolves when everything is judged that was in the journal at the start. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #journal: FollowedJournal;
  readonly #intake: HubIntake;
  readonly #listeners: FlowListeners;
  readonly #questions = new Map<number, (source: LiveSource | undefined) => void>();
  #question = 0;
  #kept = 0;
  #waiting: { readonly offset: number; readonly resolve: () => void }[] = [];
  #stopped: (() => void) | undefined;
  #isReady: () => void = () => {};

  constructor(
    file: URL,
    options: FlowOptions,
    journal: FollowedJournal,
    intake: HubIntake,
    listeners: FlowListeners,
  ) {
    this.#journal = journal;
    this.#intake = intake;
    this.#listeners = listeners;
    this.ready = new Promise((resolve) => {
      this.#isReady = resolve;
    });
    this.#worker = new Worker(file, {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker.on('message', (message: FromFlow) => this.#hear(message));
    this.#worker.on('error', (error) => listeners.onDied(error));
    this.#worker.on('exit', () => {
      if (this.#stopped === undefined) listeners.onDied(new Error('the thread of the flow has ended'));
      else this.#stopped();
    });
    journal.onDurable((offset) => this.#tell({ kind: 'durable', offset }));
  }

  /** What is thought of a source now. */
  sourceOf(key0: number, key1: number, v6: boolean): Promise<LiveSource | undefined> {
    const id = this.#question++;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#tell({ kind: 'source', id, key0, key1, v6 });
    });
  }

  /** Resolves when the records before the offset are judged and kept. */
  keptTo(offset: number): Promise<void> {
    if (this.#kept >= offset) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ offset, resolve }));
  }

  /** Resolves when nothing that came in waits any more. */
  async caughtUp(): Promise<void> {
    while (!this.#intake.isQuiet) await sleep(LOOK_AGAIN);
  }

  /** Ends when everything in the journal is judged and kept. */
  stop(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    this.#tell({ kind: 'stop' });
    return stopped;
  }

  #tell(message: ToFlow): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromFlow): void {
    switch (message.kind) {
      case 'ready':
        this.#intake.readAgain(message.bytes);
        this.#isReady();
        return;
      case 'committed': {
        this.#intake.keptUpTo(message.offset);
        this.#kept = message.offset;
        for (const one of this.#waiting.filter(({ offset }) => offset <= message.offset)) one.resolve();
        this.#waiting = this.#waiting.filter(({ offset }) => offset > message.offset);
        this.#listeners.onCommitted(message);
        const { lines, contacts, knocks, dispositions } = message.added;
        const named = Object.fromEntries(DISPOSITIONS.map((name, i) => [name, dispositions[i]!]));
        this.#listeners.onChanged({
          asOf: new Date().toISOString(),
          topics: [...message.topics],
          added: { lines, contacts, knocks, dispositions: named as Changed['added']['dispositions'] },
        });
        if (message.historyRows > 0) this.#listeners.onHistory(message.historyRows);
        return;
      }
      case 'history':
        this.#listeners.onHistory(message.rows);
        return;
      case 'snapshot':
        this.#journal.release(Math.min(message.offset, this.#journal.durable - JOURNAL_KEPT));
        return;
      case 'source':
        this.#questions.get(message.id)?.(message.source);
        this.#questions.delete(message.id);
        return;
      case 'database':
        this.#listeners.onDatabase(message.up, message.detail);
        return;
      case 'trouble':
        this.#listeners.onTrouble(message.detail);
        return;
      case 'stopped':
        return;
    }
  }
}
