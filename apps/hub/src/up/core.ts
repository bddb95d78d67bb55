/**
 * The heart of a hub, without its sockets: folder, database, journal, intake and the thread of the flow, put together in
 * the order in which they start. What was started is stopped again when a later part fails.
 *
 * Where several machines make up a hub, `role` says which parts this process has; `spread.ts` has what only they need.
 */

import type { Changed } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { JournalIntake } from '../flow/intake.ts';
import type { HubIntake, Transport } from '../flow/intake-types.ts';
import { Keeper, type Progress } from '../flow/keep.ts';
import type { FromFlow } from '../flow/messages.ts';
import { FlowHandle } from '../flow/show.ts';
import { prepareDatabase } from '../platform/backup/prepare-database.ts';
import {
  type FollowedJournal,
  type Journal,
  type JournalPlace,
  openReaderAt,
  type StreamRecord,
} from '../platform/bus/index.ts';
import { type DataFolder, openFolder } from '../platform/folder.ts';
import { type Lock, lockFolder } from '../platform/lock.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { clearIfMarked } from './clearing.ts';
import { startError, type UpError } from './errors.ts';
import { knowWhatIsKept, lookUpBatch, sensorsKept } from './kept.ts';
import { type OpenedJournal, openJournalFor } from './opened-journal.ts';
import type { Spread } from './spread.ts';

/** What a hub is started with, and who is told of what. */
export type CoreOptions = {
  readonly folder: string;
  readonly databaseUrl?: string | undefined;
  /** Bytes that stay free on the disk; half a gigabyte if nothing is said. */
  readonly reserve?: number | undefined;
  /** The NATS that several processes share, and what this one does; without it, this one does everything. */
  readonly spread?: Spread | undefined;
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

/** What every process of a hub stands on. */
export type CoreGround = {
  readonly folder: DataFolder;
  readonly postgres: PostgresServer;
  readonly db: Database;
};

/** A process that takes in lines, without its sockets. */
export type IntakeCore = CoreGround & {
  readonly journal: Journal;
  readonly intake: JournalIntake;
  /** Ends when the last step is in the journal. */
  stop(): Promise<void>;
};

/** A hub that runs, without its sockets. */
export type Core = CoreGround & {
  readonly journal: FollowedJournal;
  readonly intake: HubIntake;
  readonly flow: FlowHandle;
  /** Whether the flow's connection to PostgreSQL works, and what it said if not. */
  readonly database: { up: boolean; detail: string };
  /** Ends when everything that was acknowledged is kept. */
  stop(): Promise<void>;
};

/** Starts it. The folder is made if it is not there. */
export function startCore(options: CoreOptions): Promise<Result<Core, UpError>> {
  return inFolder(options, async (folder, undo) => {
    const ground = await openGround(options, folder, undo);
    if (ground.isErr()) return ground;
    const { db, postgres, progressOf } = ground.value;
    const opened = await openJournalFor(options, folder, undo);
    if (opened.isErr()) return opened;
    const { journal, place } = opened.value;
    const progress = await progressOf(journal);
    if (progress.isErr()) return progress;
    const { intake, streams } = await intakeFor(options, opened.value, db, progress.value);
    const surface = await db.query
      .selectFrom('surfaces')
      .select('yaml')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    const database = { up: true, detail: '' };
    const { log } = options;
    const flow = new FlowHandle(
      options.flow,
      {
        journal: place,
        history: folder.history,
        snapshots: folder.snapshots,
        connection: postgres.connection,
        durable: journal.durable,
        begin: journal.begin,
        journalId: journal.journalId,
        streams,
        surface: surface?.yaml ?? null,
      },
      journal,
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
      postgres,
      db,
      journal,
      intake,
      flow,
      database,
      stop: async () => {
        await intake.stop();
        await flow.stop();
        ground.value.isStopping();
        for (const step of undo.reverse()) await step();
      },
    });
  });
}

