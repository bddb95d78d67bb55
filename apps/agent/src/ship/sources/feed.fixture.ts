/** A feed into a real spool, for tests of sources. */
import { onTestFinished } from 'vitest';
import { Feed } from '../feed.ts';
import { type LaneTest, laneIn, linesIn } from '../lane.fixture.ts';
import type { Lane } from '../lane.ts';

/** A sensor's spool and what its sources hand over to. */
export type FeedTest = {
  readonly lane: Lane;
  readonly feed: Feed;
  readonly told: string[];
  /** All lines that are on disk and were not taken yet. */
  taken(): Promise<string[]>;
};

/** Opens a spool with a feed. */
export async function feedIn(folder: string, test: LaneTest = {}): Promise<FeedTest> {
  const told: string[] = [];
  const lane = await laneIn(folder, { ...test, told });
  const { writer, reader, state } = lane;
  const placeOf = (source: string) => state.places.get(source);
  const feed = new Feed({ sensor: 's', writer, placeOf, now: state.now, tell: (text) => told.push(text) });
  onTestFinished(() => feed.end());
  const taken = async () => {
    const lines: string[] = [];
    for (let due = await reader.nextBatch(); due !== undefined; due = await reader.nextBatch()) {
      lines.push(...linesIn(due.lines));
      await reader.settle('kept');
    }
    return lines;
  };
  return { lane, feed, told, taken };
}

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
