import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRecords, type TestRecords } from '../../watch/watch.fixture.ts';
import {
  giveKey,
  PRIVATE_KEY,
  PUBLIC_KEY,
  SENSOR_KEY,
  type TestBouncers,
  testBouncers,
} from '../lapi/bouncers.fixture.ts';

let records: TestRecords;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(async () => {
  await records.stop();
});

const PATH = '/lists/blocks.txt';

/** A hub with some blocks. */
async function start(): Promise<TestBouncers> {
  const hub = await testBouncers(onTestFinished, records.db);
  await hub.block({ value: '198.51.100.7/32' });
  await hub.block({ value: '198.51.100.6/32' });
  await hub.block({ value: '203.0.113.0/24', covers: 'private' });
  await hub.block({ value: '203.0.113.9/32' });
  await hub.block({ value: '2001:db8:1:2::/64' });
  return hub;
}

describe('the list for firewalls', () => {
  it('is a network a line, halves joined, in the order of addresses', async () => {
    const hub = await start();
    const answer = await hub.get(PATH);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toBe(
      '# Bellwether: 3 networks to be turned away\n198.51.100.6/31\n203.0.113.9\n2001:db8:1:2::/64\n',
    );
  });

  it('holds what is kept from private services where the key says that it guards some', async () => {
    const hub = await start();
    const key = { 'x-api-key': PRIVATE_KEY };
    expect((await hub.get(`${PATH}?for=fortigate&family=4`, key)).body).toBe(
      '198.51.100.6/31\n203.0.113.0/24\n',
    );
    expect((await hub.get(`${PATH}?for=fortigate&family=4&covers=all`, key)).body).toBe(
      '198.51.100.6/31\n203.0.113.9\n',
    );
    expect((await hub.get(`${PATH}?for=fortigate&covers=private&family=4`)).body).not.toContain('/24');
  });

  it.each([
    ['palo-alto', '198.51.100.6/31\n203.0.113.9\n2001:db8:1:2::/64\n'],
    ['fortigate&family=6', '2001:db8:1:2::/64\n'],
    ['pfsense&family=6', '# Bellwether: 1 networks to be turned away\n2001:db8:1:2::/64\n'],
  ])('is written as they take it: %s', async (query, text) => {
    const hub = await start();
    expect((await hub.get(`${PATH}?for=${query}`)).body).toBe(text);
  });

  it.each(['for=checkpoint', 'family=5', 'covers=most'])(
    'says so where it does not know what is asked: %s',
    async (query) => {
      const hub = await start();
      expect((await hub.get(`${PATH}?${query}`)).statusCode).toBe(400);
    },
  );

  it('is not sent again while nothing changed, packed or not', async () => {
    const hub = await start();
    const first = await hub.get(PATH);
    const tag = String(first.headers.etag);
    hub.time.now += 5_000;
    const again = await hub.get(PATH, { 'x-api-key': PUBLIC_KEY, 'if-none-match': tag });
    expect([again.statusCode, again.body]).toEqual([304, '']);

    await hub.block({ value: '198.51.100.99/32' });
    const packed = await hub.get(PATH, {
      'x-api-key': PUBLIC_KEY,
      'if-none-match': tag,
      'accept-encoding': 'gzip',
    });
    expect([packed.statusCode, packed.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(gunzipSync(packed.rawPayload).toString()).toContain('\n198.51.100.99\n');
    expect(packed.headers.etag).not.toBe(tag);
  });

  it('says what it has no room for, in a comment and in a header', async () => {
    const hub = await start();
    giveKey(hub.fake, PUBLIC_KEY, '1', { most: 2 });
    await hub.block({ value: '198.51.100.99/32', minutes: 600 });
    const answer = await hub.get(`${PATH}?family=4`);
    expect(answer.body).toContain('# 1 more are left out');
    expect(answer.body).toContain('198.51.100.99');
    expect(answer.headers).toMatchObject({ 'bellwether-entries': '2', 'bellwether-left-out': '1' });
  });

  it('takes the key as a password, since such firewalls can send nothing else', async () => {
    const hub = await start();
    const basic = (key: string) => ({
      authorization: `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}`,
    });
    expect((await hub.get(PATH, basic(PUBLIC_KEY))).statusCode).toBe(200);
    expect((await hub.get(PATH, { authorization: `Bearer ${PUBLIC_KEY}` })).statusCode).toBe(200);
    for (const wrong of [basic(SENSOR_KEY), basic('x'), {}]) {
      const answer = await hub.get(PATH, wrong);
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
        401,
        'Basic realm="bellwether"',
      ]);
    }
  });

  it('tells its size to HEAD and no more', async () => {
    const hub = await start();
    const headers = { host: 'localhost:8118', 'x-api-key': PUBLIC_KEY };
    const answer = await hub.app.inject({ method: 'HEAD', url: PATH, headers });
    expect([answer.statusCode, answer.body, answer.headers['bellwether-entries']]).toEqual([200, '', '3']);
  });
});
