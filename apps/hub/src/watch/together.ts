/**
 * Watching with several workers: they read blocks and judge, each the sources of its shards; this thread plans what is
 * read, puts rows into their order, and merges what was found. What comes out is the same as from one thread, because
 * blocks, order and shards are.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { Accountant, type Findings, type Part, type ShardReport } from '@bellwether/contacts';
import { type Crew, WorkerLost } from './crew.ts';
import type { WatchError } from './errors.ts';
import { Feed } from './feed.ts';
import type { OpenInput } from './inputs.ts';
import type { Job, Watched } from './job.ts';
import { filesOf, type PartAt } from './messages.ts';
import { Order } from './order.ts';
import { Slots } from './slots.ts';
import { addCounts, newTally } from './tally.ts';

/** Stretches that are being judged at a time: one is done, one waits, and the merging may lag by as many. */
const MAX_JUDGING = 4;

/** Blocks of one file read ahead for each worker: one is being read while the other waits. */
const AHEAD_PER_WORKER = 2;

type Open = { readonly input: OpenInput; readonly feed: Feed };

/** Does the job with a crew that has been started. Undefined if it was told to stop. */
export async function watchTogether(job: Job, crew: Crew): Promise<Result<Watched | undefined, WatchError>> {
  try {
    crew.begin({ plans: job.plans, stated: job.stated, blockSize: job.blockSize });
    return ok(await watchWith(crew, job));
  } catch (error) {
    if (error instanceof WorkerLost) return err(error.problem);
    throw error;
  }
}

async function watchWith(crew: Crew, job: Job): Promise<Watched | undefined> {
  const { inputs, plans, surface } = job;
  const accountant = new Accountant({ surface, files: filesOf(plans) });
  const order = new Order(plans.map(({ notBefore }) => notBefore));
  const tallies = plans.map(newTally);
  const slots = new Slots();
  const open: (Open | undefined)[] = plans.map(() => undefined);
  const depth = Math.max(1, Math.ceil((AHEAD_PER_WORKER * crew.size) / plans.length));
  const judging: Promise<void>[] = [];
  let bytesOfEnded = 0;

  const judgeReady = async (): Promise<void> => {
    const { parts, freed } = order.take();
    if (parts.length === 0 && freed.length === 0) return;
    const found: Promise<Findings[]> =
      parts.length === 0
        ? Promise.resolve([])
        : crew.askAll({ kind: 'judge', parts: parts.map((part) => partAt(part, slots)) });
    const before = judging.at(-1);
    const judged = found.then(async (findings) => {
      await before;
      if (findings.length > 0) accountant.take(findings);
      for (const batch of freed) slots.free(slots.of(batch));
    });
    judged.catch(() => {});
    judging.push(judged);
    if (judging.length > MAX_JUDGING) await judging.shift();
  };

  for (let file = order.needed; file >= 0; file = order.needed) {
    if (job.stopped()) {
      for (const one of open) one?.input.close();
      return undefined;
    }
    const tally = tallies[file]!;
    if (open[file] === undefined) {
      const opened = inputs[file]!.open();
      if (opened.isErr()) {
        tally.failure = opened.error;
        order.end(file);
        continue;
      }
      const { size } = inputs[file]!;
      const expectedHeader = plans[file]!.header;
      const options = { file, input: opened.value, size, blockSize: job.blockSize, expectedHeader, depth };
      open[file] = { input: opened.value, feed: new Feed(crew, slots, options) };
    }
    const { input, feed } = open[file]!;
    const block = await feed.next();
    if (block === undefined) {
      tally.failure ??= input.source.failure;
      bytesOfEnded += feed.taken;
      input.close();
      open[file] = undefined;
      order.end(file);
    } else {
      tally.failure ??= block.failure;
      const firstLine = 1 + tally.lines;
      for (const { slot, counts } of block.batches) {
        addCounts(tally, counts);
        if (job.history !== undefined) await job.history.take(file, slot.batch, firstLine);
        order.add(file, slot.batch, firstLine);
      }
    }
    await judgeReady();
    const lines = tallies.reduce((sum, { lines }) => sum + lines, 0);
    job.progress({ bytes: open.reduce((sum, one) => sum + (one?.feed.taken ?? 0), bytesOfEnded), lines });
  }
  if (job.stopped()) return undefined;
  await judgeReady();
  await Promise.all(judging);
  const reports = await crew.askAll<ShardReport>({ kind: 'finish' });
  return { outcome: accountant.finish(reports), tallies };
}

function partAt({ file, batch, from, to, base, firstLine }: Part, slots: Slots): PartAt {
  const { number, memory } = slots.of(batch);
  return { file, slot: { number, memory }, rows: batch.count, from, to, base, firstLine };
}
