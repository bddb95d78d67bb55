/** `bellwether watch`: arguments, what is printed, and the exit code. */
import { parseArgs } from 'node:util';
import { FORMATS } from '@bellwether/contacts';
import { accountText } from '../watch/account-text.ts';
import { standardInput } from '../watch/chunk-source.ts';
import { describeError, exitCodeOf } from '../watch/errors.ts';
import { STDIN } from '../watch/inputs.ts';
import { STDOUT } from '../watch/outputs.ts';
import { ProgressLine } from '../watch/progress.ts';
import { type WatchOptions, type WatchReport, watch } from '../watch/watch.ts';

const EXIT = { done: 0, unreadable: 1, usage: 2, no: 3, interrupted: 130 } as const;

/** Files that ended early, told one by one. */
const FAILURES_SHOWN = 5;

/** Threads that make sense to ask for at all. */
const MAX_WORKERS = 64;

type Arguments = WatchOptions & { readonly json: boolean; readonly timing: boolean };

/** Runs `bellwether watch ARGS`; gives the exit code. */
export async function watchCommand(args: string[]): Promise<number> {
  const read = readArguments(args);
  if (typeof read === 'string') {
    process.stderr.write(`bellwether watch: ${read}\n\n${USAGE}`);
    return EXIT.usage;
  }
  if (read === undefined) {
    process.stdout.write(helpText());
    return EXIT.done;
  }
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    // Whoever feeds us may be silent for hours: do not wait for the next line.
    if (read.paths.includes(STDIN)) process.stdin.destroy();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let line: ProgressLine | undefined;
  const watched = await watch(read, {
    stdin: standardInput(),
    now: Date.now(),
    clock: () => performance.now(),
    progress: (progress, total) => {
      line ??= new ProgressLine(process.stderr, total, () => performance.now());
      line.show(progress);
    },
    stopped: () => interrupted,
  });
  line?.clear();
  if (interrupted && !(watched.isOk() && watched.value !== undefined)) {
    process.stderr.write('bellwether watch: interrupted; there is no account, and no file was written\n');
    return EXIT.interrupted;
  }
  if (watched.isErr()) {
    process.stderr.write(`bellwether watch: ${describeError(watched.error)}\n`);
    return exitCodeOf(watched.error);
  }
  // It stops only when it is interrupted.
  if (watched.value === undefined) return EXIT.interrupted;
  return print(read, watched.value);
}

function print(args: Arguments, report: WatchReport): number {
  const { account, failures, seconds } = report;
  const timing = {
    seconds: Number(seconds.toFixed(3)),
    linesPerSecond: seconds > 0 ? Math.round(account.lines / seconds) : 0,
  };
  if (args.json) {
    process.stdout.write(`${JSON.stringify(args.timing ? { ...account, timing } : account)}\n`);
  } else {
    const text = accountText({ ...report, decisionsFile: args.decisions });
    const timed = args.timing
      ? `\n${timing.seconds} s, ${timing.linesPerSecond.toLocaleString('en-US')} lines/s\n`
      : '';
    // Where standard output carries records, the account goes beside it.
    const taken = args.decisions === STDOUT || args.verdicts === STDOUT;
    (taken ? process.stderr : process.stdout).write(text + timed);
  }
  for (const failure of failures.slice(0, FAILURES_SHOWN)) {
    process.stderr.write(`bellwether watch: ${describeError(failure)}\n`);
  }
  const more = failures.length - FAILURES_SHOWN;
  if (more > 0)
    process.stderr.write(`bellwether watch: and ${more} more files ended early; --json names them\n`);
  if (account.dispositions.through > 0) return EXIT.no;
  return failures.length > 0 ? EXIT.unreadable : EXIT.done;
}

/** The arguments; undefined for `--help`; a sentence where they make no sense. */
function readArguments(args: string[]): Arguments | string | undefined {
  let values: ReturnType<typeof parse>['values'];
  let paths: string[];
  try {
    ({ values, positionals: paths } = parse(args));
  } catch (error) {
    return (error as Error).message;
  }
  if (values.help === true) return undefined;
  if (paths.length === 0) return 'no file is named; `-` is standard input';
  if (values.history === '') return '--history takes a folder';
  const year = wholeNumber(values.year, 1970, 9998);
  if (year === null) return `--year takes a year, not ${JSON.stringify(values.year)}`;
  const workers = wholeNumber(values.workers, 1, MAX_WORKERS);
  if (workers === null)
    return `--workers takes a number from 1 to ${MAX_WORKERS}, not ${JSON.stringify(values.workers)}`;
  const toStdout = [values.json === true, values.decisions === STDOUT, values.verdicts === STDOUT];
  if (toStdout.filter(Boolean).length > 1)
    return 'only one of --json, --decisions - and --verdicts - can have standard output';
  return {
    paths,
    surface: values.surface,
    format: values.format,
    decisions: values.decisions,
    verdicts: values.verdicts,
    history: values.history,
    year,
    zone: values.tz,
    columns: values.columns,
    workers,
    json: values.json === true,
    timing: values.timing === true,
  };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      surface: { type: 'string' },
      format: { type: 'string' },
      decisions: { type: 'string' },
      verdicts: { type: 'string' },
      history: { type: 'string' },
      year: { type: 'string' },
      tz: { type: 'string' },
      columns: { type: 'string' },
      workers: { type: 'string' },
      timing: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** A whole number in the range; undefined where none is given, null where it is not one. */
function wholeNumber(text: string | undefined, low: number, high: number): number | undefined | null {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : null;
}

const USAGE = `Usage: bellwether watch [OPTIONS] FILE...
\`bellwether watch --help\` tells more.
`;

function helpText(): string {
  const formats = FORMATS.map(({ name, doc }) => `  ${name.padEnd(16)}${doc.of}\n`).join('');
  return `Usage: bellwether watch [OPTIONS] FILE...

Reads the logs of sensors and accounts for every line: what became of each contact, what is thought
of each source, what came through. FILE may be compressed (gzip, zstd); - is standard input.

  --surface FILE     what you offer and to whom (docs/reference/surface.md)
  --format NAME      the format of the files, where it is not recognised
  --tz ZONE          time zone of sensors for which the surface states none, for example
                     America/Chicago; UTC if it is left out
  --columns FILE     which columns of csv and ndjson hold what: {"time": "When", "source": "ip", ...}
  --year N           year of the first line of logs whose lines have no year
  --decisions FILE   write the blocks decided, one JSON object a line; - is standard output
  --verdicts FILE    write what is thought of each source, one JSON object a line
  --history DIR      keep every contact in Parquet files by day and sensor (docs/reference/history.md)
  --workers N        threads; as many as are worth it if left out. The result is the same
  --json             the account as one JSON object on standard output
  --timing           add how long it took
  --help             this text

Exit code: 0 done; 1 an input could not be read; 2 wrong usage; 3 something came through.

Formats, recognised by their lines:
${formats}`;
}
