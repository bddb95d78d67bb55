/** `bellwether restore`: brings a backup back, into an empty folder. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Restored, restoreBackup } from '../platform/backup/restore.ts';
import { describeFailure, type Failure } from '../platform/doctor/failures.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Runs `bellwether restore ARGS`; gives the exit code. */
export async function restoreCommand(args: string[]): Promise<number> {
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
  const [from] = positionals;
  if (from === undefined || positionals.length > 1) return wrongUsage('name the folder of one backup');
  if (values.data === undefined) return wrongUsage('name the folder to restore into with --data');
  const to = resolve(values.data);
  const { DATABASE_URL: databaseUrl } = process.env;
  const restored = await restoreBackup({ from: resolve(from), to, databaseUrl });
  if (restored.isErr()) return failed(restored.error);
  process.stdout.write(values.json === true ? asJson(restored.value) : asText(restored.value));
  return EXIT.done;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
}

function asJson({ path, manifest: { madeAt, database, files } }: Restored): string {
  const { account, step } = database;
  const answer = { schema: 'bellwether/restored@1', path, madeAt, files: files.length, step, account };
  return `${JSON.stringify(answer)}\n`;
}

function asText({ path, manifest: { madeAt, database } }: Restored): string {
  const { contacts = 0 } = database.account.account_minutes ?? {};
  return `${path} holds the hub as it was at ${madeAt}; the account adds up to the same ${contacts} contacts.
\`bellwether up --data ${path}\` starts it. Everybody is signed out, and codes that were open work no longer.
People and keys are those of then: \`bellwether admin list --data ${path}\` shows who may come in.
`;
}

function failed(failure: Failure): number {
  process.stderr.write(`bellwether restore: ${describeFailure(failure)}\n`);
  return EXIT.failed;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether restore: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether restore --data DIR [--json] BACKUP

Brings the backup in the folder BACKUP back into DIR, which must be empty or not exist yet. Every byte
is checked before, and every row and the sums of the account after; DIR becomes a hub's data folder
only when all of it is right.

  --data DIR   the data folder to make
  --json       tell as JSON what was restored

Exit code: 0 done; 1 it could not be restored, and nothing is left of it; 2 wrong usage.
`;
