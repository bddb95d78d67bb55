/**
 * The spool of one sensor: what its sources tell is on disk before they move on, and stays there until the hub has it.
 *
 *     keepLines ──► the last segment, synced ──► nextBatch ──► a note, synced ──► (posted) ──► settle
 *
 * One process has a spool at a time. A SIGKILL or a power cut at any moment leaves each line there once: half a record and
 * half a note count as not written, and what was sent without an answer is sent again as it was.
 */
import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import { readBounded, writeWhole } from '../witness/whole-file.ts';
import { type CuttingOptions, LaneReader, type Pending } from './lane-reader.ts';
import type { LaneState, Segment } from './lane-state.ts';
import { LaneWriter } from './lane-writer.ts';
import type { RecordHead } from './record.ts';
import type { Room } from './room.ts';
import {
  FOR_OWNER,
  linesPath,
  makeOwnFolder,
  notesOf,
  notesPath,
  readSegment,
  removeOrphans,
  segmentNumbers,
  sizeOfSegment,
} from './segment-files.ts';

/** Name of the file with the client's name, and what is believed of it. */
const CLIENT_FILE = 'client';
const CLIENT = /^[a-z0-9-]{1,64}$/;
const MOST_CLIENT_BYTES = 100;

/** Bytes of chance in a name: two offices never have the same. */
const CLIENT_BYTES = 8;

/** How a spool is opened. */
export type LaneOptions = CuttingOptions & {
  readonly room: Room;
  /** ms since 1970. */
  readonly now: () => number;
};

/** The spool of one sensor. */
export type Lane = {
  readonly state: LaneState;
  readonly writer: LaneWriter;
  readonly reader: LaneReader;
  /** The name that batches go under. */
  client(): string;
  /** Goes under another name from now on: the hub knows other lines by the numbers that would come. */
  changeClient(): Promise<void>;
  /** Ends what is being written, and closes the files. */
  close(): Promise<void>;
};

/** Opens the spool of a sensor, made if missing. `told` is called whenever lines were kept. */
export async function openLane(
  folder: string,
  options: LaneOptions,
  told: () => void,
): Promise<Result<Lane, AgentError>> {
  await makeOwnFolder(folder);
  await removeOrphans(folder);
  const numbers = await segmentNumbers(folder);
  const found = (await readBounded(join(folder, CLIENT_FILE), MOST_CLIENT_BYTES))?.trim() ?? '';
  if (numbers.length > 0 && !CLIENT.test(found)) return unreadable(join(folder, CLIENT_FILE));
  let client = CLIENT.test(found) ? found : await newClient(folder);

  const { room, now } = options;
  const state: LaneState = {
    ...{ folder, room, now, segments: [], places: new Map<string, string>() },
    ...{ sequence: 1, lines: 0, bytes: 0, oldest: undefined },
  };
  const pending = await readNotes(state, numbers);
  const read = await readLines(state, options.tell);
  if (read.isErr()) return read;
  const writer = new LaneWriter(state, told);
  const reader = new LaneReader(state, options, pending);
  await writer.openLast();
  await reader.forgetOld();
  await reader.lookAtOldest();
  return ok({
    ...{ state, writer, reader, client: () => client },
    changeClient: async () => {
      client = await newClient(folder);
    },
    close: async () => {
      await writer.close();
      await reader.close();
    },
  });
}

/** Puts the segments with what their notes say into the state; gives what was sent and not settled. */
async function readNotes(state: LaneState, numbers: readonly number[]): Promise<Pending | undefined> {
  let pending: Pending | undefined;
  for (const number of numbers) {
    const { cuts, settled, length } = await notesOf(state.folder, number);
    // Half a note was never followed by its batch, and half an answer is asked for again.
    if (cuts.length > 0 || length === 0)
      await truncate(notesPath(state.folder, number), length).catch(() => undefined);
    const end = await sizeOfSegment(state.folder, number);
    const segment: Segment = { number, madeAt: 0, end, settledTo: 0, sentAt: 0, isClosed: false };
    const last = cuts.at(-1);
    if (last !== undefined) {
      // Batches go in order: what stands before one that was sent is settled.
      for (const before of state.segments) before.settledTo = before.end;
      const answer = settled.get(last.sequence);
      pending = answer === undefined ? { segment, cut: last } : undefined;
      segment.settledTo = answer === undefined ? last.from : last.to;
      segment.sentAt = answer?.settled ?? last.at;
      state.sequence = last.sequence + 1;
    }
    state.segments.push(segment);
  }
  return pending;
}

/** Counts what is not settled, and reads where the sources stand. */
async function readLines(state: LaneState, tell: (text: string) => void): Promise<Result<void, AgentError>> {
  const { folder, segments, room, places } = state;
  for (const [i, segment] of segments.entries()) {
    const isLast = i === segments.length - 1;
    if (!isLast && segment.settledTo >= segment.end) continue;
    const path = linesPath(folder, segment.number);
    const { head, records, begins, valid, size } = await readSegment(folder, segment.number);
    if (head === undefined) return unreadable(path);
    Object.assign(segment, { madeAt: head.at, settledTo: Math.max(segment.settledTo, begins) });
    if (isLast) {
      state.sequence = Math.max(state.sequence, head.sequence);
      for (const [source, place] of Object.entries(head.places)) places.set(source, place);
    }
    let from = begins;
    for (const record of records) {
      const { lines, source, place } = record.head as RecordHead;
      if (isLast && source !== undefined && place !== undefined) places.set(source, place);
      if (from >= segment.settledTo) {
        room.take(record.body.length);
        state.lines += lines;
        state.bytes += record.body.length;
      }
      from = record.end;
    }
    segment.end = Math.max(valid, segment.settledTo);
    if (isLast && valid >= segment.settledTo) await truncate(path, valid);
    else if (valid < size) {
      segment.isClosed = true;
      tell(`${path} is damaged: lines behind byte ${valid} are lost. Check the disk of this computer.`);
    }
  }
  return ok();
}

async function newClient(folder: string): Promise<string> {
  const client = `agent-${randomBytes(CLIENT_BYTES).toString('hex')}`;
  await writeWhole(join(folder, CLIENT_FILE), `${client}\n`, FOR_OWNER);
  return client;
}

function unreadable(path: string): Result<never, AgentError> {
  return err({ code: 'SHIP_SPOOL_UNREADABLE', detail: path });
}
