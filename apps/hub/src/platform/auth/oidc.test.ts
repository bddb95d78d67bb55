import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRecords, type TestRecords } from '../../features/watch/watch.fixture.ts';
import type { Act, Origin } from './auth-types.ts';
import { createDirectories } from './oidc.ts';
import type { Directories, DirectoryConfig } from './oidc-types.ts';
import { grantsInForce } from './people-reading.ts';
import { WHOLE_LIFE } from './session-ends.ts';
import { CLIENT, startDirectory, type TestDirectory } from './testing/directory.ts';
import { type Lies, startFalseDirectory } from './testing/false-directory.ts';

const HERE: Origin = {
  address: '192.0.2.7',
  agent: 'test',
  site: 'localhost',
  origin: 'http://localhost:8118',
};
const BACK = 'http://localhost:8118/api/v1/sign-in/oidc/county/back';
const MINUTE = 60_000;

let records: TestRecords;
let folder: string;
let good: TestDirectory;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  writeFileSync(join(folder, 'secret'), `${CLIENT.secret}\n`);
  records = await startRecords();
  good = await startDirectory({ redirect: BACK });
});
afterAll(async () => {
  await good.close();
  await records.stop();
  rmSync(folder, { recursive: true });
});

function configOf(issuer: string): DirectoryConfig {
  return {
    name: 'county',
    title: 'County sign-in',
    issuer,
    client: CLIENT.id,
    secret: join(folder, 'secret'),
    claim: 'groups',
    roles: [
      { value: 'bw-clerks', role: 'clerk', place: '29001' },
      { value: 'bw-watch', role: 'analyst', place: 'state' },
      { value: 'bw-boss', role: 'administrator', place: 'state' },
    ],
  };
}

function setup(config: Partial<DirectoryConfig> = {}, clock = { ahead: 0 }) {
  const acts: Act[] = [];
  const directories = createDirectories({
    configs: [{ ...configOf(good.issuer), ...config }],
    db: records.db,
    trail: { add: async (_tx, act) => void acts.push(act) },
    now: () => Date.now() + clock.ahead,
    random: randomBytes,
  });
  return { directories, acts, clock };
}

/** A subject nobody else has, with these groups at the good directory. */
function somebody(groups: unknown, name = 'Ann Clerk'): string {
  const subject = randomBytes(8).toString('hex');
  good.people.set(subject, { groups, name });
  return subject;
}

async function signIn(directories: Directories, subject: string, directory = good) {
  const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
  return await directories.leadBack('county', await directory.walk(url, subject), ticket, HERE);
}

async function rolesOf(person: string, time = Date.now()): Promise<string[]> {
  const grants = await grantsInForce(records.db, person, time);
  return grants.map(({ role, place }) => `${role} ${place}`);
}

