import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Act } from '../auth/auth-types.ts';
import { createTrail } from '../auth/trail.ts';
import { checkEntries } from '../auth/trail-check.ts';
import { BEGINNING, trailHead, trailPages } from '../auth/trail-read.ts';
import { type DataFolder, openFolder } from '../folder.ts';
import { clientConfig } from '../postgres/connection.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { HISTORY_LOCK } from '../postgres/locks.ts';
import { MIGRATIONS, type Migration } from '../postgres/migrations.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { ACCOUNT_COUNTS, type AccountCounts } from '../postgres/tables.ts';
import { makeBackup } from './make.ts';
import { prepareDatabase } from './prepare-database.ts';
import { restoreBackup } from './restore.ts';
import { parentsFirst } from './tables-in.ts';
import { beginMoment } from './tables-out.ts';

let folder: DataFolder;
let server: PostgresServer;
let database: Database;
let above: string;
const now = (): number => Date.UTC(2026, 10, 3, 12);

beforeAll(async () => {
  // Others may pass through, as through any folder that holds a data folder.
  above = mkdtempSync(join(tmpdir(), 'bellwether-'));
  openFolder(above).okOrThrow();
  folder = openFolder(above).okOrThrow();
  server = (await startPostgres({ folder })).okOrThrow();
  (await prepareDatabase({ folder, server, now })).okOrThrow();
  database = openDatabase(server.connection);
  await database.query
    .insertInto('progress')
    .values({ step: 0, journal_offset: 64, history_step: 0, journal_id: 'a1' })
    .execute();
  writeFileSync(folder.config, 'zone: America/Chicago\n');
  writeFileSync(folder.token, 'secret\n');
  await database.query
    .insertInto('incidents')
    .values({
      key: 'k',
      kind: 'through',
      opened_at: new Date(),
      last_at: new Date(),
      count: 1,
      reason: 'a\tb\\\nc',
    })
    .execute();
  for (let step = 1; step <= 20; step += 1) await takeStep(step);
});

const made: string[] = [];

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

afterAll(async () => {
  await database.close();
  await server.stop();
  rmSync(above, { recursive: true, force: true });
});

/** A place for a data folder or backup that is not there yet. */
function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  rmSync(path, { recursive: true });
  made.push(path, `${path}.growing`);
  return path;
}

/** What the flow does in a step: a row of the account that balances, a file of the history, a snapshot, in that order. */
async function takeStep(step: number): Promise<void> {
  appendFileSync(join(folder.journal, `${String(step >> 3).padStart(16, '0')}.journal`), `step ${step}\n`);
  const path = `fresh-${step}.parquet`;
  writeFileSync(join(folder.history, path), `rows of ${step}`);
  const counts = { lines: step, contacts: step, refused: step } as Partial<AccountCounts>;
  const zeros = Object.fromEntries(ACCOUNT_COUNTS.map((name) => [name, 0])) as AccountCounts;
  await database.query.transaction().execute(async (change) => {
    const row = { ...zeros, ...counts, sensor: 0 };
    await change
      .insertInto('account_minutes')
      .values({ ...row, minute: new Date(step * 60_000) })
      .execute();
    await change.updateTable('progress').set({ step, history_step: step }).execute();
    const file = { path, from_step: step, to_step: step, rows: step, bytes: 10 };
    await change.insertInto('history_files').values(file).execute();
  });
  writeFileSync(join(folder.snapshots, `step-${String(step).padStart(15, '0')}.snapshot`), `state ${step}`);
  rmSync(join(folder.snapshots, `step-${String(step - 2).padStart(15, '0')}.snapshot`), { force: true });
}

/** What a job does: one file of several, which go away. */
async function pack(step: number): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [HISTORY_LOCK]);
    const { rows } = await client.query<{ path: string }>('SELECT path FROM history_files');
    const path = `day-${step}.parquet`;
    writeFileSync(join(folder.history, path), 'packed');
    await client.query('BEGIN; DELETE FROM history_files');
    await client.query('INSERT INTO history_files VALUES ($1, NULL, 0, $2, 1, 6, NULL, NULL)', [path, step]);
    await client.query('COMMIT');
    for (const old of rows) rmSync(join(folder.history, old.path));
    await client.query('SELECT pg_advisory_unlock($1)', [HISTORY_LOCK]);
  } finally {
    client.release();
  }
}

