import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupCommand } from '../../commands/backup.ts';
import { doctorCommand } from '../../commands/doctor.ts';
import { restoreCommand } from '../../commands/restore.ts';
import { writeRunning } from '../../up/running.ts';
import { makeBackup } from '../backup/make.ts';
import { prepareDatabase } from '../backup/prepare-database.ts';
import { WitnessRecords } from '../evidence/witness-records.ts';
import { type DataFolder, openFolder } from '../folder.ts';
import { openDatabase } from '../postgres/database.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { examine } from './examine.ts';
import { clockCheck, diskCheck, LEAST_FREE_BYTES, nodeCheck } from './machine-checks.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2027, 5, 1);

describe('checks of the machine', () => {
  it.each([
    ['20.18.9', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.0.0', true],
    ['18.20.0', false],
  ])('take Node %s for new enough: %s', (version, ok) => {
    expect(nodeCheck(version).ok).toBe(ok);
  });

  it('want room on the disk, and say how much', () => {
    expect(diskCheck('/', LEAST_FREE_BYTES).ok).toBe(true);
    expect(diskCheck('/', LEAST_FREE_BYTES - 1)).toMatchObject({
      ok: false,
      help: expect.stringContaining('2.1 GB'),
    });
  });

  it.each([
    ['in 1970', 0, undefined, false],
    ['in 2099', Date.UTC(2099, 0), undefined, false],
    ['with no record', NOW, undefined, true],
    ['with a record of a moment before', NOW, NOW - 1, true],
    ['with a record of a second later', NOW, NOW + 1_000, true],
    ['with a record of a minute later', NOW, NOW + 60_000, false],
  ])('take a clock %s as it is', (_, now, newest, ok) => {
    expect(clockCheck(now, newest).ok).toBe(ok);
  });
});

describe('the checks of a hub', () => {
  let folder: DataFolder;
  let server: PostgresServer;
  let hub: Server;
  let ready = true;

  beforeAll(async () => {
    folder = openFolder(mkdtempSync(join(tmpdir(), 'bellwether-'))).okOrThrow();
    server = (await startPostgres({ folder })).okOrThrow();
    (await prepareDatabase({ folder, server, now: () => NOW })).okOrThrow();
    hub = createServer((_, answer) => {
      answer.end(
        JSON.stringify({ ready, checks: [{ name: 'journal', ok: ready, detail: 'the disk is full' }] }),
      );
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    writeRunning(folder.path, { pid: process.pid, port: (hub.address() as AddressInfo).port });
    const to = join(folder.backups, 'one');
    (await makeBackup({ folder, connection: server.connection, to, now: () => NOW })).okOrThrow();
  });

  afterAll(async () => {
    hub.close();
    await server.stop();
    rmSync(folder.path, { recursive: true, force: true });
  });

  /** Names of the checks that fail. */
  async function failing(now = NOW): Promise<string[]> {
    const checks = await examine({ path: folder.path, databaseUrl: undefined, now });
    for (const { ok, help } of checks) expect(help === '').toBe(ok);
    return checks.filter(({ ok, name }) => !ok && name !== 'disk').map(({ name }) => name);
  }

  it('all pass where all is well', async () => {
    expect(await failing()).toEqual([]);
  });

  it('find a backup that is too old', async () => {
    expect(await failing(NOW + 9 * DAY)).toEqual(['backup']);
  });

  it('find a file of the history that is missing, and one that was cut', async () => {
    const database = openDatabase(server.connection);
    const row = { path: 'a.parquet', from_step: 1, to_step: 1, rows: 1, bytes: 3 };
    await database.query.insertInto('history_files').values(row).execute();
    expect(await failing()).toEqual(['history']);

    writeFileSync(join(folder.history, 'a.parquet'), 'ab', { mode: 0o600 });
    expect(await failing()).toEqual(['history']);

    writeFileSync(join(folder.history, 'a.parquet'), 'abc');
    expect(await failing()).toEqual([]);
    await database.query.deleteFrom('history_files').execute();
    await database.close();
  });

  it('find a file that others may read', async () => {
    writeFileSync(folder.config, '', { mode: 0o600 });
    chmodSync(folder.config, 0o644);
    expect(await failing()).toEqual(['permissions']);
    chmodSync(folder.config, 0o600);
  });

  it('find a mistake in the configuration', async () => {
    writeFileSync(folder.config, 'port: many\n');
    expect(await failing()).toEqual(['configuration']);
    writeFileSync(folder.config, '');
  });

  it('find a hub that is not ready, with its reason', async () => {
    ready = false;
    const checks = await examine({ path: folder.path, databaseUrl: undefined, now: NOW });
    ready = true;

    expect(checks.find(({ name }) => name === 'hub')?.detail).toContain('journal: the disk is full');
  });

  it('find a witness that has not come for longer than a day, and none where none has to', async () => {
    mkdirSync(folder.logPrivate, { mode: 0o700 });
    const records = new WitnessRecords(folder.logPrivate, ['adair', 'barry']);
    records.note('adair', { cosignedAt: NOW, size: 9n });
    records.note('barry', { cosignedAt: NOW, size: 9n });
    await records.keep();
    expect(await failing()).toEqual([]);
    records.note('barry', { cosignedAt: NOW - 2 * DAY });
    await records.keep();
    expect(await failing()).toEqual(['witnesses']);
    await new WitnessRecords(folder.logPrivate, []).keep();
    expect(await failing()).toEqual([]);
  });

  it('find a clock that was set back behind the newest record', async () => {
    const database = openDatabase(server.connection);
    const progress = { step: 1, journal_offset: 1, history_step: 1, journal_id: 'a' };
    await database.query
      .insertInto('progress')
      .values({ ...progress, updated_at: new Date(NOW + DAY) })
      .execute();
    expect(await failing()).toEqual(['clock']);

    await database.query.deleteFrom('progress').execute();
    await database.close();
  });
});

describe('the commands', () => {
  it('back up a hub that does not run, and bring it back', async () => {
    const above = mkdtempSync(join(tmpdir(), 'bellwether-'));
    chmodSync(above, 0o711);
    const [data, copy, back] = ['data', 'copy', 'back'].map((name) => join(above, name)) as [
      string,
      string,
      string,
    ];
    const folder = openFolder(data).okOrThrow();
    const server = (await startPostgres({ folder })).okOrThrow();
    (await prepareDatabase({ folder, server, now: Date.now })).okOrThrow();
    await server.stop();
    const said = listen();
    try {
      expect(await backupCommand([copy, '--data', data])).toBe(0);
      expect(await backupCommand([copy, '--data', data])).toBe(1);
      expect(await restoreCommand([copy, '--data', back, '--json'])).toBe(0);
      expect(await restoreCommand([copy, '--data', back])).toBe(1);
      expect(await doctorCommand(['--data', back])).toBe(3);
      expect(await doctorCommand(['--data', join(above, 'nothing')])).toBe(3);
    } finally {
      said.stop();
      rmSync(above, { recursive: true, force: true });
    }
    expect(said.text()).toContain('BACKUP_TARGET_EXISTS');
    expect(said.text()).toContain('bellwether/restored@1');
    expect(said.text()).toContain('RESTORE_TARGET_NOT_EMPTY');
    expect(said.text()).toMatch(/ok {5}version .*\n/);
    expect(said.text()).toMatch(/WRONG {2}hub .*\n/);
    expect(said.text()).toMatch(/WRONG {2}folder .*\n/);
  });

  it.each([
    ['backup', backupCommand, ['a', 'b']],
    ['restore', restoreCommand, ['a']],
    ['doctor', doctorCommand, ['a']],
  ] as const)('%s tells how it is used', async (name, command, wrong) => {
    const said = listen();
    try {
      expect(await command(['--help'])).toBe(0);
      expect(await command([...wrong])).toBe(2);
      expect(await command(['--nonsense'])).toBe(2);
    } finally {
      said.stop();
    }
    expect(said.text().split(`Usage: bellwether ${name}`)).toHaveLength(4);
  });
});

/** What is written to standard output and error from now on. */
function listen(): { text(): string; stop(): void } {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, own: stream.write }));
  for (const { stream } of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      chunks.push(String(chunk));
      return true;
    }) as typeof stream.write;
  }
  return {
    text: () => chunks.join(''),
    stop: () => {
      for (const { stream, own } of streams) stream.write = own;
    },
  };
}
