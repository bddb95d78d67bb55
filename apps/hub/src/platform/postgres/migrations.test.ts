import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareDatabase } from '../backup/prepare-database.ts';
import { type DataFolder, openFolder } from '../folder.ts';
import { AUTHORITIES } from './authorities.ts';
import { clientConfig } from './connection.ts';
import { type Database, openDatabase } from './database.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';
import { seedAuthorities } from './seed.ts';
import { type PostgresServer, startPostgres } from './server.ts';
import { ACCOUNT_COUNTS } from './tables.ts';

let folder: DataFolder;
let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  folder = openFolder(mkdtempSync(join(tmpdir(), 'bellwether-'))).okOrThrow();
  server = (await startPostgres({ folder })).okOrThrow();
  database = openDatabase(server.connection);
});

afterAll(async () => {
  await database.close();
  await server.stop();
  rmSync(folder.path, { recursive: true, force: true });
});

beforeEach(async () => {
  await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

/** What a later version would add. */
const LAST = MIGRATIONS.length;
const NEXT: Migration = {
  number: LAST + 1,
  name: 'next',
  sql: 'ALTER TABLE facts ADD COLUMN since timestamptz',
};

async function tables(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

async function code(options: Parameters<typeof migrate>[1]): Promise<string | undefined> {
  const result = await migrate(server.connection, options);
  return result.isErr() ? result.error.code : undefined;
}

describe('the steps of the database', () => {
  it('are numbered from 1 without a gap', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('are taken once', async () => {
    expect((await migrate(server.connection)).okOrThrow()).toEqual({ from: 0, to: MIGRATIONS.length });
    expect((await migrate(server.connection)).okOrThrow()).toEqual({
      from: MIGRATIONS.length,
      to: MIGRATIONS.length,
    });
  });

  it('are taken by one process when several start at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(server.connection)));

    expect(all.map((result) => result.okOrThrow().from).sort()).toEqual([0, LAST, LAST, LAST]);
  });

  it('make the tables and columns that the program knows', async () => {
    (await migrate(server.connection)).okOrThrow();
    const { rows } = await database.pool.query<{ columns: string[] }>(
      `SELECT array_agg(column_name::text ORDER BY ordinal_position) AS columns
       FROM information_schema.columns WHERE table_name = 'account_hours'`,
    );

    expect(rows[0]!.columns).toEqual(['hour', 'sensor', ...ACCOUNT_COUNTS]);
  });

  it('leave nothing behind when one fails in the middle', async () => {
    const broken: Migration = {
      number: LAST + 1,
      name: 'broken',
      sql: 'CREATE TABLE half (a int); INSERT INTO half VALUES (1); SELECT 1 / 0; CREATE TABLE whole (a int)',
    };
    (await migrate(server.connection)).okOrThrow();
    const before = await tables();

    expect(await code({ migrations: [...MIGRATIONS, broken] })).toBe('DATABASE_STEP_FAILED');
    expect(await tables()).toEqual(before);
    expect(await code({ migrations: [...MIGRATIONS, NEXT] })).toBeUndefined();
  });

  it('refuse a database that a newer version made', async () => {
    (await migrate(server.connection, { migrations: [...MIGRATIONS, NEXT] })).okOrThrow();

    expect(await code({})).toBe('DATABASE_NEWER');
  });

  it('refuse a database that another step of that number made', async () => {
    const [first, ...rest] = MIGRATIONS as [Migration, ...Migration[]];
    const other = { ...first, sql: `${first.sql}\nCREATE TABLE more (a int);` };
    (await migrate(server.connection, { migrations: [other, ...rest] })).okOrThrow();

    expect(await code({})).toBe('DATABASE_CHANGED');
  });
});

describe('before a database that holds something is changed', () => {
  it('there has to be room for it', async () => {
    (await migrate(server.connection)).okOrThrow();
    const migrations = [...MIGRATIONS, NEXT];

    expect(await code({ migrations, freeBytes: () => 1_000_000 })).toBe('DATABASE_NO_ROOM');
    expect(await code({ migrations, freeBytes: () => 1e12 })).toBeUndefined();
  });

  it('nothing is changed if the backup fails', async () => {
    (await migrate(server.connection)).okOrThrow();
    const migrations = [...MIGRATIONS, NEXT];

    expect(await code({ migrations, backup: async () => 'the disk is full' })).toBe('DATABASE_BACKUP_FAILED');
    expect(await code({})).toBeUndefined();
  });

  it('a backup of it is made, in the data folder', async () => {
    const options = { folder, server, now: () => Date.UTC(2026, 10, 3, 10, 15) };
    (await prepareDatabase(options)).okOrThrow();
    expect(readdirSync(folder.backups)).toEqual([]);

    (await prepareDatabase({ ...options, migrations: [...MIGRATIONS, NEXT] })).okOrThrow();
    expect(readdirSync(folder.backups)).toEqual([`before-version-${LAST + 1}-20261103T101500Z`]);
    const manifest = join(folder.backups, `before-version-${LAST + 1}-20261103T101500Z`, 'manifest.json');
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ database: { version: LAST } });
  });

  it('one of every version before becomes one of this, with what it held and a backup of it', async () => {
    const now = () => Date.UTC(2026, 10, 3, 10, 15);
    for (let version = 1; version < LAST; version++) {
      (await migrate(server.connection, { migrations: MIGRATIONS.slice(0, version) })).okOrThrow();
    }
    await database.query.insertInto('facts').values({ name: 'kept', value: 'true' }).execute();

    (await prepareDatabase({ folder, server, now })).okOrThrow();

    const kept = await database.query.selectFrom('facts').select('name').execute();
    expect(kept).toEqual([{ name: 'kept' }]);
    expect(readdirSync(folder.backups)).toContain(`before-version-${LAST}-20261103T101500Z`);
  });
});

describe('the authorities', () => {
  it('are 116, and are brought up to date without being doubled or removed', async () => {
    (await migrate(server.connection)).okOrThrow();
    const closed = { leaId: '29999', name: 'Closed', fips: '29999', kind: 'board', registered: 1 } as const;
    await seedAuthorities(database, [closed, { ...AUTHORITIES[0]!, name: 'Old name' }]);
    await seedAuthorities(database);
    await seedAuthorities(database);
    const rows = await database.query.selectFrom('authorities').selectAll().orderBy('lea_id').execute();

    expect(AUTHORITIES).toHaveLength(116);
    expect(rows).toHaveLength(117);
    expect(rows[0]).toMatchObject({ lea_id: '29001', name: 'Adair County', registered: 14_824 });
  });
});

describe('numbers of the database', () => {
  it('are numbers, sums too, and one that would be rounded is an error', async () => {
    const { rows } = await database.pool.query(
      "SELECT 9007199254740991::bigint AS a, sum(v) AS b, 0.5::numeric AS c, '2026-11-03'::date AS d FROM (VALUES (1::bigint), (2)) t(v)",
    );
    expect(rows).toEqual([{ a: 9007199254740991, b: 3, c: 0.5, d: '2026-11-03' }]);

    await expect(database.pool.query('SELECT 9007199254740993::bigint')).rejects.toThrow(RangeError);
  });

  it('are read as text by a client that was not told otherwise, so nothing is changed for others', async () => {
    const client = new Client(clientConfig(server.connection));
    await client.connect();
    const { rows } = await client.query('SELECT 1::bigint AS one');
    await client.end();

    expect(rows).toEqual([{ one: '1' }]);
  });
});
