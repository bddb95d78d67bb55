/** Clearing the sample state, cut off wherever it can be. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actOf, addActs, emptyTrail } from '../platform/auth/trail.fixture.ts';
import { type DataFolder, openFolder } from '../platform/folder.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { migrate } from '../platform/postgres/migrations.ts';
import { seedAuthorities } from '../platform/postgres/seed.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { clearIfMarked, markForClearing } from './clearing.ts';
import { markMapping } from './sample-mark.ts';
import { CLEARED } from './sample-wanted.ts';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, scratchFolder } from './testing/running-hub.ts';

/** What people made: all of it stays. */
const KEPT = [
  'authorities',
  'codes',
  'grants',
  'identities',
  'keys',
  'passkeys',
  'people',
  'recoveries',
  'recovery_codes',
  'schema_migrations',
  'sessions',
  'trail',
  'visits',
];

/** The log, and the roll that it tells of. */
const EVIDENCE = ['log', 'log-private', 'rolls', 'rolls-keys', 'vault'];

/** What the sample has whoever's the roll is. */
const SAMPLE_ALONE = ['sample-roll', 'sample-witnesses'];

describe('a hub whose sample state is to go', () => {
  const scratch = scratchFolder('clearing');
  let folder: DataFolder;
  let server: PostgresServer;
  let db: Database;
  let tables: readonly string[];

  beforeAll(async () => {
    folder = openFolder(join(scratch, 'hub')).okOrThrow();
    server = (await startPostgres({ folder })).okOrThrow();
    (await migrate(server.connection)).okOrThrow();
    db = openDatabase(server.connection);
    await seedAuthorities(db);
    const { rows } = await db.pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    );
    tables = rows.map(({ name }) => name);
  });
  afterAll(async () => {
    await db?.close();
    await server?.stop();
    removeFolder(scratch);
  });
  beforeEach(fill);
  afterEach(async () => {
    await sql`DROP TRIGGER IF EXISTS power_cut ON facts`.execute(db.query);
  });

  /** People and what they did, and what lines left behind, on disk and in the database. */
  async function fill(): Promise<void> {
    await emptyTrail(db.query);
    await sql`TRUNCATE people, keys, sensors, incidents, progress, surfaces, facts CASCADE`.execute(db.query);
    const now = new Date();
    const person = 'Ada';
    await db.query
      .insertInto('people')
      .values({ id: person, name: 'Ada', phone: null, state: 'active', created_at: now })
      .execute();
    await db.query
      .insertInto('passkeys')
      .values({
        id: 'passkey',
        person,
        site: 'localhost',
        public_key: Buffer.alloc(1),
        counter: 0,
        transports: [],
        backed_up: false,
        name: 'Desk',
        added_at: now,
      })
      .execute();
    await db.query
      .insertInto('keys')
      .values({ hash: Buffer.alloc(32), place: '29001', name: 'firewall', made_by: person, made_at: now })
      .execute();
    await addActs(db.query, [actOf({ act: 'sample.cleared' })]);
    await db.query
      .insertInto('sensors')
      .values({ id: 1, authority: '29001', name: 'firewall', transport: 'http' })
      .execute();
    await sql`INSERT INTO incidents (key, kind, authority, sensor, opened_at, last_at, count, reason)
              VALUES ('one', 'sensor-silent', '29001', 1, now(), now(), 1, 'silent')`.execute(db.query);
    await sql`INSERT INTO facts (name, value) VALUES ('sample', '{}'), ('state', '{"name":"Missouri"}')`.execute(
      db.query,
    );
    fillEvidence('fields: made-up\n');
    await markMapping(join(folder.rolls, 'mapping.yaml'));
    for (const place of [folder.journal, folder.snapshots]) writeFileSync(join(place, 'one'), 'lines');
    mkdirSync(join(folder.history, '2026-11-02'), { recursive: true });
    writeFileSync(join(folder.history, '2026-11-02', '29001.parquet'), 'contacts');
  }

  /** A roll with its log, and what the sample has beside it. */
  function fillEvidence(mapping: string): void {
    for (const name of [...EVIDENCE, ...SAMPLE_ALONE]) {
      mkdirSync(join(folder.path, name), { recursive: true });
      writeFileSync(join(folder.path, name, 'one'), 'voters');
    }
    writeFileSync(join(folder.rolls, 'mapping.yaml'), mapping);
  }

  /** What of the evidence is there. */
  function evidenceLeft(): readonly string[] {
    return readdirSync(folder.path).filter((name) => /^(?:log|rolls|vault|sample)/.test(name));
  }

  async function rowsOf(names: readonly string[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const name of names) {
      const { rows } = await sql<{
        rows: number;
      }>`SELECT count(*)::int AS rows FROM ${sql.table(name)}`.execute(db.query);
      counts[name] = rows[0]!.rows;
    }
    return counts;
  }

  function filesLeft(): readonly string[] {
    return [folder.journal, folder.history, folder.snapshots].flatMap((place) => readdirSync(place));
  }

  async function facts(): Promise<readonly string[]> {
    const rows = await db.query.selectFrom('facts').select('name').orderBy('name').execute();
    return rows.map(({ name }) => name);
  }

  const mark = (): string => join(folder.path, 'clearing');

  /** Everything of the lines is gone, and nothing of the people. */
  async function expectCleared(before: Record<string, number>): Promise<void> {
    expect(filesLeft()).toEqual([]);
    expect(evidenceLeft()).toEqual([]);
    expect(await rowsOf(KEPT)).toEqual(before);
    const others = tables.filter((name) => !KEPT.includes(name) && name !== 'facts');
    expect(await rowsOf(others)).toEqual(Object.fromEntries(others.map((name) => [name, 0])));
    expect(await facts()).toEqual([CLEARED, 'state']);
    expect(existsSync(mark())).toBe(false);
  }

  it('is left alone until somebody asked for it, and after it was done', async () => {
    expect(await clearIfMarked(folder, db)).toBe(false);
    expect(filesLeft()).toHaveLength(3);

    markForClearing(folder);
    expect(await clearIfMarked(folder, db)).toBe(true);
    await fill();

    expect(await clearIfMarked(folder, db)).toBe(false);
    expect([filesLeft().length, await facts()]).toEqual([3, ['sample', 'state']]);
  });

  it('keeps people, passkeys, keys and the trail, and loses all that lines left behind', async () => {
    const before = await rowsOf(KEPT);
    expect(before).toMatchObject({ people: 1, passkeys: 1, keys: 1, trail: 1 });
    markForClearing(folder);
    await clearIfMarked(folder, db);

    await expectCleared(before);
  });

  it.each<[string, () => Promise<void>]>([
    ['before it began', async () => {}],
    ['when the snapshots were gone', () => cutOff({ ...folder, history: join(scratch, 'nothing') })],
    ['when the history was gone too', () => cutOff({ ...folder, journal: join(scratch, 'nothing') })],
    ['when the roll had lost its name and nothing else', cutOffBehindTheName],
    ['in the middle of the transaction', cutOffInTransaction],
    [
      'when all was done but taking the mark away',
      async () => {
        await clearIfMarked(folder, db);
        markForClearing(folder);
      },
    ],
  ])('is cleared by the next start if the first was cut off %s', async (_, cut) => {
    const before = await rowsOf(KEPT);
    markForClearing(folder);
    await cut();
    expect(existsSync(mark())).toBe(true);

    expect(await clearIfMarked(folder, db)).toBe(true);

    await expectCleared(before);
  });

  /** Clears as far as a folder that cannot be read. */
  async function cutOff(broken: DataFolder): Promise<void> {
    const all = filesLeft().length;
    await expect(clearIfMarked(broken, db)).rejects.toThrow('ENOENT');
    expect(filesLeft().length).toBeLessThan(all);
    expect(await facts()).toEqual(['sample', 'state']);
  }

  /** As a power cut leaves it between two steps of taking the roll out: what tells whose it is has gone from its place. */
  async function cutOffBehindTheName(): Promise<void> {
    renameSync(folder.rolls, join(folder.path, 'rolls-cleared'));
    rmSync(join(folder.path, 'rolls-cleared/mapping.yaml'));
    rmSync(folder.log, { recursive: true });
  }

  it('keeps a roll that people began, with its log and its keys', async () => {
    fillEvidence('people: theirs\n');
    markForClearing(folder);
    await clearIfMarked(folder, db);

    expect(evidenceLeft()).toEqual([...EVIDENCE].sort());
    expect(readdirSync(folder.rolls).sort()).toEqual(['mapping.yaml', 'one']);
  });

  /** The tables are empty, and the database goes away before that is on disk. */
  async function cutOffInTransaction(): Promise<void> {
    await sql`CREATE OR REPLACE FUNCTION power_cut() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'the power was cut'; END $$`.execute(db.query);
    await sql`CREATE TRIGGER power_cut BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION power_cut()`.execute(
      db.query,
    );
    await expect(clearIfMarked(folder, db)).rejects.toThrow('the power was cut');
    await sql`DROP TRIGGER power_cut ON facts`.execute(db.query);
    expect(await rowsOf(['sensors', 'incidents'])).toEqual({ sensors: 1, incidents: 1 });
    expect(await facts()).toEqual(['sample', 'state']);
  }
});

