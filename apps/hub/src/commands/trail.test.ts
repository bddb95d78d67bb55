import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { trailSealer } from '../features/evidence/sealed-trail.ts';
import { actOf, addActs, behindItsBack, emptyTrail } from '../platform/auth/trail.fixture.ts';
import { openEvidenceLog } from '../platform/evidence/log.ts';
import { fileSigner } from '../platform/evidence/log-key.ts';
import { folderAt, openFolder } from '../platform/folder.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { migrate } from '../platform/postgres/migrations.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { trailCommand } from './trail.ts';

let path: string;
let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  const folder = openFolder(path).okOrThrow();
  server = (await startPostgres({ folder })).okOrThrow();
  (await migrate(server.connection)).okOrThrow();
  database = openDatabase(server.connection);
});

afterAll(async () => {
  await database.close();
  await server.stop();
  rmSync(path, { recursive: true, force: true });
});

beforeEach(async () => {
  await emptyTrail(database.query);
  await addActs(database.query, [actOf({ about: 'a' }), actOf({ about: 'b' }), actOf({ about: 'c' })]);
});

/** Runs the command; gives its exit code and what it said. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const listen = (stream: NodeJS.WriteStream, name: 'out' | 'err') =>
    vi.spyOn(stream, 'write').mockImplementation((text, ...rest) => {
      said[name] += String(text);
      const done = rest.find((one) => typeof one === 'function');
      done?.();
      return true;
    });
  const spies = [listen(process.stdout, 'out'), listen(process.stderr, 'err')];
  try {
    return { code: await trailCommand(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A file that is not there yet. */
function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trail-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'trail.ndjson');
}

describe('bellwether trail', () => {
  it('checks the trail of a hub that runs, and tells the last hash to be kept', async () => {
    const text = await run('check', '--data', path);
    const json = await run('check', '--data', path, '--json');
    const { last } = JSON.parse(json.out) as { last: { number: number; hash: string } };

    expect([text.code, json.code]).toEqual([0, 0]);
    expect(JSON.parse(json.out)).toEqual({
      schema: 'bellwether/trail-check@1',
      unbroken: true,
      all: true,
      last,
      sealed: { count: 0, upTo: 0 },
      fault: null,
    });
    expect(last.number).toBe(3);
    expect(text.out).toContain('The trail is unbroken, from entry 1 to entry 3.');
    expect(text.out).toContain(last.hash);
  });

  it('ends with 3 where the chain is broken, and names the entry', async () => {
    await behindItsBack(database.query, "UPDATE trail SET who = 'x' WHERE number = 2");
    const text = await run('check', '--data', path);
    const json = await run('check', '--data', path, '--json');

    expect([text.code, json.code]).toEqual([3, 3]);
    expect(text.out).toContain('The trail is broken. Entry 2 was changed after it was written.');
    expect(JSON.parse(json.out)).toMatchObject({
      unbroken: false,
      last: null,
      fault: { number: 2, fault: 'changed' },
      text: 'Entry 2 was changed after it was written.',
    });
  });

  it('compares the trail with what the evidence log told of it', async () => {
    const folder = folderAt(path);
    const signer = (await fileSigner(join(folder.logPrivate, 'key'), 'test.example/log')).okOrThrow();
    const places = { folder: folder.log, privateFolder: folder.logPrivate };
    const log = (await openEvidenceLog({ ...places, origin: 'test.example/log', signer })).okOrThrow();
    onTestFinished(async () => {
      await log.close();
      rmSync(folder.log, { recursive: true });
      rmSync(folder.logPrivate, { recursive: true });
    });
    const seal = trailSealer(database.query, log);
    (await seal()).okOrThrow();
    await addActs(database.query, [actOf({ about: 'd' })]);
    (await seal()).okOrThrow();
    const right = await run('check', '--data', path);
    expect([right.code, right.out.split('\n')[1]]).toEqual([
      0,
      'The evidence log tells of it 2 times, up to entry 4, and each time the same.',
    ]);

    // The end is cut off: the chain fits by itself.
    await behindItsBack(database.query, 'DELETE FROM trail WHERE number = 4');
    const cut = await run('check', '--data', path);
    expect([cut.code, cut.out]).toEqual([
      3,
      expect.stringContaining('tells of 4 entries, and the trail ends before'),
    ]);
    // Another end is written in its place: it fits as well.
    await addActs(database.query, [actOf({ about: 'another' })]);
    const rewritten = await run('check', '--data', path, '--json');
    expect([rewritten.code, JSON.parse(rewritten.out)]).toMatchObject([
      3,
      { unbroken: false, fault: { fault: 'rewritten', entries: 4 } },
    ]);
  });

  it('exports to a file for its owner only, never over another, and checks the file', async () => {
    const to = file();
    const made = await run('export', '--data', path, to);
    expect([made.code, statSync(to).mode & 0o777]).toEqual([0, 0o600]);
    const whole = await run('check', to);
    expect([whole.code, whole.out.split('\n')[0]]).toEqual([
      0,
      'The trail is unbroken, from entry 1 to entry 3.',
    ]);
    const again = await run('export', '--data', path, to);
    expect([again.code, again.err]).toEqual([
      1,
      `bellwether trail: ${to} is there already: name another file.\n`,
    ]);

    writeFileSync(to, readFileSync(to, 'utf8').replace('"about":"c"', '"about":"d"'));
    const broken = await run('check', to, '--json');
    expect([broken.code, JSON.parse(broken.out)]).toMatchObject([3, { fault: { number: 3 } }]);
    writeFileSync(to, readFileSync(to, 'utf8').slice(0, -20));
    expect((await run('check', to)).out).toContain(
      'Line 4 of the file is no entry: the file was cut off in it.',
    );
  });

  it('exports to standard output, the same as to a file', async () => {
    const to = file();
    const made = await run('export', '--data', path, '--json', to);
    const piped = await run('export', '--data', path);
    const lines = (text: string) => text.split('\n').slice(1);

    expect(JSON.parse(made.out)).toEqual({ schema: 'bellwether/trail-export@1', path: to });
    expect(lines(piped.out)).toEqual(lines(readFileSync(to, 'utf8')));
    expect(lines(piped.out)).toHaveLength(4);
  });

  it('tells of an empty trail', async () => {
    await emptyTrail(database.query);

    expect(await run('check', '--data', path)).toEqual({ code: 0, out: 'The trail is empty.\n', err: '' });
  });

  it('says what it could not read', async () => {
    const to = file();
    expect(await run('check', to)).toMatchObject({ code: 1, out: '' });
    writeFileSync(to, 'something\n');
    const other = await run('check', to);
    expect([other.code, other.err]).toEqual([
      1,
      `bellwether trail: ${to} is no export of a trail: it is no JSON.\n`,
    ]);
    const nowhere = await run('export', '--data', path, join(to, 'below', 'a-file'));
    expect(nowhere.code).toBe(1);
    expect(existsSync(join(to, 'below'))).toBe(false);
    expect((await run('check', '--data', join(to, 'nothing'))).code).toBe(1);
  });

  it.each([[], ['verify'], ['check', 'a', 'b'], ['check', '--all'], ['export', '--json']])(
    'says how it is used when it is not used like that (%#)',
    async (...args) => {
      const { code, err } = await run(...args, '--data', path);

      expect(code).toBe(2);
      expect(err).toContain('Usage: bellwether trail export');
    },
  );
});
