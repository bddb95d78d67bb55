import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewCode, Origin } from '../platform/auth/auth-types.ts';
import { createPeople } from '../platform/auth/people.ts';
import { createSessions } from '../platform/auth/sessions.ts';
import { createTrail } from '../platform/auth/trail.ts';
import { prepareDatabase } from '../platform/backup/prepare-database.ts';
import { type DataFolder, openFolder } from '../platform/folder.ts';
import { readConnection } from '../platform/postgres/connection.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { forgetRunning, writeRunning } from '../up/running.ts';
import { adminCommand } from './admin.ts';

const HERE: Origin = { address: '127.0.0.1', agent: '', site: 'localhost', origin: 'http://localhost:8118' };

let folder: DataFolder;
let out = '';
let errors = '';
beforeAll(async () => {
  folder = openFolder(mkdtempSync(join(tmpdir(), 'bellwether-'))).okOrThrow();
  const server = (await startPostgres({ folder })).okOrThrow();
  (await prepareDatabase({ folder, server, now: Date.now })).okOrThrow();
  await server.stop();
});
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', '');
  vi.stubEnv('SUDO_USER', 'pat');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder.path, { recursive: true, force: true }));

/** Runs it on the folder. */
async function admin(...args: string[]): Promise<{ exit: number; out: string; errors: string }> {
  [out, errors] = ['', ''];
  const exit = await adminCommand([...args, '--data', folder.path]);
  return { exit, out, errors };
}

/** Runs it for JSON, which has to be the whole of the output. */
async function json(...args: string[]) {
  const { exit, out, errors } = await admin(...args, '--json');
  expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
  return JSON.parse(out);
}

describe('wrong usage', () => {
  it.each([
    [[], 'say invite, list, revoke or recover'],
    [['depose', 'Ada'], 'none of invite'],
    [['invite'], 'name the person'],
    [['invite', 'Ada', 'Pike'], 'needs quotes'],
    [['invite', 'Ada', '--role', 'emperor'], 'there is no role "emperor"'],
    [['list', 'Ada'], 'takes no name'],
    [['list', '--role', 'clerk'], 'go with invite'],
    [['list', '--until', '2026-11-30T17:00:00Z'], 'go with invite'],
    [['invite', 'Ada', '--role', 'vendor', '--place', '29001'], 'the role vendor needs an end: say --until'],
    [['invite', 'Ada', '--role', 'auditor'], 'the role auditor needs an end: say --until'],
    [
      ['invite', 'Ada', '--until', 'next week'],
      '--until takes a time such as 2026-11-30T17:00:00Z, not "next week"',
    ],
    [['invite', 'Ada', '--until', '2026-11-30'], '--until takes a time'],
    [['invite', 'Ada', '--until', '2026-02-30T17:00:00Z'], '--until takes a time'],
    [['invite', 'Ada', '--until', '2026-11-30T25:00:00Z'], '--until takes a time'],
    [['revoke'], 'name the person'],
    [['revoke', 'Ada'], '--why'],
    [['recover', 'Ada'], '--why'],
    [['list', '--everything'], '--everything'],
  ])('%j is answered with what is wrong, and exit code 2', async (args, reason) => {
    const { exit, errors } = await admin(...args);
    expect(exit).toBe(2);
    expect(errors.split('\n')[0]).toContain(reason);
    expect(errors).toContain('Usage: bellwether admin invite');
  });

  it('is not `--help`', async () => {
    expect(await admin('--help')).toMatchObject({ exit: 0, out: expect.stringContaining('Usage:') });
  });
});

describe('a folder without a hub', () => {
  it('is named, with exit code 1', async () => {
    [out, errors] = ['', ''];
    expect(await adminCommand(['list', '--data', join(folder.path, 'nothing')])).toBe(1);
    expect(errors).toContain('FOLDER_MISSING');
  });
});

