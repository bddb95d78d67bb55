/** `bellwether backup` and `restore`, with a hub that runs and offices that send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Office, packets } from './testing/packets.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from './testing/running-hub.ts';

/** Lines in a batch: by it a number of lines is a number of batches. */
const BATCH = 50;

/** Contacts that nothing lists, so that there are incidents to bring back. */
const UNLISTED = 7;

const scratch = scratchFolder('backup');
const hub = new RunningHub({ data: `${scratch}/hub` });
const restored = new RunningHub({ data: `${scratch}/restored` });

beforeAll(() => hub.startWell());

afterAll(async () => {
  await Promise.all([hub.stop(), restored.stop()]);
  removeFolder(scratch);
});

describe('a backup of a hub that takes in lines', () => {
  it('holds all that was acknowledged before it, whole batches of what came meanwhile, and nothing twice', async () => {
    const unlisted = packets({ from: 900_000, count: UNLISTED, action: 'ALLOW', port: 8_080 });
    expect((await hub.send('29003', unlisted, 'other/0')).status).toBe(200);
    const office = new Office('office', 0, async (lines, batch) => {
      return (await hub.send('29001', lines, batch)).status;
    });
    office.begin(BATCH);
    await until(() => office.lines >= 2_000);
    await hub.contacts(1);

    const before = office.lines;
    const made = await runCommand(['backup', '--data', `${scratch}/hub`, '--json', `${scratch}/copy`]);
    const after = office.lines + BATCH;
    expect(made).toMatchObject({ code: 0 });
    const sent = await office.end();

    const back = await runCommand(['restore', `${scratch}/copy`, '--data', `${scratch}/restored`, '--json']);
    expect(back).toMatchObject({ code: 0 });
    await restored.startWell();
    await restored.settled();
    const held = (await restored.account(before, '29001')).lines;
    expect(held).toBeGreaterThanOrEqual(before);
    expect(held).toBeLessThanOrEqual(after);
    expect(held % BATCH).toBe(0);

    // What it holds are the first batches, all of them, and it knows each: the next one is new.
    const batches = held / BATCH;
    for (const number of [0, 1, Math.floor(batches / 2), batches - 2, batches - 1, batches]) {
      const lines = packets({ from: number * BATCH, count: BATCH });
      const { body } = await restored.send('29001', lines, `office/${number}`);
      expect(body).toMatchObject({ lines: BATCH, duplicate: number < batches });
    }
    // The office sends again what the restored hub has never heard.
    for (let number = batches + 1; number * BATCH < sent; number++) {
      const lines = packets({ from: number * BATCH, count: BATCH });
      await restored.send('29001', lines, `office/${number}`);
    }
    const whole = Math.max(sent, held + BATCH) + UNLISTED;

    const account = await restored.account(whole);
    expect(account).toMatchObject({ lines: whole, contacts: whole, balanced: true });
    expect(account.dispositions).toMatchObject({ refused: whole - UNLISTED, unsettled: UNLISTED });
    expect(await restored.contacts(whole)).toBe(whole);
    expect(await restored.incidents('unsettled')).toMatchObject([
      { authority: '29003', count: UNLISTED, port: 8_080, state: 'open' },
    ]);
    // The hub that was copied knows nothing of all that.
    expect(await hub.account(sent + UNLISTED)).toMatchObject({ lines: sent + UNLISTED, balanced: true });
    expect((await hub.readiness()).status).toBe(200);
  });
});
