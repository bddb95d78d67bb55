/** What commands of the roll have in common: the folder with its log and its roll, open for as long as the command runs. */
import { ROLLS_ERRORS } from '@bellwether/rolls';
import { ROLL_ERRORS } from '../features/rolls/errors.ts';
import { openHubRoll } from '../features/rolls/hub-roll.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import type { StatementSources } from '../features/rolls/statement.ts';
import { readConfig, USUAL_ZONE } from '../platform/config.ts';
import { LOG_ERRORS } from '../platform/evidence/errors.ts';
import { folderAt, usualFolder } from '../platform/folder.ts';
import { openEvidence } from '../up/evidence.ts';

/** Exit codes of commands of the roll. */
export const ROLL_EXIT = { done: 0, failed: 1, usage: 2, no: 3 } as const;

/** Options that each of them takes. */
export const ROLL_OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Says what went wrong, and gives the exit code. */
export function rollFailed(
  command: string,
  failure: { readonly code: string; readonly detail: string },
): number {
  const catalogue: Readonly<Record<string, { readonly message: string; readonly help: string }>> = {
    ...LOG_ERRORS,
    ...ROLL_ERRORS,
    ...ROLLS_ERRORS,
  };
  const entry = catalogue[failure.code];
  const told = entry === undefined ? failure.code : `${entry.message} (${failure.code})`;
  const help = entry === undefined ? '' : `${entry.help}\n`;
  process.stderr.write(`bellwether ${command}: ${told} ${failure.detail}\n${help}`);
  return ROLL_EXIT.failed;
}

/** Does something to the roll of a folder, alone; gives the exit code. `notes`: what witnesses stated. */
export async function withRoll(
  command: string,
  data: string | undefined,
  work: (rolls: Rolls, data: string, notes: StatementSources['notes']) => Promise<number>,
): Promise<number> {
  const folder = folderAt(data ?? usualFolder(process.env, process.getuid?.()));
  const config = readConfig(folder.config);
  if (config.isErr()) return rollFailed(command, config.error);
  const trouble = (what: string): void => void process.stderr.write(`${what}\n`);
  const evidence = await openEvidence(folder, config.value, Date.now, trouble);
  if (evidence.isErr()) return rollFailed(command, evidence.error);
  try {
    const { log } = evidence.value;
    const zone = config.value.zone ?? USUAL_ZONE;
    const rolls = await openHubRoll({
      data: folder.path,
      vault: config.value.rolls?.vault,
      log,
      zone,
      now: Date.now,
    });
    if (rolls.isErr()) return rollFailed(command, rolls.error);
    try {
      const notes = evidence.value.witnessing.statements;
      return await work(rolls.value, folder.path, notes);
    } finally {
      await rolls.value.close();
    }
  } finally {
    await evidence.value.close();
  }
}
