/**
 * How fast `bellwether watch` accounts for lines, and in how much memory: whole process, one core, beside what the
 * machine could do at most and beside other products on the same files.
 *
 *     npm run bench -- watch [--formats=netfilter,eve] [--runs=3] [--no-peers] [--full]
 */
import { basename, join } from 'node:path';
import type { FormatName } from '@bellwether/testkit';
import { manySources } from './many-sources.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { firstLines, measurePeers } from './peers/measure-peers.ts';
import { PEER_LINES } from './peers/peer.ts';
import { type Input, inputOf } from './running/inputs.ts';
import { type Limits, limitsOf } from './running/limits.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { measure } from './running/processes.ts';
import { profileWatch, STAGE_NAMES } from './running/profile.ts';
import { percent, table, times, whole } from './running/table.ts';
import { type WatchRun, watch } from './running/watch.ts';

/** One input and what is asked of it: lines a second at least, on one core. */
type Case = {
  readonly format: FormatName;
  readonly lines: number;
  readonly fullLines: number;
  readonly atLeast: number;
};

/** The figures that the project has promised. */
const CASES: readonly Case[] = [
  { format: 'netfilter', lines: 1_000_000, fullLines: 1_000_000, atLeast: 700_000 },
  { format: 'zeek-conn', lines: 2_000_000, fullLines: 5_000_000, atLeast: 2_000_000 },
  { format: 'eve', lines: 1_000_000, fullLines: 1_000_000, atLeast: 900_000 },
  { format: 'nginx', lines: 1_000_000, fullLines: 1_000_000, atLeast: 600_000 },
  { format: 'sshd', lines: 1_000_000, fullLines: 1_000_000, atLeast: 800_000 },
];

/** The other formats, with `--full`. */
const MORE_FORMATS: readonly FormatName[] = [
  'filterlog',
  'apache',
  'iis',
  'zeek-http',
  'zeek-ssh',
  'zeek-json',
  'asa',
  'paloalto',
  'fortinet',
  'cef',
  'windows-events',
  'pfirewall',
  'entra-signin',
  'flow-aws',
  'flow-nfdump',
];

/** Lines of each of those. */
const MORE_LINES = 300_000;

/** Seed of the inputs. Nothing was tuned on it; it is fixed so that runs can be compared. */
const SEED = 41_017;

/** Memory that `watch` may have with 160,000 sources, MB. */
const MOST_MEMORY = 256;

/** How a child of this bench is told to measure the limits of one file. */
const LIMITS_OF = '--limits-of=';

const [first] = process.argv.slice(2);
if (first?.startsWith(LIMITS_OF)) {
  process.stdout.write(JSON.stringify(limitsOf(first.slice(LIMITS_OF.length))));
} else {
  await main(readOptions(process.argv.slice(2)));
}

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const chosen = CASES.filter(
    ({ format }) => options.formats.length === 0 || options.formats.includes(format),
  );
  const measured = chosen.map((each) => measureCase(options, each));
  say(`\n## One core, whole process (median of ${options.runs})\n\n${speedTable(measured)}`);
  say(`\n## Share of the machine's limit\n\n${limitTable(measured)}`);
  say(`\n## Where the time goes\n\n${profileTable(options, measured)}`);
  say(`\n## Two workers beside one\n\n${workersTable(options, measured)}`);
  if (options.full) {
    say(`\n## Other formats\n\n${otherFormats(options)}`);
    say(`\n## Ten million sources\n\n${manySources(options)}`);
  }
  if (options.peers) say(`\n## Beside other products\n\n${await peersTable(options, measured)}`);
}

type Measured = {
  readonly of: Case;
  readonly input: Input;
  readonly limits: Limits;
  readonly withSurface: WatchRun;
  readonly bare: WatchRun;
};

function measureCase(options: BenchOptions, of: Case): Measured {
  const input = inputOf(options, of.format, options.lines ?? (options.full ? of.fullLines : of.lines), SEED);
  process.stderr.write(`${of.format}: ${whole(input.lines)} lines ...\n`);
  // The limits come first: afterwards the file is in the page cache for everybody.
  const limits = limitsInChild(options, input);
  const one = { cores: `${options.core}`, runs: options.runs };
  const withSurface = watch([input.path], { ...one, surface: input.surface });
  const bare = watch([input.path], one);
  return { of, input, limits, withSurface, bare };
}

function limitsInChild(options: BenchOptions, input: Input): Limits {
  const { stdout } = measure(`${options.core}`, [process.execPath, process.argv[1]!, LIMITS_OF + input.path]);
  return JSON.parse(stdout) as Limits;
}

function speedTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ of, input, withSurface: run, bare }) => {
    const speed = input.lines / run.used.wall;
    return [
      of.format,
      whole(input.lines),
      whole(input.bytes / input.lines),
      whole(run.account.sources),
      whole(speed),
      whole(of.atLeast),
      (speed / of.atLeast).toFixed(2),
      run.used.cpu.toFixed(2),
      met(run.used.memory, MOST_MEMORY),
      whole(input.lines / bare.used.wall),
    ];
  });
  const head = [
    'input',
    'lines',
    'bytes/line',
    'sources',
    'lines/s',
    'asked',
    'of asked',
    'CPU s',
    'MB',
    'lines/s, no surface',
  ];
  return table(head, rows);
}

