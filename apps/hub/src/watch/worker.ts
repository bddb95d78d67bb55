/**
 * One of several workers: reads the blocks that it is sent for, and judges, of every stretch, the rows whose foreign
 * address falls into its shards.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Batch, compileSurface, type Part, Shards } from '@bellwether/contacts';
import { BatchReader, countsOf } from './batch-reader.ts';
import { type Block, blockCapacity, readBlock } from './blocks.ts';
import {
  filesOf,
  type PartAt,
  type ReadReply,
  type ReadRequest,
  type Reply,
  type Request,
  type Slot,
  type WorkerStart,
} from './messages.ts';
import { PlainSource } from './source.ts';

const { worker, workers, plans, stated, blockSize } = workerData as WorkerStart;
const port = parentPort!;
const surface = compileSurface(stated);
const shards = new Shards({ surface, files: filesOf(plans) }, worker, workers);
const readers = new Map<number, BatchReader>();
const into = Buffer.allocUnsafeSlow(blockCapacity(blockSize));
/** Views of the slots seen so far. */
const batches = new Map<number, Batch>();

port.on('message', (request: Request) => {
  const reply: Reply = { id: request.id, value: answer(request) };
  port.postMessage(reply);
});

function answer(request: Request): Reply['value'] {
  if (request.kind === 'read') return read(request);
  if (request.kind === 'judge') return shards.judge(request.parts.map(partOf));
  return shards.finish();
}

function read({ file, at, header, from, line, slot }: ReadRequest): ReadReply {
  const source = at.kind === 'file' ? new PlainSource(at.fd, at.size, plans[file]!.info.path) : undefined;
  const block: Block =
    at.kind === 'file'
      ? readBlock(source!, at.block, blockSize, into)
      : { bytes: Buffer.from(at.buffer), from: 0, to: at.to };
  let reader = readers.get(file);
  if (reader === undefined) {
    reader = new BatchReader(plans[file]!, surface);
    readers.set(file, reader);
  }
  const batch = batchIn(slot);
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

function partOf({ file, slot, rows, from, to, base, firstLine }: PartAt): Part {
  const batch = batchIn(slot);
  batch.count = rows;
  return { file, batch, from, to, base, firstLine };
}

function batchIn({ number, memory }: Slot): Batch {
  let batch = batches.get(number);
  if (batch === undefined) {
    batch = new Batch(memory);
    batches.set(number, batch);
  }
  return batch;
}
