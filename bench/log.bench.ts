/**
 * How many entries the evidence log takes a second: sequenced, in tiles, on disk and in a signed checkpoint before they are
 * acknowledged; beside hashing alone, which is the floor, and a program that appends and syncs each entry and makes no tree.
 *
 *     npm run bench -- log.bench [--runs=3] [--lines=400000]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchOptions, readOptions } from './options.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table, times, whole } from './running/table.ts';

/** Entries of a run. */
const ENTRIES = 400_000;

/** Entries of a call, one call after the other: a busy office, a whole night of a state, a redistricting. */
const AT_ONCE = [100, 1_000, 10_000, 65_536] as const;

/** Promised in batches, entries a second. */
const PROMISED = 20_000;

type Measured = {
  readonly entriesPerSecond: number;
  readonly entriesPerCpuSecond: number;
  readonly hashedPerSecond: number;
  readonly peerEntriesPerSecond: number;
};

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const program = bundled(options);
  const total = options.lines ?? ENTRIES;
  const rows = AT_ONCE.map((atOnce) => {
    // Small calls wait for the disk each time: a fortieth of the entries shows as much.
    const entries = atOnce < 1_000 ? total / 40 : total;
    return { atOnce, ...medianOf(options, program, entries, atOnce) };
  });
  say(
    table(
      [
        'entries of a call',
        'entries/s',
        'entries per CPU second',
        'hashed alone',
        'append + fdatasync each',
        'beside it',
      ],
      rows.map((row) => [
        whole(row.atOnce),
        whole(row.entriesPerSecond),
        whole(row.entriesPerCpuSecond),
        whole(row.hashedPerSecond),
        whole(row.peerEntriesPerSecond),
        times(row.entriesPerSecond / row.peerEntriesPerSecond),
      ]),
    ),
  );
  const best = Math.max(...rows.map(({ entriesPerSecond }) => entriesPerSecond));
  if (best < PROMISED) {
    say(`missed: ${whole(best)} entries/s, and ${whole(PROMISED)} were promised`);
    process.exitCode = 1;
  }
}

function medianOf(options: BenchOptions, program: string, entries: number, atOnce: number): Measured {
  const folder = join(options.cache, 'evidence-log');
  const runs = Array.from({ length: options.runs }, () => {
    const args = [program, folder, entries, atOnce].map(String);
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
  }).sort((a, b) => a.entriesPerSecond - b.entriesPerSecond);
  return runs[Math.floor(runs.length / 2)]!;
}

/** The measuring process stands in the hub: it needs more of the log than the hub shows to others. */
function bundled(options: BenchOptions): string {
  const source = 'apps/hub/src/platform/evidence/testing/measure.ts';
  const program = join(options.cache, 'measure-log.mjs');
  mkdirSync(options.cache, { recursive: true });
  const flags = ['--bundle', '--platform=node', '--format=esm', '--log-level=error', `--outfile=${program}`];
  execFileSync('node_modules/.bin/esbuild', [source, ...flags], { stdio: 'inherit' });
  return program;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
