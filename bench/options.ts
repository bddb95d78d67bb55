/**
 * What a bench is asked to do: `npm run bench -- NAME --full --formats=netfilter,eve --runs=3`.
 */
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';

/** Options that all benches share. */
export type BenchOptions = {
  /** More lines, more sources, more seeds: longer than the ten minutes of a plain run. */
  readonly full: boolean;
  /** A tenth of the nation's registrations in `merkle`: none of the input is kept. */
  readonly nation: boolean;
  /** Runs of each measurement; their median is reported. */
  readonly runs: number;
  /** Inputs to measure, empty for all. */
  readonly formats: readonly string[];
  /** Whether other products are measured beside ours. */
  readonly peers: boolean;
  /** Lines of each input, where the bench's own number is not wanted. */
  readonly lines: number | null;
  /** Where inputs and unpacked peers are kept from run to run: never in the repository. */
  readonly cache: string;
  /** Take inputs of the cache though the generator has changed since. */
  readonly anyInputs: boolean;
  /** The core that one-core measurements run on. */
  readonly core: number;
};

/** Three: enough for a median that one disturbance cannot move, few enough for ten minutes in all. */
const DEFAULT_RUNS = 3;

/** Reads the options; throws on what it does not know, so that a mistyped option never measures something else. */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/.exec(arg) ?? [];
    if (name === undefined || !KNOWN.has(name))
      throw new Error(`unknown option ${arg}; known: ${[...KNOWN].join(' ')}`);
    values.set(name, value ?? '');
  }
  const lines = values.get('lines');
  return {
    full: values.has('full'),
    nation: values.has('nation'),
    runs: Number(values.get('runs') ?? DEFAULT_RUNS),
    formats: values.get('formats')?.split(',') ?? [],
    peers: !values.has('no-peers'),
    lines: lines === undefined ? null : Number(lines),
    cache:
      values.get('cache') ??
      join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bellwether-bench'),
    anyInputs: values.has('any-inputs'),
    core: Number(values.get('core') ?? availableParallelism() - 1),
  };
}

const KNOWN = new Set([
  'full',
  'nation',
  'runs',
  'formats',
  'no-peers',
  'lines',
  'cache',
  'any-inputs',
  'core',
]);
