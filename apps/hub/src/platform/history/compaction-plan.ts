/** Which files of the history it is time to put together. */
import type { HistoryFile } from './history-types.ts';
import { lastOf } from './listed-files.ts';

/** Files to be put together: into one fresh file, or into files of days. */
export type CompactionTask = { readonly kind: 'fresh' | 'days'; readonly files: readonly HistoryFile[] };

/** After the end of a day (UTC), ms, until its files are made: most lines that are late have come by then. */
const AFTER_MIDNIGHT = 60 * 60 * 1000;

/** Rows from which a fresh file is left as it is until its day is over: a row group. */
const LARGE = 122_880;

/** Small fresh files in a row that are put together: each costs a search a millisecond. */
const MANY = 32;

/** Rows of one task at most, where it is not a single file: some ten seconds, and a little disk beside. */
const MAX_ROWS = 4_000_000;

const DAY = 86_400_000;

/**
 * What is to be done now (ms), the most useful first. The tasks have no file in common. When they are done there may be
 * more to do, so ask again.
 */
export function whatToCompact(files: readonly HistoryFile[], now: number): CompactionTask[] {
  const today = Math.floor((now - AFTER_MIDNIGHT) / DAY) * DAY;
  const fresh = files.filter(({ day }) => day === null).sort((a, b) => a.fromStep - b.fromStep);
  const over = fresh.filter((file) => isOver(file, today, now));
  const running = fresh.filter((file) => !isOver(file, today, now));
  return [
    ...bounded(over).map((part) => ({ kind: 'days' as const, files: part })),
    ...severalOfOneDay(files).map((part) => ({ kind: 'days' as const, files: part })),
    ...smallOnes(fresh, new Set(running)).map((part) => ({ kind: 'fresh' as const, files: part })),
  ];
}

/** A clock that is days ahead does not hold up what else is in the file. */
function isOver(file: HistoryFile, today: number, now: number): boolean {
  return lastOf(file) < today || (file.first < today && file.last > now + DAY);
}

/** Late rows, and those of files that span midnight, come into files of their own first. */
function severalOfOneDay(files: readonly HistoryFile[]): HistoryFile[][] {
  const days = new Map<string, HistoryFile[]>();
  for (const file of files) {
    if (file.day === null) continue;
    const day = days.get(file.day);
    if (day === undefined) days.set(file.day, [file]);
    else day.push(file);
  }
  return [...days.values()].filter(({ length }) => length > 1);
}

/** Runs of small files without another between them: so the name of what they become is nobody else's. */
function smallOnes(fresh: readonly HistoryFile[], wanted: ReadonlySet<HistoryFile>): HistoryFile[][] {
  const runs: HistoryFile[][] = [[]];
  for (const file of fresh) {
    if (wanted.has(file) && file.rows < LARGE) runs.at(-1)!.push(file);
    else runs.push([]);
  }
  return runs.filter(({ length }) => length >= MANY).flatMap(bounded);
}

/** Parts of some files, in their order, of a bounded number of rows. */
function bounded(files: readonly HistoryFile[]): HistoryFile[][] {
  const parts: HistoryFile[][] = [];
  let rows = MAX_ROWS;
  for (const file of files) {
    if (rows + file.rows > MAX_ROWS) {
      parts.push([]);
      rows = 0;
    }
    parts.at(-1)!.push(file);
    rows += file.rows;
  }
  return parts;
}
