/**
 * `bellwether watch`, as it goes: look at the inputs, plan, open the outputs, read and judge, account. What is printed
 * and where is the command's affair (commands/watch.ts).
 */
import { availableParallelism } from 'node:os';
import { type Err, ok, type Result } from '@bellwether/basics';
import { compileSurface, type Decision, type SourceVerdict, type Surface } from '@bellwether/contacts';
import { type Account, accountOf } from './account.ts';
import { watchAlone } from './alone.ts';
import { readColumnMap } from './column-map.ts';
import { type WatchError, watchError } from './errors.ts';
import { type Input, inspectInputs } from './inputs.ts';
import { blockSizeFor, type Job, type Progress, type Watched } from './job.ts';
import { Output } from './outputs.ts';
import { type FilePlan, planFiles } from './plan.ts';
import type { FileTally } from './tally.ts';

/** What is asked for. */
export type WatchOptions = {
  /** Inputs as the user named them; `-` is standard input. */
  readonly paths: readonly string[];
  readonly surface: string | undefined;
  readonly format: string | undefined;
  readonly decisions: string | undefined;
  readonly verdicts: string | undefined;
  readonly year: number | undefined;
  readonly zone: string | undefined;
  /** File with a saved column map for `csv` and `ndjson`. */
  readonly columns: string | undefined;
  /** Threads; undefined: as many as are worth it. */
  readonly workers: number | undefined;
};

/** The world, as far as watching touches it. */
export type World = {
  readonly stdin: AsyncIterable<Buffer>;
  /** ms since 1970. */
  readonly now: number;
  /** ms, for measuring. */
  readonly clock: () => number;
  readonly progress: (progress: Progress, bytesTotal: number) => void;
  /** Whether somebody wants it to stop. */
  readonly stopped: () => boolean;
};

/** What came of it. */
export type WatchReport = {
  readonly account: Account;
  readonly plans: readonly FilePlan[];
  /** Inputs that broke off: what came before counts. */
  readonly failures: readonly WatchError[];
  /** Whether every file is from a sensor that is stated to record everything. */
  readonly complete: boolean;
  readonly seconds: number;
};

/** Inputs of fewer bytes are read by one thread: others would take longer to start than to read. */
const WORTH_WORKERS = 16 * 1024 * 1024;

/** Threads that are started unless told otherwise: behind these the merging thread is the limit. */
const MAX_DEFAULT_WORKERS = 8;

/** Watches. Undefined when it was told to stop; nothing is written then. */
export async function watch(
  options: WatchOptions,
  world: World,
): Promise<Result<WatchReport | undefined, WatchError>> {
  const stated = await loadSurface(options.surface);
  if (stated.isErr()) return stated;
  const surface = compileSurface(stated.value?.surface ?? null);

  const columns = options.columns === undefined ? ok(undefined) : readColumnMap(options.columns);
  if (columns.isErr()) return columns;

  const inputs = await inspectInputs(options.paths, world.stdin);
  if (inputs.isErr()) return inputs;
  const plans = planFiles(inputs.value, surface, { ...options, columns: columns.value }, world.now);
  const outputs = plans.isErr() ? plans : openOutputs(options);
  if (plans.isErr() || outputs.isErr()) {
    for (const { release } of inputs.value) release();
    return plans.isErr() ? plans : (outputs as Err<WatchError>);
  }
  const { decisions, verdicts } = outputs.value;

  const began = world.clock();
  const bytesTotal = inputs.value.some(({ size }) => size === 0)
    ? 0
    : inputs.value.reduce((total, { size }) => total + size, 0);
  const job: Job = {
    inputs: inputs.value,
    plans: plans.value,
    stated: stated.value?.surface ?? null,
    surface,
    blockSize: blockSizeFor(inputs.value.length),
    progress: (progress) => world.progress(progress, bytesTotal),
    stopped: world.stopped,
  };
  const watched = await run(job, workersFor(options.workers, inputs.value));
  if (watched.isErr() || watched.value === undefined) {
    decisions?.discard();
    verdicts?.discard();
    return watched.isErr() ? watched : ok(undefined);
  }
  const { outcome, tallies } = watched.value;
  const account = accountOf(outcome.account, {
    plans: plans.value,
    tallies,
    sampled: plans.value.map(({ info }) => (surface.sensors[info.sensorIndex]?.sampling ?? 1) > 1),
    surface: stated.value?.sha256 ?? null,
  });
  const written = writeOutputs(outputs.value, outcome.decisions, outcome.verdicts);
  if (written.isErr()) return written;
  return ok({
    account,
    plans: plans.value,
    failures: failuresOf(tallies),
    complete: plans.value.every(({ info }) => surface.sensors[info.sensorIndex]?.completeness === 'complete'),
    seconds: (world.clock() - began) / 1000,
  });
}

async function loadSurface(
  path: string | undefined,
): Promise<Result<{ surface: Surface; sha256: string } | undefined, WatchError>> {
  if (path === undefined) return ok(undefined);
  // The reader of YAML is loaded only where there is any.
  const { readSurface } = await import('./surface-file.ts');
  return readSurface(path);
}

async function run(job: Job, workers: number): Promise<Result<Watched | undefined, WatchError>> {
  if (workers === 1) return ok(await watchAlone(job));
  const { watchTogether } = await import('./together.ts');
  return watchTogether(job, workers);
}

function workersFor(asked: number | undefined, inputs: readonly Input[]): number {
  if (asked !== undefined) return asked;
  const bytes = inputs.reduce((total, { size }) => total + size, 0);
  return bytes < WORTH_WORKERS ? 1 : Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
}

type Outputs = { readonly decisions: Output | undefined; readonly verdicts: Output | undefined };

function openOutputs({ decisions, verdicts }: WatchOptions): Result<Outputs, WatchError> {
  const first = openOutput(decisions);
  if (first.isErr()) return first;
  const second = openOutput(verdicts);
  if (second.isErr()) {
    first.value?.discard();
    return second;
  }
  return ok({ decisions: first.value, verdicts: second.value });
}

function openOutput(path: string | undefined): Result<Output | undefined, WatchError> {
  return path === undefined ? ok(undefined) : Output.open(path);
}

function writeOutputs(
  outputs: Outputs,
  decisions: readonly Decision[],
  verdicts: readonly SourceVerdict[],
): Result<void, WatchError> {
  const first = outputs.decisions?.finish(decisions) ?? ok();
  const second = outputs.verdicts?.finish(verdicts) ?? ok();
  return first.isErr() ? first : second;
}

function failuresOf(tallies: readonly FileTally[]): WatchError[] {
  return tallies.flatMap(({ failure, lines }) => {
    if (failure === undefined) return [];
    const read = `${failure.reason}; ${lines.toLocaleString('en-US')} lines before that were read`;
    return [watchError(failure.code, read, failure.help)];
  });
}
