/** What capturing and reconciling have in common: options, and what they are given. */
import { parseArgs } from 'node:util';
import type { ReadingOptions } from '../features/rolls/capture.ts';
import { momentOfDay } from '../features/rolls/moment.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { readConfig, USUAL_ZONE } from '../platform/config.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed } from './rolls-opened.ts';

/** What stands before the name of an environment variable that holds the address of a database. */
const FROM_ENVIRONMENT = 'env:';

/** What was asked for. */
export type ReadingValues = {
  readonly data?: string;
  readonly live?: string;
  readonly transactions?: string;
  readonly day?: string;
  readonly whole?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
  readonly seal?: boolean;
};

/** Reads arguments; an exit code where there is nothing to do. */
export function readingArgs(
  command: string,
  args: string[],
  help: string,
  more: Readonly<Record<string, { readonly type: 'boolean' }>>,
): ReadingValues | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...ROLL_OPTIONS,
        live: { type: 'string' },
        transactions: { type: 'string' },
        day: { type: 'string' },
        whole: { type: 'boolean' },
        full: { type: 'boolean' },
        ...more,
      },
    });
    if (values.help !== true) return values as ReadingValues;
    process.stdout.write(help);
    return ROLL_EXIT.done;
  } catch (error) {
    return wrongUsage(command, (error as Error).message, help);
  }
}

/** What is read, and against what; an exit code where that cannot be. */
export function readingFrom(command: string, values: ReadingValues, help: string): ReadingOptions | number {
  const { live, transactions, day, whole, full } = values;
  if (live === undefined) return wrongUsage(command, '--live FILE is needed', help);
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return rollFailed(command, { code: folder.error.code, detail: folder.error.reason });
  const config = readConfig(folder.value.config);
  if (config.isErr()) return rollFailed(command, config.error);
  const zone = config.value.zone ?? USUAL_ZONE;
  const moment = momentOfDay(day, zone, Date.now());
  if (moment === null) {
    return wrongUsage(command, `--day is a day like 2026-11-03, not after today: ${day}`, help);
  }
  return {
    paths: rollPaths(folder.value.path, config.value.rolls?.vault),
    hasher: bestHasher(),
    live: live.startsWith(FROM_ENVIRONMENT) ? (process.env[live.slice(FROM_ENVIRONMENT.length)] ?? '') : live,
    ...(process.env.BELLWETHER_CHANGES === undefined ? {} : { changes: process.env.BELLWETHER_CHANGES }),
    transactions: transactions ?? null,
    now: moment.now,
    zone,
    isWhole: whole === true,
    isFull: full === true,
  };
}

function wrongUsage(command: string, reason: string, help: string): number {
  process.stderr.write(`bellwether ${command}: ${reason}\n\n${help}`);
  return ROLL_EXIT.usage;
}
