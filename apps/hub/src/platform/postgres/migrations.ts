/**
 * The steps that make the database, in order. A step that was released never changes; there is no way back but a
 * backup, which is made before an existing database is changed.
 */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import { Client, type ClientBase } from 'pg';
import { type Connection, clientConfig } from './connection.ts';
import { type PostgresError, postgresError } from './errors.ts';
import { MIGRATION_LOCK } from './locks.ts';
import { HUB } from './migrations/0001-hub.ts';
import { PEOPLE } from './migrations/0002-people.ts';
import { BOUNCER_KEYS } from './migrations/0003-bouncer-keys.ts';
import { AGENTS } from './migrations/0004-agents.ts';
import { PROBES } from './migrations/0005-probes.ts';
import { BOUNCER_REPORTS } from './migrations/0006-bouncer-reports.ts';
import { DRILLS } from './migrations/0007-drills.ts';
import { SEEN } from './migrations/0008-seen.ts';
import { MAIL } from './migrations/0009-mail.ts';
import { MAIL_MARKS } from './migrations/0010-mail-marks.ts';

/** One step. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string };

/** All steps. The number of the last one is the version of the database. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'hub', sql: HUB },
  { number: 2, name: 'people', sql: PEOPLE },
  { number: 3, name: 'bouncer-keys', sql: BOUNCER_KEYS },
  { number: 4, name: 'agents', sql: AGENTS },
  { number: 5, name: 'probes', sql: PROBES },
  { number: 6, name: 'bouncer-reports', sql: BOUNCER_REPORTS },
  { number: 7, name: 'drills', sql: DRILLS },
  { number: 8, name: 'seen', sql: SEEN },
  { number: 9, name: 'mail', sql: MAIL },
  { number: 10, name: 'mail-marks', sql: MAIL_MARKS },
];

/** How many times the size of the database has to be free: a step may write a table anew while the old one is there. */
export const FREE_SPACE_FACTOR = 2;

/** What is needed to change a database that holds something. */
export type MigrateOptions = {
  /** The steps; others in tests only. A restore stops at the version of its backup. */
  readonly migrations?: readonly Migration[];
  /** Free bytes where the database lies; undefined: not known (a database that somebody else runs). */
  readonly freeBytes?: () => number | undefined;
  /** Makes a backup of the database of that version, or says why it could not. */
  readonly backup?: (version: number) => Promise<string | undefined>;
};

/** What was done: versions before and after, 0 for an empty database. */
export type Migrated = { readonly from: number; readonly to: number };

/**
 * Brings the database up to the last step, each step in a transaction of its own. Refused: a database that a newer
 * version made, or that other steps made.
 */
export async function migrate(
  connection: Connection,
  options: MigrateOptions = {},
): Promise<Result<Migrated, PostgresError>> {
  const migrations = options.migrations ?? MIGRATIONS;
  const client = new Client(clientConfig(connection));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await appliedSteps(client);
    const refused = compareSteps(applied, migrations);
    if (refused !== undefined) return err(refused);
    const pending = migrations.slice(applied.length);
    const from = applied.at(-1)?.number ?? 0;
    if (pending.length > 0 && applied.length > 0) {
      const unready = await makeReady(client, from, options);
      if (unready !== undefined) return err(unready);
    }
    for (const step of pending) {
      const failure = await apply(client, step);
      if (failure !== undefined) return err(failure);
    }
    return ok({ from, to: migrations.at(-1)?.number ?? 0 });
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

/** How a database was made: the number of its last step, 0 for an empty one, and the digest over all steps. */
export async function databaseVersion(
  client: Pick<ClientBase, 'query'>,
): Promise<{ readonly version: number; readonly steps: string }> {
  const applied = await appliedSteps(client);
  return { version: applied.at(-1)?.number ?? 0, steps: digestOf(applied) };
}

/** Digest over the steps up to a version: two databases with the same one were made alike. */
export function stepsDigest(version: number, migrations: readonly Migration[] = MIGRATIONS): string {
  const steps = migrations.filter(({ number }) => number <= version);
  return digestOf(steps.map((step) => ({ number: step.number, sha256: stepDigest(step) })));
}

/** Digest of a step's text, by which a step that was changed is known. */
export function stepDigest({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

function digestOf(steps: readonly { readonly number: number; readonly sha256: string }[]): string {
  const hash = createHash('sha256');
  for (const { number, sha256 } of steps) hash.update(`${number} ${sha256}\n`);
  return hash.digest('hex');
}

type Applied = { readonly number: number; readonly name: string; readonly sha256: string };

async function appliedSteps(client: Pick<ClientBase, 'query'>): Promise<readonly Applied[]> {
  const table = await client.query<{ found: string | null }>(
    "SELECT to_regclass('schema_migrations')::text AS found",
  );
  if (table.rows[0]?.found == null) return [];
  const steps = await client.query<Applied>(
    'SELECT number, name, sha256 FROM schema_migrations ORDER BY number',
  );
  return steps.rows;
}

function compareSteps(
  applied: readonly Applied[],
  migrations: readonly Migration[],
): PostgresError | undefined {
  const version = applied.at(-1)?.number ?? 0;
  const known = migrations.at(-1)?.number ?? 0;
  if (version > known) {
    return postgresError('DATABASE_NEWER', `it is of version ${version}, this program knows up to ${known}`);
  }
  const other = applied.findIndex(({ number, sha256 }, index) => {
    const step = migrations[index];
    return step === undefined || step.number !== number || stepDigest(step) !== sha256;
  });
  if (other < 0) return undefined;
  const { number, name } = applied[other]!;
  return postgresError('DATABASE_CHANGED', `step ${number} (${name}) was another one when it was taken`);
}

async function makeReady(
  client: Client,
  version: number,
  { freeBytes, backup }: MigrateOptions,
): Promise<PostgresError | undefined> {
  const sizes = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
  const needed = Number(sizes.rows[0]!.bytes) * FREE_SPACE_FACTOR;
  const free = freeBytes?.();
  if (free !== undefined && free < needed) {
    const reason = `${megabytes(needed)} MB have to be free, ${megabytes(free)} MB are`;
    return postgresError('DATABASE_NO_ROOM', reason);
  }
  const failure = await backup?.(version);
  return failure === undefined ? undefined : postgresError('DATABASE_BACKUP_FAILED', failure);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

/** Takes one step: all of it, or nothing. */
async function apply(client: Client, step: Migration): Promise<PostgresError | undefined> {
  const { number, name, sql } = step;
  try {
    await client.query('BEGIN');
    await client.query(CREATE_STEPS);
    await client.query(sql);
    const values = [number, name, stepDigest(step)];
    await client.query('INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)', values);
    await client.query('COMMIT');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    return postgresError('DATABASE_STEP_FAILED', `step ${number} (${name}): ${(error as Error).message}`);
  }
}

const CREATE_STEPS = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  number  integer PRIMARY KEY,
  name    text NOT NULL,
  sha256  text NOT NULL,
  at      timestamptz NOT NULL DEFAULT now()
)`;