describe('a hub with the sample state that is killed after it was told to clear it', () => {
  const scratch = scratchFolder('cleared');
  const hub = new RunningHub({ data: join(scratch, 'hub'), args: ['--sample'] });

  beforeAll(() => hub.startWell());
  afterAll(async () => {
    await hub.stop();
    removeFolder(scratch);
  });

  it('clears it at its next start, does not load it again, and takes lines as a new one does', async () => {
    expect((await hub.account()).lines).toBeGreaterThan(0);
    const asked = await hub.post('/api/v1/set-up/sample', { sample: 'clear' });
    await hub.kill();
    expect(asked.status).toBe(200);

    for (let start = 0; start < 2; start++) {
      await hub.startWell();
      expect(hub.logged).not.toContain('Loading');
      expect(await hub.account()).toMatchObject({ lines: 0, contacts: 0, balanced: true });
      expect((await hub.ask<{ sample: boolean }>('/api/v1/set-up')).body.sample).toBe(false);
      await hub.stop();
    }
    await hub.startWell();
    expect((await hub.send('29001', packets({ from: 0, count: 7 }))).status).toBe(200);
    expect(await hub.account(7)).toMatchObject({ lines: 7, contacts: 7, balanced: true });
    expect(await hub.contacts(7)).toBe(7);
  });
});