function met(memory: number, most: number): string {
  return memory <= most ? whole(memory) : `${whole(memory)} > ${most}`;
}

function limitTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ of, input, limits, withSurface: { used } }) => [
    of.format,
    whole(input.bytes / 1e6 / used.wall),
    whole(input.bytes / 1e6 / limits.read),
    whole(input.bytes / 1e6 / limits.split),
    whole(input.bytes / 1e6 / limits.scan),
    percent(limits.split, used.wall),
    percent(limits.scan, used.wall),
  ]);
  const head = [
    'input',
    'watch MB/s',
    'read MB/s',
    'line split MB/s',
    'byte scan MB/s',
    'of line split',
    'of byte scan',
  ];
  return table(head, rows);
}

function profileTable(options: BenchOptions, measured: readonly Measured[]): string {
  const profiles = measured.map(({ of, input }) => ({
    of,
    profile: profileWatch(input.path, input.surface, options.core),
  }));
  const rows = profiles.map(({ of, profile }) => [
    of.format,
    ...STAGE_NAMES.map((stage) => percent(profile.stages.get(stage) ?? 0, 1)),
  ]);
  const most = profiles.map(({ of, profile }) => {
    const named = profile.functions.map(
      ({ name, file, share }) => `${name} (${basename(file)}) ${percent(share, 1)}`,
    );
    return `- ${of.format}: ${named.join(', ')}`;
  });
  return `${table(['input', ...STAGE_NAMES], rows)}\n\nFunctions that take most:\n${most.join('\n')}`;
}

function workersTable(options: BenchOptions, measured: readonly Measured[]): string {
  const cores = `0-${Math.max(1, options.core)}`;
  const rows = measured.map(({ of, input }) => {
    const run = (workers: number) =>
      watch([input.path], { cores, runs: options.runs, workers, surface: input.surface });
    const [one, two] = [run(1).used, run(2).used];
    return [
      of.format,
      whole(input.lines / one.wall),
      whole(input.lines / two.wall),
      times(one.wall / two.wall),
      whole(two.memory),
    ];
  });
  return table(
    ['input', 'one worker, lines/s', 'two workers, lines/s', 'ratio (asked: 1.5)', 'MB with two'],
    rows,
  );
}

function otherFormats(options: BenchOptions): string {
  const rows = MORE_FORMATS.map((format) => {
    const input = inputOf(options, format, MORE_LINES, SEED);
    const { used } = watch([input.path], {
      cores: `${options.core}`,
      runs: options.runs,
      surface: input.surface,
    });
    return [
      format,
      whole(input.lines),
      whole(input.bytes / input.lines),
      whole(input.lines / used.wall),
      whole(used.memory),
    ];
  });
  return table(['input', 'lines', 'bytes/line', 'lines/s', 'MB'], rows);
}

/** Peers per CPU-second without start-up; ours per CPU-second of the whole process, start-up included. */
async function peersTable(options: BenchOptions, measured: readonly Measured[]): Promise<string> {
  const results = await measurePeers(
    options,
    measured.map(({ input }) => input),
  );
  const rows = results.map((result) => {
    if ('reason' in result) return [result.peer, result.input, `no figure: ${result.reason}`];
    const { input, withSurface } = measured.find(({ of }) => of.format === result.input)!;
    const theirs = result.lines / result.cpu;
    return [
      `${result.peer} ${result.version}`,
      result.input,
      whole(theirs),
      result.matched === null ? '—' : percent(result.matched, result.lines),
      result.startup.toFixed(1),
      whole(result.memory),
      whole(input.lines / withSurface.used.cpu),
      times(input.lines / withSurface.used.cpu / theirs),
      times(ourRateOnSame(options, input) / theirs),
    ];
  });
  const head = [
    'peer',
    'input',
    'lines per CPU-s',
    'of lines matched',
    'start-up CPU s',
    'MB',
    'Bellwether, lines per CPU-s',
    'ratio',
    'ratio on the same lines',
  ];
  return table(head, rows);
}

/** Our lines per CPU-second on the very lines that peers read, with start-up taken off as it is for them. */
function ourRateOnSame(options: BenchOptions, input: Input): number {
  const cache = join(options.cache, 'peers');
  const cpuOf = (lines: number): number => {
    const { path } = firstLines(cache, input, lines);
    const runs = Array.from({ length: options.runs }, () =>
      watch([path], {
        cores: `${options.core}`,
        runs: 1,
        surface: input.surface,
        more: ['--format', watchFormat(input.format)],
      }),
    );
    return runs.reduce((sum, { used }) => sum + used.cpu, 0) / runs.length;
  };
  return PEER_LINES / Math.max(0.01, cpuOf(PEER_LINES) - cpuOf(20));
}

/** The name that `watch --format` has for a format of the testkit. */
function watchFormat(format: FormatName): string {
  return format.startsWith('zeek') ? 'zeek' : format;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
