/** The hub's database server: its own PostgreSQL, started and watched; or the one that `DATABASE_URL` names. */
import { rmSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { Client } from 'pg';
import type { DataFolder } from '../folder.ts';
import { type Lock, lockFolder } from '../lock.ts';
import { postgresAccount, type RunAs } from './account.ts';
import { type Binaries, findBinaries, OLDEST_MAJOR } from './binaries.ts';
import { clusterMajor, clusterPaths, initCluster, prepareCluster, socketFolder } from './cluster.ts';
import {
  type Connection,
  clientConfig,
  forgetConnection,
  HUB_DATABASE,
  SOCKET_PORT,
  SUPERUSER,
  writeConnection,
} from './connection.ts';
import { type PostgresError, postgresError } from './errors.ts';
import { type PostgresState, Postmaster } from './postmaster.ts';

/** What is started, and who is told. */
export type PostgresOptions = {
  readonly folder: DataFolder;
  /** Value of `DATABASE_URL`: nothing is started. */
  readonly databaseUrl?: string | undefined;
  /** Of which kind the programs must be; for tests. */
  readonly binaries?: Binaries['kind'];
  /** Called when the database begins or ceases to answer. */
  readonly onState?: (state: PostgresState, reason: string) => void;
  /** Called with each line that PostgreSQL logs: warnings and worse. */
  readonly onLog?: (line: string) => void;
};

/** A database server that answers. */
export interface PostgresServer {
  readonly connection: Connection;
  /** Of the server: `15.14`. */
  readonly version: string;
  /** Whose programs run; undefined: not ours to run. */
  readonly kind: Binaries['kind'] | undefined;
  readonly state: PostgresState;
  /** The process while it runs. */
  readonly pid: number | undefined;
  /** Ends the server, if it is ours: connections are cut, so close them first. */
  stop(): Promise<void>;
}

/**
 * Starts the database of a data folder, made if it is not there yet, or connects to that of `databaseUrl`. One process
 * at a time: a second one gets POSTGRES_IN_USE; a PostgreSQL whose hub was killed is stopped first.
 */
export async function startPostgres(
  options: PostgresOptions,
): Promise<Result<PostgresServer, PostgresError>> {
  if (options.databaseUrl !== undefined && options.databaseUrl !== '')
    return foreignServer(options.databaseUrl);
  const { folder } = options;
  const runAs = postgresAccount(folder.path);
  if (runAs.isErr()) return runAs;
  const paths = clusterPaths(folder);
  const prepared = prepareCluster(folder, paths, runAs.value);
  if (prepared.isErr()) return prepared;
  const lock = await lockFolder(folder.postgres);
  if (lock.isErr()) {
    return err(
      postgresError('POSTGRES_IN_USE', `process ${lock.error.pid} runs the database in ${folder.path}`),
    );
  }
  const started = await startLocked(options, runAs.value, lock.value);
  if (started.isErr()) await lock.value.unlock();
  return started;
}

async function startLocked(
  { folder, binaries: kind, onState = () => undefined, onLog = () => undefined }: PostgresOptions,
  runAs: RunAs,
  lock: Lock,
): Promise<Result<PostgresServer, PostgresError>> {
  const paths = clusterPaths(folder);
  const binaries = findBinaries({ major: clusterMajor(paths), kind, copies: paths.binaries });
  if (binaries.isErr()) return binaries;
  if (clusterMajor(paths) === undefined) {
    const made = await initCluster(paths, binaries.value, runAs);
    if (made.isErr()) return made;
  }
  const socket = socketFolder(folder, runAs);
  const at = (user: string, database: string): Connection => ({
    kind: 'socket',
    folder: socket,
    port: SOCKET_PORT,
    user,
    database,
  });
  const superuser = at(SUPERUSER, 'postgres');
  const postmaster = new Postmaster({
    binaries: binaries.value,
    paths,
    socket,
    runAs,
    probe: superuser,
    onState,
    onLog,
  });
  const started = await postmaster.startWatched();
  if (started.isErr()) return started;
  await makeDatabase(superuser);
  const connection = at(HUB_DATABASE, HUB_DATABASE);
  writeConnection(folder, connection);
  return ok({
    connection,
    version: binaries.value.version,
    kind: binaries.value.kind,
    get state() {
      return postmaster.state;
    },
    get pid() {
      return postmaster.pid;
    },
    stop: async () => {
      await postmaster.stop();
      forgetConnection(folder);
      if (!socket.startsWith(folder.path)) rmSync(socket, { recursive: true, force: true });
      await lock.unlock();
    },
  });
}

/** Makes the hub's role and database where they are missing. The hub itself never works as a superuser. */
async function makeDatabase(superuser: Connection): Promise<void> {
  const client = new Client(clientConfig(superuser));
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [HUB_DATABASE]);
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${HUB_DATABASE} LOGIN`);
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [HUB_DATABASE]);
    if (database.rowCount === 0) {
      await client.query(`CREATE DATABASE ${HUB_DATABASE} OWNER ${HUB_DATABASE} TEMPLATE template0`);
    }
  } finally {
    await client.end();
  }
}

/** A server that somebody else runs. */
async function foreignServer(url: string): Promise<Result<PostgresServer, PostgresError>> {
  const connection: Connection = { kind: 'url', url };
  let version: string;
  try {
    const client = new Client(clientConfig(connection));
    client.on('error', () => undefined);
    await client.connect();
    const answer = await client.query<{ server_version: string }>('SHOW server_version');
    version = answer.rows[0]!.server_version.split(' ')[0]!;
    await client.end();
  } catch (error) {
    // The message of the client names host and port, never the password.
    return err(postgresError('POSTGRES_UNREACHABLE', `DATABASE_URL: ${(error as Error).message}`));
  }
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    return err(postgresError('POSTGRES_TOO_OLD', `it is PostgreSQL ${version}`));
  }
  return ok({
    connection,
    version,
    kind: undefined,
    state: 'up',
    pid: undefined,
    stop: async () => undefined,
  });
}
