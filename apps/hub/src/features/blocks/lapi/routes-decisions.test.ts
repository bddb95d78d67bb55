import { connect } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRecords, type TestRecords } from '../../watch/watch.fixture.ts';
import { COUNTED_EVERY } from './block-book.ts';
import { giveKey, MINUTE, PRIVATE_KEY, PUBLIC_KEY, SENSOR_KEY, testBouncers } from './bouncers.fixture.ts';

let records: TestRecords;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(async () => {
  await records.stop();
});

const start = () => testBouncers(onTestFinished, records.db);

const FIREWALL = { 'x-api-key': PUBLIC_KEY, 'user-agent': 'crowdsec-firewall-bouncer/v0.0.25' };

describe('the stream', () => {
  it('begins with everything, in the words of CrowdSec', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.7/32', minutes: 60, reason: 'password-guessing' });
    const answer = await hub.get('/v1/decisions/stream?startup=true');

    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toEqual({
      new: [
        {
          ...{
            duration: '000h59m59s',
            id: 1,
            origin: 'bellwether',
            scenario: 'bellwether/password-guessing',
          },
          ...{ scope: 'Ip', type: 'ban', value: '198.51.100.7' },
        },
      ],
      deleted: [],
    });
  });

  it('then tells what came, what was lifted and what was extended, once', async () => {
    const hub = await start();
    const lifted = await hub.block({ value: '198.51.100.7/32' });
    await hub.block({ value: '198.51.100.8/32' });
    await hub.stream('startup=true');
    expect(await hub.stream('')).toEqual({ gone: [], added: [] });

    await hub.block({ value: '198.51.100.9/32' });
    await hub.block({ value: '198.51.100.8/32', minutes: 600 });
    await sql`UPDATE decisions SET until_at = ${new Date(hub.time.now)} WHERE id = ${lifted}`.execute(
      records.db,
    );
    hub.time.now += COUNTED_EVERY;
    expect(await hub.stream('')).toEqual({
      gone: ['198.51.100.7', '198.51.100.8'],
      added: ['198.51.100.8', '198.51.100.9'],
    });
    expect(await hub.stream('')).toEqual({ gone: [], added: [] });
  });

  it('tells one that was cut short behind our back as gone and new', async () => {
    const hub = await start();
    const id = await hub.block({ value: '198.51.100.7/32', minutes: 600 });
    await hub.stream('startup=true');
    await sql`UPDATE decisions SET until_at = until_at - interval '1 hour' WHERE id = ${id}`.execute(
      records.db,
    );
    hub.time.now += COUNTED_EVERY;
    expect(await hub.stream('')).toEqual({ gone: ['198.51.100.7'], added: ['198.51.100.7'] });
  });

  it('tells what a person lifted as gone, though the decision stays as it was written', async () => {
    const hub = await start();
    const id = await hub.block({ value: '198.51.100.7/32', minutes: 600 });
    await hub.stream('startup=true');
    await sql`INSERT INTO lifted_decisions (decision, lifted_at, lifted_by, why)
              VALUES (${id}, ${new Date(hub.time.now)}, 'somebody', 'a voter called')`.execute(records.db);
    hub.time.now += COUNTED_EVERY;
    expect(await hub.stream('')).toEqual({ gone: ['198.51.100.7'], added: [] });
  });

  it('tells what ended by itself, and whoever starts what ended within a day', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.7/32', minutes: 10 });
    await hub.stream('startup=true');
    hub.time.now += 11 * MINUTE;
    expect(await hub.stream('')).toEqual({ gone: ['198.51.100.7'], added: [] });
    expect(await hub.stream('startup=true')).toEqual({ gone: ['198.51.100.7'], added: [] });
    hub.time.now += 24 * 60 * MINUTE;
    expect(await hub.stream('startup=true')).toEqual({ gone: [], added: [] });
  });

  it('tells who lost its place everything, and of what is new first to let go', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.7/32', since: -120 });
    await hub.block({ value: '198.51.100.8/32' });
    expect(await hub.stream('')).toEqual({
      gone: ['198.51.100.8'],
      added: ['198.51.100.7', '198.51.100.8'],
    });
  });

  it('keeps a place for each machine and key', async () => {
    const hub = await start();
    giveKey(hub.fake, `bwk_${'r'.repeat(43)}`, '9', {});
    await hub.stream('startup=true');
    await hub.stream('startup=true', { 'x-api-key': `bwk_${'r'.repeat(43)}` });
    await hub.block({ value: '198.51.100.7/32' });
    expect((await hub.stream('')).added).toEqual(['198.51.100.7']);
    expect((await hub.stream('', { 'x-api-key': `bwk_${'r'.repeat(43)}` })).added).toEqual(['198.51.100.7']);
  });

  it('does not move by HEAD, which has no content', async () => {
    const hub = await start();
    await hub.stream('startup=true');
    await hub.block({ value: '198.51.100.7/32' });
    const headers = { host: 'localhost:8118', 'x-api-key': PUBLIC_KEY };
    for (const url of ['/v1/decisions/stream', '/v1/decisions']) {
      const answer = await hub.app.inject({ method: 'HEAD', url, headers });
      expect([answer.statusCode, answer.body]).toEqual([200, '']);
    }
    expect((await hub.stream('')).added).toEqual(['198.51.100.7']);
  });

  it('does not move where the connection broke before the end', async () => {
    const hub = await start();
    giveKey(hub.fake, PUBLIC_KEY, '1', { ranges: 'expanded', most: 400_000 });
    const { port } = await hub.open();
    await readAnswer(port, true);
    // More than the buffers of both ends hold: 200 networks are 51,200 addresses, 6 MB.
    await sql`
      INSERT INTO decisions (value, reason, rule, forgeable, covers, contacts, targets, from_at, until_at)
      SELECT ('10.' || i / 256 || '.' || i % 256 || '.0/24')::cidr, 'scan', 'test', false, 'all', 1, 1,
             ${new Date(hub.time.now)}, ${new Date(hub.time.now + 60 * MINUTE)}
      FROM generate_series(0, 199) AS i`.execute(records.db);
    hub.time.now += 1_000;
    await readAnswer(port, false);
    const again = await readAnswer(port, true);
    expect(again.split('"value"').length - 1).toBe(200 * 256);
    expect(await readAnswer(port, true)).toContain('"new":[]');
  });

  it('tells networks address by address where the set of the firewall holds no networks', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.0/24' });
    await hub.block({ value: '2001:db8:1:2::/64' });
    expect((await hub.stream('startup=true')).added).toEqual(['198.51.100.0/24', '2001:db8:1:2::/64']);

    const answer = await hub.get('/v1/decisions/stream?startup=true', FIREWALL);
    expect(answer.json<{ new: unknown[] }>().new).toHaveLength(256);
    expect(answer.headers['bellwether-left-out']).toBe('1');
    giveKey(hub.fake, PUBLIC_KEY, '1', { ranges: 'as-they-are' });
    expect((await hub.stream('startup=true', FIREWALL)).added).toHaveLength(2);
  });

  it('leaves out what cannot be told, and tells the rest', async () => {
    const hub = await start();
    const id = await hub.block({ value: '198.51.100.7/32' });
    await hub.block({ value: '198.51.100.8/32', reason: '"},{"value":"0.0.0.0/0' });
    await hub.block({ value: '0.0.0.0/0' });
    await hub.block({ value: '198.51.100.9/32', covers: 'nonsense' });
    await sql`UPDATE decisions SET until_at = 'infinity' WHERE id = ${id}`.execute(records.db);
    hub.time.now += COUNTED_EVERY;

    const answer = await hub.get('/v1/decisions/stream?startup=true');
    expect(answer.json()).toMatchObject({ new: [{ value: '198.51.100.8', scenario: 'bellwether/other' }] });
    expect(hub.leftOut.at(-1)).toBe(3);
  });

  it('takes the filters of newer bouncers', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.7/32', reason: 'scan' });
    await hub.block({ value: '198.51.100.0/24', reason: 'guessing' });
    const added = async (query: string) => (await hub.stream(`startup=true&${query}`)).added;

    expect(await added('community_pull=false&additional_pull=false')).toHaveLength(2);
    expect(await added('scopes=ip')).toEqual(['198.51.100.7']);
    expect(await added('scopes=IP,RANGE')).toHaveLength(2);
    expect(await added('origins=cscli,lists')).toEqual([]);
    expect(await added('origins=bellwether')).toHaveLength(2);
    expect(await added('scenarios_containing=guess')).toEqual(['198.51.100.0/24']);
    expect(await added('scenarios_not_containing=guess,other')).toEqual(['198.51.100.7']);
  });
});

