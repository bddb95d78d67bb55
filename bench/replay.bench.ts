/**
 * How long it takes to replay a log from its genesis: every nightly root, and the last one only. The log is made here, in the form in which
 * a hub serves it, and the command that people run reads it.
 *
 *     npm run bench -- replay [--runs=1] [--full]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchOptions, readOptions } from './options.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table, whole } from './running/table.ts';

/** A plain run: a large county, two months. */
const QUICK = { records: 200_000, nights: 60, changes: 500 } as const;

/** With `--full`: a year of Missouri. */
const MISSOURI = { records: 4_300_000, nights: 365, changes: 10_000 } as const;

/** Promised of a year of Missouri, in seconds on a quiet machine, and of its memory, in bytes. */
const PROMISED = { all: 40, last: 20, bytes: 1e9 } as const;

const PROGRAM = 'apps/verifier/dist/bellwether-verify.js';

/** Seconds of the clock, and of all processors together: signatures are checked in a thread of their own. */
type Measured = { readonly seconds: number; readonly cpu: number; readonly bytes: number };

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  if (!existsSync(PROGRAM)) throw new Error('the verifier is not built: run `npm run build`');
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const { records, nights, changes } = options.full ? MISSOURI : QUICK;
  mkdirSync(options.cache, { recursive: true });
  const folder = mkdtempSync(join(options.cache, 'replay-'));
  try {
    const entries = made(options, folder, records, nights, changes);
    say(
      `${whole(records)} records, ${whole(nights)} nights of ${whole(changes)} changes: ${whole(entries)} entries`,
    );
    const all = medianOf(options.runs, folder, []);
    const last = medianOf(options.runs, folder, ['--last']);
    const rows = [
      ['every nightly root', all],
      ['the last root only', last],
    ] as const;
    say(
      table(
        ['replay', 'seconds', 'CPU seconds', 'resident memory, MB'],
        rows.map(([what, { seconds, cpu, bytes }]) => [
          what,
          seconds.toFixed(1),
          cpu.toFixed(1),
          (bytes / 1e6).toFixed(0),
        ]),
      ),
    );
    const isMissed = all.seconds > PROMISED.all || last.seconds > PROMISED.last || all.bytes > PROMISED.bytes;
    if (options.full && isMissed) {
      say(`missed: ${PROMISED.all} s, ${PROMISED.last} s and ${PROMISED.bytes / 1e6} MB were promised`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the log; how many entries it has. The maker stands beside the verifier's own tests. */
function made(options: BenchOptions, folder: string, ...sizes: readonly number[]): number {
  const program = join(options.cache, 'make-roll.mjs');
  const source = 'apps/verifier/src/testing/make-roll.ts';
  const flags = ['--bundle', '--platform=node', '--format=esm', '--log-level=error', `--outfile=${program}`];
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  execFileSync('node_modules/.bin/esbuild', [source, ...flags, `--banner:js=${require}`], {
    stdio: 'inherit',
  });
  const args = [program, join(folder, 'log'), ...sizes.map(String)];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

function medianOf(runs: number, folder: string, more: readonly string[]): Measured {
  const measured = Array.from({ length: runs }, () => replayOnce(folder, more)).sort(
    (a, b) => a.seconds - b.seconds,
  );
  return measured[Math.floor(runs / 2)]!;
}

/** One replay. What it used is told by a line of its own: the child asks the kernel. */
function replayOnce(folder: string, more: readonly string[]): Measured {
  const probe = `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write('used ' + maxRSS + ' KB ' + (userCPUTime + systemCPUTime) + ' us');
  });`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, PROGRAM];
  const begun = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [...args, 'replay', '--log', join(folder, 'log'), ...more],
    {
      encoding: 'utf8',
    },
  );
  const seconds = (performance.now() - begun) / 1_000;
  if (status !== 0) throw new Error(`the replay ended with ${status}: ${stderr}`);
  const [, kilobytes, microseconds] = /used ([0-9]+) KB ([0-9]+) us/.exec(stderr) ?? [];
  return { seconds, cpu: Number(microseconds) / 1e6, bytes: Number(kilobytes) * 1_024 };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
