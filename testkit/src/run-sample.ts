/**
 * `bellwether testkit sample`: writes a day of the sample state into a folder.
 *
 * Exit codes: 0 done, 1 the folder cannot be written, 2 wrong usage.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folderSink } from './folder-sink.ts';
import { DEFAULT_DATE } from './sample/day.ts';
import { generateSample } from './sample/generate-sample.ts';
import { chosen, DEFAULT_SEED, LEAST_SCALE, MOST_SCALE, type SampleOptions } from './sample/options.ts';

/** What `--help` says. */
export const SAMPLE_USAGE = `usage: bellwether testkit sample --out DIR [--seed N] [--date DAY] [--scale X] [--json]

Writes a day of the made-up sample state into DIR: batches/ with one file per sensor, batches.ndjson with what arrives
when, surface.yaml and truth.json.

  --out DIR    folder to write into; made when it is not there
  --seed N     a whole number (${DEFAULT_SEED}); the same options give the same bytes
  --date DAY   local day in Missouri (${DEFAULT_DATE}, the registration deadline)
  --scale X    1 is about 100,000 knocks; from ${LEAST_SCALE} to ${MOST_SCALE} (1)
  --json       one JSON object: what was written, and the totals
`;

/** Runs `testkit sample` with the arguments behind it. Gives the exit code. */
export function runSample(args: readonly string[]): number {
  let values: ReturnType<typeof parse>;
  let options: SampleOptions;
  try {
    values = parse(args);
    options = readSampleOptions(values);
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) {
    process.stdout.write(SAMPLE_USAGE);
    return 0;
  }
  if (values.out === undefined) return complain('--out is missing');
  const sink = folderSink(values.out);
  if (typeof sink === 'string') {
    process.stderr.write(`bellwether testkit: ${sink}\n`);
    return 1;
  }
  const { truth } = generateSample(options, sink);
  sink.close();
  const { totals } = truth;
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ out: values.out, options: truth.options, ...totals })}\n`);
    return 0;
  }
  process.stdout.write(
    `${join(values.out, 'batches.ndjson')}: ${totals.batches} batches of ${totals.sensors} sensors, ${totals.lines} lines, ${totals.knocks} knocks\n`,
  );
  return 0;
}

/** The options of a sample from the words of a command line. Throws what is wrong with them. */
export function readSampleOptions(values: {
  readonly seed?: string | undefined;
  readonly date?: string | undefined;
  readonly scale?: string | undefined;
}): SampleOptions {
  const options = {
    ...(values.seed === undefined ? {} : { seed: numberFrom(values.seed) }),
    ...(values.date === undefined ? {} : { date: values.date }),
    ...(values.scale === undefined ? {} : { scale: numberFrom(values.scale) }),
  };
  chosen(options);
  return options;
}

function numberFrom(text: string): number {
  return /^\d{1,10}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    strict: true,
    options: {
      out: { type: 'string' },
      seed: { type: 'string' },
      date: { type: 'string' },
      scale: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function complain(reason: string): number {
  process.stderr.write(`bellwether testkit: ${reason}\n\n${SAMPLE_USAGE}`);
  return 2;
}