describe('the way to the directory', () => {
  it('carries a challenge (S256), a state and a nonce, other ones each time, and no secret', async () => {
    const { directories } = setup();
    const ways = await Promise.all([1, 2].map(async () => await directories.leadOut('county', HERE)));
    const [one, other] = ways.map((way) => new URL(way.okOrThrow().url)) as [URL, URL];

    expect(Object.fromEntries(one.searchParams)).toMatchObject({
      client_id: 'bellwether',
      response_type: 'code',
      redirect_uri: BACK,
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const told = one.searchParams.get(name);
      expect(told).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(other.searchParams.get(name)).not.toBe(told);
    }
    expect(one.href).not.toContain(encodeURIComponent(CLIENT.secret));
  });

  it('is there only for directories of the configuration', async () => {
    const { directories } = setup();

    const answer = await directories.leadOut('__proto__', HERE);

    expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_REFUSED');
    expect(directories.list).toEqual([{ name: 'county', title: 'County sign-in' }]);
  });
});

describe('somebody from a directory', () => {
  it('comes in with the roles of their groups, for as long as a session, and never as administrator', async () => {
    const { directories, acts } = setup();

    const { person } = (await signIn(directories, somebody(['bw-clerks', 'bw-boss', 'x']))).okOrThrow();

    const grants = await records.db.selectFrom('grants').selectAll().where('person', '=', person).execute();
    expect(grants).toMatchObject([
      { role: 'clerk', place: '29001', given_by: 'oidc:county', ended_at: null },
    ]);
    expect(await rolesOf(person)).toEqual(['clerk 29001']);
    expect(await rolesOf(person, Date.now() + WHOLE_LIFE + MINUTE)).toEqual([]);
    expect(acts.map(({ who, act, place }) => [who, act, place])).toEqual([
      ['hub', 'person.join', '29001'],
      ['hub', 'grant.give', '29001'],
    ]);
  });

  it('is the same person each time, with the name they came with first', async () => {
    const { directories, acts } = setup();
    const subject = somebody('bw-clerks');

    const first = (await signIn(directories, subject)).okOrThrow();
    acts.length = 0;
    good.people.set(subject, { groups: 'bw-clerks', name: 'Somebody Else' });
    const second = (await signIn(directories, subject)).okOrThrow();

    expect(second).toEqual(first);
    expect(await rolesOf(first.person)).toEqual(['clerk 29001']);
    expect(acts).toEqual([]);
    const { name } = await records.db
      .selectFrom('people')
      .select('name')
      .where('id', '=', first.person)
      .executeTakeFirstOrThrow();
    expect(name).toBe('Ann Clerk');
  });

  it('is one person, also when two windows come for the first time at once', async () => {
    const { directories } = setup();
    const subject = somebody('bw-clerks');
    const windows = await Promise.all(
      [1, 2].map(async () => (await directories.leadOut('county', HERE)).okOrThrow()),
    );
    const backs: URL[] = [];
    for (const { url } of windows) backs.push(await good.walk(url, subject));

    const answers = await Promise.all(
      windows.map(
        async ({ ticket }, at) => await directories.leadBack('county', backs[at] as URL, ticket, HERE),
      ),
    );

    const people = answers.map((answer) => answer.okOrThrow().person);
    expect(new Set(people).size).toBe(1);
    expect(await rolesOf(people[0] as string)).toEqual(['clerk 29001']);
  });

  it('has other roles at the next sign-in, where the groups are others', async () => {
    const { directories, acts } = setup();
    const subject = somebody(['bw-clerks']);
    const { person } = (await signIn(directories, subject)).okOrThrow();
    acts.length = 0;

    good.people.set(subject, { groups: ['bw-watch'] });
    (await signIn(directories, subject)).okOrThrow();

    expect(await rolesOf(person)).toEqual(['analyst state']);
    expect(acts.map(({ act, place }) => [act, place])).toEqual([
      ['grant.end', '29001'],
      ['grant.give', 'state'],
    ]);
  });

  it('is refused in no group, and has no role of the directory any more, but those that people gave', async () => {
    const { directories } = setup();
    const subject = somebody(['bw-clerks']);
    const { person } = (await signIn(directories, subject)).okOrThrow();
    const given = { person, role: 'deputy', place: '29001', from_at: new Date(0), given_by: 'machine' };
    await records.db.insertInto('grants').values(given).execute();

    good.people.set(subject, { groups: [] });
    const answer = await signIn(directories, subject);

    expect(answer.isErr() && answer.error).toEqual({ code: 'AUTH_DIRECTORY_REFUSED', detail: '' });
    expect(await rolesOf(person)).toEqual(['deputy 29001']);
  });

  it('is refused in the same words who was never here and who was removed, and no row is made for them', async () => {
    const { directories } = setup();
    const removed = somebody(['bw-clerks']);
    const { person } = (await signIn(directories, removed)).okOrThrow();
    await records.db.updateTable('people').set({ state: 'removed' }).where('id', '=', person).execute();
    const never = somebody(['other']);

    const answers = [await signIn(directories, removed), await signIn(directories, never)];

    for (const answer of answers) {
      expect(answer.isErr() && answer.error).toEqual({ code: 'AUTH_DIRECTORY_REFUSED', detail: '' });
    }
    expect(await rolesOf(person)).toEqual([]);
    const kept = await records.db.selectFrom('identities').selectAll().where('subject', '=', never).execute();
    expect(kept).toEqual([]);
  });

  it.each<[string, Parameters<typeof startDirectory>[0]]>([
    ['tells groups only when asked for them', { redirect: BACK, conform: true }],
    ['takes the secret in the form', { redirect: BACK, way: 'client_secret_post' }],
    ['wants no secret', { redirect: BACK, way: 'none' }],
  ])('comes in also where the directory %s', async (_, options) => {
    const directory = await startDirectory(options);
    onTestFinished(() => directory.close());
    directory.people.set('ann', { groups: ['bw-clerks'], name: 'Ann' });
    const { secret, ...open } = configOf(directory.issuer);
    const { directories } = setup({
      ...open,
      ...(options.way === 'none' ? { secret: undefined as never } : { secret: secret as string }),
    });

    const { person } = (await signIn(directories, 'ann', directory)).okOrThrow();

    expect(await rolesOf(person)).toEqual(['clerk 29001']);
  });
});

describe('the way back', () => {
  it('is refused with a state that is forged, missing, or of another window', async () => {
    const { directories } = setup();
    const subject = somebody(['bw-clerks']);
    const other = (await directories.leadOut('county', HERE)).okOrThrow();
    const foreign = new URL(other.url).searchParams.get('state') as string;

    for (const state of ['forged', '', foreign]) {
      const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
      const back = await good.walk(url, subject);
      back.searchParams.set('state', state);
      const answer = await directories.leadBack('county', back, ticket, HERE);
      expect(answer.isErr() && answer.error.code).toBe('AUTH_CEREMONY_OVER');
    }
  });

  it('is refused without the ticket of the browser that went out, with it a second time, and after five minutes', async () => {
    const { directories, clock } = setup();
    const subject = somebody(['bw-clerks']);
    const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
    const late = (await directories.leadOut('county', HERE)).okOrThrow();
    const back = await good.walk(url, subject);
    const lateBack = await good.walk(late.url, subject);

    const stolen = await directories.leadBack('county', back, 'not the ticket', HERE);
    (await directories.leadBack('county', back, ticket, HERE)).okOrThrow();
    const again = await directories.leadBack('county', back, ticket, HERE);
    clock.ahead = 5 * MINUTE;
    const over = await directories.leadBack('county', lateBack, late.ticket, HERE);

    for (const answer of [stolen, again, over]) {
      expect(answer.isErr() && answer.error.code).toBe('AUTH_CEREMONY_OVER');
    }
  });

  it('is refused with a code that was made up, that another sign-in got, or that was used before', async () => {
    const { directories } = setup();
    const subject = somebody(['bw-clerks']);
    const victim = (await directories.leadOut('county', HERE)).okOrThrow();
    const victimBack = await good.walk(victim.url, subject);
    const stolen = victimBack.searchParams.get('code') as string;
    const withCode = async (code: string) => {
      const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
      const back = await good.walk(url, somebody(['bw-clerks']));
      back.searchParams.set('code', code);
      return await directories.leadBack('county', back, ticket, HERE);
    };

    const answers = [await withCode('made-up'), await withCode(stolen)];
    const used = (await directories.leadOut('county', HERE)).okOrThrow();
    const usedBack = await good.walk(used.url, subject);
    (await directories.leadBack('county', usedBack, used.ticket, HERE)).okOrThrow();
    answers.push(await withCode(usedBack.searchParams.get('code') as string));

    for (const answer of answers) {
      expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_REFUSED');
    }
  });

  it('is refused where another directory says that it answers', async () => {
    const { directories } = setup();
    const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
    const back = await good.walk(url, somebody(['bw-clerks']));
    back.searchParams.set('iss', 'https://login.example.net');

    const answer = await directories.leadBack('county', back, ticket, HERE);

    expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_REFUSED');
  });

  it('says so where the directory said no', async () => {
    const { directories } = setup();
    const { url, ticket } = (await directories.leadOut('county', HERE)).okOrThrow();
    const state = new URL(url).searchParams.get('state') as string;
    const back = new URL(`${BACK}?error=access_denied&error_description=%3Cscript%3E&state=${state}`);
    back.searchParams.set('iss', good.issuer);

    const answer = await directories.leadBack('county', back, ticket, HERE);

    expect(answer.isErr() && answer.error).toEqual({
      code: 'AUTH_DIRECTORY_REFUSED',
      detail: 'It did not sign you in.',
    });
  });

  it.each([-10 * MINUTE, 10 * MINUTE])(
    'is refused where the clock of the hub is off by %i ms',
    async (ahead) => {
      const { directories } = setup({}, { ahead });

      const answer = await signIn(directories, somebody(['bw-clerks']));

      expect(answer.isErr() && answer.error).toEqual({
        code: 'AUTH_DIRECTORY_REFUSED',
        detail: 'Its clock and that of the hub are minutes apart.',
      });
    },
  );

  it.each([-1 * MINUTE, 1 * MINUTE])(
    'leads in where the clock of the hub is off by %i ms only',
    async (ahead) => {
      const { directories } = setup({}, { ahead });

      expect((await signIn(directories, somebody(['bw-clerks']))).isOk()).toBe(true);
    },
  );
});

describe('a directory that lies', () => {
  async function lying(lies: Lies) {
    let nonce = '';
    const directory = await startFalseDirectory(CLIENT.id, () => nonce);
    onTestFinished(() => directory.close());
    directory.lies = lies;
    const { directories } = setup({ issuer: directory.issuer });
    const out = await directories.leadOut('county', HERE);
    if (out.isErr()) return out;
    const url = new URL(out.value.url);
    nonce = url.searchParams.get('nonce') as string;
    const back = new URL(`${BACK}?code=some&state=${url.searchParams.get('state')}`);
    return await directories.leadBack('county', back, out.value.ticket, HERE);
  }
  const seconds = (): number => Math.floor(Date.now() / 1000);

  it('is believed as long as it does not', async () => {
    expect((await lying({})).isOk()).toBe(true);
  });

  it.each<[string, () => Lies]>([
    ['another nonce', () => ({ claims: { nonce: 'another' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['another issuer in the token', () => ({ claims: { iss: 'https://login.example.net' } })],
    ['a token for another client', () => ({ claims: { aud: 'another' } })],
    ['a token that ended', () => ({ claims: { exp: seconds() - 300 } })],
    ['a token of the future', () => ({ claims: { iat: seconds() + 300 } })],
    ['no subject', () => ({ claims: { sub: '' } })],
    ['a subject without end', () => ({ claims: { sub: 's'.repeat(256) } })],
    ['a token signed by another key', () => ({ foreignKey: true })],
    ['a token that is not signed', () => ({ unsigned: true })],
    ['no token', () => ({ token: { status: 200, body: '{}' } })],
    ['no JSON', () => ({ token: { status: 200, body: '<html>' } })],
    ['an error', () => ({ token: { status: 400, body: '{"error":"invalid_grant"}' } })],
    ['another thing than an error', () => ({ token: { status: 403, body: 'no' } })],
  ])('is refused with %s', async (_, lies) => {
    const answer = await lying(lies());

    expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_REFUSED');
  });

  it.each<[string, () => Lies]>([
    ['fails', () => ({ token: { status: 502, body: '' } })],
    ['never stops talking', () => ({ token: { status: 200, body: ' '.repeat(600_000) } })],
    ['calls itself by another name', () => ({ metadata: { issuer: 'https://login.example.net' } })],
    ['leads to an address without HTTPS', () => ({ metadata: { token_endpoint: 'http://192.0.2.1/token' } })],
    ['leads people away', () => ({ metadata: { authorization_endpoint: 'http://192.0.2.1/auth' } })],
    ['leads into the page', () => ({ metadata: { authorization_endpoint: 'javascript:alert(1)' } })],
    ['names no address', () => ({ metadata: { authorization_endpoint: 'javascript' } })],
    ['does not know what it is', () => ({ status: 404 })],
  ])('is away where it %s', async (_, lies) => {
    const answer = await lying(lies());

    expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_AWAY');
  });
});

describe('a directory that is away', () => {
  it('is asked again later, and not by everybody at once', async () => {
    const directory = await startFalseDirectory(CLIENT.id, () => '');
    onTestFinished(() => directory.close());
    directory.lies = { status: 503 };
    const { directories, clock } = setup({ issuer: directory.issuer });
    const ask = async () => await directories.leadOut('county', HERE);

    const many = await Promise.all([ask(), ask(), ask()]);
    directory.lies = {};
    const soon = await ask();
    const asked = directory.asked.length;
    clock.ahead = 6_000;
    const later = await ask();

    expect(many.map((answer) => answer.isErr() && answer.error.code)).toEqual(
      Array(3).fill('AUTH_DIRECTORY_AWAY'),
    );
    expect(soon.isErr()).toBe(true);
    expect(asked).toBe(1);
    expect(later.isOk()).toBe(true);
  });

  it('is not asked before somebody wants to sign in', async () => {
    const directory = await startFalseDirectory(CLIENT.id, () => '');
    onTestFinished(() => directory.close());
    setup({ issuer: directory.issuer });

    expect(directory.asked).toEqual([]);
  });

  it.each([
    ['nobody listens', { issuer: 'http://127.0.0.1:9' }],
    ['its address has no HTTPS', { issuer: 'http://directory.example' }],
    ['its address is none', { issuer: 'not an address' }],
    ['its secret is gone', { secret: '/nonexistent/secret' }],
  ])('is away where %s', async (_, config) => {
    const { directories } = setup(config);

    const answer = await directories.leadOut('county', HERE);

    expect(answer.isErr() && answer.error.code).toBe('AUTH_DIRECTORY_AWAY');
  });
});
