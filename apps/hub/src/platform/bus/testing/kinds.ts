/** The kinds of journal that there are, for tests that hold of both. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '@bellwether/basics';
import { openJournal } from '../journal.ts';
import type { Journal, JournalError, JournalRecord } from '../journal-types.ts';
import { type JournalPlace, openReaderAt } from '../places.ts';
import { openStreamJournal } from '../stream/stream-journal.ts';
import { NatsServer } from './nats-server.ts';

/** How one is opened in a test. */
export type OpenOptions = {
  /** Bytes of a segment, where there are any. */
  readonly segmentBytes?: number;
  readonly now?: () => number;
};

/** A kind of journal, made ready. */
export type JournalKind = {
  /** A place of its own for each name. */
  place(name: string): JournalPlace;
  end(): Promise<void>;
};

/** What is tested twice. */
export const KINDS: readonly (readonly [string, () => Promise<JournalKind>])[] = [
  ['in a folder', foldersOfTest],
  ['in a stream', streamsOfTest],
];

async function foldersOfTest(): Promise<JournalKind> {
  const root = mkdtempSync(join(tmpdir(), 'bellwether-kinds-'));
  return {
    place: (name) => ({ kind: 'folder', folder: join(root, name) }),
    end: async () => rmSync(root, { recursive: true, force: true }),
  };
}

async function streamsOfTest(): Promise<JournalKind> {
  const server = await NatsServer.begin();
  return {
    place: (name) => ({ kind: 'stream', servers: server.url, stream: name }),
    end: () => server.end(),
  };
}

/** Opens the journal at a place. */
export function openAtPlace(
  place: JournalPlace,
  options: OpenOptions = {},
): Promise<Result<Journal, JournalError>> {
  if (place.kind === 'folder') return openJournal(place.folder, options);
  const onLost = (detail: string): void => {
    throw new Error(detail);
  };
  return openStreamJournal(place, {
    onLost,
    // The server sets aside what a stream may take, and a test has dozens of them.
    mostBytes: 24 * 1024 * 1024,
    reserve: 1024 * 1024,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
}

/** Reads all records from an offset up to another; payloads are copied. */
export async function recordsAt(place: JournalPlace, from: number, to: number): Promise<JournalRecord[]> {
  const reader = (await openReaderAt(place, from)).okOrThrow();
  const records: JournalRecord[] = [];
  try {
    while (reader.offset < to) {
      const record = reader.next(to);
      if (record === undefined) await reader.arrived(to);
      else records.push({ ...record, payload: Buffer.from(record.payload) });
    }
  } finally {
    reader.close();
  }
  return records;
}
