/**
 * Rows of a query on the vendor's PostgreSQL: one read-only transaction that sees one moment (repeatable read), through a
 * cursor, so that neither side holds all rows. The address may have a password in it, so it stands in no message.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type RollsError, rowOfTexts } from '@bellwether/rolls';
import { Client } from 'pg';
import { incompleteDump, type LiveSink } from './live-types.ts';

/** Rows fetched at a time: some megabytes. */
const ROWS_AT_ONCE = 10_000;

/** ms that the database may take to let us in. */
const CONNECT_MS = 10_000;

/** Values as PostgreSQL writes them: the mapping decides what they mean, and a date must not pass through a time zone. */
const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

/** Reads all rows of `query`. */
export async function queryRows(
  query: string,
  address: string,
  sink: LiveSink,
): Promise<Result<void, RollsError>> {
  const client = new Client({ connectionString: address, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    return err(incompleteDump(`the registration database cannot be reached: ${reasonOf(error)}`));
  }
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`DECLARE bellwether_rows NO SCROLL CURSOR FOR ${query}`);
    let isBegun = false;
    for (let number = 0; ; ) {
      const fetched = await client.query<string[]>({
        text: `FETCH ${ROWS_AT_ONCE} FROM bellwether_rows`,
        rowMode: 'array',
        types: AS_TEXT,
      });
      if (!isBegun) {
        const begun = sink.takeColumns(fetched.fields.map(({ name }) => name));
        if (begun.isErr()) return begun;
        isBegun = true;
      }
      if (fetched.rows.length === 0) return ok();
      for (const row of fetched.rows) {
        number++;
        const taken = sink.takeRow(rowOfTexts(row.map((value) => value ?? '')));
        if (taken.isErr()) return err({ ...taken.error, detail: `row ${number}: ${taken.error.detail}` });
      }
    }
  } catch (error) {
    return err(incompleteDump(`the query failed: ${reasonOf(error)}`));
  } finally {
    await client.end().catch(() => {});
  }
}

/** What PostgreSQL or the system says, by its code where it has one: messages of connecting may hold the address. */
export function reasonOf(error: unknown): string {
  const { code, severity, message } = error as { code?: string; severity?: string; message?: string };
  return severity === undefined ? (code ?? 'no answer') : `${code}: ${message}`;
}
