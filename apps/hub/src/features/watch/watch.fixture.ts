/** A hub's records in a PostgreSQL of their own, and the routes of Watch over them, with a history in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContactRow, ContactsQuery } from '@bellwether/api';
import { err, ok, parseCidr, type Result } from '@bellwether/basics';
import type { LiveSource } from '@bellwether/contacts';
import { sql } from 'kysely';
import type { Act } from '../../platform/auth/auth-types.ts';
import { openFolder } from '../../platform/folder.ts';
import { HistoryUnreadable } from '../../platform/history/errors.ts';
import type { Within } from '../../platform/history/history-types.ts';
import { LiveHub } from '../../platform/http/sse.ts';
import { type Database, openDatabase } from '../../platform/postgres/database.ts';
import { migrate } from '../../platform/postgres/migrations.ts';
import { seedAuthorities } from '../../platform/postgres/seed.ts';
import { startPostgres } from '../../platform/postgres/server.ts';
import { ACCOUNT_COUNTS, type AccountCounts } from '../../platform/postgres/tables.ts';
import type { Records, WatchDependencies } from './dependencies.ts';
import { FakeIntake } from './sockets/fake-intake.ts';

/** Records that can be emptied. */
export type TestRecords = { readonly db: Records; empty(): Promise<void>; stop(): Promise<void> };

/** Starts them, with the 116 authorities. */
export async function startRecords(): Promise<TestRecords> {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  const server = (await startPostgres({ folder: openFolder(path).okOrThrow() })).okOrThrow();
  (await migrate(server.connection)).okOrThrow();
  const database: Database = openDatabase(server.connection, { onLost: () => {} });
  await seedAuthorities(database);
  return {
    db: database.query,
    empty: async () => {
      await sql`TRUNCATE sensors, progress, account_minutes, account_hours, incidents, decisions, refusals, surfaces,
                facts RESTART IDENTITY`.execute(database.query);
    },
    stop: async () => {
      await database.close();
      await server.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Two in the afternoon of election day in Missouri, a little past. */
export const NOW = Date.UTC(2026, 10, 3, 20, 4, 30);

/** What the routes need, and what they did with it. */
export type TestWatch = {
  readonly dependencies: WatchDependencies;
  readonly live: LiveHub;
  readonly stated: string[];
  readonly asked: ContactsQuery[];
  /** What the trail was told. */
  readonly acts: Act[];
  /** Rows of the history, newest first. */
  contacts: ContactRow[];
  source: LiveSource | undefined;
  broken: HistoryUnreadable['problem'] | undefined;
  stateFailure: { code: string; detail: string } | undefined;
};

/** Makes it. */
export function testWatch(db: Records): TestWatch {
  const live = new LiveHub();
  const rowsWithin = (within: Within) =>
    watch.contacts.filter(({ authority }) => within === 'all' || within.has(authority));
  const found = (query: ContactsQuery, within: Within) => {
    watch.asked.push(query);
    return rowsWithin(within);
  };
  const watch: TestWatch = {
    live,
    stated: [],
    asked: [],
    acts: [],
    contacts: [],
    source: undefined,
    broken: undefined,
    stateFailure: undefined,
    dependencies: {
      db,
      search: {
        async search(query, within) {
          if (watch.broken !== undefined) return err(watch.broken);
          const contacts = found(query, within);
          const total = contacts.reduce((sum, { units }) => sum + units, 0);
          return ok({ contacts, next: null, total, unreadable: [] });
        },
        async *csv(query, within) {
          if (watch.broken !== undefined) throw new HistoryUnreadable(watch.broken);
          yield 'time,source\n';
          for (const { time, source } of found(query, within)) yield `${time},${source}\n`;
        },
        walk: async (_source, _limit, within) => rowsWithin(within).toReversed(),
      },
      intake: new FakeIntake(),
      async stateSurface(yaml): Promise<Result<void, { code: string; detail: string }>> {
        if (watch.stateFailure !== undefined) return err(watch.stateFailure);
        watch.stated.push(yaml);
        await db
          .insertInto('surfaces')
          .values({ yaml, sha256: `${watch.stated.length}`.padStart(64, '0') })
          .execute();
        return ok();
      },
      sourceOf: async () => watch.source,
      scanners: [
        {
          name: 'Example Research',
          version: 7,
          networks: [parseCidr('203.0.113.8/30').okOrThrow(), parseCidr('2001:db8:5::17').okOrThrow()],
        },
      ],
      thresholds: [{ name: 'block', stake: 4.6 }],
      live,
      trail: { add: async (_tx, act) => void watch.acts.push(act) },
      zone: 'America/Chicago',
      now: () => NOW,
    },
  };
  return watch;
}

/** A sensor. */
export async function addSensor(
  db: Records,
  id: number,
  authority: string,
  more: Partial<{
    name: string;
    completeness: string;
    last_heard: Date | null;
    missing_batches: number;
  }> = {},
): Promise<void> {
  await db
    .insertInto('sensors')
    .values({
      id,
      authority,
      name: `sensor-${id}`,
      transport: 'http',
      last_heard: new Date(NOW),
      ...more,
    } as never)
    .execute();
}

/** Counts in a minute and its hour. */
export async function addCounts(
  db: Records,
  sensor: number,
  time: string,
  counts: Partial<AccountCounts>,
): Promise<void> {
  const minute = new Date(time);
  const hour = new Date(Math.floor(minute.getTime() / 3_600_000) * 3_600_000);
  const all = Object.fromEntries(ACCOUNT_COUNTS.map((name) => [name, counts[name] ?? 0]));
  const names = sql.join(ACCOUNT_COUNTS.map((name) => sql.id(name)));
  const values = sql.join(ACCOUNT_COUNTS.map((name) => sql.val(all[name])));
  await sql`INSERT INTO account_minutes (minute, sensor, ${names}) VALUES (${minute}, ${sensor}, ${values})`.execute(
    db,
  );
  await sql`INSERT INTO account_hours (hour, sensor, ${names}) VALUES (${hour}, ${sensor}, ${values})
            ON CONFLICT (hour, sensor) DO UPDATE SET ${sql.join(
              ACCOUNT_COUNTS.map(
                (name) => sql`${sql.id(name)} = account_hours.${sql.id(name)} + excluded.${sql.id(name)}`,
              ),
            )}`.execute(db);
}

/** Refused contacts, as many lines and knocks. */
export function refusedContacts(count: number): Partial<AccountCounts> {
  return { lines: count, contacts: count, knocks: count, refused: count };
}

/** An incident; gives its number. */
export async function addIncident(
  db: Records,
  more: Partial<{
    key: string;
    kind: string;
    state: string;
    authority: string | null;
    sensor: number | null;
    opened_at: Date;
    last_at: Date;
    count: number;
    reason: string;
    source: string | null;
    destination: string | null;
    port: number | null;
    protocol: number | null;
  }> = {},
): Promise<number> {
  const at = new Date(NOW - 3_600_000);
  const { id } = await db
    .insertInto('incidents')
    .values({
      key: `key ${Math.trunc(performance.now() * 1000)}`,
      kind: 'unsettled',
      opened_at: at,
      last_at: at,
      count: 1,
      reason: 'accepted-unlisted',
      ...more,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
