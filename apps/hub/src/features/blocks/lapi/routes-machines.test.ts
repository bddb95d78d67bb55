import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRecords, type TestRecords } from '../../watch/watch.fixture.ts';
import { bouncerRows } from '../bouncer-rows.ts';
import {
  giveKey,
  MINUTE,
  PUBLIC_KEY,
  SENSOR_KEY,
  type TestBouncers,
  testBouncers,
} from './bouncers.fixture.ts';

let records: TestRecords;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(async () => {
  await records.stop();
});

const start = () => testBouncers(onTestFinished, records.db);

/** An alert as an agent sends it, without what nobody reads here. */
const ALERT = {
  ...{ scenario: 'crowdsecurity/ssh-bf', scenario_version: '0.3', events_count: 6, simulated: false },
  ...{ start_at: '2026-11-03T20:29:10.1Z', stop_at: '2026-11-03T20:29:40Z', message: 'from 198.51.100.7' },
  source: { scope: 'Ip', value: '198.51.100.7', ip: '198.51.100.7', cn: 'ZZ' },
  decisions: [{ duration: '4h', origin: 'crowdsec', scope: 'Ip', type: 'ban', value: '198.51.100.7' }],
};

async function post(hub: TestBouncers, url: string, content: unknown, headers: Record<string, string> = {}) {
  const payload = Buffer.isBuffer(content) ? content : JSON.stringify(content);
  return await hub.app.inject({
    method: 'POST',
    url,
    headers: { host: 'localhost:8118', 'content-type': 'application/json', ...headers },
    payload,
  });
}

/** Signs an agent in. */
async function signedIn(hub: TestBouncers): Promise<Record<string, string>> {
  const answer = await post(hub, '/v1/watchers/login', { machine_id: 'web server/1', password: SENSOR_KEY });
  return { authorization: `Bearer ${answer.json<{ token: string }>().token}` };
}

