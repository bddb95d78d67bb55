/** `bellwether rolls watch`: what is odd about the changes of the last sealed day. */
import { parseArgs } from 'node:util';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { type Watched, watchRoll } from '../features/rolls/watching.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed } from './rolls-opened.ts';

const COMMAND = 'rolls watch';

/** Runs `bellwether rolls watch ARGS`; gives the exit code. */
export async function rollsWatchCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>['values'];
  try {
    ({ values } = parse(args));
  } catch (error) {
    process.stderr.write(`bellwether ${COMMAND}: ${(error as Error).message}\n\n${HELP}`);
    return ROLL_EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return rollFailed(COMMAND, { code: folder.error.code, detail: folder.error.reason });
  const watched = await watchRoll(rollPaths(folder.value.path), Date.now());
  if (watched.isErr()) return rollFailed(COMMAND, watched.error);
  process.stdout.write(values.json === true ? `${JSON.stringify(watched.value)}\n` : asText(watched.value));
  return ROLL_EXIT.done;
}

function asText(watched: Watched | null): string {
  if (watched === null) return 'No night is sealed yet: there is nothing to watch.\n';
  const { day, findings } = watched;
  if (findings.length === 0) return `Nothing odd was found among the changes of ${day}.\n`;
  const lines = findings.map(({ office, sentence }) => `  office ${office}: ${sentence}\n`);
  return `${findings.length} things to look at, of ${day}, the oddest first. None of them says that something is wrong.\n${lines.join('')}`;
}

function parse(args: string[]) {
  return parseArgs({ args, options: ROLL_OPTIONS });
}

const HELP = `Usage: bellwether rolls watch [--data DIR] [--json]

Looks for what is odd about the changes of the last sealed day: more of a kind than the office's season and the other offices let
expect, removals that fall on one party, precinct or age, a clerk account that was never so fast, removals in the quiet period,
new registrations that may be a person who is there already. Opens no incident. Needs no lock: a hub may run, and does it after
each night.

  --data DIR  the hub's data folder
  --json      tell as JSON what was found
`;
