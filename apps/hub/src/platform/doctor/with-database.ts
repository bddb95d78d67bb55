/** Reaches the database of a data folder for a moment: that of the hub that runs, or one that is started for it. */
import type { Result } from '@bellwether/basics';
import type { DataFolder } from '../folder.ts';
import { type Connection, readConnection } from '../postgres/connection.ts';
import type { PostgresError } from '../postgres/errors.ts';
import { probe } from '../postgres/postmaster.ts';
import { startPostgres } from '../postgres/server.ts';

/**
 * Calls `work` with a database that answers. If no hub runs, PostgreSQL is started for it and stopped afterwards; a hub
 * that is started meanwhile is told that the database is in use.
 */
export async function withDatabase<T, E>(
  folder: DataFolder,
  databaseUrl: string | undefined,
  work: (connection: Connection) => Promise<Result<T, E>>,
): Promise<Result<T, E | PostgresError>> {
  const running = await runningDatabase(folder, databaseUrl);
  if (running !== undefined) return work(running);
  const started = await startPostgres({ folder, databaseUrl });
  if (started.isErr()) return started;
  try {
    return await work(started.value.connection);
  } finally {
    await started.value.stop();
  }
}

/** The database of the hub that runs, if it answers. */
export async function runningDatabase(
  folder: DataFolder,
  databaseUrl: string | undefined,
): Promise<Connection | undefined> {
  const connection: Connection | undefined =
    databaseUrl === undefined || databaseUrl === ''
      ? readConnection(folder)
      : { kind: 'url', url: databaseUrl };
  if (connection === undefined) return undefined;
  return (await probe(connection)) === undefined ? connection : undefined;
}