describe.each(['does not run', 'runs'])('when the hub %s', (state) => {
  let server: PostgresServer;
  let database: Database;

  beforeAll(async () => {
    if (state !== 'runs') return;
    server = (await startPostgres({ folder })).okOrThrow();
    writeRunning(folder.path, { pid: process.pid, port: 9118 });
  });
  afterAll(async () => {
    if (state !== 'runs') return;
    forgetRunning(folder.path);
    await server.stop();
  });

  /** Looks into the records, with a database that is there for that long. */
  async function inRecords<T>(look: (database: Database) => Promise<T>): Promise<T> {
    const own = state === 'runs' ? undefined : (await startPostgres({ folder })).okOrThrow();
    database = openDatabase((own ?? server).connection);
    try {
      return await look(database);
    } finally {
      await database.close();
      await own?.stop();
    }
  }

  it('invites an administrator with a code that works, and says where to type it', async () => {
    const { exit, out, errors } = await admin('invite', 'Ada Pike', '--phone', '555 0100');

    expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
    const code = /\d{4}-\d{4}-\d{4}/.exec(out)?.[0];
    expect(out).toContain('The code for Ada Pike');
    expect(out).toContain('within fifteen minutes');
    expect(out).toMatch(/until \d+:\d\d:\d\d [AP]M C[DS]T/);
    expect(out).toContain(`http://localhost:${state === 'runs' ? 9118 : 8118}/code`);
    expect(out.includes('does not run')).toBe(state !== 'runs');
    await inRecords(async ({ query: db }) => {
      const common = { db, trail: createTrail(Date.now), now: Date.now, random: () => new Uint8Array(32) };
      const people = createPeople({ ...common, sessions: createSessions(common) });
      const { person, purpose } = (await people.takeCode(code!, HERE)).okOrThrow();
      expect(purpose).toBe('enrol');
      expect(await people.find(person)).toMatchObject({
        name: 'Ada Pike',
        phone: '555 0100',
        state: 'invited',
        grants: [{ role: 'administrator', place: 'state', until: null, givenBy: 'machine' }],
      });
      const entry = await db
        .selectFrom('trail')
        .selectAll()
        .where('act', '=', 'person.invite')
        .where('about', '=', `person:${person}`)
        .executeTakeFirstOrThrow();
      expect(entry).toMatchObject({ who: 'machine', place: 'state', origin: 'this machine, user pat' });
      const everything = await sql<{
        text: string;
      }>`SELECT string_agg(t::text, '') AS text FROM trail t`.execute(db);
      expect(everything.rows[0]?.text).not.toContain(code!.slice(0, 9));
      await people
        .removePerson({ kind: 'machine', alone: false }, person, 'end of test', '')
        .then((done) => done.okOrThrow());
    });
  });

  it('lists, recovers and removes by name, and writes why into the trail', async () => {
    const invited: { person: string } & NewCode = await json(
      'invite',
      'Bo',
      '--role',
      'clerk',
      '--place',
      '29001',
    );
    const { people } = await json('list');
    expect(people.find(({ id }: { id: string }) => id === invited.person)).toMatchObject({
      name: 'Bo',
      state: 'invited',
      roles: [{ role: 'clerk', place: '29001', until: null }],
      passkeys: 0,
      codeUntil: invited.until,
    });

    const again = await json('recover', 'Bo', '--why', 'the code was too old');
    expect(again).toMatchObject({ schema: 'bellwether/admin-code@1', person: invited.person, name: 'Bo' });
    expect(again.code).not.toBe(invited.code);
    expect(await json('revoke', ' Bo ', '--why', 'moved away')).toEqual({
      schema: 'bellwether/admin-removed@1',
      person: invited.person,
      name: 'Bo',
    });
    expect((await admin('list')).out).toMatch(new RegExp(`${invited.person}  removed  0 passkeys +Bo\n`));
    const trail = await inRecords(({ query }) =>
      query
        .selectFrom('trail')
        .select(['act', 'who', 'why'])
        .where('about', '=', `person:${invited.person}`)
        .orderBy('number')
        .execute(),
    );
    expect(trail).toEqual([
      { act: 'person.invite', who: 'machine', why: null },
      { act: 'code.make', who: 'machine', why: 'the code was too old' },
      { act: 'person.remove', who: 'machine', why: 'moved away' },
      { act: 'grant.end', who: 'machine', why: 'moved away' },
    ]);
  });

  it('invites vendors and auditors until their end, told in any zone', async () => {
    const end = Math.floor(Date.now() / 1000) * 1000 + 30 * 86_400_000;
    const inMissouri = new Date(end - 6 * 3_600_000).toISOString().replace('Z', '-06:00');
    await json(
      'invite',
      'Vi',
      '--role',
      'vendor',
      '--place',
      '29001',
      '--until',
      inMissouri,
      '--why',
      'scanners',
    );
    await json('invite', 'Au', '--role', 'auditor', '--until', new Date(end).toISOString());

    const { people } = await json('list');
    const until = new Date(end).toISOString();
    expect(people.find(({ name }: { name: string }) => name === 'Vi').roles).toEqual([
      { role: 'vendor', place: '29001', until },
    ]);
    expect(people.find(({ name }: { name: string }) => name === 'Au').roles).toEqual([
      { role: 'auditor', place: 'state', until },
    ]);
    for (const name of ['Vi', 'Au']) await json('revoke', name, '--why', 'end of test');
  });

  it('refuses with exit code 3, and changes nothing', async () => {
    const refused = async (code: string, ...args: string[]) => {
      const { exit, out, errors } = await admin(...args);
      expect({ exit, out }).toEqual({ exit: 3, out: '' });
      expect(errors).toContain(code);
    };
    await refused('AUTH_PERSON_UNKNOWN', 'revoke', 'Nobody', '--why', 'because');
    await refused('AUTH_PERSON_UNKNOWN', 'recover', "x'; DROP TABLE people; --", '--why', 'because');
    await refused('AUTH_TEXT_INVALID', 'invite', 'a\u0007b');
    await refused('AUTH_GRANT_INVALID', 'invite', 'Cy', '--role', 'clerk');
    await refused('AUTH_GRANT_INVALID', 'invite', 'Cy', '--role', 'clerk', '--place', '99999');
    const day = 86_400_000;
    for (const away of [-day, 200 * day]) {
      const until = new Date(Date.now() + away).toISOString();
      const vendor = ['--role', 'vendor', '--place', '29001', '--until', until];
      await refused('AUTH_GRANT_INVALID', 'invite', 'Cy', ...vendor);
    }
    const { person } = await json('invite', 'Di');
    await json('invite', 'Di');
    await refused('say which number', 'revoke', 'Di', '--why', 'because');
    await inRecords(async ({ query }) => {
      await query.updateTable('people').set({ state: 'active' }).where('id', '=', person).execute();
      const passkey = {
        id: person,
        person,
        site: 'localhost',
        public_key: Buffer.alloc(1),
        counter: 0,
        transports: [],
      };
      await query
        .insertInto('passkeys')
        .values({ ...passkey, backed_up: false, name: 'x', added_at: new Date() })
        .execute();
    });
    await refused('AUTH_LAST_ADMINISTRATOR', 'revoke', person, '--why', 'because');
    const recovered = await json('recover', person, '--why', 'lost the key');
    expect(recovered.code).toMatch(/^\d{4}-\d{4}-\d{4}$/);

    await inRecords(async ({ query }) => {
      await sql`TRUNCATE people CASCADE`.execute(query);
    });
  });

  it('leaves the database as it found it: running or stopped', async () => {
    await json('list');
    expect(readConnection(folder) !== undefined).toBe(state === 'runs');
  });
});

describe('a hub', () => {
  it('with HTTPS is told by its name, and with a broken configuration still has codes', async () => {
    writeFileSync(folder.config, 'https: { name: hub.example.gov, own: true, port: 443 }\n');
    expect((await json('invite', 'Ed')).url).toBe('https://hub.example.gov/code');
    writeFileSync(folder.config, 'https: { name: hub.example.gov, own: true }\n');
    expect((await json('invite', 'Ed')).url).toBe('https://hub.example.gov:8443/code');
    writeFileSync(folder.config, '{{{');
    expect((await json('invite', 'Ed')).url).toBe('http://localhost:8118/code');
    rmSync(folder.config);
  });

  it('of an older version is not touched', async () => {
    const server = (await startPostgres({ folder })).okOrThrow();
    const database = openDatabase(server.connection);
    await sql`DELETE FROM schema_migrations WHERE number > 1`.execute(database.query);
    await database.close();
    await server.stop();

    const { exit, errors } = await admin('invite', 'Ed');
    expect(exit).toBe(1);
    expect(errors).toContain('DATABASE_OLDER');
  });
});
