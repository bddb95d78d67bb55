/** `bellwether watch` as a whole process: what people start, nothing left out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BELLWETHER } from './inputs.ts';
import { measure, median, type Used } from './processes.ts';

/** The parts of `bellwether/account@1` that benches look at. */
export type Account = {
  readonly lines: number;
  readonly repeated: number;
  readonly unreadable: number;
  readonly ignored: number;
  readonly detail: number;
  readonly contacts: number;
  readonly knocks: number;
  readonly dispositions: Readonly<Record<string, number>>;
  readonly balanced: boolean;
  readonly sources: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly campaigns: number;
  readonly decisions: number;
  readonly wrongBlocks: {
    readonly tested: number;
    readonly bound: number | null;
    readonly nominal: number;
    readonly model: Readonly<Record<string, number | string>>;
  };
  readonly through: ReadonlyArray<{
    readonly time: string;
    readonly source: string;
    readonly destination: string | null;
    readonly port: number;
    readonly reason: string;
    readonly file: string;
    readonly line: number;
  }>;
};

/** A run of `watch`: what it used, and its account. */
export type WatchRun = { readonly used: Used; readonly account: Account };

/** How to run it. */
export type WatchOptions = {
  /** Cores for `taskset`: "1", "0,1". */
  readonly cores: string;
  readonly runs: number;
  readonly surface?: string;
  readonly workers?: number;
  /** Further arguments. */
  readonly more?: readonly string[];
};

/** Runs `watch` over files so many times; the median run. Throws when it fails or its account does not balance. */
export function watch(files: readonly string[], options: WatchOptions): WatchRun {
  const surface = options.surface === undefined ? [] : ['--surface', options.surface];
  const args = [
    'watch',
    '--json',
    '--workers',
    `${options.workers ?? 1}`,
    ...surface,
    ...(options.more ?? []),
    ...files,
  ];
  const runs = Array.from({ length: options.runs }, () =>
    measure(options.cores, [process.execPath, BELLWETHER, ...args]),
  );
  const used = median(runs);
  // 0: done. 3: done, and something came through.
  if (used.status !== 0 && used.status !== 3)
    throw new Error(`watch ended with ${used.status}: ${used.stderr.trim()}`);
  const account = JSON.parse(used.stdout) as Account;
  if (!account.balanced) throw new Error(`the account of ${files.join(' ')} does not balance`);
  return { used, account };
}

/** Runs `watch` once more and gives the paths of its decisions and verdicts to `look`; they are removed afterwards. */
export function withOutputs<T>(
  files: readonly string[],
  options: WatchOptions,
  look: (run: WatchRun, outputs: { readonly decisions: string; readonly verdicts: string }) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
  const decisions = join(folder, 'decisions.ndjson');
  const verdicts = join(folder, 'verdicts.ndjson');
  try {
    const more = ['--decisions', decisions, '--verdicts', verdicts, ...(options.more ?? [])];
    return look(watch(files, { ...options, more }), { decisions, verdicts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
