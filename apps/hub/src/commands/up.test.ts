/** A hub that starts again because it was asked to, in the process that runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SetUpAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packets } from '../up/testing/packets.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from '../up/testing/running-hub.ts';

const scratch = scratchFolder('restart');
const data = join(scratch, 'hub');
const hub = new RunningHub({ data });

beforeAll(() => hub.startWell());
afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

/** Changes the zone, as the set-up does. */
async function moveTo(zone: string): Promise<void> {
  const body = JSON.stringify({ name: 'Testing', zone });
  const headers = { 'content-type': 'application/json' };
  expect((await hub.ask('/api/v1/set-up/state', { method: 'PUT', body, headers })).status).toBe(200);
}

/** The zone that the hub works with: what it read when it started. */
async function zoneOf(): Promise<string | undefined> {
  const answer = await hub.ask<SetUpAnswer>('/api/v1/set-up').catch(() => undefined);
  return answer?.status === 200 ? answer.body.state.zone : undefined;
}

function pidOfLock(): number {
  return (JSON.parse(readFileSync(join(data, 'lock'), 'utf8')) as { pid: number }).pid;
}

describe('a hub that is asked to start again', () => {
  it('is there with its new configuration, as the same process at the same port, as often as it is asked', async () => {
    const { process: child, port } = hub;
    for (const [turn, zone] of ['America/Boise', 'America/New_York'].entries()) {
      await moveTo(zone);
      await until(async () => (await zoneOf()) === zone);

      expect(await zoneOf()).toBe(zone);
      expect([hub.process, child?.exitCode, hub.port]).toEqual([child, null, port]);
      expect(pidOfLock()).toBe(child?.pid);
      const sent = await hub.send('29001', packets({ from: turn * 5, count: 5 }));
      expect(sent.status).toBe(200);
      expect(await hub.account((turn + 1) * 5)).toMatchObject({ lines: (turn + 1) * 5, balanced: true });
    }
  });

  it('still holds its folder: a second one does not start, and says where the first one is', async () => {
    const { code, out } = await runCommand(['up', '--data', data, '--port', '0']);

    expect(code).toBe(0);
    expect(out).toContain(`http://localhost:${hub.port}/`);
    expect(pidOfLock()).toBe(hub.process?.pid);
  });

  it('stops if it is told to stop meanwhile', async () => {
    await moveTo('America/Denver');
    const gone = new Promise((resolve) => hub.process?.once('exit', resolve));
    // The way to its port closes when it begins to stop.
    await until(() =>
      hub.ask('/readyz').then(
        () => false,
        () => true,
      ),
    );
    hub.process?.kill('SIGTERM');

    expect(await gone).toBe(0);
  });
});
