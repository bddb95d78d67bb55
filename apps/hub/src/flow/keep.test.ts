/** Two judges that both think it is their turn: what one has counted, the other does not count again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFolder } from '../platform/folder.ts';
import type { HistoryFile } from '../platform/history/history-types.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { migrate } from '../platform/postgres/migrations.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { Pending } from './account.ts';
import { Keeper, KeptByAnother } from './keep.ts';

const path = mkdtempSync(join(tmpdir(), 'bellwether-keep-'));
let server: PostgresServer;
let db: Database;
const keepers: Keeper[] = [];

beforeAll(async () => {
  server = (await startPostgres({ folder: openFolder(path).okOrThrow() })).okOrThrow();
  (await migrate(server.connection)).okOrThrow();
  db = openDatabase(server.connection, { onLost: () => {} });
});

afterAll(async () => {
  await Promise.all(keepers.map((keeper) => keeper.close()));
  await db?.close();
  await server?.stop();
  rmSync(path, { recursive: true, force: true });
});

function keeper(): Keeper {
  const made = new Keeper(server.connection);
  keepers.push(made);
  return made;
}

/** One line of a sensor that is told in the first step. */
function pendingTo(step: number): Pending {
  const pending = new Pending();
  pending.step = step;
  pending.offset = 100 * step;
  pending.streams.push({
    stream: 0,
    authority: 'state',
    sensor: 'fw',
    transport: 'http',
    format: 'netfilter',
    unwrap: false,
    zone: null,
  });
  pending.account.addLines(29_000_000, 0, 1, 0, 0);
  return pending;
}

function fileTo(step: number): HistoryFile {
  const none = Number.NaN;
  return {
    path: `f${step}`,
    day: '2026-10-07',
    fromStep: 1,
    toStep: step,
    rows: 1,
    bytes: 1,
    first: none,
    last: none,
  };
}

async function linesCounted(): Promise<number> {
  const { rows } = await db.pool.query('SELECT coalesce(sum(lines), 0) AS lines FROM account_minutes');
  return Number(rows[0].lines);
}

it('counts a step once, whoever wakes up late with it', async () => {
  const [slow, quick] = [keeper(), keeper()];
  const before = await slow.progress('journal');
  const commit = { before, file: undefined, historyStep: 0, now: 0 };
  await quick.keep({ ...commit, pending: pendingTo(2) });
  const after = { step: 2, offset: 200, historyStep: 0 };

  // The same steps once more are known; others that overlap are another judge's.
  await slow.keep({ ...commit, pending: pendingTo(2) });
  await expect(slow.keep({ ...commit, pending: pendingTo(3) })).rejects.toThrow(KeptByAnother);
  await expect(slow.keep({ ...commit, pending: pendingTo(1) })).rejects.toThrow(KeptByAnother);
  await expect(slow.keepFile(fileTo(1), { step: 1, offset: 100, historyStep: 0 })).rejects.toThrow(
    KeptByAnother,
  );
  expect(await linesCounted()).toBe(1);

  await quick.keepFile(fileTo(2), after);
  await quick.keepFile(fileTo(2), after);
  await expect(slow.keep({ ...commit, before: after, pending: pendingTo(3) })).rejects.toThrow(KeptByAnother);
  const files = await db.query.selectFrom('history_files').select('path').execute();
  expect(files).toEqual([{ path: 'f2' }]);
  expect(await linesCounted()).toBe(1);
});
