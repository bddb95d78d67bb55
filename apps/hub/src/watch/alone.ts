/**
 * Watching in one thread: read a block, make rows of it, judge what is ready, read on. One buffer for bytes, and
 * batches that go round; a plain file is read without ever waiting.
 */

import { Accountant, Batch, Shards } from '@bellwether/contacts';
import { BatchReader, countsOf } from './batch-reader.ts';
import { BlockReader, blockCapacity } from './blocks.ts';
import type { OpenInput } from './inputs.ts';
import type { Job, Watched } from './job.ts';
import { filesOf } from './messages.ts';
import { Order } from './order.ts';
import { addCounts, newTally } from './tally.ts';

/** A file that is open. */
type Reading = {
  readonly input: OpenInput;
  readonly blocks: BlockReader;
  readonly reader: BatchReader;
  header: string;
};

/** Blocks between two looks at signals, the clock and the terminal: some hundredths of a second. */
const BLOCKS_PER_TURN = 4;

/** Does the job in this thread. Undefined if it was told to stop. */
export async function watchAlone(job: Job): Promise<Watched | undefined> {
  const { inputs, plans, surface } = job;
  const options = { surface, files: filesOf(plans) };
  const shards = new Shards(options, 0, 1);
  const accountant = new Accountant(options);
  const order = new Order(plans.map(({ notBefore }) => notBefore));
  const tallies = plans.map(newTally);
  const open: (Reading | undefined)[] = plans.map(() => undefined);
  const into = Buffer.allocUnsafeSlow(blockCapacity(job.blockSize));
  const free: Batch[] = [];
  let bytesOfEnded = 0;

  const judgeReady = (): void => {
    const { parts, freed } = order.take();
    if (parts.length > 0) accountant.take([shards.judge(parts)]);
    for (const batch of freed) free.push(batch);
  };

  let turn = 0;
  for (let file = order.needed; file >= 0; file = order.needed) {
    if (job.stopped()) {
      for (const reading of open) reading?.input.close();
      return undefined;
    }
    if (++turn % BLOCKS_PER_TURN === 0) {
      const lines = tallies.reduce((sum, tally) => sum + tally.lines, 0);
      const bytes = open.reduce((sum, reading) => sum + (reading?.input.source.taken ?? 0), bytesOfEnded);
      job.progress({ bytes, lines });
      await nextTurn();
    }
    let reading = open[file];
    if (reading === undefined) {
      const opened = inputs[file]!.open();
      if (opened.isErr()) {
        tallies[file]!.failure = opened.error;
        order.end(file);
        continue;
      }
      reading = {
        input: opened.value,
        blocks: new BlockReader(opened.value.source, job.blockSize),
        reader: new BatchReader(plans[file]!, surface),
        header: '',
      };
      open[file] = reading;
    }
    const next = reading.blocks.next(into);
    const block = next instanceof Promise ? await next : next;
    const tally = tallies[file]!;
    if (block === undefined) {
      tally.failure = reading.input.source.failure;
      bytesOfEnded += reading.input.source.taken;
      reading.input.close();
      open[file] = undefined;
      order.end(file);
      judgeReady();
      continue;
    }
    const { reader } = reading;
    const firstLine = 1 + tally.lines;
    reader.begin(block, reading.header);
    while (!reader.done) {
      const batch = free.pop() ?? new Batch();
      reader.fill(batch);
      addCounts(tally, countsOf(batch));
      if (job.history !== undefined) await job.history.take(file, batch, firstLine);
      order.add(file, batch, firstLine);
      judgeReady();
    }
    reading.header = reader.header;
  }
  if (job.stopped()) return undefined;
  judgeReady();
  return { outcome: accountant.finish([shards.finish()]), tallies };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
