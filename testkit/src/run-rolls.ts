/**
 * `bellwether testkit rolls`: writes a made-up voter file, its days and the truth about them into a folder.
 *
 * Exit codes: 0 done, 1 the folder cannot be written, 2 wrong usage.
 */
import { parseArgs } from 'node:util';
import { folderSink } from './folder-sink.ts';
import { ATTACK_NAMES, type AttackName, isAttackName } from './rolls/classes/index.ts';
import { generateRolls, type RollsFiles } from './rolls/generate-rolls.ts';
import { ROLLS_FORMATS } from './rolls/mapping.ts';
import {
  chosenRolls,
  DEFAULT_START,
  FEWEST_VOTERS,
  MOST_ROLL_DAYS,
  MOST_VOTERS,
  type RollsOptions,
} from './rolls/options.ts';
import type { RollsTruth } from './rolls/truth.ts';

/** What `--help` says. */
export const ROLLS_USAGE = `usage: bellwether testkit rolls --voters N --days D --seed S --attacks LIST --out DIR [OPTIONS]

Writes a made-up voter file of the 116 offices into DIR: db-before.csv, the dump of each night, transactions.ndjson,
mapping.yaml and truth.json.

  --voters N      live registrations, ${FEWEST_VOTERS} to ${MOST_VOTERS}
  --days D        days, and nights after them, 1 to ${MOST_ROLL_DAYS}
  --seed S        a whole number; the same options give the same bytes
  --attacks LIST  names with commas, "all" or "none": ${ATTACK_NAMES.join(' ')}
  --out DIR       folder to write into; made when it is not there
  --start DAY     the first day (${DEFAULT_START}, two days before a registration deadline)
  --nights WHICH  dumps of which nights: all (so if left out) or last
  --lists         also public-list-a.csv and public-list-b.csv, before the first day and after the last
  --format FORM   dumps as csv (so if left out) or vri-json, the voter records of NIST SP 1500-102
  --json          one JSON object: what was written, and the totals
`;

/** Runs `testkit rolls` with the arguments behind it. Gives the exit code. */
export function runRolls(args: readonly string[]): number {
  let values: ReturnType<typeof parse>;
  let read: { readonly options: RollsOptions; readonly files: RollsFiles };
  try {
    values = parse(args);
    if (values.help === true) {
      process.stdout.write(ROLLS_USAGE);
      return 0;
    }
    read = readRollsOptions(values);
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  const out = values.out;
  if (out === undefined) return complain('--out is missing');
  const sink = folderSink(out);
  if (typeof sink === 'string') {
    process.stderr.write(`bellwether testkit: ${sink}\n`);
    return 1;
  }
  let truth: RollsTruth;
  try {
    truth = generateRolls(read.options, read.files, sink);
  } catch (error) {
    if (error instanceof RangeError) return complain(error.message);
    throw error;
  } finally {
    sink.close();
  }
  const changed = truth.nights.reduce((sum, night) => sum + night.changed, 0);
  const totals = {
    voters: truth.voters,
    nights: truth.nights.length,
    changed,
    attacks: truth.attacks.length,
  };
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ out, ...totals })}\n`
      : `${out}: ${totals.voters} voters, ${totals.nights} nights, ${changed} changes, ${totals.attacks} attacks\n`,
  );
  return 0;
}

function readRollsOptions(values: ReturnType<typeof parse>): {
  readonly options: RollsOptions;
  readonly files: RollsFiles;
} {
  const nights = values.nights ?? 'all';
  if (nights !== 'all' && nights !== 'last') throw new RangeError('--nights must be all or last');
  const format = ROLLS_FORMATS.find((one) => one === (values.format ?? 'csv'));
  if (format === undefined) throw new RangeError(`--format must be ${ROLLS_FORMATS.join(' or ')}`);
  const options: RollsOptions = {
    voters: numberFrom(values.voters, '--voters'),
    days: numberFrom(values.days, '--days'),
    seed: numberFrom(values.seed, '--seed'),
    attacks: attacksFrom(values.attacks),
    ...(values.start === undefined ? {} : { start: values.start }),
  };
  chosenRolls(options);
  return { options, files: { nights, lists: values.lists === true, format } };
}

function attacksFrom(list: string | undefined): readonly AttackName[] | 'all' {
  if (list === undefined) throw new RangeError('--attacks is missing');
  if (list === 'all') return 'all';
  if (list === 'none') return [];
  const names = list.split(',');
  const unknown = names.find((name) => !isAttackName(name));
  if (unknown !== undefined) throw new RangeError(`unknown attack: ${unknown}`);
  return names.filter(isAttackName);
}

function numberFrom(text: string | undefined, name: string): number {
  if (text === undefined) throw new RangeError(`${name} is missing`);
  if (!/^\d{1,10}$/.test(text)) throw new RangeError(`${name} must be a whole number`);
  return Number(text);
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  return parseArgs({
    args: [...args],
    strict: true,
    options: {
      voters: text,
      days: text,
      seed: text,
      attacks: text,
      out: text,
      start: text,
      nights: text,
      format: text,
      lists: flag,
      json: flag,
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function complain(reason: string): number {
  process.stderr.write(`bellwether testkit: ${reason}\n\n${ROLLS_USAGE}`);
  return 2;
}