/** Asks over a connection of its own: to the end, or away after the head. */
function readAnswer(port: number, toTheEnd: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(pieces).toString('latin1')));
    socket.on('data', (piece) => {
      pieces.push(piece);
      if (!toTheEnd) socket.resetAndDestroy();
    });
    socket.write(
      `GET /v1/decisions/stream? HTTP/1.1\r\nHost: localhost:${port}\r\nX-Api-Key: ${PUBLIC_KEY}\r\nConnection: close\r\n\r\n`,
    );
  });
}

describe('a question about one visitor', () => {
  it('is answered with what holds for it, or null', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.0/24' });
    await hub.block({ value: '198.51.100.7/32' });
    await hub.block({ value: '2001:db8:1:2::/64' });
    const values = async (query: string) =>
      (await hub.get(`/v1/decisions?${query}`)).json<{ value: string }[] | null>()?.map(({ value }) => value);

    expect(await values('ip=198.51.100.7&banned=true')).toEqual(['198.51.100.7', '198.51.100.0/24']);
    expect(await values('ip=198.51.100.8')).toEqual(['198.51.100.0/24']);
    expect(await values('ip=2001:db8:1:2::9')).toEqual(['2001:db8:1:2::/64']);
    expect(await values('range=198.51.100.0/25')).toEqual(['198.51.100.0/24']);
    expect(await values('range=198.51.100.0/25&contains=false')).toEqual(['198.51.100.7']);
    expect(await values('scope=ip&value=198.51.100.7')).toEqual(['198.51.100.7']);
    expect(await values('ip=198.51.100.7&type=captcha')).toBeUndefined();
    expect((await hub.get('/v1/decisions?ip=203.0.113.1')).body).toBe('null');
    expect((await hub.get('/v1/decisions?ip=nonsense')).statusCode).toBe(400);
  });

  it('is asked of what stands before private services, or before those of the public', async () => {
    const hub = await start();
    await hub.block({ value: '198.51.100.7/32', covers: 'private' });
    expect((await hub.get('/v1/decisions?ip=198.51.100.7')).body).toBe('null');
    const inner = await hub.get('/v1/decisions?ip=198.51.100.7', { 'x-api-key': PRIVATE_KEY });
    expect(inner.json()).toHaveLength(1);
  });
});

