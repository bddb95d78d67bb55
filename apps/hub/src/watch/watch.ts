/**
 * `bellwether watch`, as it goes: look at the inputs, plan, open the outputs, read and judge, account. What is printed
 * and where is the command's affair (commands/watch.ts).
 */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { err, ok, type Result } from '@bellwether/basics';
import { type CompiledSurface, compileSurface, type Outcome } from '@bellwether/contacts';
import { type Account, accountOf } from './account.ts';
import { watchAlone } from './alone.ts';
import { readColumnMap } from './column-map.ts';
import type { Crew } from './crew.ts';
import { type WatchError, watchError } from './errors.ts';
import type { Input } from './inputs.ts';
import { blockSizeFor, type History, HistoryFailed, type Job, type Progress, type Watched } from './job.ts';
import { Output } from './outputs.ts';
import type { FilePlan } from './plan.ts';
import { type Planned, planInputs } from './planning.ts';
import type { SurfaceFile } from './surface-file.ts';
import type { FileTally } from './tally.ts';

/** What is asked for. */
export type WatchOptions = {
  /** Inputs as the user named them; `-` is standard input. */
  readonly paths: readonly string[];
  readonly surface: string | undefined;
  readonly format: string | undefined;
  readonly decisions: string | undefined;
  readonly verdicts: string | undefined;
  /** Folder of the history of contacts. */
  readonly history: string | undefined;
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
  const began = world.clock();
  const stated = await loadSurface(options.surface);
  if (stated.isErr()) return stated;
  const columns = options.columns === undefined ? ok(undefined) : readColumnMap(options.columns);
  if (columns.isErr()) return columns;

  // Workers start while the work is planned.
  const crew = await startCrew(options.workers ?? workersFor(options.paths));
  try {
    const planning = { ...options, columns: columns.value };
    const surface = compileSurface(stated.value?.surface ?? null);
    const planned = await planInputs(options.paths, world.stdin, surface, planning, world.now);
    if (planned.isErr()) return planned;
    const work: Work = { ...planned.value, surface, file: stated.value };
    const report = await watchPlanned(work, options, world, crew);
    for (const { release } of work.inputs) release();
    return report.map((made) => made && { ...made, seconds: (world.clock() - began) / 1000 });
  } finally {
    await crew?.end();
  }
}

/** Everything that is known before anything is read. */
type Work = Planned & { readonly surface: CompiledSurface; readonly file: SurfaceFile | undefined };

async function watchPlanned(
  work: Work,
  options: WatchOptions,
  world: World,
  crew: Crew | undefined,
): Promise<Result<Omit<WatchReport, 'seconds'> | undefined, WatchError>> {
  const { inputs, plans, surface, file } = work;
  const outputs = openOutputs(options);
  if (outputs.isErr()) return outputs;

  const history = await openHistory(options.history, plans);
  if (history.isErr()) {
    outputs.value.decisions?.discard();
    outputs.value.verdicts?.discard();
    return history;
  }

  const bytesTotal = inputs.some(isPipe) ? 0 : inputs.reduce((total, { size }) => total + size, 0);
  const job: Job = {
    inputs,
    plans,
    stated: file?.surface ?? null,
    surface,
    blockSize: blockSizeFor(inputs.length),
    progress: (progress) => world.progress(progress, bytesTotal),
    stopped: world.stopped,
    history: history.value,
  };
  const watched = await readAndJudge(job, crew);
  if (watched.isErr() || watched.value === undefined) {
    outputs.value.decisions?.discard();
    outputs.value.verdicts?.discard();
    history.value?.discard();
    return watched.isErr() ? watched : ok(undefined);
  }
  const { outcome, tallies } = watched.value;
  const sensors = plans.map(({ info }) => surface.sensors[info.sensorIndex]);
  const account = accountOf(outcome.account, {
    plans,
    tallies,
    sampled: sensors.map((sensor) => (sensor?.sampling ?? 1) > 1),
    surface: file?.sha256 ?? null,
  });
  const written = writeOutputs(outputs.value, outcome);
  const kept = await history.value?.finish(
    inputs.map((input, i) => ({
      path: input.path,
      size: isPipe(input) ? undefined : input.size,
      lines: tallies[i]!.lines,
      from: account.from,
      to: account.to,
    })),
  );
  if (written.isErr()) return written;
  if (kept?.isErr()) return kept;
  return ok({
    account,
    plans,
    failures: failuresOf(tallies),
    complete: sensors.every((sensor) => sensor?.completeness === 'complete'),
  });
}

async function loadSurface(path: string | undefined): Promise<Result<SurfaceFile | undefined, WatchError>> {
  if (path === undefined) return ok(undefined);
  // The reader of YAML is loaded only where there is any.
  const { readSurface } = await import('./surface-file.ts');
  return readSurface(path);
}

async function startCrew(workers: number): Promise<Crew | undefined> {
  if (workers === 1) return undefined;
  const { Crew } = await import('./crew.ts');
  return new Crew(workers);
}

async function openHistory(
  folder: string | undefined,
  plans: readonly FilePlan[],
): Promise<Result<History | undefined, WatchError>> {
  if (folder === undefined) return ok(undefined);
  let opening: typeof import('./history.ts');
  try {
    // DuckDB is 70 MB of native code: loaded only where there is a history, and not there for every machine.
    opening = await import('./history.ts');
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return err(watchError('WATCH_HISTORY_UNAVAILABLE', `DuckDB cannot be loaded: ${reason}`));
  }
  return opening.openHistory(
    folder,
    plans.map(({ info }) => info),
  );
}

async function readAndJudge(
  job: Job,
  crew: Crew | undefined,
): Promise<Result<Watched | undefined, WatchError>> {
  try {
    if (crew === undefined) return ok(await watchAlone(job));
    const { watchTogether } = await import('./together.ts');
    return await watchTogether(job, crew);
  } catch (error) {
    if (error instanceof HistoryFailed) return err(error.problem);
    throw error;
  }
}

function isPipe({ changed }: Input): boolean {
  return Number.isNaN(changed);
}

function workersFor(paths: readonly string[]): number {
  let bytes = 0;
  for (const path of paths) {
    try {
      bytes += statSync(path).size;
    } catch {
      // Planning will say what is wrong with it.
    }
  }
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

/** Decisions and verdicts are made when they are asked for, so they are asked for only where somebody wants them. */
function writeOutputs({ decisions, verdicts }: Outputs, outcome: Outcome): Result<void, WatchError> {
  const first = decisions?.finish(outcome.decisions) ?? ok();
  const second = verdicts?.finish(outcome.verdicts) ?? ok();
  return first.isErr() ? first : second;
}

function failuresOf(tallies: readonly FileTally[]): WatchError[] {
  return tallies.flatMap(({ failure, lines }) => {
    if (failure === undefined) return [];
    const read = `${failure.reason}; ${lines.toLocaleString('en-US')} lines before that were read`;
    return [watchError(failure.code, read, failure.help)];
  });
}
