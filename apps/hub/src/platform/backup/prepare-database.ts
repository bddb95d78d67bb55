/** Makes the database ready for this version of the hub: steps that are due, with a backup before them; authorities. */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { freeBytes } from '../doctor/machine-checks.ts';
import type { DataFolder } from '../folder.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import type { PostgresError } from '../postgres/errors.ts';
import { MIGRATIONS, type Migrated, type Migration, migrate } from '../postgres/migrations.ts';
import { seedAuthorities } from '../postgres/seed.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { makeBackup } from './make.ts';

/** Whose database, and the clock. */
export type PrepareOptions = {
  readonly folder: DataFolder;
  readonly server: Pick<PostgresServer, 'connection'>;
  readonly now: () => number;
  /** The steps; others in tests only. */
  readonly migrations?: readonly Migration[];
};

/**
 * Brings the database up to this version. One that holds something is backed up first, into the data folder's
 * `backups/before-version-N-...`, and must have room on its disk; an empty one is just made.
 */
export async function prepareDatabase({
  folder,
  server: { connection },
  now,
  migrations = MIGRATIONS,
}: PrepareOptions): Promise<Result<Migrated, PostgresError>> {
  const target = migrations.at(-1)?.number ?? 0;
  const migrated = await migrate(connection, {
    migrations,
    // How much room the server of somebody else has, it does not tell.
    freeBytes: () => (connection.kind === 'url' ? undefined : freeBytes(folder.path)),
    backup: async () => {
      const name = `before-version-${target}-${backupName(now())}`;
      const made = await makeBackup({ folder, connection, to: join(folder.backups, name), now, share: true });
      return made.isErr() ? made.error.reason : undefined;
    },
  });
  if (migrated.isErr()) return migrated;
  const database: Database = openDatabase(connection, { connections: 1 });
  try {
    await seedAuthorities(database);
  } finally {
    await database.close();
  }
  return ok(migrated.value);
}

/** Name of a backup that was made at a moment (ms): `20261103T101500Z`. */
export function backupName(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
