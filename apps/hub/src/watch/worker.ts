/**
 * One of several workers: reads the blocks that it is sent for, and judges, of every stretch, the rows whose foreign
 * address falls into its shards.
 */
import { parentPort } from 'node:worker_threads';
import {
  Batch,
  type CompiledSurface,
  compileSurface,
  type Findings,
  type Part,
  type ShardReport,
  Shards,
} from '@bellwether/contacts';
import { BatchReader, countsOf } from './batch-reader.ts';
import { type Block, blockCapacity, readBlock } from './blocks.ts';
import { PlainSource } from './bytes-in.ts';
import {
  filesOf,
  type JudgeRequest,
  type PartAt,
  type ReadReply,
  type ReadRequest,
  type Reply,
  type Request,
  type Slot,
  type WorkerStart,
} from './messages.ts';

const port = parentPort!;
let work: Work | undefined;

port.on('message', (request: Request) => {
  const reply: Reply = { id: request.id, value: answer(request) };
  port.postMessage(reply);
});

function answer(request: Request): Reply['value'] {
  if (request.kind === 'begin') {
    work = new Work(request.start);
    return undefined;
  }
  if (request.kind === 'read') return work!.read(request);
  if (request.kind === 'judge') return work!.judge(request);
  return work!.finish();
}

/** The work of one job, as far as it is this worker's. */
class Work {
  readonly #plans: WorkerStart['plans'];
  readonly #blockSize: number;
  readonly #surface: CompiledSurface;
  readonly #shards: Shards;
  readonly #into: Buffer;
  readonly #readers = new Map<number, BatchReader>();
  /** Views of the slots seen so far. */
  readonly #batches = new Map<number, Batch>();

  constructor({ worker, workers, plans, stated, blockSize }: WorkerStart) {
    this.#plans = plans;
    this.#blockSize = blockSize;
    this.#surface = compileSurface(stated);
    this.#shards = new Shards({ surface: this.#surface, files: filesOf(plans) }, worker, workers);
    this.#into = Buffer.allocUnsafeSlow(blockCapacity(blockSize));
  }

  read({ file, at, header, from, line, slot }: ReadRequest): ReadReply {
    const plan = this.#plans[file]!;
    const source = at.kind === 'file' ? new PlainSource(at.fd, at.size, plan.info.path) : undefined;
    const block: Block =
      at.kind === 'file'
        ? readBlock(source!, at.block, this.#blockSize, this.#into)
        : { bytes: Buffer.from(at.buffer), from: 0, to: at.to };
    let reader = this.#readers.get(file);
    if (reader === undefined) {
      reader = new BatchReader(plan, this.#surface);
      this.#readers.set(file, reader);
    }
    const batch = this.#batchIn(slot);
    reader.begin(block, header, from < 0 ? block.from : from, line);
    reader.fill(batch);
    return {
      counts: countsOf(batch),
      done: reader.done,
      from: reader.at,
      line: reader.line,
      header: block.to > block.from ? reader.header : header,
      failure: source?.failure,
    };
  }

  judge({ parts }: JudgeRequest): Findings {
    return this.#shards.judge(parts.map((part) => this.#partOf(part)));
  }

  finish(): ShardReport {
    return this.#shards.finish();
  }

  #partOf({ file, slot, rows, from, to, base, firstLine }: PartAt): Part {
    const batch = this.#batchIn(slot);
    batch.count = rows;
    return { file, batch, from, to, base, firstLine };
  }

  #batchIn({ number, memory }: Slot): Batch {
    let batch = this.#batches.get(number);
    if (batch === undefined) {
      batch = new Batch(memory);
      this.#batches.set(number, batch);
    }
    return batch;
  }
}
