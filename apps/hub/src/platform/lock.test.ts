import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';
import { bundle, killChild, startChild } from './testing/child.ts';

const root = mkdtempSync(join(tmpdir(), 'bellwether-lock-'));
let holder = '';
beforeAll(() => {
  holder = bundle(new URL('./testing/lock-holder.ts', import.meta.url), root);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function newFolder(): string {
  return mkdtempSync(join(root, 'folder-'));
}

/** The folder as a process left it that is gone, with some of what its file says changed. */
async function leftBehind(folder: string, change: Record<string, unknown>): Promise<void> {
  const lock = (await lockFolder(folder)).okOrThrow();
  const text = readFileSync(join(folder, 'lock'), 'utf8');
  await lock.unlock();
  writeFileSync(
    join(folder, 'lock'),
    JSON.stringify({ ...JSON.parse(text), nonce: 'f'.repeat(16), ...change }),
  );
}

describe('a locked folder', () => {
  it('is refused to another process, with the number of the one that has it', async () => {
    const folder = newFolder();
    const child = startChild(holder, [folder]);
    expect((await child.lines.next()).value).toBe('taken');

    expect(await lockFolder(folder)).toMatchObject({ error: { pid: child.process.pid } });

    await killChild(child);
  });

  it('is refused to the same process', async () => {
    const folder = newFolder();
    const lock = (await lockFolder(folder)).okOrThrow();

    expect(await lockFolder(folder)).toMatchObject({ error: { pid: process.pid } });

    await lock.unlock();
  });

  it('is free again when it is given back, and nothing is left of it', async () => {
    const folder = newFolder();
    await (await lockFolder(folder)).okOrThrow().unlock();

    expect(readdirSync(folder)).toEqual([]);
    expect((await lockFolder(folder)).isOk()).toBe(true);
  });

  it('is free again when its process was killed', async () => {
    const folder = newFolder();
    const child = startChild(holder, [folder]);
    await child.lines.next();
    await killChild(child);

    expect((await lockFolder(folder)).isOk()).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('goes to exactly one of many that find it left behind', async () => {
    const folder = newFolder();
    await leftBehind(folder, { pid: 2 ** 30 });
    const children = Array.from({ length: 6 }, () => startChild(holder, [folder]));

    const said = await Promise.all(children.map(async ({ lines }) => (await lines.next()).value as string));

    const winner = children[said.indexOf('taken')]!;
    expect(said.filter((one) => one === 'taken')).toHaveLength(1);
    expect(said.filter((one) => one === String(winner.process.pid))).toHaveLength(5);
    await Promise.all(children.map(killChild));
  });

  it('goes to exactly one of many calls in one process', async () => {
    const folder = newFolder();
    await leftBehind(folder, { pid: 2 ** 30 });

    const locks = await Promise.all(Array.from({ length: 20 }, () => lockFolder(folder)));

    expect(locks.filter((lock) => lock.isOk())).toHaveLength(1);
  });

  it.each([
    ['whose number another process has now', { started: '1' }],
    ['of before the machine was restarted', { boot: 'another' }],
    ['in a container that is gone', { space: 'pid:[1]' }],
    ['on a machine that is gone', { boot: 'another', host: 'another' }],
    ['that none of us wrote', { pid: 'one' }],
  ])('is taken over from an owner %s', async (_, change) => {
    const folder = newFolder();
    await leftBehind(folder, change);

    expect((await lockFolder(folder, 20)).isOk()).toBe(true);
  });

  it('is not taken over from an owner in another container, as long as it beats', async () => {
    const folder = newFolder();
    await leftBehind(folder, { space: 'pid:[1]' });
    const file = join(folder, 'lock');
    let beats = 0;
    const beat = setInterval(() => {
      beats += 1;
      utimesSync(file, beats, beats);
    }, 20);

    expect(await lockFolder(folder, 200)).toMatchObject({ error: { pid: process.pid } });

    clearInterval(beat);
  });
});
