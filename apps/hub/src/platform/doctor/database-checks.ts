/** Checks of the records: the database itself, its version, the files of the history, and the newest backup. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { LAST_BACKUP } from '../backup/make.ts';
import type { DataFolder } from '../folder.ts';
import { type Connection, clientConfig } from '../postgres/connection.ts';
import { databaseVersion, MIGRATIONS, stepsDigest } from '../postgres/migrations.ts';
import { type Check, fine, wrong } from './check.ts';

/** A backup a week, and a day for the one that is late. */
export const OLDEST_BACKUP_MS = 8 * 86_400_000;

/** How many files that are missing are named. */
const NAMED = 3;

/** What the database tells: the checks, and the moment of the newest record (ms). */
export type DatabaseFindings = { readonly checks: readonly Check[]; readonly newest: number | undefined };

/** Looks at a database that answers. Throws when it ceases to. */
export async function databaseChecks(
  connection: Connection,
  folder: DataFolder,
  now: number,
): Promise<DatabaseFindings> {
  const client = new Client(clientConfig(connection));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const checks = [await serverCheck(client), await stepsCheck(client)];
    if (!checks.every(({ ok }) => ok)) return { checks, newest: undefined };
    checks.push(await historyCheck(client, folder), await backupCheck(client, now));
    return { checks, newest: await newestRecord(client) };
  } finally {
    await client.end();
  }
}

async function serverCheck(client: Client): Promise<Check> {
  const { rows } = await client.query<{ version: string; checksums: string; fsync: string }>(`
    SELECT current_setting('server_version') AS version, current_setting('data_checksums') AS checksums,
           current_setting('fsync') AS fsync`);
  const { version, checksums, fsync } = rows[0]!;
  const name = 'postgres';
  if (fsync !== 'on') {
    const help = 'Set `fsync = on` in its configuration: what is acknowledged is lost in a power cut.';
    return wrong(name, `PostgreSQL ${version} does not write to the disk when it says so`, help);
  }
  if (checksums !== 'on') {
    const help = 'Stop it and run `pg_checksums --enable`: a disk that changes bytes is not noticed.';
    return wrong(name, `PostgreSQL ${version} keeps no checksums`, help);
  }
  return fine(name, `PostgreSQL ${version} answers, and keeps checksums`);
}

async function stepsCheck(client: Client): Promise<Check> {
  const { version, steps } = await databaseVersion(client);
  const known = MIGRATIONS.at(-1)!.number;
  const detail = `the database is of version ${version}, this program of ${known}`;
  if (version > known) return wrong('version', detail, 'Install the newer version of Bellwether again.');
  if (version < known) return wrong('version', detail, 'Start the hub, which brings it up to its version.');
  if (steps !== stepsDigest(version)) {
    const help = 'Install the version that made it, or restore a backup.';
    return wrong('version', 'the database was made by other steps than this program knows', help);
  }
  return fine('version', `the database is of version ${version}, as this program`);
}

async function historyCheck(client: Client, { history }: DataFolder): Promise<Check> {
  const { rows } = await client.query<{ path: string; bytes: string }>(
    'SELECT path, bytes FROM history_files',
  );
  const bad = rows.filter(({ path, bytes }) => sizeOf(join(history, path)) !== Number(bytes));
  // One that was put together with others in between is no longer listed.
  const still = new Set(
    (await client.query<{ path: string }>('SELECT path FROM history_files')).rows.map(({ path }) => path),
  );
  const missing = bad.map(({ path }) => path).filter((path) => still.has(path));
  if (missing.length === 0) return fine('history', `all ${rows.length} files of the history are there`);
  const named = missing.slice(0, NAMED).join(', ');
  const help = 'Bring them back from a backup: searches leave out what is in them.';
  return wrong('history', `${missing.length} files of the history are missing or cut: ${named}`, help);
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

async function backupCheck(client: Client, now: number): Promise<Check> {
  const help = 'Make one with `bellwether backup FOLDER`, and keep it on another machine.';
  const { rows } = await client.query<{ at: string | null; path: string | null }>(
    "SELECT value->>'madeAt' AS at, value->>'path' AS path FROM facts WHERE name = $1",
    [LAST_BACKUP],
  );
  const at = Date.parse(rows[0]?.at ?? '');
  if (Number.isNaN(at)) return wrong('backup', 'there is no backup yet', help);
  const detail = `the newest backup is ${age(now - at)} old (${rows[0]!.path})`;
  return now - at <= OLDEST_BACKUP_MS ? fine('backup', detail) : wrong('backup', detail, help);
}

function age(ms: number): string {
  const hours = Math.max(0, Math.floor(ms / 3_600_000));
  if (hours < 48) return hours === 1 ? '1 hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

async function newestRecord(client: Client): Promise<number | undefined> {
  const { rows } = await client.query<{ at: Date | null }>('SELECT max(updated_at) AS at FROM progress');
  return rows[0]?.at?.getTime();
}
