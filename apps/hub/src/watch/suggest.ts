/** `bellwether surface suggest`: reads logs as `watch` does, and drafts a surface from what was served in them. */
import { ok, type Result } from '@bellwether/basics';
import { Batch, compileSurface } from '@bellwether/contacts';
import { addServedRows, SurfaceDraft } from '@bellwether/contacts/surface';
import { BatchReader, countsOf } from './batch-reader.ts';
import { BlockReader, blockCapacity } from './blocks.ts';
import type { WatchError } from './errors.ts';
import { blockSizeFor } from './job.ts';
import { type PlanOptions, planInputs } from './planning.ts';
import { addCounts, type FileTally, newTally } from './tally.ts';
import type { World } from './watch.ts';

/** A draft, and what it was made from. */
export type Suggestion = {
  /** The draft, each line of it to be confirmed by a person. */
  readonly yaml: string;
  readonly files: ReadonlyArray<{ readonly path: string; readonly format: string } & FileTally>;
};

/** Drafts a surface. Undefined when it was told to stop. */
export async function suggestSurface(
  paths: readonly string[],
  options: PlanOptions,
  world: World,
): Promise<Result<Suggestion | undefined, WatchError>> {
  const surface = compileSurface(null);
  const planned = await planInputs(paths, world.stdin, surface, options, world.now);
  if (planned.isErr()) return planned;
  const { inputs, plans } = planned.value;

  const draft = new SurfaceDraft();
  const blockSize = blockSizeFor(1);
  const into = Buffer.allocUnsafeSlow(blockCapacity(blockSize));
  const batch = new Batch();
  const bytesTotal = inputs.reduce((total, { size }) => total + size, 0);
  const files: Suggestion['files'][number][] = [];
  let bytes = 0;
  let lines = 0;
  for (const [i, input] of inputs.entries()) {
    const plan = plans[i]!;
    const tally = newTally();
    const opened = input.open();
    if (opened.isErr()) {
      files.push({ path: input.path, format: plan.info.format, ...tally, failure: opened.error });
      continue;
    }
    const { source, close } = opened.value;
    const blocks = new BlockReader(source, blockSize);
    const reader = new BatchReader(plan, surface);
    let header = '';
    for (let block = await blocks.next(into); block !== undefined; block = await blocks.next(into)) {
      if (world.stopped()) return ok(undefined);
      for (reader.begin(block, header); !reader.done; ) {
        reader.read(batch);
        addServedRows(draft, batch, block.bytes, plan.info.sensor);
        addCounts(tally, countsOf(batch));
      }
      header = reader.header;
      world.progress({ bytes: bytes + source.taken, lines: lines + tally.lines }, bytesTotal);
      await new Promise((resolve) => setImmediate(resolve));
    }
    bytes += source.taken;
    lines += tally.lines;
    tally.failure = source.failure;
    close();
    files.push({ path: input.path, format: plan.info.format, ...tally });
  }
  return ok({ yaml: draft.toYaml(), files });
}