describe('the door of bouncers', () => {
  const PATHS = ['/v1/decisions', '/v1/decisions/stream?startup=true'];

  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': `bwk_${'x'.repeat(43)}` }],
    ['the key of a sensor', { 'x-api-key': SENSOR_KEY }],
    ['a key that is too long', { 'x-api-key': 'b'.repeat(5_000) }],
    ['a broken name and password', { authorization: 'Basic !!!!' }],
  ])('is shut for %s, in the words that its clients look for', async (_what, headers) => {
    const hub = await start();
    for (const path of PATHS) {
      const answer = await hub.get(path, headers);
      expect([answer.statusCode, answer.json()]).toEqual([403, { message: 'access forbidden' }]);
    }
  });

  it('is shut within the same question for a key that was withdrawn', async () => {
    const hub = await start();
    expect((await hub.get(PATHS[0]!)).statusCode).toBe(200);
    hub.fake.keys.delete(PUBLIC_KEY);
    expect((await hub.get(PATHS[0]!)).statusCode).toBe(403);
  });

  it('tells who tries too often to wait, and lets the right key in all the same', async () => {
    const hub = await start();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      statuses.push((await hub.get(PATHS[0]!, { 'x-api-key': `bwk_${String(i).repeat(43)}` })).statusCode);
    }
    expect(statuses).toEqual([403, 403, 403, 429, 429]);
    expect((await hub.get(PATHS[0]!)).statusCode).toBe(200);
  });

  it('opens nothing else: neither the desk nor the intake', async () => {
    const hub = await start();
    const answer = await hub.get('/api/v1/keys', { authorization: `Bearer ${PUBLIC_KEY}` });
    expect(answer.statusCode).toBe(404);
  });
});
