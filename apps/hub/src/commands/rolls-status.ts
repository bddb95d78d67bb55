/** `bellwether rolls status`: where the roll stands, read from its files; a hub may run. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeBase64 } from '@bellwether/evidence';
import { codeWords } from '@bellwether/rolls';
import { readJson, rollPaths } from '../features/rolls/roll-files.ts';
import type { Night, RollHead } from '../features/rolls/rolls-files.ts';
import { readSheets } from '../features/rolls/sheet-files.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed } from './rolls-opened.ts';

const COMMAND = 'rolls status';

/** Runs `bellwether rolls status ARGS`; gives the exit code. */
export async function rollsStatusCommand(args: string[]): Promise<number> {
  let values: { readonly data?: string; readonly json?: boolean; readonly help?: boolean };
  try {
    ({ values } = parseArgs({ args, options: ROLL_OPTIONS }));
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
  const paths = rollPaths(folder.value.path);
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null)
    return rollFailed(COMMAND, { code: 'ROLL_ABSENT', detail: `${paths.head} is not there` });
  const night = await readJson<Night>(join(paths.nights, `${head.epoch}.json`), 'bellwether/night@1');
  const sheets = [...(await readSheets(paths, Date.now())).values()];
  const open = sheets.filter(({ state }) => state === 'awaiting').length;
  process.stdout.write(values.json === true ? asJson(head, night, open) : asText(head, night, open));
  return ROLL_EXIT.done;
}

function asJson(
  { epoch, records, leaves, root, origin }: RollHead,
  night: Night | null,
  open: number,
): string {
  const last =
    night === null
      ? null
      : { day: night.day, at: night.at, awaiting: night.awaiting, unauthorised: night.unauthorised.length };
  const answer = {
    epoch,
    records,
    leaves,
    root,
    words: wordsOf(root),
    origin,
    openSheets: open,
    night: last,
  };
  return `${JSON.stringify({ schema: 'bellwether/rolls-status@1', ...answer })}\n`;
}

function asText({ epoch, records, root, origin }: RollHead, night: Night | null, open: number): string {
  const last =
    night === null
      ? 'No night is sealed yet.'
      : `Last night, ${night.day}: ${night.unauthorised.length} unauthorised, ${night.awaiting} awaiting their office.`;
  return `Epoch ${epoch} of ${origin}: ${records} registrations.
Root ${root}
Words ${wordsOf(root).join(' ')}
${open} sheets are open.
${last}
`;
}

function wordsOf(root: string): readonly string[] {
  return codeWords(bestHasher(), decodeBase64(root)!);
}

const HELP = `Usage: bellwether rolls status [--data DIR] [--json]

Tells the epoch, how many registrations there are, the root of the state and the four words that stand for it, how many
sheets are open, and what the last night found. A hub may run.

Exit codes: 0 told, 1 there is no roll, 2 wrong usage.
`;
