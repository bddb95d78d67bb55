/**
 * How to reach the database: the private socket of the hub's own PostgreSQL, or the URL of another one. The hub writes
 * the socket's place into its data folder, so that other commands on this machine find it.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import type { DataFolder } from '../folder.ts';

/** Where a database is. */
export type Connection =
  | {
      readonly kind: 'socket';
      /** Folder of the socket. */
      readonly folder: string;
      /** Part of the socket's name; nothing listens on a port. */
      readonly port: number;
      readonly user: string;
      readonly database: string;
    }
  | { readonly kind: 'url'; readonly url: string };

/** Name of the database, and of the role that owns it and that the hub works as: not a superuser. */
export const HUB_DATABASE = 'bellwether';

/** The role that made the cluster: used to create the other one only. */
export const SUPERUSER = 'postgres';

/** Names the socket; PostgreSQL's usual number, so that `psql -h FOLDER` finds it. */
export const SOCKET_PORT = 5432;

/** What the pg client needs to connect. */
export function clientConfig(connection: Connection): ClientConfig {
  const common = { application_name: 'bellwether' };
  if (connection.kind === 'url') return { connectionString: connection.url, ...common };
  const { folder, port, user, database } = connection;
  return { host: folder, port, user, database, ...common };
}

const SCHEMA = 'bellwether/connection@1';

function fileIn({ postgres }: DataFolder): string {
  return join(postgres, 'connection.json');
}

/** Writes where the hub's PostgreSQL is. A URL is not written: it may hold a password. */
export function writeConnection(folder: DataFolder, connection: Connection): void {
  if (connection.kind === 'url') return;
  writeFileSync(fileIn(folder), `${JSON.stringify({ schema: SCHEMA, ...connection })}\n`, { mode: 0o600 });
}

/** Where the hub's PostgreSQL was when it was last started; undefined if it was stopped since. */
export function readConnection(folder: DataFolder): Connection | undefined {
  let written: Record<string, unknown>;
  try {
    written = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { schema, folder: socket, port, user, database } = written;
  if (schema !== SCHEMA || typeof socket !== 'string' || typeof port !== 'number') return undefined;
  if (typeof user !== 'string' || typeof database !== 'string') return undefined;
  return { kind: 'socket', folder: socket, port, user, database };
}

/** Removes what `writeConnection` wrote. */
export function forgetConnection(folder: DataFolder): void {
  rmSync(fileIn(folder), { force: true });
}
