/** `bellwether backup`: everything of a hub in one folder, while it runs. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BackupMade, makeBackup } from '../platform/backup/make.ts';
import { backupName } from '../platform/backup/prepare-database.ts';
import { describeFailure, type Failure } from '../platform/doctor/failures.ts';
import { withDatabase } from '../platform/doctor/with-database.ts';
import { type DataFolder, existingFolder, usualFolder } from '../platform/folder.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Runs `bellwether backup ARGS`; gives the exit code. */
export async function backupCommand(args: string[]): Promise<number> {
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
  if (positionals.length > 1) return wrongUsage('name one folder for the backup, or none');
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return failed(folder.error);
  const to = positionals[0] ?? join(folder.value.backups, backupName(Date.now()));
  const withKey = values['with-key'] === true;
  return backup(folder.value, resolve(to), withKey, values.json === true);
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      'with-key': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

async function backup(folder: DataFolder, to: string, withKey: boolean, json: boolean): Promise<number> {
  const made = await withDatabase(folder, process.env.DATABASE_URL, (connection) =>
    makeBackup({ folder, connection, to, withKey, now: Date.now }),
  );
  if (made.isErr()) return failed(made.error);
  process.stdout.write(json ? asJson(made.value) : asText(made.value));
  return EXIT.done;
}

function asJson({ path, bytes, manifest: { madeAt, database, files } }: BackupMade): string {
  const answer = { schema: 'bellwether/backup-made@1', path, bytes, madeAt, files: files.length };
  return `${JSON.stringify({ ...answer, step: database.step, version: database.version })}\n`;
}

function asText({ path, bytes, manifest: { madeAt, database, files } }: BackupMade): string {
  const rows = Object.values(database.tables).reduce((sum, table) => sum + table.rows, 0);
  const size = (bytes / 1e6).toFixed(1);
  return `${path} holds everything of ${madeAt}: ${rows} rows and ${files.length} files, ${size} MB.
Keep a copy on another machine. \`bellwether restore ${path} --data NEW_FOLDER\` brings it back.
`;
}

function failed(failure: Failure): number {
  process.stderr.write(`bellwether backup: ${describeFailure(failure)}\n`);
  return EXIT.failed;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether backup: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether backup [--data DIR] [--with-key] [--json] [FOLDER]

Writes everything that a hub keeps, as it was at one moment, into FOLDER, which must not exist yet:
the records, the journal, the history of contacts, the evidence log, the roll, and the configuration. The
hub may run meanwhile. Without FOLDER, it is made in the data folder, under backups/. The secret of the
desk is left out, and so are the key that signs the log (keep one copy of DATA/log-private/key in a safe),
the keys of the roll, and the vault.

  --data DIR   the hub's data folder; without it BELLWETHER_DATA, /var/lib/bellwether for root,
               else ~/.local/state/bellwether
  --with-key   take the key of the log too; whoever reads the backup can then sign in its name
  --json       tell as JSON what was made

Exit code: 0 done; 1 it could not be made; 2 wrong usage.
`;
