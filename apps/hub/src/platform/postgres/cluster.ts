/**
 * The cluster of the hub's own PostgreSQL: how its folder is made, who gets in, and how it is set.
 *
 *     postgres/cluster      the database's own folder, of the user that runs it
 *     postgres/run          its socket, in a folder that only that user (and root) can enter
 *     postgres/hba.conf, ident.conf   who gets in; ours, so that the database's user cannot change them
 *     postgres/binaries     copies of the embedded programs
 *     postgres/lock         held by the process that runs it
 *
 * Two locks keep other users of the machine out: the folder of the socket, and `peer`, by which the kernel tells
 * PostgreSQL who is at the other end. So there is no password to keep.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type DataFolder, PRIVATE } from '../folder.ts';
import { closedAbove, give, letPass, letRead, type RunAs, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { HUB_DATABASE, SOCKET_PORT, SUPERUSER } from './connection.ts';
import { type PostgresError, postgresError } from './errors.ts';

/** Paths of a cluster. */
export type ClusterPaths = {
  readonly cluster: string;
  readonly binaries: string;
  readonly hba: string;
  readonly ident: string;
};

/** The paths of the cluster in a data folder. */
export function clusterPaths({ postgres }: DataFolder): ClusterPaths {
  return {
    cluster: join(postgres, 'cluster'),
    binaries: join(postgres, 'binaries'),
    hba: join(postgres, 'hba.conf'),
    ident: join(postgres, 'ident.conf'),
  };
}

/**
 * Settings, each with its reason. Memory is small: the counts of a state fit in it, and what is large (the history)
 * lies outside of the database.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  // Nothing but the socket: no address, so no firewall and no TLS to get wrong.
  listen_addresses: '',
  port: String(SOCKET_PORT),
  unix_socket_permissions: '0700',
  // Hub (10), flow (2), backup, doctor, and a person with psql: twice what is used at most.
  max_connections: '40',
  shared_buffers: '64MB',
  // Nobody follows this database by its log; backups are made by reading it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // What is acknowledged is on disk, always.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Bounds the time of coming back after a power cut to seconds, on a slow disk too.
  max_wal_size: '512MB',
  // Containers have 64 MB of shared memory between processes: parallel workers of one query would need it.
  max_parallel_workers_per_gather: '0',
  // Our queries are short: compiling them costs more than it gains.
  jit: 'off',
  // Never waits for ever for a hub that hangs within a transaction: locks and old rows would pile up.
  idle_in_transaction_session_timeout: '10min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '',
  log_min_messages: 'warning',
  // Routine; it would fill the log.
  log_checkpoints: 'off',
};

/** A socket's path holds at most 107 bytes; the name of PostgreSQL's takes these. */
const LONGEST_SOCKET_FOLDER = 107 - `/.s.PGSQL.${SOCKET_PORT}`.length;

/** Arguments of `postgres` for this cluster. */
export function postgresArguments({ cluster, hba, ident }: ClusterPaths, socket: string): string[] {
  // A list in PostgreSQL's own quotes: the path may hold a comma.
  const sockets = `"${socket.replaceAll('"', '""')}"`;
  const settings = { ...SETTINGS, hba_file: hba, ident_file: ident, unix_socket_directories: sockets };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Major version that made the cluster; undefined if there is none yet. */
export function clusterMajor({ cluster }: ClusterPaths): number | undefined {
  const path = join(cluster, 'PG_VERSION');
  if (!existsSync(path)) return undefined;
  const major = Number.parseInt(readFileSync(path, 'utf8').slice(0, 16), 10);
  return Number.isNaN(major) ? undefined : major;
}

/** Makes the folder around the cluster, which the database's user can pass through, and says who gets in. */
export function prepareCluster(
  folder: DataFolder,
  paths: ClusterPaths,
  runAs: RunAs,
): Result<void, PostgresError> {
  mkdirSync(folder.postgres, { recursive: true, mode: PRIVATE });
  const closed = closedAbove(folder.path, runAs);
  if (closed !== undefined) {
    const reason = `${closed} lets nobody through, so ${runAs.account.name} cannot get into ${folder.path}`;
    return err(postgresError('POSTGRES_FOLDER_UNREACHABLE', reason));
  }
  letPass(folder.path, runAs);
  letPass(folder.postgres, runAs);
  const people = [...new Set(['root', runAs.account.name])];
  const ident = people.flatMap((name) => [HUB_DATABASE, SUPERUSER].map((role) => `hub "${name}" ${role}\n`));
  for (const [path, text] of [
    [paths.hba, 'local all all peer map=hub\n'],
    [paths.ident, ident.join('')],
  ] as const) {
    // Made anew: one that another user wrote could be read only.
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600 });
    letRead(path, runAs);
  }
  return ok();
}

/** The folder for the socket, made anew: in the data folder, or in a short place where that path is too long. */
export function socketFolder({ postgres }: DataFolder, runAs: RunAs): string {
  const near = join(postgres, 'run');
  const folder =
    Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER ? near : mkdtempSync('/tmp/bellwether-postgres-');
  mkdirSync(folder, { recursive: true, mode: PRIVATE });
  give(folder, runAs, PRIVATE);
  return folder;
}

/** Makes an empty cluster: under another name first, so that one which was broken off is never used. */
export async function initCluster(
  paths: ClusterPaths,
  { bin }: Binaries,
  runAs: RunAs,
): Promise<Result<void, PostgresError>> {
  const growing = `${paths.cluster}.growing`;
  rmSync(growing, { recursive: true, force: true });
  mkdirSync(growing, { mode: PRIVATE });
  give(growing, runAs, PRIVATE);
  const args = ['--pgdata', growing, '--username', SUPERUSER, '--auth', 'peer', '--encoding', 'UTF8'];
  // Bytes in the order of bytes: no later change of a system's collation can damage an index.
  args.push('--locale', 'C', '--data-checksums', '--no-instructions');
  const failure = await run(join(bin, 'initdb'), args, runAs);
  if (failure !== undefined) {
    rmSync(growing, { recursive: true, force: true });
    return err(postgresError('POSTGRES_INIT_FAILED', failure));
  }
  renameSync(growing, paths.cluster);
  return ok();
}

/** The environment of PostgreSQL's programs: nothing of ours, which may hold secrets and settings of other databases. */
export const POSTGRES_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** How much of what a program says is kept, in characters: its last words hold the reason. */
const LAST_WORDS = 2_000;

/** Runs a program to its end; gives what it said if it failed. */
function run(program: string, args: readonly string[], runAs: RunAs): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: POSTGRES_ENV,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...spawnAs(runAs),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-LAST_WORDS);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      resolve(code === 0 ? undefined : said.trim() || `initdb ended with ${signal ?? code}`);
    });
  });
}
