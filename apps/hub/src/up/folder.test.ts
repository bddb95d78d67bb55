/** What may be in the way of a hub in its data folder: another hub, another version, another journal. */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../platform/bus/index.ts';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder } from './testing/running-hub.ts';

const scratch = scratchFolder('folder');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data });

beforeAll(async () => {
  await hub.startWell();
  await hub.send('29001', packets({ from: 0, count: 10 }), 'office/0');
  await hub.account(10);
});

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

/** Names and contents of everything that a hub keeps beside its database. */
function digestOf(folder: string): string {
  const digest = createHash('sha256');
  for (const part of ['journal', 'history', 'snapshots', 'version', 'token']) addTo(join(folder, part));
  return digest.digest('hex');

  function addTo(path: string): void {
    let names: string[];
    try {
      names = readdirSync(path).sort();
    } catch {
      digest.update(readFileSync(path));
      return;
    }
    for (const name of names) {
      digest.update(`${path}/${name}\n`);
      if (name !== 'lock') addTo(join(path, name));
    }
  }
}

/** Whether a hub starts on the folder as it is now; it must not, and must leave everything as it was. */
async function refusal(): Promise<string> {
  const before = digestOf(data);
  const { code, out, error } = await runCommand(['up', '--data', data, '--port', '0']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(digestOf(data)).toBe(before);
  return error;
}

describe('a second hub on one data folder', () => {
  it('prints the address of the first, and leaves it alone', async () => {
    const second = await runCommand(['up', '--data', data]);
    const url = `http://localhost:${hub.port}/?token=${hub.token}`;
    expect(second).toMatchObject({ code: 0, out: `Bellwether is ready: ${url}\n` });
    const asJson = await runCommand(['up', '--data', data, '--json']);
    expect(asJson.code).toBe(0);
    expect(JSON.parse(asJson.out)).toEqual({ schema: 'bellwether/up@1', ready: true, url });
    expect(await hub.account(10)).toMatchObject({ lines: 10 });
  });
});

describe('a hub does not start, and changes nothing,', () => {
  beforeAll(() => hub.stop());

  it('on a folder of a newer version', async () => {
    writeFileSync(join(data, 'version'), '2\n');
    expect(await refusal()).toContain('FOLDER_NEWER');
    writeFileSync(join(data, 'version'), '1\n');
  });

  it('with the journal of another hub', async () => {
    renameSync(`${data}/journal`, `${scratch}/journal-of-this`);
    const other = (await openJournal(`${data}/journal`)).okOrThrow();
    await other.close();
    expect(await refusal()).toContain('UP_JOURNAL_OF_ANOTHER');
    rmSync(`${data}/journal`, { recursive: true });
    renameSync(`${scratch}/journal-of-this`, `${data}/journal`);
  });

  it('with an earlier copy of its own journal', async () => {
    cpSync(`${data}/journal`, `${scratch}/journal-before`, { recursive: true });
    await hub.startWell();
    await hub.send('29001', packets({ from: 10, count: 10 }), 'office/1');
    await hub.account(20);
    await hub.stop();
    renameSync(`${data}/journal`, `${scratch}/journal-of-this`);
    cpSync(`${scratch}/journal-before`, `${data}/journal`, { recursive: true });
    expect(await refusal()).toContain('UP_JOURNAL_BEHIND');
    rmSync(`${data}/journal`, { recursive: true });
    renameSync(`${scratch}/journal-of-this`, `${data}/journal`);
  });

  it('but starts as before when all of it is back', async () => {
    await hub.startWell();
    expect((await hub.send('29001', packets({ from: 10, count: 10 }), 'office/1')).body.duplicate).toBe(true);
    expect((await hub.send('29001', packets({ from: 20, count: 5 }), 'office/2')).body.duplicate).toBe(false);
    expect(await hub.account(25)).toMatchObject({ lines: 25, contacts: 25, balanced: true });
  });
});
