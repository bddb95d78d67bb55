/** Reads all tables of the hub in one transaction: every table as it was at the same moment. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { databaseVersion } from '../postgres/migrations.ts';
import { Digest } from './digest.ts';
import { type BackupFile, type Manifest, tableFile } from './manifest.ts';

/** Tables that a restore makes by itself. */
const MADE_BY_STEPS = 'schema_migrations';

/** The account: the sums of its columns prove a restore. */
const ACCOUNT = ['account_minutes', 'account_hours'] as const;

/** Fast and good enough: rows of counts are mostly zeros. */
const GZIP_LEVEL = 1;

/** Begins the moment that everything is read of. */
export async function beginMoment(client: Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Text that means the same on every machine; and files are copied meanwhile, for as long as that takes.
  await client.query(
    "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1",
  );
  await client.query('SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0');
  // PostgreSQL takes its snapshot with the first query, not with BEGIN: what is looked at on disk from here on is newer.
  await client.query('SELECT pg_current_snapshot()');
}

/** Writes all tables into `folder`, and tells what the manifest needs to know. Throws what goes wrong. */
export async function writeTables(
  client: Client,
  folder: string,
): Promise<{ readonly database: Manifest['database']; readonly files: readonly BackupFile[] }> {
  const files: BackupFile[] = [];
  const tables: Record<string, { columns: string[]; rows: number }> = {};
  for (const [table, columns] of await columnsByTable(client)) {
    const list = columns.map(quoted).join(', ');
    const rows = client.query(copyTo(`COPY (SELECT ${list} FROM ${quoted(table)}) TO STDOUT`));
    const digest = new Digest();
    const path = tableFile(table);
    const file = createWriteStream(join(folder, path), { mode: 0o600, flush: true });
    await pipeline(rows, createGzip({ level: GZIP_LEVEL }), digest, file);
    files.push({ path, bytes: digest.bytes, sha256: digest.hex() });
    tables[table] = { columns, rows: rows.rowCount };
  }
  const database = {
    ...(await databaseVersion(client)),
    tables,
    sequences: await sequences(client),
    account: await accountSums(client, tables),
    step: await step(client),
  };
  return { database, files };
}

/** Sums over the tables of the account, by table and column. */
export async function accountSums(
  client: Pick<Client, 'query'>,
  tables: Readonly<Record<string, { readonly columns: readonly string[] }>>,
): Promise<Record<string, Record<string, number>>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const table of ACCOUNT) {
    const counts = (tables[table]?.columns ?? []).filter((name) => !NO_COUNT.has(name));
    if (counts.length === 0) continue;
    const list = counts.map((name) => `coalesce(sum(${quoted(name)}), 0)::text AS ${quoted(name)}`);
    const { rows } = await client.query<Record<string, string>>(`SELECT ${list.join(', ')} FROM ${table}`);
    sums[table] = Object.fromEntries(Object.entries(rows[0]!).map(([name, sum]) => [name, Number(sum)]));
  }
  return sums;
}

const NO_COUNT: ReadonlySet<string> = new Set(['minute', 'hour', 'sensor']);

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function columnsByTable(client: Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ table: string; column: string }>(`
    SELECT c.table_name::text AS table, c.column_name::text AS column
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
      AND c.table_name <> '${MADE_BY_STEPS}'
    ORDER BY c.table_name, c.ordinal_position`);
  const found = new Map<string, string[]>();
  for (const { table, column } of rows) found.set(table, [...(found.get(table) ?? []), column]);
  return found;
}

async function sequences(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; last: string }>(`
    SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL`);
  return Object.fromEntries(rows.map(({ name, last }) => [name, Number(last)]));
}

async function step(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ step: string }>('SELECT step::text FROM progress');
  return rows[0] === undefined ? null : Number(rows[0].step);
}