/** Starts a process that takes in lines and does not judge them: `spread` says where the journal is. */
export function startIntakeCore(options: CoreOptions): Promise<Result<IntakeCore, UpError>> {
  return inFolder(options, async (folder, undo) => {
    const ground = await openGround(options, folder, undo);
    if (ground.isErr()) return ground;
    const { db, postgres, progressOf } = ground.value;
    const opened = await openJournalFor(options, folder, undo);
    if (opened.isErr()) return opened;
    const { written } = opened.value;
    if (written === undefined) throw new Error('who takes in lines writes the journal');
    const progress = await progressOf(written);
    if (progress.isErr()) return progress;
    const { intake } = await writingIntake(options, written, opened.value.place, db, progress.value);
    return ok({
      folder,
      postgres,
      db,
      journal: written,
      intake,
      stop: async () => {
        await intake.stop();
        ground.value.isStopping();
        for (const step of undo.reverse()) await step();
      },
    });
  });
}

/** Does the work in the locked folder; when it fails, what was started is stopped again. */
async function inFolder<T>(
  options: CoreOptions,
  work: (folder: DataFolder, undo: (() => Promise<unknown>)[]) => Promise<Result<T, UpError>>,
): Promise<Result<T, UpError>> {
  const opened = openFolder(options.folder);
  if (opened.isErr()) return err({ code: opened.error.code, detail: opened.error.reason });
  const folder = opened.value;
  const locked = await lockFolder(folder.path);
  if (locked.isErr()) {
    return err({ code: 'UP_RUNNING', detail: `process ${locked.error.pid} runs on ${folder.path}` });
  }
  const undo: (() => Promise<unknown>)[] = [() => (locked.value as Lock).unlock()];
  const started = await work(folder, undo);
  if (started.isErr()) for (const step of undo.reverse()) await step();
  return started;
}

type Ground = Omit<CoreGround, 'folder'> & {
  /** How far the database is with this journal, or why it is of another. */
  readonly progressOf: (journal: FollowedJournal) => Promise<Result<Progress, UpError>>;
  /** What the database says from now on is no news. */
  readonly isStopping: () => void;
};

async function openGround(
  options: CoreOptions,
  folder: DataFolder,
  undo: (() => Promise<unknown>)[],
): Promise<Result<Ground, UpError>> {
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
  // A stream is not in the folder: what was loaded there as a sample is not cleared by a folder.
  if (options.spread === undefined && (await clearIfMarked(folder, db))) {
    log.info({}, 'the sample state was cleared');
  }
  return ok({
    postgres: postgres.value,
    db,
    progressOf: async ({ journalId, durable }) => {
      const keeper = new Keeper(connection);
      const progress = await keeper.progress(journalId);
      await keeper.close();
      if (progress.journalId !== journalId) {
        return err({ code: 'UP_JOURNAL_OF_ANOTHER', detail: `${progress.journalId}, not ${journalId}` });
      }
      if (progress.offset > durable) {
        return err({ code: 'UP_JOURNAL_BEHIND', detail: `${durable} of ${progress.offset} bytes` });
      }
      return ok(progress);
    },
    isStopping: () => {
      isUp = false;
    },
  });
}

async function intakeFor(
  options: CoreOptions,
  { journal, written, place }: OpenedJournal,
  db: Database,
  progress: Progress,
): Promise<{ readonly intake: HubIntake; readonly streams: readonly StreamRecord[] }> {
  if (written !== undefined) return writingIntake(options, written, place, db, progress);
  const { now, onRefused } = options;
  const intake = options.spread!.elsewhere(journal, progress.offset, now, onRefused);
  return { intake, streams: await sensorsKept(db, () => {}) };
}

async function writingIntake(
  options: CoreOptions,
  journal: Journal,
  place: JournalPlace,
  db: Database,
  progress: Progress,
): Promise<{ readonly intake: JournalIntake; readonly streams: readonly StreamRecord[] }> {
  const authorities = await db.query.selectFrom('authorities').select('lea_id').execute();
  const intake = new JournalIntake({
    journal,
    authorities: new Set(authorities.map(({ lea_id: id }) => id)),
    now: options.now,
    lookUp: (client, sequence) => lookUpBatch(db, client, sequence),
    onTaken: options.onTaken,
    onRefused: options.onRefused,
  });
  const streams = await knowWhatIsKept(db, intake);
  const reader = (await openReaderAt(place, Math.max(journal.begin, progress.offset))).okOrThrow();
  await intake.recover(reader, progress.step, progress.offset);
  reader.close();
  options.spread?.answer(intake);
  return { intake, streams };
}
