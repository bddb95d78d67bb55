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
    for (const [table, { columns, rows }] of Object.entries(tables)) {
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
