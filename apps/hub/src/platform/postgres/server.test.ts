import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
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

afterAll(() => {
  if (common !== undefined) rmSync(common.path, { recursive: true, force: true });
});

let common: DataFolder | undefined;

/** A folder that tests share one after the other: making a cluster takes longer than all the rest. */
function commonFolder(): DataFolder {
  common ??= openFolder(mkdtempSync(join(tmpdir(), 'bellwether-'))).okOrThrow();
  return common;
}

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

/** Another process that starts the database of a folder; killed as by a power cut of its own. */
async function startAndKill(folder: DataFolder): Promise<number> {
  const program = join(folder.path, '..', `${folder.path.split('/').at(-1)}.mjs`);
  folders.push(program);
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const require = "import{createRequire as _r}from'node:module';const require=_r(import.meta.url);";
  const source = fileURLToPath(new URL('./testing/start-and-wait.ts', import.meta.url));
  const options = [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--log-level=error',
    '--external:pg-native',
  ];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [
    source,
    ...options,
    `--banner:js=${require}`,
    `--outfile=${program}`,
  ]);
  // From a folder that PostgreSQL's user cannot enter, as a person in /root would start it.
  const child = spawn(process.execPath, [program, folder.path], {
    cwd: folder.journal,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone]);
  child.kill('SIGKILL');
  await gone;
  return Number(line);
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
    const folder = commonFolder();
    const first = await start(folder);
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS seven');
    await first.stop();
    expect(readConnection(folder)).toBeUndefined();

    expect(await ask(await start(folder), 'SELECT seven FROM kept')).toBe(7);
  });

  it('lets nobody else on the machine in', async () => {
    const folder = commonFolder();
    await start(folder);

    for (const path of [folder.path, folder.postgres]) expect(statSync(path).mode & 0o007).toBe(0);
    for (const name of ['cluster', 'run']) {
      expect(statSync(join(folder.postgres, name)).mode & 0o077).toBe(0);
    }
  });

  it('is started again when it is killed', async () => {
    const states: string[] = [];
    const server = await start(commonFolder(), { onState: (state: string) => states.push(state) });
    const { pid } = server;
    const lost: Error[] = [];
    const database = openDatabase(server.connection, { onLost: (error) => lost.push(error) });
    // One connection in the middle of a transaction, one idle: neither may end this process.
    const busy = await database.pool.connect();
    await busy.query('BEGIN');
    await database.pool.query('SELECT 1');
    process.kill(pid!, 'SIGKILL');

    await until(() => states.length === 3);
    expect(states).toEqual(['up', 'down', 'up']);
    expect(server.pid).not.toBe(pid);
    expect(lost.length).toBeGreaterThanOrEqual(2);
    busy.release(lost[0]);
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('runs once: a second start on the same folder is refused, and the first goes on', async () => {
    const folder = commonFolder();
    const server = await start(folder);
    const second = await startPostgres({ folder });

    expect(second).toMatchObject({ error: { code: 'POSTGRES_IN_USE' } });
    expect(await ask(server, 'SELECT 1')).toBe(1);
  });

  it('is stopped when it outlived the hub that started it, and started by the next one', async () => {
    const folder = commonFolder();
    const pid = await startAndKill(folder);
    expect(existsSync(`/proc/${pid}/cwd`)).toBe(true);
    const server = await start(folder);

    expect(server.pid).not.toBe(pid);
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).toContain(folder.path);
    expect(await ask(server, 'SELECT 1')).toBe(1);
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
  });

  it('starts over a pid file that names another process', async () => {
    const folder = commonFolder();
    await (await start(folder)).stop();
    const cluster = join(folder.postgres, 'cluster');
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n\n*\n1 1\nready\n`);

    expect(await ask(await start(folder), 'SELECT 1')).toBe(1);
  });

  it('says what is missing when the programs of its version are gone', async () => {
    const folder = newFolder();
    mkdirSync(join(folder.postgres, 'cluster'), { recursive: true });
    writeFileSync(join(folder.postgres, 'cluster', 'PG_VERSION'), '14\n');
    const started = await startPostgres({ folder });

    expect(started).toMatchObject({ error: { code: 'POSTGRES_BINARIES_MISSING' } });
    expect(started.isErr() && started.error.reason).toContain('PostgreSQL 14');
  });

  it('is not started where another one is named', async () => {
    const folder = commonFolder();
    const { connection } = await start(folder);
    const { folder: socket } = connection as { folder: string };
    const databaseUrl = `postgresql://bellwether@/bellwether?host=${encodeURIComponent(socket)}`;
    const other = newFolder();
    const server = await start(other, { databaseUrl });

    expect([server.kind, server.pid]).toEqual([undefined, undefined]);
    expect(await ask(server, 'SELECT 1')).toBe(1);
    expect(existsSync(other.postgres)).toBe(false);
    const lost = await startPostgres({ folder: other, databaseUrl: `${databaseUrl}x` });
    expect(lost).toMatchObject({ error: { code: 'POSTGRES_UNREACHABLE' } });
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

  it('changes nothing for a service of another user that owns the folder', async () => {
    const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
    folders.push(path);
    const [uid, gid] = [65_534, 65_534];
    const folder = openFolder(path).okOrThrow();
    for (const name of ['', ...readdirSync(path)]) chownSync(join(path, name), uid, gid);
    const server = await start(folder);
    const owner = execFileSync('stat', ['-c', '%u', `/proc/${server.pid}`], { encoding: 'utf8' }).trim();
    await server.stop();

    expect(Number(owner)).toBe(uid);
    for (const name of ['', 'postgres', 'postgres/cluster', 'postgres/hba.conf', 'postgres/ident.conf']) {
      expect([name, statSync(join(path, name)).uid]).toEqual([name, uid]);
    }
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
