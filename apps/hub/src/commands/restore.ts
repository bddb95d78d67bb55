/** `bellwether restore`: brings a backup back, into an empty folder. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hasLog, hasRoll, type Restored, restoreBackup } from '../platform/backup/restore.ts';
import { describeFailure, type Failure } from '../platform/doctor/failures.ts';
import { wakeLog } from '../platform/evidence/resting.ts';
import { existingFolder } from '../platform/folder.ts';

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
  const seen = values['log-seen'];
  if (seen !== undefined) {
    if (!/^\d{1,19}$/.test(seen)) return wrongUsage('--log-seen takes a number of entries');
    if (values.data === undefined || positionals.length > 0)
      return wrongUsage('with --log-seen, name the folder with --data, and no backup');
    return await goOn(resolve(values.data), BigInt(seen), values.json === true);
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
    options: {
      data: { type: 'string' },
      'log-seen': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** A person has compared the log with what others saw of it. */
async function goOn(data: string, seen: bigint, json: boolean): Promise<number> {
  const folder = existingFolder(data);
  if (folder.isErr()) return failed(folder.error);
  const woken = await wakeLog({ folder: folder.value.log, privateFolder: folder.value.logPrivate }, seen);
  if (woken.isErr()) {
    const { code, detail } = woken.error;
    return failed({ code, reason: detail });
  }
  const size = woken.value;
  const answer = { schema: 'bellwether/log-goes-on@1', size: size === null ? null : String(size) };
  const text =
    size === null
      ? 'The evidence log is not at rest: there is nothing to do.\n'
      : `The evidence log goes on from ${size} entries. Put its key back, if it was not in the backup, and start the hub.\n`;
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : text);
  return EXIT.done;
}

function asJson({ path, manifest: { madeAt, database, files } }: Restored): string {
  const { account, step } = database;
  const answer = { schema: 'bellwether/restored@1', path, madeAt, files: files.length, step, account };
  return `${JSON.stringify(answer)}\n`;
}

function asText({ path, manifest }: Restored): string {
  const { madeAt, database } = manifest;
  const { contacts = 0 } = database.account.account_minutes ?? {};
  return `${path} holds the hub as it was at ${madeAt}; the account adds up to the same ${contacts} contacts.
\`bellwether up --data ${path}\` starts it. Everybody is signed out, and codes that were open work no longer.
People and keys are those of then: \`bellwether admin list --data ${path}\` shows who may come in.
${hasLog(manifest) ? atRest(path) : ''}${hasRoll(manifest) ? withoutVault(path) : ''}`;
}

function atRest(path: string): string {
  return `
The evidence log is at rest: it is given out, and takes no entries. If it had grown after the backup, going on from
here would make a second history of it, and its witnesses would refuse it. Ask them, or whoever mirrors the log, how
many entries the newest checkpoint has that they saw. Then put the key back (${path}/log-private/key), and say
  bellwether restore --data ${path} --log-seen ENTRIES
If they saw more than the backup holds, it tells you how to take the rest from a mirror.
`;
}

function withoutVault(path: string): string {
  return `
The roll is back without the keys of voters. Put all files of the newest copy of the vault into ${path}/vault (the
folder under \`rolls.vaultCopies\` holds one for each day), and the key of the reader to ${path}/rolls-reader.
Until then the roll does not open.
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
       bellwether restore --data DIR [--json] --log-seen ENTRIES

Brings the backup in the folder BACKUP back into DIR, which must be empty or not exist yet. Every byte
is checked before, and every row and the sums of the account after; DIR becomes a hub's data folder
only when all of it is right.

An evidence log that comes back takes no entries until a person has asked its witnesses, or a mirror,
how many entries the newest checkpoint has that they saw, and says so with --log-seen.

  --data DIR          the data folder to make, or that was made
  --log-seen ENTRIES  let the log go on; refused where others have seen more of it than there is
  --json              tell as JSON what was done

Exit code: 0 done; 1 it could not be restored, and nothing is left of it; 2 wrong usage.
`;
