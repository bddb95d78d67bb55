/**
 * `bellwether testkit`: writes a run (`contacts`), a day of the sample state (`sample`, run-sample.ts), a voter file
 * and its days (`rolls`, run-rolls.ts) or mail (`mail`, run-mail.ts) into a folder.
 *
 * Exit codes: 0 done, 1 the folder cannot be written, 2 wrong usage.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FORMAT_NAMES, type FormatName, isFormatName } from './contacts/formats.ts';
import { type ContactsOptions, generateContacts } from './contacts/generate.ts';
import type { SyslogStyle } from './contacts/writers/syslog.ts';
import { folderSink } from './folder-sink.ts';
import { MAIL_USAGE, runMail } from './run-mail.ts';
import { ROLLS_USAGE, runRolls } from './run-rolls.ts';
import { runSample, SAMPLE_USAGE } from './run-sample.ts';

const USAGE = `usage: bellwether testkit contacts --lines N --seed S --formats LIST --out DIR [--days D] [--start ISO] [--syslog STYLE]

Writes one file per format, surface.yaml and truth.json into DIR.

  --lines N       lines of each file, 5000 or more; within 5 % from 20000 on
  --seed S        a whole number; the same seed gives the same bytes
  --formats LIST  names with commas, or "all": ${FORMAT_NAMES.join(' ')}
  --out DIR       folder to write into; made when it is not there
  --days D        length of the run (1)
  --start ISO     when it starts (local midnight of the registration deadline, 2026-10-07)
  --syslog STYLE  rfc3164, rfc5424 or mixed, instead of each product's usual header
`;

/** Fewest lines that hold one source of every class. */
const FEWEST_LINES = 5_000;

/** Most lines: beyond it the truth about the sources no longer fits one process. */
const MOST_LINES = 20_000_000;

/** Longest run: a quarter, more than any window of the product. */
const MOST_DAYS = 92;

/** Runs `testkit` with its arguments; `argv[0]` is the name of the generator. Gives the exit code. */
export async function runTestkit(argv: string[]): Promise<number> {
  const [generator, ...rest] = argv;
  if (generator === '--help' || generator === '-h')
    return say(`${USAGE}\n${SAMPLE_USAGE}\n${ROLLS_USAGE}\n${MAIL_USAGE}`);
  if (generator === 'sample') return runSample(rest);
  if (generator === 'rolls') return runRolls(rest);
  if (generator === 'mail') return runMail(rest);
  if (generator !== 'contacts') return complain(`unknown generator: ${generator ?? '(none)'}`);
  if (rest.includes('--help') || rest.includes('-h')) return say(USAGE);
  const read = readOptions(rest);
  if (typeof read === 'string') return complain(read);
  const sink = folderSink(read.out);
  if (typeof sink === 'string') {
    process.stderr.write(`bellwether testkit: ${sink}\n`);
    return 1;
  }
  const truth = generateContacts(read.options, sink);
  sink.close();
  for (const { file, lines } of truth.files)
    process.stdout.write(`${join(read.out, file)}: ${lines} lines\n`);
  return 0;
}

function readOptions(args: string[]): string | { readonly options: ContactsOptions; readonly out: string } {
  let values: Record<string, string | undefined>;
  try {
    const text = { type: 'string' } as const;
    const options = {
      lines: text,
      seed: text,
      formats: text,
      out: text,
      days: text,
      start: text,
      syslog: text,
    };
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const lines = wholeNumber(values.lines, FEWEST_LINES, MOST_LINES);
  if (lines === undefined) return `--lines must be a whole number from ${FEWEST_LINES} to ${MOST_LINES}`;
  const seed = wholeNumber(values.seed, 0, 4_294_967_295);
  if (seed === undefined) return '--seed must be a whole number from 0 to 4294967295';
  const formats = readFormats(values.formats);
  if (typeof formats === 'string') return formats;
  const days = wholeNumber(values.days ?? '1', 1, MOST_DAYS);
  if (days === undefined) return `--days must be a whole number from 1 to ${MOST_DAYS}`;
  const start = values.start;
  if (start !== undefined && Number.isNaN(Date.parse(start))) return '--start must be a time in ISO 8601';
  const syslog = values.syslog;
  if (syslog !== undefined && !isSyslogStyle(syslog)) return '--syslog must be rfc3164, rfc5424 or mixed';
  if (values.out === undefined) return '--out is missing';
  const options: ContactsOptions = {
    lines,
    seed,
    formats,
    days,
    ...(start === undefined ? {} : { start }),
    ...(syslog === undefined ? {} : { syslog }),
  };
  return { options, out: values.out };
}

function readFormats(list: string | undefined): string | readonly FormatName[] {
  if (list === undefined) return '--formats is missing';
  if (list === 'all') return FORMAT_NAMES;
  const names = list.split(',');
  const unknown = names.find((name) => !isFormatName(name));
  return unknown === undefined ? names.filter(isFormatName) : `unknown format: ${unknown}`;
}

function isSyslogStyle(text: string): text is SyslogStyle {
  return text === 'rfc3164' || text === 'rfc5424' || text === 'mixed';
}

function wholeNumber(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(reason: string): number {
  process.stderr.write(`bellwether testkit: ${reason}\n\n${USAGE}`);
  return 2;
}
