import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killChild, startChild } from '../testing/child.ts';
import { ask } from './entries.fixture.ts';
import type { HistoryFile } from './history-types.ts';
import { verifyHistory } from './verify.ts';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
/** Inside of the repository, where what is not bundled (native code) is found. */
const BUNDLED = join(ROOT, '.build/killed-keeper.mjs');

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'history-crash-'));
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  const source = fileURLToPath(new URL('./testing/killed-keeper.ts', import.meta.url));
  const options = ['--bundle', '--platform=node', '--format=esm', '--external:@duckdb/node-api'];
  execFileSync(join(ROOT, 'node_modules/.bin/esbuild'), [
    source,
    ...options,
    '--log-level=error',
    `--outfile=${BUNDLED}`,
  ]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a history whose process is killed', () => {
  it('has every listed file whole and no row twice, at whatever moment', async () => {
    const folder = join(root, 'history');
    const list = join(root, 'list.json');
    writeFileSync(list, '[]');
    let steps = 0;
    for (let kill = 0; kill < 24; kill++) {
      const child = startChild(BUNDLED, [folder, list]);
      await child.lines.next();
      await sleep(Math.random() * 250);
      await killChild(child);

      const files = JSON.parse(readFileSync(list, 'utf8')) as HistoryFile[];
      expect(await verifyHistory(folder, files)).toEqual([]);
      if (files.length === 0) continue;
      steps = Math.max(...files.map(({ toStep }) => toStep));
      const paths = files.map(({ path }) => path);
      expect(
        await ask(folder, paths, 'SELECT count(*)::INT AS rows, count(DISTINCT line)::INT AS lines FROM h'),
      ).toEqual([{ rows: steps * 500, lines: steps * 500 }]);
      const shown = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.parquet') && !name.includes('.unfinished-'),
      );
      // What is not listed is whole too: it only does not count.
      const columns = await ask(folder, shown, 'SELECT count(stake)::INT AS rows FROM h');
      expect(columns).not.toEqual([{ rows: 0 }]);
    }
    expect(steps).toBeGreaterThan(10);
  });
});
