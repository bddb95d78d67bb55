import { setTimeout as sleep } from 'node:timers/promises';
import { entryHashes, GrowingTree } from '@bellwether/evidence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, type Child, killChild, startChild } from '../testing/child.ts';
import { bestHasher } from './hashing.ts';
import { newFolder, openIn } from './log.fixture.ts';
import { numberedEntry } from './testing/numbered-entry.ts';

/** Deaths. A change of how the log is written deserves more: `BELLWETHER_KILLS` says how many. */
const DEATHS = Number(process.env.BELLWETHER_KILLS ?? 15);

/** Deaths after which everything is read, not only the end: the log grows, and reading all of it each time would take minutes. */
const READ_ALL = 5;

const folder = newFolder();
let bundled: string;
let child: Child | undefined;

beforeAll(() => {
  bundled = bundle(new URL('./testing/appender.ts', import.meta.url), folder);
});
afterAll(async () => {
  if (child !== undefined) await killChild(child);
});

it('loses nothing that was acknowledged and never has two roots of one size, killed whenever', {
  timeout: 240_000,
}, async () => {
  const hasher = bestHasher();
  const roots = new Map<bigint, string>();
  let acknowledged = 0n;
  for (let death = 1; death <= DEATHS; death++) {
    child = startChild(bundled, [folder, String(death)]);
    const opened = await child.lines.next();
    expect(BigInt(String(opened.value).slice('open '.length))).toBeGreaterThanOrEqual(acknowledged);
    const { process: running, lines } = child;
    // The moment differs from death to death: after some answers, and some time after the last of them.
    for (let answers = death % 4; answers > 0; answers--) {
      acknowledged = BigInt(String((await lines.next()).value).split(' ')[1]!);
    }
    await sleep((death * 7) % 23);
    await killChild({ process: running, lines });
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      acknowledged = BigInt(line.value.split(' ')[1]!);
    }
    const log = (await openIn(folder)).okOrThrow();
    expect(log.size).toBeGreaterThanOrEqual(acknowledged);
    const tree = new GrowingTree(hasher, () => {});
    const all = death % READ_ALL === 0;
    const from = all || log.size < 1_000n ? 0n : log.size - 1_000n;
    for await (const { first, entries } of log.bundles(from, log.size)) {
      for (const [i, entry] of entries.entries()) {
        expect(Buffer.from(entry)).toEqual(numberedEntry(Number(first) + i));
      }
      tree.append(entryHashes(hasher, entries));
    }
    if (from === 0n) expect(Buffer.from(log.root)).toEqual(Buffer.from(tree.root()));
    const root = Buffer.from(log.root).toString('hex');
    expect(roots.get(log.size) ?? root).toBe(root);
    roots.set(log.size, root);
    await log.close();
  }
  expect(acknowledged).toBeGreaterThan(100n);
});
