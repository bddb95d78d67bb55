/** `bellwether rolls extract`: compares a poll book or a public list with the sealed roll, row for row, and has it sealed. */
import { parseArgs } from 'node:util';
import { type ExtractReading, readExtract } from '../features/rolls/extract-reading.ts';
import { sealExtracts } from '../features/rolls/extract-sealing.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { readRunning } from '../up/running.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

const COMMAND = 'rolls extract';

/** Differences that are told one by one on a screen; --json has all. */
const MOST_TOLD = 50;

/** Runs `bellwether rolls extract ARGS`; gives the exit code. */
export async function rollsExtractCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>['values'];
  try {
    ({ values } = parse(args));
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  const { kind, place, file, because = null } = values;
  if ((kind !== 'poll-book' && kind !== 'public-list') || place === undefined || file === undefined)
    return wrongUsage('say --kind poll-book or public-list, --place, and --file');
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return rollFailed(COMMAND, { code: folder.error.code, detail: folder.error.reason });
  const asked = { kind, place, file, because } as const;
  const reading = await readExtract(rollPaths(folder.value.path), asked, Date.now());
  if (reading.isErr()) return rollFailed(COMMAND, reading.error);
  const sealed = reading.value.state === 'open' ? await sealNow(folder.value.path) : ROLL_EXIT.done;
  if (sealed !== ROLL_EXIT.done) return sealed;
  process.stdout.write(values.json === true ? `${JSON.stringify(reading.value)}\n` : asText(reading.value));
  return reading.value.differences.length === 0 ? ROLL_EXIT.done : ROLL_EXIT.no;
}

/** Seals, where no hub runs; one that does takes it up by itself. */
async function sealNow(data: string): Promise<number> {
  const hub = readRunning(data);
  if (hub !== undefined && isAlive(hub.pid)) return ROLL_EXIT.done;
  return withRoll(COMMAND, data, async (rolls) => {
    const sealed = await rolls.act(sealExtracts);
    return sealed.isErr() ? rollFailed(COMMAND, sealed.error) : ROLL_EXIT.done;
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function asText({ kind, place, read, records, leftOut, differences, because }: ExtractReading): string {
  const over = leftOut === 0 ? '' : `${leftOut} protected voters were left out.\n`;
  if (differences.length === 0)
    return `The ${kind} of ${place} is the roll, row for row: ${read} rows. It is sealed, or the hub that runs seals it within a minute.\n${over}`;
  const told = differences.slice(0, MOST_TOLD).map(({ recordId, kind: how, fields }) => {
    const named = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
    return `  ${recordId}: ${WORDS[how]}${named}\n`;
  });
  const more = differences.length - told.length;
  const end =
    because === null
      ? 'Nothing was sealed. Put the file right, or say with --because why it may differ.\n'
      : 'The roll of this place is sealed all the same, for the reason that was given.\n';
  return `${differences.length} rows of the ${kind} of ${place} ARE NOT AS IN THE ROLL, of ${records}:\n${told.join('')}${more > 0 ? `  and ${more} more: --json names all.\n` : ''}${over}${end}`;
}

const WORDS = {
  missing: 'it is in the roll, and not in the file',
  different: 'the file has something else',
  extra: 'it is in the file, and not in the roll of this place',
  twice: 'it stands twice in the file',
} as const;

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    options: { ...ROLL_OPTIONS, kind: text, place: text, file: text, because: text },
  });
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls extract --kind KIND --place PLACE --file FILE [--because TEXT] [--data DIR] [--json]

Compares a file that the vendor's system made of the roll with the last sealed night, row for row: who is missing, who is too many,
what differs. Where nothing does, the rows of that place are sealed, so that voters can check that they stand in it. A hub may run.

  --kind KIND     poll-book, or public-list
  --place PLACE   the office (lea_id), or office and precinct: 29019/7
  --file FILE     the file: CSV with a head line, columns named as in the dump; .gz too
  --because TEXT  seal the roll of this place although the file differs, and why
  --data DIR      the hub's data folder
  --json          tell as JSON what was found

Exit codes: 0 nothing differs, 3 something does, 1 something could not be read or sealed, 2 wrong usage.
`;
