import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderSource } from './folder-source.ts';

it('finds whatever is served under `state/` beside the log of a hub, wherever it lies', async () => {
  const data = mkdtempSync(join(tmpdir(), 'bellwether-folder-'));
  onTestFinished(() => rmSync(data, { recursive: true }));
  const states = join(data, 'rolls/public');
  for (const folder of ['genesis', 'extract-rows']) mkdirSync(join(states, folder), { recursive: true });
  mkdirSync(join(data, 'log/state'), { recursive: true });
  writeFileSync(join(states, 'aa'), 'a night');
  writeFileSync(join(states, 'genesis/bb'), 'the genesis');
  writeFileSync(join(states, 'extract-rows/cc'), 'rows of a poll book');
  writeFileSync(join(data, 'log/state/dd'), 'a copy of what is served');
  const source = folderSource(join(data, 'log'));
  const told = async (name: string): Promise<string | null> => {
    const bytes = (await source.readPath(`state/${name}`, 100)).okOrThrow();
    return bytes === null ? null : Buffer.from(bytes).toString();
  };

  expect(await Promise.all(['aa', 'bb', 'cc', 'dd', 'ee'].map(told))).toEqual([
    'a night',
    'the genesis',
    'rows of a poll book',
    'a copy of what is served',
    null,
  ]);
  expect((await source.readPath('state/cc', 5)).isErr()).toBe(true);
});
