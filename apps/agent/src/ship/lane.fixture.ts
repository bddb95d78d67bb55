/** Spools for tests: a folder that goes with the test, a clock that the test sets, and nothing packed. */
import { onTestFinished } from 'vitest';
import { type Lane, openLane } from './lane.ts';
import { Room } from './room.ts';

/** A clock that stands until it is set. */
export type Clock = { at: number };

/** Noon of a day. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** Options of `laneIn`. */
export type LaneTest = {
  readonly clock?: Clock;
  readonly room?: Room;
  readonly told?: string[];
  readonly sentBytes?: number;
};

/** Opens a spool. */
export async function laneIn(folder: string, test: LaneTest = {}): Promise<Lane> {
  const { clock = { at: NOON }, room = new Room(64 * 1024 * 1024), told = [], sentBytes = 1e9 } = test;
  const opened = await openLane(
    folder,
    {
      ...{ room, now: () => clock.at, pack: async (lines) => lines, sentMs: 3_600_000, sentBytes },
      tell: (text) => told.push(text),
    },
    () => undefined,
  );
  const lane = opened.okOrThrow();
  onTestFinished(() => lane.close());
  return lane;
}

/** Lines of a source, with the place behind them. */
export function keptLines(lines: readonly string[], source = 'test', place?: string) {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { source, lines: text, count: lines.length, ...(place === undefined ? {} : { place }) };
}

/** All that waits, batch by batch, each answered with `kept`. */
export async function sendAll(lane: Lane): Promise<{ sequence: number; lines: string[] }[]> {
  const sent: { sequence: number; lines: string[] }[] = [];
  for (let due = await lane.reader.nextBatch(); due !== undefined; due = await lane.reader.nextBatch()) {
    sent.push({ sequence: due.cut.sequence, lines: linesIn(due.lines) });
    await lane.reader.settle('kept');
  }
  return sent;
}

/** The lines of a content. */
export function linesIn(bytes: Buffer): string[] {
  return bytes.toString().split('\n').slice(0, -1);
}
