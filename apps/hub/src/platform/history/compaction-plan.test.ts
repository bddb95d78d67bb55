import { describe, expect, it } from 'vitest';
import { whatToCompact } from './compaction-plan.ts';
import type { HistoryFile } from './history-types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = Date.UTC(2026, 10, 3);
const NOON = TODAY + 12 * HOUR;

function fresh(step: number, last: number, rest: Partial<HistoryFile> = {}): HistoryFile {
  const path = `fresh/${step}-${step}.parquet`;
  return {
    path,
    day: null,
    fromStep: step,
    toStep: step,
    rows: 100,
    bytes: 1,
    first: last - 1000,
    last,
    ...rest,
  };
}

function ofDay(day: string, step: number): HistoryFile {
  const first = Date.parse(`${day}T00:00:00Z`);
  return { ...fresh(step, first + DAY - 1), path: `days/${day}_${step}-${step}.parquet`, day, first };
}

const described = (files: readonly HistoryFile[], now = NOON) =>
  whatToCompact(files, now).map(({ kind, files }) => [
    kind,
    ...files.map(({ path }) => path.replace(/^.*\//, '')),
  ]);

describe('what to compact', () => {
  it('is nothing while files are few and their day runs', () => {
    const files = [fresh(1, NOON - HOUR), fresh(2, NOON), ofDay('2026-11-02', 0)];

    expect(whatToCompact(files, NOON)).toEqual([]);
  });

  it('is what has rows of days that are over only, an hour after midnight', () => {
    const files = [fresh(1, TODAY - 2), fresh(2, TODAY - 1), fresh(3, TODAY + 1)];

    expect(described(files, TODAY + HOUR - 1)).toEqual([]);
    expect(described(files, TODAY + HOUR)).toEqual([['days', '1-1.parquet', '2-2.parquet']]);
  });

  it('is what has no times, and what a clock that is days ahead has touched', () => {
    const timeless = fresh(1, Number.NaN);
    const ahead = fresh(2, NOON + 400 * DAY, { first: TODAY - HOUR });

    expect(described([timeless, ahead, fresh(3, NOON + 400 * DAY)])).toEqual([
      ['days', '1-1.parquet', '2-2.parquet'],
    ]);
  });

  it('is several files of one day', () => {
    const files = [ofDay('2026-11-01', 1), ofDay('2026-10-31', 2), ofDay('2026-11-01', 3)];

    expect(described(files)).toEqual([['days', '2026-11-01_1-1.parquet', '2026-11-01_3-3.parquet']]);
  });

  it('is many small files in a row, but not across a large one', () => {
    const small = Array.from({ length: 40 }, (_, i) => fresh(i + 1, NOON));
    const large = fresh(41, NOON, { rows: 200_000 });
    const after = Array.from({ length: 31 }, (_, i) => fresh(i + 42, NOON));
    const [task, ...more] = whatToCompact([...after, large, ...small], NOON);

    expect(more).toEqual([]);
    expect(task).toEqual({ kind: 'fresh', files: small });
  });

  it('bounds what is done at once, and takes no file twice', () => {
    const files = Array.from({ length: 50 }, (_, i) => fresh(i, TODAY - DAY, { rows: 300_000 }));
    const tasks = whatToCompact(files, NOON);

    expect(tasks.flatMap((task) => task.files)).toEqual(files);
    for (const task of tasks) {
      expect(task.files.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(4_000_000);
    }
  });
});
