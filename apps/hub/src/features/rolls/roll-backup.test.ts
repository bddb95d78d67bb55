/** The roll in a backup: of one moment with its log, and of use again once its keys are put back beside it. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeBackup } from '../../platform/backup/make.ts';
import { prepareDatabase } from '../../platform/backup/prepare-database.ts';
import { restoreBackup } from '../../platform/backup/restore.ts';
import { atEnd } from '../../platform/evidence/log.fixture.ts';
import { wakeLog } from '../../platform/evidence/resting.ts';
import { readSigning } from '../../platform/evidence/signing-file.ts';
import { openFolder } from '../../platform/folder.ts';
import { startPostgres } from '../../platform/postgres/server.ts';
import { openHubRoll } from './hub-roll.ts';
import { NightsOfTest } from './nights.fixture.ts';
import { readJson } from './roll-files.ts';
import type { RollHead } from './rolls-files.ts';

const now = (): number => Date.UTC(2026, 9, 7);

function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Makes a backup while something is done, and brings it back; the folder of the backup, and where it was restored. */
async function throughBackup(state: NightsOfTest, meanwhile: () => Promise<void>) {
  const above = place();
  openFolder(above).okOrThrow();
  const server = (await startPostgres({ folder: openFolder(above).okOrThrow() })).okOrThrow();
  try {
    (await prepareDatabase({ folder: openFolder(above).okOrThrow(), server, now })).okOrThrow();
    const to = join(place(), 'copy');
    const folder = openFolder(state.data).okOrThrow();
    const [made] = await Promise.all([
      makeBackup({ folder, connection: server.connection, to, now }),
      meanwhile(),
    ]);
    made.okOrThrow();
    const back = place();
    (await restoreBackup({ from: to, to: back, now })).okOrThrow();
    return { to, back };
  } finally {
    await server.stop();
  }
}

it('comes back as of one moment while a sheet is signed, and reconciles equal with its keys beside it', async () => {
  const state = new NightsOfTest({ voters: 600, days: 2, seed: 7 });
  openFolder(state.data).okOrThrow();
  (await state.begin()).okOrThrow();
  await state.play(1);
  await state.capture(2);

  const { to, back } = await throughBackup(state, () => state.signAll(2));

  const files = readdirSync(join(to, 'rolls'), { recursive: true }).map(String);
  expect(files.filter((name) => /pending|known-rows|(^|\/)lock/.test(name))).toEqual([]);
  for (const name of ['vault', 'rolls-reader', 'rolls-keys']) expect(existsSync(join(to, name))).toBe(false);
  const before = (await readJson<RollHead>(state.paths.head, 'bellwether/roll@1'))!;
  for (const name of readdirSync(join(state.paths.books, before.generation)).filter(
    (one) => one !== 'known-rows',
  ))
    expect(
      readFileSync(join(back, 'rolls/book', before.generation, name)).equals(
        readFileSync(join(state.paths.books, before.generation, name)),
      ),
    ).toBe(true);

  renameSync(state.data, `${state.data}-lost`);
  renameSync(back, state.data);
  const lost = `${state.data}-lost`;
  cpSync(join(lost, 'log-private/key'), join(state.paths.logPrivate, 'key'));
  const size = (await readSigning(state.paths.logPrivate)).okOrThrow()!.size;
  (await wakeLog({ folder: state.paths.log, privateFolder: state.paths.logPrivate }, size)).okOrThrow();

  await state.withLog(async (log) => {
    const absent = await openHubRoll({ data: state.data, log, zone: 'America/Chicago', now });
    expect(absent.isErr() && absent.error).toMatchObject({
      code: 'ROLL_VAULT_ABSENT',
      detail: expect.stringMatching(/bring the copy of 2026-10-0\d, or the next one after it/),
    });
  });
  cpSync(join(lost, 'vault'), state.paths.vault, { recursive: true });
  cpSync(join(lost, 'rolls-keys'), state.paths.keys, { recursive: true });
  const readerless = await state.reconcile(2);
  expect(readerless.isErr() && readerless.error.code).toBe('ROLL_READER_ABSENT');
  expect(existsSync(join(state.data, 'rolls-reader'))).toBe(false);
  cpSync(join(lost, 'rolls-reader'), join(state.data, 'rolls-reader'));

  const sealed = await state.play(2);

  expect(sealed).toMatchObject({ epoch: 2, unauthorised: [], awaiting: 0, sealed: true });
  expect(sealed.authorised + sealed.fromFeeds).toBe(state.truth.nights[1]!.changed);
}, 120_000);
