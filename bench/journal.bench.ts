/**
 * How much the hub's journal puts on disk and acknowledges: alone, with 16 and with 256 who wait at a time, beside a
 * program that appends and syncs for each of them, and beside the disk itself.
 *
 *     npm run bench -- journal [--runs=3] [--no-peers]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchOptions, readOptions } from './options.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table, times, whole } from './running/table.ts';

/** What is measured: bytes of a payload, who wait at a time, and calls in all. */
const CASES = [
  { payload: 65_536, callers: 1, calls: 2_000 },
  { payload: 65_536, callers: 16, calls: 8_000 },
  { payload: 65_536, callers: 256, calls: 16_000 },
  { payload: 200, callers: 1, calls: 2_000 },
  { payload: 200, callers: 16, calls: 20_000 },
  { payload: 200, callers: 256, calls: 200_000 },
] as const;

/** Bytes a second that the largest case is to reach where the disk itself does. */
const AT_LEAST = 300e6;

/** What the measuring process prints. */
type Measured = {
  readonly callsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly callsPerGroup: number;
  readonly readBytesPerSecond: number;
  readonly peerCallsPerSecond: number;
  readonly diskBytesPerSecond: number;
};

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const program = bundled(options);
  const rows = CASES.map((one) => ({ ...one, ...medianOf(options, program, one) }));
  say(
    table(
      [
        'payload, bytes',
        'who wait',
        'MB/s',
        'acknowledged/s',
        'per fsync',
        'append + fsync each',
        'read, MB/s',
        'disk, MB/s',
      ],
      rows.map((row) => [
        whole(row.payload),
        whole(row.callers),
        megabytes(row.bytesPerSecond),
        whole(row.callsPerSecond),
        whole(row.callsPerGroup),
        `${whole(row.peerCallsPerSecond)} (${times(row.callsPerSecond / row.peerCallsPerSecond)})`,
        megabytes(row.readBytesPerSecond),
        megabytes(row.diskBytesPerSecond),
      ]),
    ),
  );
  const best = Math.max(...rows.map(({ bytesPerSecond }) => bytesPerSecond));
  const disk = Math.max(...rows.map(({ diskBytesPerSecond }) => diskBytesPerSecond));
  if (best < AT_LEAST && disk >= AT_LEAST) {
    say(`missed: ${megabytes(best)} MB/s, and ${megabytes(AT_LEAST)} MB/s were promised`);
    process.exitCode = 1;
  }
}

/** The run in the middle by what was acknowledged. */
function medianOf(options: BenchOptions, program: string, one: (typeof CASES)[number]): Measured {
  const folder = join(options.cache, 'journal');
  const runs = Array.from({ length: options.runs }, () => {
    const args = [program, folder, one.payload, one.callers, one.calls].map(String);
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
  }).sort((a, b) => a.callsPerSecond - b.callsPerSecond);
  return runs[Math.floor(runs.length / 2)]!;
}

/** The measuring process stands in the hub: it needs more of the journal than the hub shows to others. */
function bundled(options: BenchOptions): string {
  const source = 'apps/hub/src/platform/bus/testing/measure.ts';
  const program = join(options.cache, 'measure-journal.mjs');
  mkdirSync(options.cache, { recursive: true });
  const flags = ['--bundle', '--platform=node', '--format=esm', '--log-level=error', `--outfile=${program}`];
  execFileSync('node_modules/.bin/esbuild', [source, ...flags], { stdio: 'inherit' });
  return program;
}

function megabytes(bytes: number): string {
  return whole(bytes / 1e6);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
