/** Puts the rows of a backup into an empty database, and proves that they are all there. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Connection, clientConfig } from '../postgres/connection.ts';
import { type BackupError, backupError } from './errors.ts';
import { type Manifest, tableFile } from './manifest.ts';
import { accountSums, quoted } from './tables-out.ts';

/**
 * Fills the tables from the backup in `folder`, in one transaction: all rows of all tables, or none. The database has
 * the tables of the backup's version and no rows.
 */
export async function fillTables(
  connection: Connection,
  folder: string,
  { tables, sequences, account }: Manifest['database'],
): Promise<Result<void, BackupError>> {
  const client = new Client(clientConfig(connection));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query("BEGIN; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'");
    for (const table of parentsFirst(Object.keys(tables), await parentsByTable(client))) {
      const { columns, rows } = tables[table]!;
      const list = columns.map(quoted).join(', ');
      const into = client.query(copyFrom(`COPY ${quoted(table)} (${list}) FROM STDIN`));
      await pipeline(createReadStream(join(folder, tableFile(table))), createGunzip(), into);
      if (into.rowCount !== rows) return differs(`${table} has ${into.rowCount} rows, not ${rows}`);
    }
    for (const [sequence, last] of Object.entries(sequences)) {
      await client.query('SELECT setval($1::regclass, $2)', [quoted(sequence), last]);
    }
    const wrong = await differentSum(client, tables, account);
    if (wrong !== undefined) return differs(wrong);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return ok();
  } finally {
    // Without COMMIT, the end of the connection takes everything back.
    await client.end();
  }
}

/** Tables in an order in which each comes behind those that its rows refer to: PostgreSQL checks a row as it comes. */
export function parentsFirst(
  tables: readonly string[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const left = new Set(tables);
  const ordered: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((table) => {
      const needed = parents.get(table) ?? [];
      return [...needed].every((parent) => parent === table || !left.has(parent));
    });
    if (ready.length === 0) throw new Error(`${[...left].join(', ')} refer to each other in a circle`);
    for (const table of ready) left.delete(table);
    ordered.push(...ready);
  }
  return ordered;
}

/** Tables that the rows of a table refer to, by table. */
async function parentsByTable(client: Client): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await client.query<{ table: string; parent: string }>(`
    SELECT child.relname::text AS table, parent.relname::text AS parent
    FROM pg_constraint
      JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace`);
  const found = new Map<string, Set<string>>();
  for (const { table, parent } of rows) found.set(table, (found.get(table) ?? new Set()).add(parent));
  return found;
}

async function differentSum(
  client: Client,
  tables: Manifest['database']['tables'],
  account: Manifest['database']['account'],
): Promise<string | undefined> {
  const sums = await accountSums(client, tables);
  for (const [table, columns] of Object.entries(account)) {
    for (const [column, sum] of Object.entries(columns)) {
      const restored = sums[table]?.[column];
      if (restored !== sum) return `${table}.${column} adds up to ${restored}, not ${sum}`;
    }
  }
  return undefined;
}

function differs(reason: string): Result<never, BackupError> {
  return err(backupError('RESTORE_DIFFERS', reason));
}
