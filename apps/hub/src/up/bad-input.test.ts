/** What comes in wrong over HTTP: a clear answer, nothing lost, nothing counted twice, and the desk says what happened. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { TodayAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

const scratch = scratchFolder('bad-input');
const hub = new RunningHub({ data: `${scratch}/hub` });

/** Lines that were acknowledged so far. */
let acknowledged = 0;

beforeAll(() => hub.startWell());

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

/** Sends lines that must be taken. */
async function take(authority: string, lines: string, batch: string): Promise<void> {
  const answer = await hub.send(authority, lines, batch);
  expect(answer).toMatchObject({ status: 200, body: { duplicate: false } });
  acknowledged += answer.body.lines;
}

/** The account holds what was acknowledged and no more, and an incident tells of the refusal. */
async function expectRefused(reason: string): Promise<void> {
  await until(async () => (await hub.incidents('intake-refused')).some((one) => one.reason === reason));
  expect(await hub.incidents('intake-refused')).toContainEqual(
    expect.objectContaining({ reason, source: 'http', state: 'open', count: 1 }),
  );
  const { body } = await hub.ask<TodayAnswer>('/api/v1/today');
  expect(body.refusedAtIntake).toContainEqual(expect.objectContaining({ port: 'http', reason, batches: 1 }));
  expect(body.needsPerson).toContainEqual(expect.objectContaining({ kind: 'intake-refused', reason }));
  await hub.settled();
  expect(await hub.account()).toMatchObject({ lines: acknowledged, contacts: acknowledged, balanced: true });
}

describe('a sensor whose clock is a year off', () => {
  it('and ahead: its contacts are counted when they came in, and somebody is told', async () => {
    const now = Date.now();
    await take('29003', packets({ from: 100_000, count: 30, since: now - 5_000 }), 'right/0');
    await take('29001', packets({ from: 0, count: 20, since: now + YEAR }), 'ahead/0');
    expect(await hub.account(acknowledged)).toMatchObject({ contacts: 50, balanced: true });
    expect(await hub.incidents('sensor-clock')).toMatchObject([
      { authority: '29001', sensor: 'fw', reason: 'clock-ahead', count: 20, state: 'open' },
    ]);
    const { body } = await hub.ask<TodayAnswer>('/api/v1/today');
    expect(body.account).toMatchObject({ contacts: 50, late: 0 });
    expect(Date.parse(body.to)).toBeLessThan(now + DAY);
    expect(body.needsPerson).toMatchObject([{ kind: 'sensor-clock', reason: 'clock-ahead' }]);
    // Others are judged by their own time all the same.
    await take('29003', packets({ from: 100_100, count: 5, since: now }), 'right/1');
    expect(await hub.account(acknowledged)).toMatchObject({ contacts: 55, late: 0 });
  });

  it('and behind: its contacts are counted a year ago, marked late, and somebody is told', async () => {
    await take('29005', packets({ from: 200_000, count: 20, since: Date.now() - YEAR }), 'behind/0');
    expect(await hub.account(acknowledged)).toMatchObject({ contacts: 75, late: 20, balanced: true });
    expect(await hub.incidents('sensor-clock')).toContainEqual(
      expect.objectContaining({ authority: '29005', reason: 'clock-behind', count: 20 }),
    );
    const { body } = await hub.ask<TodayAnswer>('/api/v1/today');
    expect(body.account).toMatchObject({ contacts: 55, late: 0 });
  });
});

describe('over HTTP the hub refuses, and keeps nothing of,', () => {
  it('half a batch: the connection ends before its content does', async () => {
    const lines = packets({ from: 300_000, count: 100 });
    await new Promise<void>((resolve, reject) => {
      const socket = connect(hub.port, '127.0.0.1');
      const head =
        'POST /api/v1/intake/29001/fw HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\n' +
        `authorization: Bearer ${hub.token}\r\nbellwether-batch: half/0\r\ncontent-length: ${lines.length}\r\n\r\n`;
      socket.on('error', reject).on('close', () => resolve());
      socket.write(head + lines.slice(0, lines.length / 2), () => socket.destroy());
    });
    await expectRefused('cut-off');
    // The office sends it again, whole.
    await take('29001', lines, 'half/0');
  });

  it('a batch of an authority that does not exist', async () => {
    const answer = await hub.send('29999', packets({ from: 0, count: 3 }), 'nobody/0');
    expect(answer).toMatchObject({ status: 404, body: { code: 'INTAKE_AUTHORITY_UNKNOWN' } });
    await expectRefused('unknown-authority');
  });

  it('a batch with a wrong token, and one with none', async () => {
    const lines = packets({ from: 0, count: 3 });
    const wrong = await hub.send('29001', lines, 'guest/0', { authorization: `Bearer ${'x'.repeat(43)}` });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'HTTP_TOKEN_WRONG' } });
    expect(wrong.headers.get('www-authenticate')).toContain('Bearer');
    const none = await fetch(`http://127.0.0.1:${hub.port}/api/v1/intake/29001/fw`, {
      method: 'POST',
      body: lines,
    });
    expect(none.status).toBe(401);
    expect(await none.json()).toMatchObject({ code: 'HTTP_TOKEN_MISSING' });
    await hub.settled();
    expect(await hub.account()).toMatchObject({ lines: acknowledged, balanced: true });
  });

  it('a gzip bomb', async () => {
    const bomb = Buffer.from(gzipSync(Buffer.alloc(256 * 1024 * 1024, 'a\n')));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const answer = await hub.send('29001', bomb, 'bomb/0', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 413, body: { code: 'HTTP_BODY_TOO_LARGE' } });
    await expectRefused('too-large');
  });

  it('a batch id that was used for other lines', async () => {
    await take('29001', packets({ from: 400_000, count: 10 }), 'twice/0');
    const answer = await hub.send('29001', packets({ from: 400_100, count: 10 }), 'twice/0');
    expect(answer).toMatchObject({ status: 409, body: { code: 'INTAKE_BATCH_CHANGED' } });
    await expectRefused('batch-changed');
  });
});

describe('a batch that was acknowledged', () => {
  it('is a duplicate when it comes again, also after the hub was killed and started again', async () => {
    const lines = packets({ from: 500_000, count: 40 });
    await take('29001', lines, 'again/0');
    expect((await hub.send('29001', lines, 'again/0')).body).toMatchObject({ lines: 40, duplicate: true });
    await hub.kill();
    await hub.startWell();
    expect((await hub.send('29001', lines, 'again/0')).body).toMatchObject({ lines: 40, duplicate: true });
    await hub.settled();
    expect(await hub.account()).toMatchObject({
      lines: acknowledged,
      contacts: acknowledged,
      balanced: true,
    });
  });
});
