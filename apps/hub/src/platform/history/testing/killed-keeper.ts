/** A process for tests to kill: writes fresh files, puts them together again and again, and says what counts by now. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchOf } from '../entries.fixture.ts';
import { compact, type HistoryFile, openHistoryWriter, removeHalfCompacted } from '../index.ts';

/** Rows of each fresh file. */
const ROWS = 500;

const [folder, listPath] = process.argv.slice(2) as [string, string];
const writer = await openHistoryWriter(folder);
writer.name(0, 'state', 'fw');
removeHalfCompacted(folder);

let listed = JSON.parse(readFileSync(listPath, 'utf8'), revive) as HistoryFile[];
process.stdout.write('ready\n');
for (;;) {
  for (let i = 0; i < 3; i++) {
    const step = 1 + Math.max(0, ...listed.map(({ toStep }) => toStep));
    const entries = Array.from({ length: ROWS }, (_, line) => ({
      time: Date.UTC(2026, 9, 7 + (line % 3)) + step,
      line: step * ROWS + line,
    }));
    const batch = batchOf(entries);
    writer.take(0, batch, 0, batch.count, 1);
    list([...listed, (await writer.flush(step, step))!]);
  }
  const kind = listed.length % 2 === 0 ? 'fresh' : 'days';
  const old = listed;
  list(await compact({ kind, files: old }, folder));
  for (const { path } of old) rmSync(join(folder, path));
}

/** As a transaction would: all of it, or nothing. */
function list(files: readonly HistoryFile[]): void {
  listed = [...files];
  writeFileSync(`${listPath}.next`, JSON.stringify(listed));
  renameSync(`${listPath}.next`, listPath);
}

/** NaN is null in JSON. */
function revive(key: string, value: unknown): unknown {
  return value === null && (key === 'first' || key === 'last') ? Number.NaN : value;
}
