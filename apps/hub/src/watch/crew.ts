/** The workers: started, asked, and let go. One that is lost fails everything that is waiting, with a clean error. */
import { Worker } from 'node:worker_threads';
import { type WatchError, watchError } from './errors.ts';
import type {
  BeginRequest,
  FinishRequest,
  JudgeRequest,
  ReadRequest,
  Reply,
  WorkerStart,
} from './messages.ts';

/** A worker was lost: thrown by everything that waited for one. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
  readonly problem: WatchError;

  constructor(reason: string) {
    super(reason);
    this.problem = watchError('WATCH_WORKER_LOST', reason);
  }
}

type Waiting = { readonly resolve: (value: never) => void; readonly reject: (error: WorkerLost) => void };

type Asked =
  | Omit<ReadRequest, 'id'>
  | Omit<JudgeRequest, 'id'>
  | Omit<FinishRequest, 'id'>
  | Omit<BeginRequest, 'id'>;

type Member = { readonly worker: Worker; readonly waiting: Map<number, Waiting> };

/** Where a worker's program is: beside the bundle; and, seen from the sources, where the bundle is. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js',
  import.meta.url,
);

/** Several workers of one job. */
export class Crew {
  readonly #members: readonly Member[];
  #nextId = 0;
  #lost: WorkerLost | undefined;

  /** Starts the workers, which takes a tenth of a second: meanwhile the work can be planned. */
  constructor(workers: number) {
    this.#members = Array.from({ length: workers }, (_, worker) => {
      const member: Member = { worker: new Worker(PROGRAM), waiting: new Map() };
      member.worker.on('message', (reply: Reply) => this.#answer(member, reply));
      member.worker.on('error', (error) => this.#lose(`worker ${worker + 1} failed: ${error.message}`));
      member.worker.on('exit', (code) => this.#lose(`worker ${worker + 1} ended with code ${code}`));
      return member;
    });
  }

  /** Tells every worker what the work is. Comes before anything else is asked of them. */
  begin(start: Omit<WorkerStart, 'worker' | 'workers'>): void {
    const workers = this.#members.length;
    this.#members.forEach((_, worker) => {
      void this.ask<undefined>(worker, { kind: 'begin', start: { ...start, worker, workers } });
    });
  }

  /** Number of workers. */
  get size(): number {
    return this.#members.length;
  }

  /** The worker with the least to do. */
  get idlest(): number {
    let idlest = 0;
    this.#members.forEach(({ waiting }, i) => {
      if (waiting.size < this.#members[idlest]!.waiting.size) idlest = i;
    });
    return idlest;
  }

  /** Asks one worker. Rejects with `WorkerLost`, never otherwise. */
  ask<Value>(worker: number, asked: Asked): Promise<Value> {
    const member = this.#members[worker]!;
    const id = this.#nextId++;
    const answered = new Promise<Value>((resolve, reject) => {
      if (this.#lost !== undefined) reject(this.#lost);
      else member.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    });
    // Whoever waits for it sees the loss; an answer that nobody came to wait for is no second failure.
    answered.catch(() => {});
    if (this.#lost === undefined) member.worker.postMessage({ ...asked, id });
    return answered;
  }

  /** Asks all workers the same; the answers in their order. */
  askAll<Value>(asked: Asked): Promise<Value[]> {
    const answered = Promise.all(this.#members.map((_, worker) => this.ask<Value>(worker, asked)));
    answered.catch(() => {});
    return answered;
  }

  /** Stops all workers. */
  async end(): Promise<void> {
    this.#lost ??= new WorkerLost('the work was ended');
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #answer(member: Member, { id, value }: Reply): void {
    const waiting = member.waiting.get(id);
    member.waiting.delete(id);
    waiting?.resolve(value as never);
  }

  #lose(reason: string): void {
    if (this.#lost !== undefined) return;
    const lost = new WorkerLost(reason);
    this.#lost = lost;
    for (const { waiting } of this.#members) for (const { reject } of waiting.values()) reject(lost);
  }
}
