/**
 * The history of contacts: how fast the hub writes it, and how fast it answers over 30 days and (`--full`) a year of
 * 100,000 contacts a day, beside the same rows in plain Parquet files by day and office.
 *
 *     npm run bench -- history
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchOptions, readOptions } from './options.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table, times, whole } from './running/table.ts';

/** Flushes of a writing run: 5 million rows. */
const FLUSHES = 40;

/** What a page may take, ms, by the days that are asked about. */
const ASKED: Readonly<Record<number, number>> = { 30: 300, 365: 2000 };

type Answer = {
  readonly name: string;
  readonly first: number;
  readonly again: number;
  readonly total: number;
};
type Searched = {
  readonly opened: number;
  readonly answers: readonly Answer[];
  readonly bytes: number;
  readonly memory: number;
};

const options = readOptions(process.argv.slice(2));
const program = bundled();
say(`${describeMachine()}; load before: ${loadBefore()}`);
say(`\n## Writing, one core\n\n${writing(options)}`);
for (const days of options.full ? [30, 365] : [30]) {
  const searched = searching(options, days);
  say(`\n## A page and its sum over ${days} days of 100,000 contacts\n\n${searched}`);
}

function bundled(): string {
  const program = '.build/measure-history.mjs';
  execFileSync('node_modules/.bin/esbuild', [
    'apps/hub/src/platform/history/testing/measure.ts',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--external:@duckdb/node-api',
    '--log-level=error',
    `--outfile=${program}`,
  ]);
  return program;
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function writing({ cache, core }: BenchOptions): string {
  const folder = join(cache, 'history-written');
  mkdirSync(folder, { recursive: true });
  const printed = execFileSync(
    'taskset',
    ['-c', `${core}`, process.execPath, program, 'write', folder, `${FLUSHES}`],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  const { take, write, memory } = JSON.parse(printed) as { take: number; write: number; memory: number };
  const head = ['packed, rows/s', 'asked', 'in Parquet on disk, rows/s', 'MB'];
  return table(head, [[whole(1000 * take), whole(1_000_000), whole(1000 * write), whole(memory)]]);
}

function searching({ cache, peers }: BenchOptions, days: number): string {
  const folder = join(cache, `history-${days}`);
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`${days} days ...\n`);
  run(['generate', folder, `${days}`]);
  const ours = JSON.parse(run(['search', folder, `${days}`])) as Searched;
  const theirs = peers ? (JSON.parse(run(['peer', folder, `${days}`])) as Searched) : undefined;
  const rows = ours.answers.map(({ name, first, again, total }, i) => {
    const peer = theirs?.answers[i];
    if (peer !== undefined && peer.total !== total)
      throw new Error(`${name}: ${total}, and the peer has ${peer.total}`);
    return [
      name,
      whole(total),
      whole(first),
      whole(again),
      whole(ASKED[days]!),
      peer === undefined ? '—' : whole(peer.again),
      peer === undefined ? '—' : times(peer.again / again),
    ];
  });
  const head = ['question', 'contacts', 'first, ms', 'again, ms', 'asked, ms', 'plain files, ms', 'ratio'];
  const about = `Opened in ${whole(ours.opened)} ms; ${whole(ours.bytes / 1e6)} MB of files; process ${whole(ours.memory)} MB`;
  const peer = theirs === undefined ? '' : `, with plain files ${whole(theirs.memory)} MB`;
  return `${table(head, rows)}\n\n${about}${peer}.`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
