/**
 * The heart of a hub, without its sockets: folder, database, journal, intake and the thread of the flow, put together in
 * the order in which they start. What was started is stopped again when a later part fails.
 */

import type { Changed } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { JournalIntake } from '../flow/intake.ts';
import type { Transport } from '../flow/intake-types.ts';
import { Keeper } from '../flow/keep.ts';
import type { FromFlow } from '../flow/messages.ts';
import { FlowHandle } from '../flow/show.ts';
import { prepareDatabase } from '../platform/backup/prepare-database.ts';
import { type Journal, openJournal, openReader, type StreamRecord } from '../platform/bus/index.ts';
import { type DataFolder, openFolder } from '../platform/folder.ts';
import { type Lock, lockFolder } from '../platform/lock.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { clearIfMarked } from './clearing.ts';
import type { UpError } from './errors.ts';

/** Bytes of the disk that lines never take: PostgreSQL, the history and a backup still need room when intake stops. */
const RESERVE = 512 * 1024 * 1024;

/** What a hub is started with, and who is told of what. */
export type CoreOptions = {
  readonly folder: string;
  readonly databaseUrl?: string | undefined;
  /** Bytes that stay free on the disk; `RESERVE` if nothing is said. */
  readonly reserve?: number | undefined;
  /** The bundled program of the thread of the flow. */
  readonly flow: URL;
  readonly now: () => number;
  readonly log: {
    info(fields: object, text: string): void;
    warn(fields: object, text: string): void;
    error(fields: object, text: string): void;
  };
  readonly onTaken: (transport: Transport, lines: number, bytes: number) => void;
  readonly onRefused: (transport: Transport, reason: string, lines: number) => void;
  readonly onCommitted: (message: Extract<FromFlow, { kind: 'committed' }>) => void;
  readonly onChanged: (changed: Changed) => void;
  /** A file was added to the history. */
  readonly onHistory: (rows: number) => void;
  /** Something that nobody expects: the process has to end, and is started again. */
  readonly onFatal: (error: Error) => void;
};

/** A hub that runs, without its sockets. */
export type Core = {
  readonly folder: DataFolder;
  readonly postgres: PostgresServer;
  readonly db: Database;
  readonly journal: Journal;
  readonly intake: JournalIntake;
  readonly flow: FlowHandle;
  /** Whether the flow's connection to PostgreSQL works, and what it said if not. */
  readonly database: { up: boolean; detail: string };
  /** Ends when everything that was acknowledged is kept. */
  stop(): Promise<void>;
};

/** Starts it. The folder is made if it is not there. */
export async function startCore(options: CoreOptions): Promise<Result<Core, UpError>> {
  const opened = openFolder(options.folder);
  if (opened.isErr()) return err({ code: opened.error.code, detail: opened.error.reason });
  const folder = opened.value;
  const locked = await lockFolder(folder.path);
  if (locked.isErr()) {
    return err({ code: 'UP_RUNNING', detail: `process ${locked.error.pid} runs on ${folder.path}` });
  }
  const undo: (() => Promise<unknown>)[] = [() => (locked.value as Lock).unlock()];
  const started = await startParts(options, folder, undo);
  if (started.isErr()) for (const step of undo.reverse()) await step();
  return started;
}