describe('an agent of CrowdSec', () => {
  it('signs in with the key of a sensor, and gets a new token before its own is over', async () => {
    const hub = await start();
    const answer = await post(hub, '/v1/watchers/login', {
      ...{ machine_id: 'web', password: SENSOR_KEY, scenarios: ['crowdsecurity/ssh-bf'] },
    });
    expect(answer.json()).toEqual({
      code: 200,
      expire: '2026-11-03T21:30:00.000Z',
      token: expect.any(String),
    });

    const first = { authorization: `Bearer ${answer.json<{ token: string }>().token}` };
    hub.time.now += 59 * MINUTE;
    const second = await hub.get('/v1/refresh_token', first);
    hub.time.now += 2 * MINUTE;
    expect((await hub.get('/v1/heartbeat', first)).statusCode).toBe(401);
    const later = { authorization: `Bearer ${second.json<{ token: string }>().token}` };
    expect((await hub.get('/v1/heartbeat', later)).statusCode).toBe(200);
  });

  it.each([
    ['a wrong key', { machine_id: 'web', password: `bwk_${'x'.repeat(43)}` }],
    ['the key of a bouncer', { machine_id: 'web', password: PUBLIC_KEY }],
    ['no key', { machine_id: 'web' }],
    ['no name', { password: SENSOR_KEY }],
    ['a list', []],
  ])('is not signed in with %s', async (_what, content) => {
    const hub = await start();
    const answer = await post(hub, '/v1/watchers/login', content);
    expect([answer.statusCode, answer.json<{ code: number }>().code]).toEqual([401, 401]);
  });

  it('has its alerts come in as lines of a sensor of its office, and none of its decisions', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    const answer = await post(hub, '/v1/alerts', [ALERT, ALERT], token);

    expect([answer.statusCode, answer.json()]).toEqual([201, ['1', '2']]);
    const [arrival] = hub.intake.arrivals;
    expect(arrival).toMatchObject({
      ...{ authority: '29001', sensor: 'crowdsec-web-server-1', transport: 'http', format: 'ndjson' },
    });
    expect(hub.intake.lines.map((line) => JSON.parse(line))).toEqual(
      new Array(2).fill({
        ...{ time: '2026-11-03T20:29:40.000Z', source: '198.51.100.7', kind: 'alert' },
        ...{ signature: 'crowdsec crowdsecurity/ssh-bf', count: 6 },
      }),
    );
    expect((await hub.stream('startup=true')).added).toEqual([]);
  });

  it('may pack them, and is told when they cannot be taken in', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    const packed = gzipSync(JSON.stringify([ALERT]));
    expect((await post(hub, '/v1/alerts', packed, { ...token, 'content-encoding': 'gzip' })).statusCode).toBe(
      201,
    );

    hub.intake.failure = 'INTAKE_DISK_FULL';
    const answer = await post(hub, '/v1/alerts', [ALERT], token);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '30']);
    expect(hub.intake.lines).toHaveLength(1);
  });

  it('has alerts that name no address counted as refused', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    const country = { ...ALERT, source: { scope: 'Country', value: 'ZZ' } };
    const network = { ...ALERT, source: { scope: 'Range', value: '198.51.100.0/24' } };
    expect((await post(hub, '/v1/alerts', [country, ALERT, network, {}], token)).json()).toEqual(['1']);
    expect(hub.intake.refused.get('http alert-without-address')).toMatchObject({ lines: 3 });
  });

  it.each<[string, string]>([
    ['no JSON', '{"a":'],
    ['no list', '{"a":1}'],
    ['a list of words', '["a"]'],
    ['a number', '7'],
  ])('is told of %s in a sentence', async (_what, text) => {
    const hub = await start();
    const answer = await post(hub, '/v1/alerts', Buffer.from(text), await signedIn(hub));
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ message: string }>().message).toMatch(/is no/i);
  });

  it('may send no more than four MiB at once, packed or not', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    const large = Buffer.alloc(5 * 1024 * 1024, 32);
    expect((await post(hub, '/v1/alerts', large, token)).statusCode).toBe(413);
    const bomb = { ...token, 'content-encoding': 'gzip' };
    expect((await post(hub, '/v1/alerts', gzipSync(large), bomb)).statusCode).toBe(413);
  });

  it('cannot write a line of its own choice: newlines and quotes stay inside the words', async () => {
    const hub = await start();
    const scenario = 'x"}\n{"source":"203.0.113.9","kind":"alert"}\n';
    await post(hub, '/v1/alerts', [{ ...ALERT, scenario, stop_at: '"\n' }], await signedIn(hub));
    expect(hub.intake.lines).toHaveLength(1);
    expect(JSON.parse(hub.intake.lines[0]!)).toMatchObject({
      ...{ source: '198.51.100.7', signature: `crowdsec ${scenario}`, time: '2026-11-03T20:29:10.100Z' },
    });
  });

  it('is out as soon as its key is withdrawn', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    hub.fake.keys.delete(SENSOR_KEY);
    expect((await post(hub, '/v1/alerts', [ALERT], token)).statusCode).toBe(401);
    expect(hub.intake.arrivals).toEqual([]);
  });

  it('is not believed with a token that somebody else wrote', async () => {
    const hub = await start();
    const { authorization } = await signedIn(hub);
    const [head, body, mac] = authorization!.slice('Bearer '.length).split('.');
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = part({ alg: 'none', typ: 'JWT' });
    const other = createHmac('sha256', 'guessed').update(`${head}.${body}`).digest('base64url');
    for (const token of [
      `${none}.${body}.`,
      `${none}.${body}.${mac}`,
      `${head}.${body}.${other}`,
      `${head}.${part({ id: 'web', key: '1', exp: 9e9 })}.${mac}`,
      `${head}.${body}.`,
      `${head}.${body}.${mac}.x`,
      '..',
    ]) {
      expect((await hub.get('/v1/heartbeat', { authorization: `Bearer ${token}` })).statusCode).toBe(401);
    }
  });

  it('cannot lift blocks, add agents or read the alerts of others, and is told whom to call', async () => {
    const hub = await start();
    const token = await signedIn(hub);
    for (const url of ['/v1/decisions', '/v1/decisions/7', '/v1/alerts/7']) {
      const answer = await hub.app.inject({
        method: 'DELETE',
        url,
        headers: { host: 'localhost:8118', ...token },
      });
      expect([answer.statusCode, answer.json<{ message: string }>().message]).toEqual([
        403,
        expect.stringContaining('the state office'),
      ]);
    }
    expect((await post(hub, '/v1/watchers', { machine_id: 'a', password: 'b' })).statusCode).toBe(403);
    expect((await hub.get('/v1/alerts', token)).body).toBe('null');
    expect((await hub.get('/v1/alerts/1', token)).statusCode).toBe(404);
    expect((await hub.get('/v1/allowlists', token)).json()).toEqual([]);
  });
});

