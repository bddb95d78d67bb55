import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SetUpAnswer } from '@bellwether/api';
import { err, ok } from '@bellwether/basics';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Authenticator } from '../../platform/auth/testing/authenticator.ts';
import { emptyTrail } from '../../platform/auth/trail.fixture.ts';
import { readConfig } from '../../platform/config.ts';
import { BEARER, testServer } from '../../platform/http/server.fixture.ts';
import { AUTHORITIES } from '../../platform/postgres/authorities.ts';
import { seedAuthorities } from '../../platform/postgres/seed.ts';
import type { HttpsConfig } from '../../platform/tls/tls-types.ts';
import { type OpenAuth, openAuth } from '../../up/auth.ts';
import { startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import { setUpRoutes } from './routes.ts';

const ORIGIN = 'http://localhost:8118';
const PAGE = { host: 'localhost:8118', origin: ORIGIN };

let records: TestRecords;
let folder: string;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(() => records.stop());

beforeEach(async () => {
  await records.empty();
  await emptyTrail(records.db);
  await records.db.deleteFrom('sessions').execute();
  for (const table of ['recovery_codes', 'codes', 'passkeys', 'grants', 'people'] as const) {
    await records.db.deleteFrom(table).execute();
  }
  await records.db.deleteFrom('authorities').execute();
  await seedAuthorities({ query: records.db });
  folder = mkdtempSync(join(tmpdir(), 'bellwether-set-up-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** A hub that is being set up, and what it was asked to do. */
async function hub() {
  const auth: OpenAuth = await openAuth({
    db: records.db,
    config: {},
    now: Date.now,
    onBroken: (detail) => expect(detail).toBe(''),
  });
  onTestFinished(() => auth.close());
  const asked: string[] = [];
  const configPath = join(folder, 'bellwether.yaml');
  const { app, clock } = testServer(onTestFinished, {
    auth,
    routes: [
      setUpRoutes({
        db: records.db,
        auth,
        config: {},
        configPath,
        https: () => ({ how: 'off', name: null, address: null, waiting: null, fingerprint: null }),
        ownAuthority: () => null,
        checkHttps: async ({ certificate }: HttpsConfig) =>
          certificate === '/missing' ? err({ code: 'TLS_FILE_UNREADABLE', detail: '/missing' }) : ok(),
        clearSample: () => void asked.push('clear'),
        restart: () => void asked.push('restart'),
        now: Date.now,
      }),
    ],
  });
  // The door's clock stands still: roles that are given meanwhile are in force for it.
  clock.now = Date.now() + 60_000;
  const call = async (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    payload?: object,
    headers: Readonly<Record<string, string>> = BEARER,
  ) => {
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers,
      ...(payload ? { payload } : {}),
    });
    return { status: answer.statusCode, body: answer.json(), cookies: answer.cookies };
  };
  return { auth, asked, configPath, call };
}

type Call = Awaited<ReturnType<typeof hub>>['call'];

function done({ steps }: SetUpAnswer): string[] {
  return steps.filter((step) => step.done).map(({ step }) => step);
}

/** The first administrator makes a passkey; gives the header with which they go on. */
async function enrol(call: Call, name = 'Dana Reyes') {
  const device = new Authenticator(ORIGIN);
  const asked = await call('POST', '/set-up/administrator/options', { name });
  const ticket = asked.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
  const credential = device.create(asked.body.options);
  const answer = await call(
    'POST',
    '/set-up/administrator',
    { credential, name: 'Laptop' },
    { ...BEARER, cookie: ticket },
  );
  const session = answer.cookies.find((cookie) => cookie.name === 'bellwether-session');
  return { answer, headers: { ...PAGE, cookie: `${session?.name}=${session?.value}` } };
}

async function acts(): Promise<string[]> {
  const rows = await records.db.selectFrom('trail').select('act').orderBy('number').execute();
  return rows.map(({ act }) => act);
}

describe('the set-up of a state', () => {
  it('tells whoever holds the machine what is to be done, and nobody else', async () => {
    const { call } = await hub();

    expect(done((await call('GET', '/set-up')).body)).toEqual(['sample']);
    expect((await call('GET', '/set-up', undefined, PAGE)).status).toBe(401);
  });

  it('names the state; another zone starts the hub again, the same does not', async () => {
    const { call, asked, configPath } = await hub();

    const kept = await call('PUT', '/set-up/state', { name: 'Missouri', zone: 'America/Chicago' });
    expect([kept.status, asked]).toEqual([200, []]);
    expect(kept.body.state).toEqual({ name: 'Missouri', zone: 'America/Chicago' });

    await call('PUT', '/set-up/state', { name: 'Idaho', zone: 'America/Boise' });
    expect(asked).toEqual(['restart']);
    expect(readConfig(configPath).okOrThrow().zone).toBe('America/Boise');
    expect(await acts()).toEqual(['state.named', 'state.named']);
  });

  it.each([
    [{ name: 'Missouri', zone: 'America/Nowhere' }, 422],
    [{ name: 'M\u0007ssouri', zone: 'America/Chicago' }, 400],
    [{ name: 'M', zone: 'America/Chicago' }, 400],
  ])('refuses %j, and changes nothing', async (body, status) => {
    const { call, asked } = await hub();

    expect((await call('PUT', '/set-up/state', body)).status).toBe(status);
    expect([asked, await acts()]).toEqual([[], []]);
  });

  it('makes the first administrator, and from then on the token opens nothing', async () => {
    const { auth, call } = await hub();

    const { answer, headers } = await enrol(call);

    expect([answer.status, answer.body.name, answer.body.recoveryCodes.length]).toEqual([
      200,
      'Dana Reyes',
      10,
    ]);
    expect(auth.isAlone()).toBe(false);
    expect((await call('GET', '/set-up')).status).toBe(403);
    expect((await call('PUT', '/set-up/state', { name: 'Idaho', zone: 'America/Boise' })).status).toBe(403);
    const mine = await call('GET', '/set-up', undefined, headers);
    expect(done(mine.body)).toContain('administrator');
    const again = await call('POST', '/set-up/administrator/options', { name: 'Eve' }, headers);
    expect(again.body.code).toBe('SET_UP_ADMINISTRATOR_EXISTS');
  });

  it('knows who left and came back; under another name, it is somebody else', async () => {
    const { auth, call } = await hub();
    await call('POST', '/set-up/administrator/options', { name: 'Dana Reyes' });
    await call('POST', '/set-up/administrator/options', { name: 'Dana Reyes' });
    expect((await auth.people.list('all')).filter(({ state }) => state === 'invited').length).toBe(1);

    await enrol(call, 'Sam Ito');

    const people = (await auth.people.list('all')).filter(({ state }) => state !== 'removed');
    expect(people.map(({ name, state }) => [name, state])).toEqual([['Sam Ito', 'active']]);
  });

  it('does not let two be the first', async () => {
    const { call } = await hub();
    const late = await call('POST', '/set-up/administrator/options', { name: 'Dana Reyes' });
    const ticket = late.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
    const credential = new Authenticator(ORIGIN).create(late.body.options);
    await enrol(call, 'Dana Reyes');

    const refused = await call(
      'POST',
      '/set-up/administrator',
      { credential, name: 'Other' },
      { ...BEARER, cookie: ticket },
    );

    expect(refused.status).toBeGreaterThanOrEqual(400);
  });

  it('takes another list of offices, or keeps the one that is there', async () => {
    const { call, asked } = await hub();

    const kept = await call('PUT', '/set-up/offices', { csv: '', keep: true });
    expect([kept.body.offices, asked]).toEqual([AUTHORITIES.length, []]);

    const replaced = await call('PUT', '/set-up/offices', { csv: 'lea_id,name\n16001,Ada County\n' });
    expect([replaced.body.offices, asked]).toEqual([1, ['restart']]);
    await seedAuthorities({ query: records.db });
    const { length } = await records.db.selectFrom('authorities').selectAll().execute();
    expect(length).toBe(1);
  });

  it('does not take an office away that has a sensor', async () => {
    const { call, asked } = await hub();
    await records.db
      .insertInto('sensors')
      .values({ id: 1, authority: '29001', name: 'firewall', transport: 'http' })
      .execute();

    const refused = await call('PUT', '/set-up/offices', { csv: 'lea_id,name\n16001,Ada County\n' });

    expect([refused.body.code, refused.body.detail, asked]).toEqual([
      'SET_UP_OFFICES_IN_USE',
      '29001, Adair County',
      [],
    ]);
    expect((await call('GET', '/set-up')).body.offices).toBe(AUTHORITIES.length);
  });

  it('writes down how the hub is reached, and starts it again', async () => {
    const { call, asked, configPath } = await hub();

    const wanted = { how: 'own', name: 'Hub.SOS.example.gov', host: '0.0.0.0', port: 8443 };
    expect((await call('PUT', '/set-up/https', wanted)).status).toBe(200);

    expect(asked).toEqual(['restart']);
    expect(readConfig(configPath).okOrThrow().https).toEqual({
      name: 'hub.sos.example.gov',
      host: '0.0.0.0',
      port: 8443,
      own: true,
    });
  });

  it.each([
    [{ how: 'own' }, 'SET_UP_HTTPS_INVALID'],
    [{ how: 'given', name: 'hub.example.gov' }, 'SET_UP_HTTPS_INVALID'],
    [{ how: 'given', name: 'hub.example.gov', certificate: '/missing', key: '/k' }, 'SET_UP_HTTPS_INVALID'],
    [{ how: 'own', name: 'hub.example.gov\nport: 1' }, 'SET_UP_HTTPS_INVALID'],
    [{ how: 'acme', name: 'hub.example.gov', directory: 'http://plain.example' }, 'SET_UP_HTTPS_INVALID'],
    [{ how: 'magic' }, 'HTTP_REQUEST_INVALID'],
  ])('refuses HTTPS as %j, and leaves the configuration alone', async (wanted, code) => {
    const { call, asked, configPath } = await hub();
    await call('PUT', '/set-up/state', { name: 'Idaho', zone: 'America/Boise' });
    const before = readFileSync(configPath, 'utf8');

    expect((await call('PUT', '/set-up/https', wanted)).body.code).toBe(code);

    expect([asked, readFileSync(configPath, 'utf8')]).toEqual([['restart'], before]);
  });

  it('keeps the sample state or clears it, and only where there is one', async () => {
    const { call, asked } = await hub();
    expect((await call('POST', '/set-up/sample', { sample: 'clear' })).body.code).toBe('SET_UP_NO_SAMPLE');
    await records.db.insertInto('facts').values({ name: 'sample', value: '{}' }).execute();
    expect(done((await call('GET', '/set-up')).body)).toEqual([]);

    expect(done((await call('POST', '/set-up/sample', { sample: 'keep' })).body)).toEqual(['sample']);
    expect(asked).toEqual([]);

    await call('POST', '/set-up/sample', { sample: 'clear' });
    expect([asked, await acts()]).toEqual([
      ['clear', 'restart'],
      ['sample.kept', 'sample.cleared'],
    ]);
  });

  it('gives an administrator a code for the name of the hub, where the first passkey does not work', async () => {
    const { auth, call } = await hub();
    const { headers } = await enrol(call);

    const code = await call('POST', '/set-up/https/code', undefined, headers);

    expect([code.status, code.body.code]).toEqual([200, expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/)]);
    const elsewhere = {
      address: '203.0.113.9',
      agent: '',
      site: 'hub.example.gov',
      origin: 'https://hub.example.gov',
    };
    expect((await auth.people.takeCode(code.body.code, elsewhere)).okOrThrow().purpose).toBe('passkey');
  });
});