async function startParts(
  options: CoreOptions,
  folder: DataFolder,
  undo: (() => Promise<unknown>)[],
): Promise<Result<Core, UpError>> {
  const { log, now } = options;
  let isUp = false;
  const postgres = await startPostgres({
    folder,
    databaseUrl: options.databaseUrl,
    onState: (state, reason) => {
      isUp = state === 'up';
      if (isUp) log.info({ state, reason }, 'PostgreSQL');
      else log.warn({ state, reason }, 'PostgreSQL');
    },
    // While it starts, it tells whoever asks that it starts.
    onLog: (line) => (isUp ? log.info({ line }, 'PostgreSQL says') : undefined),
  });
  if (postgres.isErr()) return startError(postgres.error);
  undo.push(() => postgres.value.stop());
  const { connection } = postgres.value;
  const prepared = await prepareDatabase({ folder, server: postgres.value, now });
  if (prepared.isErr()) return startError(prepared.error);
  const db = openDatabase(connection, {
    // When the hub stops, PostgreSQL ends what is still being closed, and says so.
    onLost: (error) => {
      if (isUp) log.warn({ reason: error.message }, 'a connection to PostgreSQL was lost');
    },
  });
  undo.push(() => db.close());
  if (await clearIfMarked(folder, db)) log.info({}, 'the sample state was cleared');

  const journal = await openJournal(folder.journal, { reserve: options.reserve ?? RESERVE, now });
  if (journal.isErr()) return startError(journal.error);
  undo.push(() => journal.value.close());
  const { journalId, begin, durable } = journal.value;
  const keeper = new Keeper(connection);
  const progress = await keeper.progress(journalId);
  await keeper.close();
  if (progress.journalId !== journalId) {
    return err({ code: 'UP_JOURNAL_OF_ANOTHER', detail: `${progress.journalId}, not ${journalId}` });
  }
  if (progress.offset > durable) {
    return err({ code: 'UP_JOURNAL_BEHIND', detail: `${durable} of ${progress.offset} bytes` });
  }

  const authorities = await db.query.selectFrom('authorities').select('lea_id').execute();
  const intake = new JournalIntake({
    journal: journal.value,
    authorities: new Set(authorities.map(({ lea_id: id }) => id)),
    now,
    lookUp: (client, sequence) => lookUpBatch(db, client, sequence),
    onTaken: options.onTaken,
    onRefused: options.onRefused,
  });
  const streams = await knowWhatIsKept(db, intake);
  const reader = openReader(folder.journal, Math.max(begin, progress.offset));
  if (reader.isErr()) return startError(reader.error);
  await intake.recover(reader.value, progress.step, progress.offset);
  reader.value.close();

  const surface = await db.query
    .selectFrom('surfaces')
    .select('yaml')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const database = { up: true, detail: '' };
  const flow = new FlowHandle(
    options.flow,
    {
      journal: folder.journal,
      history: folder.history,
      snapshots: folder.snapshots,
      connection,
      durable: journal.value.durable,
      begin,
      journalId,
      streams,
      surface: surface?.yaml ?? null,
    },
    journal.value,
    intake,
    {
      onCommitted: options.onCommitted,
      onChanged: options.onChanged,
      onHistory: options.onHistory,
      onDatabase: (up, detail) => {
        if (up !== database.up) log.warn({ up, detail }, 'the flow and PostgreSQL');
        database.up = up;
        database.detail = detail;
      },
      onTrouble: (detail) => log.warn({ detail }, 'the flow'),
      onDied: options.onFatal,
    },
  );
  return ok({
    folder,
    postgres: postgres.value,
    db,
    journal: journal.value,
    intake,
    flow,
    database,
    stop: async () => {
      await intake.stop();
      await flow.stop();
      isUp = false;
      for (const step of undo.reverse()) await step();
    },
  });
}

function startError(error: { code: string; detail?: string; reason?: string }): Result<never, UpError> {
  return err({ code: error.code, detail: error.detail ?? error.reason ?? '' });
}

/** Sensors, their newest batches and followed files, as the database tells of them. */
async function knowWhatIsKept(db: Database, intake: JournalIntake): Promise<StreamRecord[]> {
  const sensors = await db.query.selectFrom('sensors').selectAll().orderBy('id').execute();
  const streams = sensors.map(({ id, authority, name, transport, format, zone, unwrap, lines }) => {
    const record: StreamRecord = {
      stream: id,
      authority,
      sensor: name,
      transport,
      format,
      unwrap,
      zone,
    };
    intake.streams.know(record, lines);
    return record;
  });
  const batches = await db.pool.query<{ client: string; sequence: number; digest: string }>(
    `SELECT client, sequence, encode(digest, 'hex') AS digest
     FROM (SELECT *, row_number() OVER (PARTITION BY client ORDER BY sequence DESC) AS place FROM batches) AS b
     WHERE place <= 64 ORDER BY client, sequence`,
  );
  for (const { client, sequence, digest } of batches.rows) intake.knowBatch(client, sequence, digest);
  const followed = await db.query.selectFrom('followed').selectAll().execute();
  for (const { path, file, offset } of followed) intake.knowFollowed(path, file, offset);
  return streams;
}

/** Digest of a batch that was acknowledged long ago, `gone` if its number has been forgotten. */
async function lookUpBatch(
  db: Database,
  client: string,
  sequence: number,
): Promise<string | 'gone' | undefined> {
  const { rows } = await db.pool.query<{ digest: string | null; floor: number | null }>(
    `SELECT (SELECT encode(digest, 'hex') FROM batches WHERE client = $1 AND sequence = $2) AS digest,
            (SELECT sequence FROM batch_floors WHERE client = $1) AS floor`,
    [client, sequence],
  );
  const { digest, floor } = rows[0]!;
  if (digest !== null) return digest;
  return floor !== null && sequence <= floor ? 'gone' : undefined;
}
