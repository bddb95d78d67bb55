/** The hub loses its own PostgreSQL, as by a power cut, while an office sends. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Office } from './testing/packets.ts';
import { postmasterOf, RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const scratch = scratchFolder('database');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data });
const office = new Office(
  'office',
  0,
  async (lines, batch) => (await hub.send('29001', lines, batch)).status,
);

beforeAll(() => hub.startWell());

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

describe('a hub whose PostgreSQL is killed', () => {
  it('goes on acknowledging, says that it is not ready, and counts everything once when it is back', async () => {
    await office.sendOne();
    office.begin();
    await until(() => office.lines >= 1_000);
    process.kill(postmasterOf(data), 'SIGKILL');

    let whenGone = -1;
    let wrong: readonly string[] = [];
    await until(async () => {
      const readiness = await hub.readiness();
      if (readiness.status === 503 && whenGone < 0) {
        whenGone = office.lines;
        ({ wrong } = readiness);
      }
      return readiness.status === 200 && whenGone >= 0;
    });
    const whenBack = office.lines;
    expect(wrong.join()).toContain('database: ');
    expect(whenBack).toBeGreaterThan(whenGone);

    const sent = await office.end();
    expect([...office.refused.keys()]).toEqual([]);
    expect(await hub.account(sent)).toMatchObject({ lines: sent, contacts: sent, balanced: true });
    expect(await hub.contacts(sent)).toBe(sent);
  });

  it('and which is killed with it, starts again and has lost and doubled nothing', async () => {
    office.begin();
    const before = office.lines;
    await until(() => office.lines >= before + 1_000);
    const postmaster = postmasterOf(data);
    await Promise.all([hub.kill(), sleep(20).then(() => process.kill(postmaster, 'SIGKILL'))]);
    // The number of the dead process is that of another one by now, and the lock of the socket still has it.
    writeFileSync(`${data}/postgres/run/.s.PGSQL.5432.lock`, `${process.pid}\n`);
    await hub.startWell();
    const sent = await office.end();

    expect(sent).toBeGreaterThan(before);
    expect(await hub.account(sent)).toMatchObject({ lines: sent, contacts: sent, balanced: true });
    expect(await hub.contacts(sent)).toBe(sent);
    expect((await hub.readiness()).wrong).toEqual([]);
  });

  it('leaves no process behind when it is stopped', async () => {
    const postmaster = postmasterOf(data);
    await hub.stop();
    expect(hub.process?.exitCode).toBe(0);
    expect(() => process.kill(postmaster, 0)).toThrow('ESRCH');
  });
});