async function backup(): Promise<string> {
  const to = place();
  (await makeBackup({ folder, connection: server.connection, to, now })).okOrThrow();
  return to;
}

/** What is in a restored folder. */
async function look(path: string): Promise<{ step: number; sum: number; files: string[]; reason: string }> {
  const restored = openFolder(path).okOrThrow();
  const other = (await startPostgres({ folder: restored })).okOrThrow();
  const open = openDatabase(other.connection);
  const { step } = await open.query.selectFrom('progress').select('step').executeTakeFirstOrThrow();
  const sums = await open.query
    .selectFrom('account_minutes')
    .select((e) => e.fn.sum<number>('contacts').as('sum'))
    .executeTakeFirstOrThrow();
  const files = await open.query.selectFrom('history_files').select('path').orderBy('path').execute();
  const { reason } = await open.query.selectFrom('incidents').select('reason').executeTakeFirstOrThrow();
  const next = await open.query
    .insertInto('surfaces')
    .values({ yaml: '', sha256: '' })
    .returning('version')
    .executeTakeFirstOrThrow();
  expect(next.version).toBeGreaterThan(0);
  await open.close();
  await other.stop();
  return { step, sum: sums.sum, files: files.map((file) => file.path), reason };
}

describe('a backup', () => {
  it('is of one moment while the hub goes on, and comes back whole', async () => {
    let going = true;
    let step = 20;
    const hub = (async () => {
      while (going) {
        step += 1;
        await takeStep(step);
        if (step % 7 === 0) await pack(step);
      }
    })();
    const backups = [await backup(), await backup()];
    going = false;
    await hub;

    for (const from of backups) {
      const to = place();
      (await restoreBackup({ from, to })).okOrThrow();
      const found = await look(to);
      // Every step adds its number: the sum tells that all steps up to this one are there and none after it.
      expect(found.sum).toBe((found.step * (found.step + 1)) / 2);
      expect(readdirSync(join(to, 'history')).sort()).toEqual(found.files);
      expect(found.reason).toBe('a\tb\\\nc');
      const snapshots = readdirSync(join(to, 'snapshots')).map((name) => Number(/\d+/.exec(name)![0]));
      expect(snapshots.length).toBeGreaterThan(0);
      expect(Math.max(...snapshots)).toBeLessThanOrEqual(found.step);
      const journal = readdirSync(join(to, 'journal')).map((name) =>
        readFileSync(join(to, 'journal', name), 'utf8'),
      );
      expect(journal.join('')).toContain(`step ${found.step}\n`);
    }
  });

  it('has its moment as soon as it begins, before anything is asked', async () => {
    const reader = new Client(clientConfig(server.connection));
    await reader.connect();
    const before = await database.query.selectFrom('progress').select('step').executeTakeFirstOrThrow();
    await beginMoment(reader);
    await database.query
      .updateTable('progress')
      .set({ step: before.step + 1 })
      .execute();
    const { rows } = await reader.query('SELECT step::int FROM progress');
    await reader.end();
    await database.query.updateTable('progress').set({ step: before.step }).execute();

    expect(rows).toEqual([before]);
  });

  it('waits while files of the history are being put together', async () => {
    const packer = await database.pool.connect();
    await packer.query('SELECT pg_advisory_lock($1)', [HISTORY_LOCK]);
    let done = false;
    const making = backup().finally(() => {
      done = true;
    });
    let waits = false;
    while (!waits && !done) {
      const { rows } = await packer.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      );
      waits = rows.length > 0;
    }
    await packer.query('SELECT pg_advisory_unlock($1)', [HISTORY_LOCK]);
    packer.release();
    await making;

    expect(waits).toBe(true);
  });

  it('lets go of what a backup held that was killed', async () => {
    // No process has this number: Linux gives none beyond 2^22.
    const left = join(folder.backups, '.held-4194305-abc');
    mkdirSync(join(left, 'history'), { recursive: true });
    writeFileSync(join(left, 'history', 'a.parquet'), '');
    await backup();

    expect(readdirSync(folder.backups)).toEqual([]);
  });

  it('holds the configuration, and not the secret of the desk', async () => {
    const path = await backup();

    expect(readFileSync(join(path, 'bellwether.yaml'), 'utf8')).toBe('zone: America/Chicago\n');
    expect(existsSync(join(path, 'token'))).toBe(false);
  });

  it('leaves out a snapshot that knows more than the tables', async () => {
    const newer = 'step-000000000999999.snapshot';
    writeFileSync(join(folder.snapshots, newer), 'from the future');
    const path = await backup();
    rmSync(join(folder.snapshots, newer));

    expect(readdirSync(join(path, 'snapshots'))).not.toContain(newer);
    expect(readdirSync(join(path, 'snapshots')).length).toBeGreaterThan(0);
  });

  it('is never written over something, and leaves nothing behind when it fails', async () => {
    const path = await backup();
    const again = await makeBackup({ folder, connection: server.connection, to: path, now });
    expect(again).toMatchObject({ error: { code: 'BACKUP_TARGET_EXISTS' } });

    await database.query
      .insertInto('history_files')
      .values({ path: 'gone.parquet', from_step: 0, to_step: 0, rows: 0, bytes: 0 })
      .execute();
    const to = place();
    const failed = await makeBackup({ folder, connection: server.connection, to, now });
    await database.query.deleteFrom('history_files').where('path', '=', 'gone.parquet').execute();
    expect(failed).toMatchObject({ error: { code: 'BACKUP_SOURCE_UNREADABLE' } });
    expect([existsSync(to), existsSync(`${to}.growing`)]).toEqual([false, false]);
    expect(readdirSync(folder.backups)).toEqual([]);
  });
});

