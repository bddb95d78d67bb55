import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type DataFolder, openFolder } from '../folder.ts';
import { readConnection } from './connection.ts';
import { openDatabase } from './database.ts';
import { type PostgresServer, startPostgres } from './server.ts';

const servers: PostgresServer[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  folders.push(path);
  return openFolder(path).okOrThrow();
}

async function start(folder: DataFolder, more: object = {}): Promise<PostgresServer> {
  const server = (await startPostgres({ folder, ...more })).okOrThrow();
  servers.push(server);
  return server;
}

async function ask(server: PostgresServer, sql: string): Promise<unknown> {
  const database = openDatabase(server.connection);
  try {
    const { rows } = await database.pool.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await database.close();
  }
}

/** Waits for what a supervisor does by itself. */
async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await sleep(20);
}

describe('the hub’s own PostgreSQL', () => {
  it.each(['system', 'embedded'] as const)('is made and started with the %s programs', async (binaries) => {
    const folder = newFolder();
    const server = await start(folder, { binaries });

    expect(server.kind).toBe(binaries);
    expect(server.state).toBe('up');
    for (const [setting, value] of [
      ['listen_addresses', ''],
      ['data_checksums', 'on'],
      ['fsync', 'on'],
      ['synchronous_commit', 'on'],
      ['server_encoding', 'UTF8'],
      ['TimeZone', 'UTC'],
    ]) {
      expect([setting, await ask(server, `SHOW ${setting}`)]).toEqual([setting, value]);
    }
    expect(await ask(server, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toBe(false);
    expect(readConnection(folder)).toEqual(server.connection);
  });

  it('keeps what was committed, and forgets where it was when it is stopped', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS seven');
    await first.stop();
    expect(readConnection(folder)).toBeUndefined();

    expect(await ask(await start(folder), 'SELECT seven FROM kept')).toBe(7);
  });

  it('lets nobody else on the machine in', async () => {
    const folder = newFolder();
    await start(folder);

    for (const path of [folder.path, folder.postgres]) expect(statSync(path).mode & 0o007).toBe(0);
    for (const name of ['cluster', 'run']) {
      expect(statSync(join(folder.postgres, name)).mode & 0o077).toBe(0);
    }
  });

  it('is started again when it is killed', async () => {
    const states: string[] = [];
    const server = await start(newFolder(), { onState: (state: string) => states.push(state) });
    const { pid } = server;
    process.kill(pid!, 'SIGKILL');

    await until(() => states.length === 3);
    expect(states).toEqual(['up', 'down', 'up']);
    expect(server.pid).not.toBe(pid);
    expect(await ask(server, 'SELECT 1')).toBe(1);
  });

  it('runs once: a second start on the same folder is refused, and the first goes on', async () => {
    const folder = newFolder();
    const server = await start(folder);
    const second = await startPostgres({ folder });

    expect(second).toMatchObject({ error: { code: 'POSTGRES_IN_USE' } });
    expect(await ask(server, 'SELECT 1')).toBe(1);
  });

  it('finds its place when the path is too long for a socket', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'bellwether-')), 'x'.repeat(100));
    folders.push(join(path, '..'));
    chmodSync(join(path, '..'), 0o711);
    const server = await start(openFolder(path).okOrThrow());

    expect(await ask(server, 'SELECT 1')).toBe(1);
  });
});

describe.runIf(process.getuid?.() === 0)('started by root', () => {
  it('runs as somebody else, from programs and data that this one can read', async () => {
    const server = await start(newFolder(), { binaries: 'embedded' });

    const uid = execFileSync('stat', ['-c', '%u', `/proc/${server.pid}`], { encoding: 'utf8' }).trim();
    expect(Number(uid)).toBeGreaterThan(0);
  });

  it('says which folder is in the way when the data lie behind a closed one', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'bellwether-'));
    folders.push(closed);
    mkdirSync(join(closed, 'data'));
    const started = await startPostgres({ folder: openFolder(join(closed, 'data')).okOrThrow() });

    expect(started).toMatchObject({ error: { code: 'POSTGRES_FOLDER_UNREACHABLE' } });
    expect(started.isErr() && started.error.reason).toContain(closed);
  });
});
