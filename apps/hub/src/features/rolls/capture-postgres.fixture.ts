/** A vendor's PostgreSQL with logical replication: a cluster of the hub's kind, started again with `wal_level` as a vendor's has it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { openFolder } from '../../platform/folder.ts';
import { give, postgresAccount, spawnAs } from '../../platform/postgres/account.ts';
import { findBinaries } from '../../platform/postgres/binaries.ts';
import { clusterPaths, postgresArguments } from '../../platform/postgres/cluster.ts';
import { HUB_DATABASE, SOCKET_PORT, SUPERUSER } from '../../platform/postgres/connection.ts';
import { startPostgres } from '../../platform/postgres/server.ts';

/** A database, and a folder for the files of a test. */
export type VendorDatabase = {
  readonly folder: string;
  /** As a configuration has it. */
  readonly address: string;
  connect(): Promise<Client>;
  stop(): Promise<void>;
};

/** Starts it. */
export async function startVendorDatabase(): Promise<VendorDatabase> {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  const folder = openFolder(path).okOrThrow();
  const first = (await startPostgres({ folder })).okOrThrow();
  await first.stop();
  const paths = clusterPaths(folder);
  const runAs = postgresAccount(folder.path).okOrThrow();
  const binaries = findBinaries({ major: undefined, kind: undefined, copies: paths.binaries }).okOrThrow();
  const socket = join(folder.postgres, 'vendor');
  mkdirSync(socket, { recursive: true });
  give(socket, runAs, 0o700);
  const args = [...postgresArguments(paths, socket), '-c', 'wal_level=logical'];
  const child = spawn(join(binaries.bin, 'postgres'), args, { ...spawnAs(runAs), stdio: 'ignore' });
  const ended = once(child, 'exit');
  const connect = async (): Promise<Client> => {
    for (let tries = 100; ; tries--) {
      const client = new Client({ host: socket, port: SOCKET_PORT, user: SUPERUSER, database: HUB_DATABASE });
      client.on('error', () => {});
      const failed = await client.connect().catch((error: Error) => error);
      if (!(failed instanceof Error)) return client;
      if (tries === 0) throw failed;
      await wait(100);
    }
  };
  return {
    folder: path,
    address: `postgres://${SUPERUSER}@localhost:${SOCKET_PORT}/${HUB_DATABASE}?host=${encodeURIComponent(socket)}`,
    connect,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      rmSync(path, { recursive: true, force: true });
    },
  };
}
