/** The hub's connections to its database, and the typed queries over them. */
import { Kysely, PostgresDialect } from 'kysely';
import { type CustomTypesConfig, Pool, types } from 'pg';
import { type Connection, clientConfig } from './connection.ts';
import type { Tables } from './tables.ts';

/** Open connections. */
export type Database = {
  /** Typed queries. */
  readonly query: Kysely<Tables>;
  /** The connections themselves, for COPY and for SQL by hand. */
  readonly pool: Pool;
  /** Closes them. */
  close(): Promise<void>;
};

/** What may be chosen. */
export type DatabaseOptions = {
  /** Most connections at a time; `MOST_CONNECTIONS` if nothing is said. */
  readonly connections?: number;
  /** Told of a connection that broke: the pool makes a new one by itself. */
  readonly onLost?: (error: Error) => void;
};

/** As many as routes that ask at the same time on two to four cores can use; the server allows 40 in all. */
export const MOST_CONNECTIONS = 10;

/** How long a query waits for a free connection before it fails: a page that takes longer is reloaded anyway. */
const WAIT_LIMIT_MS = 15_000;

/** Opens connections when they are needed. */
export function openDatabase(connection: Connection, options: DatabaseOptions = {}): Database {
  const pool = new Pool({
    ...clientConfig(connection),
    max: options.connections ?? MOST_CONNECTIONS,
    connectionTimeoutMillis: WAIT_LIMIT_MS,
    types: TYPES,
  });
  const lost = (error: Error): void => options.onLost?.(error);
  pool.on('error', lost);
  // Also while somebody uses it, between two queries: pg would throw what nobody listens to, and end the hub.
  pool.on('connect', (client) => client.on('error', lost));
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= query.destroy();
    return closing;
  };
  return { query, pool, close };
}

const { INT8, NUMERIC, DATE } = types.builtins;

/** Reads whole numbers as numbers, and days as text; the rest as pg does. */
const TYPES: CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary') {
      if (oid === INT8) return wholeNumber;
      // What `sum` gives for 64-bit counts.
      if (oid === NUMERIC) return anyNumber;
      // A day is no moment: as a Date it would move with the zone of this machine.
      if (oid === DATE) return (text: string) => text;
    }
    return types.getTypeParser(oid, format ?? 'text');
  },
};

/** A 64-bit number; throws beyond 2^53, where a count would be rounded in silence. */
function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large to be counted with`);
  return number;
}

function anyNumber(text: string): number {
  return text.includes('.') || text === 'NaN' ? Number(text) : wholeNumber(text);
}
