/** The evidence log of a hub that was put back from a backup: it is given out, and grows only once a person has compared it. */
import { copyFileSync } from 'node:fs';
import type { LogAnswer } from '@bellwether/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from './testing/running-hub.ts';

const scratch = scratchFolder('log-backup');
const [data, back] = [`${scratch}/hub`, `${scratch}/restored`];
const hub = new RunningHub({ data });
const restored = new RunningHub({ data: back });

beforeAll(() => hub.startWell());

afterAll(async () => {
  await Promise.all([hub.stop(), restored.stop()]);
  removeFolder(scratch);
});

/** Somebody does something that the trail tells of, and the hub seals it when it starts again. */
async function act(running: RunningHub, note: string): Promise<void> {
  const [incident] = await running.incidents('unsettled');
  const { status } = await running.post(`/api/v1/incidents/${incident!.id}`, { state: 'taken', note });
  expect(status).toBe(200);
}

async function logOf(running: RunningHub): Promise<LogAnswer> {
  return (await running.ask<LogAnswer>('/api/v1/evidence/log')).body;
}

it('comes back at rest, and goes on with its key when a person has asked its witnesses', async () => {
  await hub.send('29003', packets({ from: 900_000, count: 7, action: 'ALLOW', port: 8_080 }), 'other/0');
  await until(async () => (await hub.incidents('unsettled')).length > 0);
  await act(hub, 'looked at');
  await hub.stop();
  await hub.startWell();
  await until(async () => (await logOf(hub)).published !== null);
  const before = await logOf(hub);
  expect(before.newest.size).toBe('1');
  expect(await runCommand(['backup', '--data', data, `${scratch}/copy`])).toMatchObject({ code: 0 });

  const told = await runCommand(['restore', `${scratch}/copy`, '--data', back]);
  expect([told.code, told.out]).toEqual([0, expect.stringContaining('--log-seen ENTRIES')]);
  await restored.startWell();
  expect((await restored.readiness()).wrong).toEqual([]);
  const { newest, key, published } = await logOf(restored);
  expect({ newest, key, published }).toEqual({
    newest: before.newest,
    key: before.key,
    published: before.published,
  });
  expect((await restored.ask('/log/checkpoint')).body).toBe((await hub.ask('/log/checkpoint')).body);

  // It does its other work; what is to be sealed waits.
  await act(restored, 'looked at again');
  await restored.stop();
  await restored.startWell();
  expect((await logOf(restored)).newest.size).toBe('1');
  await restored.stop();
  expect(restored.logged).toContain('LOG_AT_REST');

  const goOn = (seen: number) => runCommand(['restore', '--data', back, '--log-seen', String(seen)]);
  const larger = await goOn(2);
  expect([larger.code, larger.error]).toEqual([1, expect.stringContaining('(LOG_SEEN_LARGER)')]);
  expect(await goOn(1)).toMatchObject({ code: 0, out: expect.stringContaining('goes on from 1 entries') });
  // No key is made in the place of the one that is in the safe.
  expect(await restored.start()).toBe(false);
  expect(restored.logged).toContain('LOG_KEY_MISSING');
  copyFileSync(`${data}/log-private/key`, `${back}/log-private/key`);
  await restored.startWell();
  expect((await logOf(restored)).newest.size).toBe('2');
}, 180_000);