describe('the rest', () => {
  it('takes figures of bouncers and agents, and of nobody else', async () => {
    const hub = await start();
    const figures = { remediation_components: [{ name: 'door', version: 'v0.0.34', metrics: [] }] };
    expect((await post(hub, '/v1/usage-metrics', figures, { 'x-api-key': PUBLIC_KEY })).statusCode).toBe(201);
    expect((await post(hub, '/v1/usage-metrics', figures, await signedIn(hub))).statusCode).toBe(201);
    expect((await post(hub, '/v1/usage-metrics', figures)).statusCode).toBe(403);
  });

  it('keeps with its key what a bouncer says of itself, and only what is asked for', async () => {
    const hub = await start();
    await sql`DELETE FROM keys WHERE name = 'old firewall'`.execute(records.db);
    const { rows } = await sql<{ id: number }>`
      INSERT INTO keys (hash, place, name, made_by, made_at, bouncer)
      VALUES (${Buffer.alloc(32, 7)}, '29001', 'old firewall', 'ann', now(), '{}') RETURNING id`.execute(
      records.db,
    );
    giveKey(hub.fake, PUBLIC_KEY, String(rows[0]!.id), {});
    const item = (name: string, value: unknown, unit: string) => ({
      name,
      value,
      unit,
      labels: { origin: 'bellwether' },
    });
    const items = [
      ...[
        item('active_decisions', 40, 'ip'),
        item('active_decisions', 2, 'ip'),
        item('dropped', 9, 'packet'),
      ],
      ...[item('dropped', 540, 'byte'), item('dropped', -5, 'packet'), item('dropped', 'x', 'packet'), null],
    ];
    const figures = (version: string) => ({
      remediation_components: [
        {
          type: 'crowdsec-firewall-bouncer',
          name: 'x',
          version,
          secret: 'not kept',
          metrics: [{ items }, 7, null],
        },
      ],
    });
    for (const version of ['v0.0.33', 'v0.0.34\u001b[2J<script>']) {
      await post(hub, '/v1/usage-metrics', figures(version), { 'x-api-key': PUBLIC_KEY });
    }

    const [told] = (await bouncerRows(records.db, 'all', (office) => office)).filter(
      ({ key }) => key === String(rows[0]!.id),
    );
    expect(told).toEqual({
      ...{
        key: String(rows[0]!.id),
        office: '29001',
        officeName: '29001',
        name: 'old firewall',
        askedAt: null,
      },
      report: {
        ...{
          at: new Date(hub.time.now).toISOString(),
          kind: 'crowdsec-firewall-bouncer',
          version: 'v0.0.342Jscript',
        },
        ...{ active: 42, dropped: 9 },
      },
    });
    expect(await bouncerRows(records.db, new Set(['29003']), (office) => office)).toEqual([]);
    expect((await post(hub, '/v1/usage-metrics', [], { 'x-api-key': PUBLIC_KEY })).statusCode).toBe(201);
  });

  it('tells agents and bouncers that nobody is let past everything, and nobody else', async () => {
    const hub = await start();
    const bouncer = { 'x-api-key': PUBLIC_KEY };
    for (const who of [bouncer, await signedIn(hub)]) {
      expect((await hub.get('/v1/allowlists', who)).json()).toEqual([]);
      for (const asked of ['198.51.100.7', '2001:db8::7', '198.51.100.0/24', '198.51.100.0%2F24']) {
        const answer = await hub.get(`/v1/allowlists/check/${asked}`, who);
        expect([answer.statusCode, answer.json()]).toEqual([200, { allowlisted: false }]);
      }
      expect((await hub.get('/v1/allowlists/check/everybody', who)).statusCode).toBe(400);
    }
    const url = '/v1/allowlists/check/198.51.100.7';
    const head = await hub.app.inject({
      method: 'HEAD',
      url,
      headers: { host: 'localhost:8118', ...bouncer },
    });
    expect([head.statusCode, head.body]).toEqual([204, '']);
    expect((await hub.get(url, {})).statusCode).toBe(403);
    expect((await hub.get('/v1/allowlists', { 'x-api-key': SENSOR_KEY })).statusCode).toBe(403);
  });

  it('says that it is up', async () => {
    const hub = await start();
    expect((await hub.get('/health', {})).json()).toEqual({ status: 'up' });
  });
});
