/** `bellwether surface`: drafts a surface from logs, and looks for mistakes in one. */
import { parseArgs } from 'node:util';
import { formatSurfaceError } from '@bellwether/contacts/surface';
import { standardInput } from '../watch/chunk-source.ts';
import { describeError, exitCodeOf, type WatchError } from '../watch/errors.ts';
import { STDIN } from '../watch/inputs.ts';
import { ProgressLine } from '../watch/progress.ts';
import { suggestSurface } from '../watch/suggest.ts';
import { checkSurface } from '../watch/surface-file.ts';

const EXIT = { done: 0, unreadable: 1, usage: 2, interrupted: 130 } as const;

/** Runs `bellwether surface ARGS`; gives the exit code. */
export async function surfaceCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [action, ...paths] = positionals;
  if (action === 'suggest')
    return paths.length === 0 ? wrongUsage('no log is named') : suggest(paths, values);
  if (action === 'check') {
    return paths.length === 1 ? check(paths[0]!, values.json === true) : wrongUsage('check takes one file');
  }
  return wrongUsage(
    action === undefined ? 'suggest or check?' : `there is no ${JSON.stringify(action)} here`,
  );
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      year: { type: 'string' },
      tz: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

async function suggest(paths: readonly string[], values: Values): Promise<number> {
  const year = values.year === undefined ? undefined : Number(values.year);
  if (year !== undefined && !(Number.isInteger(year) && year >= 1970 && year <= 9998)) {
    return wrongUsage(`--year takes a year, not ${JSON.stringify(values.year)}`);
  }
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    if (paths.includes(STDIN)) process.stdin.destroy();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let line: ProgressLine | undefined;
  const options = { format: values.format, year, zone: values.tz, columns: undefined };
  const suggested = await suggestSurface(paths, options, {
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
  if (interrupted && !(suggested.isOk() && suggested.value !== undefined)) {
    process.stderr.write('bellwether surface: interrupted; there is no draft\n');
    return EXIT.interrupted;
  }
  if (suggested.isErr()) return failed(suggested.error);
  if (suggested.value === undefined) return EXIT.interrupted;
  const { yaml, files } = suggested.value;
  if (values.json === true) {
    const read = files.map(({ path, format, lines, unreadable }) => ({ path, format, lines, unreadable }));
    process.stdout.write(`${JSON.stringify({ schema: 'bellwether/surface-draft@1', yaml, files: read })}\n`);
  } else {
    process.stdout.write(yaml);
  }
  const failures = files.flatMap(({ failure }) => failure ?? []);
  for (const failure of failures) failed(failure);
  return failures.length > 0 ? EXIT.unreadable : EXIT.done;
}

function check(path: string, json: boolean): number {
  const checked = checkSurface(path);
  if (checked.isErr()) return failed(checked.error);
  const { surface, mistakes, sha256 } = checked.value;
  if (json) {
    const problems = mistakes?.problems ?? [];
    const answer = { schema: 'bellwether/surface-check@1', valid: mistakes === undefined, problems };
    process.stdout.write(`${JSON.stringify({ ...answer, more: mistakes?.more ?? 0, sha256 })}\n`);
  } else if (mistakes !== undefined) {
    process.stderr.write(`${formatSurfaceError(mistakes, path)}\n`);
  } else {
    const { services, networks, sensors, authorised, engagements } = surface!;
    process.stdout.write(
      `${path} is a surface: ${networks.length} networks, ${services.length} services, ${authorised.length} authorised, ${sensors.length} sensors, ${engagements.length} permitted tests.\n`,
    );
  }
  return mistakes === undefined ? EXIT.done : EXIT.unreadable;
}

function failed(error: WatchError): 1 | 2 {
  process.stderr.write(`bellwether surface: ${describeError(error)}\n`);
  return exitCodeOf(error);
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether surface: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether surface suggest [--format NAME] [--tz ZONE] [--year N] [--json] LOG...
       bellwether surface check [--json] FILE

suggest reads logs and writes, on standard output, a draft of what you offer and to whom, from what
        was served in them. Each of its lines is to be confirmed by somebody who knows.
check   looks for mistakes in a surface, and names their lines.

Exit code: 0 done; 1 a file could not be read, or has mistakes; 2 wrong usage.
docs/reference/surface.md tells how to write one.
`;