describe('a restore', () => {
  it('refuses a backup in which any file was changed, cut or lost, and leaves nothing behind', async () => {
    const whole = await backup();
    const files = readdirSync(whole, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const kinds = new Map(files.map((file) => [`${file.parentPath} ${file.name.split('.').at(-1)}`, file]));
    for (const { parentPath, name } of kinds.values()) {
      const path = join(parentPath, name);
      const bytes = readFileSync(path);
      for (const harm of [
        () =>
          writeFileSync(
            path,
            bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
          ),
        () => truncateSync(path, bytes.length - 1),
        () => rmSync(path),
      ]) {
        harm();
        const to = place();
        const restored = await restoreBackup({ from: whole, to });
        expect(restored.isErr() && restored.error.code, path).toMatch(/^RESTORE_(DAMAGED|MISSING)$/);
        expect(existsSync(to)).toBe(false);
        writeFileSync(path, bytes);
      }
    }
  });

  it('brings back people with all that refers to them, and a trail that still checks and goes on', async () => {
    const at = new Date(now());
    const person = { id: 'p1', name: 'Ada Pike', state: 'active', created_at: at };
    await database.query.insertInto('people').values(person).execute();
    const passkey = {
      id: 'k1',
      person: 'p1',
      site: 'localhost',
      public_key: Buffer.from([0, 92, 255]),
      counter: 7,
      transports: ['usb', 'a"b\\'],
      backed_up: true,
      name: 'blue\tkey',
      added_at: at,
    };
    await database.query.insertInto('passkeys').values(passkey).execute();
    const grant = { person: 'p1', role: 'clerk', place: '29001', from_at: at, given_by: 'machine' };
    await database.query.insertInto('grants').values(grant).execute();
    const session = { hash: Buffer.alloc(32, 1), person: 'p1', how: 'passkey', passkey: 'k1' };
    await database.query
      .insertInto('sessions')
      .values({ ...session, created_at: at, seen_at: at, network: 'loopback', agent: '' })
      .execute();
    const act: Act = {
      who: 'hub',
      act: 'a',
      place: 'state',
      about: 'b',
      after: { n: [5e-324, 1e21], t: '\\\t\n"' },
    };
    const trail = createTrail(now);
    await database.query.transaction().execute((tx) => trail.add(tx, act));
    await database.query.transaction().execute((tx) => trail.add(tx, act));
    const head = await trailHead(database.query);

    const to = place();
    (await restoreBackup({ from: await backup(), to })).okOrThrow();
    const other = (await startPostgres({ folder: openFolder(to).okOrThrow() })).okOrThrow();
    const open = openDatabase(other.connection);
    const restored = {
      passkeys: await open.query.selectFrom('passkeys').selectAll().execute(),
      sessions: await open.query
        .selectFrom('sessions')
        .select(['person', 'number', 'passkey', 'ended_why'])
        .execute(),
      checked: await checkEntries(trailPages(open.query, 'all', 0, 99), BEGINNING, 'whole'),
    };
    await open.query.transaction().execute((tx) => trail.add(tx, act));
    const later = await checkEntries(trailPages(open.query, 'all', 2, 99), head, 'whole');
    const again = await open.query
      .insertInto('grants')
      .values(grant)
      .returning('id')
      .executeTakeFirstOrThrow();
    const refused = open.query.deleteFrom('trail').execute();
    await expect(refused).rejects.toThrow('only ever added to');
    await open.close();
    await other.stop();

    expect(restored.passkeys).toEqual([{ ...passkey, used_at: null, removed_at: null }]);
    expect(restored.sessions).toEqual([{ person: 'p1', number: 1, passkey: 'k1', ended_why: 'restored' }]);
    // The restore itself is the third entry.
    expect(head.number).toBe(2);
    expect(restored.checked.okOrThrow().number).toBe(3);
    expect(later.okOrThrow().number).toBe(4);
    expect(again.id).toBe(2);
  });

  it('fills tables behind those that their rows refer to', () => {
    const parents = new Map([
      ['codes', new Set(['people'])],
      ['passkeys', new Set(['people', 'passkeys'])],
      ['sessions', new Set(['passkeys', 'people'])],
    ]);

    expect(parentsFirst(['codes', 'facts', 'passkeys', 'people', 'sessions'], parents)).toEqual([
      'facts',
      'people',
      'codes',
      'passkeys',
      'sessions',
    ]);
    expect(() =>
      parentsFirst(
        ['a', 'b'],
        new Map([
          ['a', new Set(['b'])],
          ['b', new Set(['a'])],
        ]),
      ),
    ).toThrow('circle');
  });

  it('refuses what a newer version made, or other steps', async () => {
    const from = await backup();
    const [first, ...rest] = MIGRATIONS as [Migration, ...Migration[]];
    const other = { ...first, sql: `${first.sql} ` };

    for (const [migrations, code] of [
      [[], 'RESTORE_NEWER'],
      [[other, ...rest], 'RESTORE_CHANGED'],
    ] as const) {
      expect(await restoreBackup({ from, to: place(), migrations })).toMatchObject({ error: { code } });
    }
  });

  it('brings an older backup up to this version', async () => {
    const number = MIGRATIONS.length + 1;
    const next: Migration = {
      number,
      name: 'next',
      sql: 'ALTER TABLE facts ADD COLUMN since timestamptz',
    };
    const to = place();
    (await restoreBackup({ from: await backup(), to, migrations: [...MIGRATIONS, next] })).okOrThrow();
    const other = (await startPostgres({ folder: openFolder(to).okOrThrow() })).okOrThrow();
    const open = openDatabase(other.connection);
    const { rows } = await open.pool.query('SELECT max(number) AS version FROM schema_migrations');
    await open.close();
    await other.stop();

    expect(rows).toEqual([{ version: number }]);
  });

  it('never restores over data', async () => {
    const from = await backup();

    expect(await restoreBackup({ from, to: folder.path })).toMatchObject({
      error: { code: 'RESTORE_TARGET_NOT_EMPTY' },
    });
    expect(existsSync(folder.version)).toBe(true);
  });

  it('takes a folder that is no backup for what it is', async () => {
    const from = place();
    mkdirSync(from);

    expect(await restoreBackup({ from, to: place() })).toMatchObject({ error: { code: 'RESTORE_MISSING' } });
  });

  it('can be tried again after one that was broken off', async () => {
    const from = await backup();
    const to = place();
    mkdirSync(join(to, 'restoring', 'postgres'), { recursive: true });
    cpSync(join(from, 'tables'), join(to, 'restoring', 'tables'), { recursive: true });

    expect((await restoreBackup({ from, to })).isOk()).toBe(true);
    expect(existsSync(join(to, 'restoring'))).toBe(false);
  });
});
