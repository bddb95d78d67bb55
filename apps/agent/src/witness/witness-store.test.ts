import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { formatNoteKey } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { hasher, logSigner, SmallLog } from '../testing/small-log.ts';
import { makeSecrets } from './witness-keys.ts';
import { formatMemory, newMemory, parseMemory, type WitnessMemory } from './witness-state.ts';
import { lookAtMemory, makeStore, takeStore, whyCopy } from './witness-store.ts';

const HOST = 'ab'.repeat(32);

async function newState(host: string | null = HOST): Promise<string> {
  const path = join(folderForTest(), 'witness.json');
  (await makeStore(path, newMemory(makeSecrets('adair'), host))).okOrThrow();
  return path;
}

describe('the state of a witness', () => {
  it('is for its owner only, and is never made over another', async () => {
    const path = await newState();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path, 'utf8');
    expect(await makeStore(path, newMemory(makeSecrets('boone'), HOST))).toMatchObject({
      error: { code: 'WITNESS_STATE_TAKEN' },
    });
    // A state that was lost is not made anew beside the mark that tells of it.
    rmSync(path);
    expect((await makeStore(path, newMemory(makeSecrets('boone'), HOST))).isErr()).toBe(true);
    writeFileSync(path, before, { mode: 0o644 });
    expect(await lookAtMemory(path, hasher)).toMatchObject({ error: { code: 'WITNESS_STATE_OPEN' } });
    expect(await takeStore(path, hasher)).toMatchObject({ error: { code: 'WITNESS_STATE_OPEN' } });
  });

  it('is read as it was kept, numbers beyond 2^53 too', async () => {
    const path = await newState();
    const store = (await takeStore(path, hasher)).okOrThrow();
    const { root } = new SmallLog(5);
    const size = 2n ** 63n + 1n;
    const seen = new Map([
      ['example.gov/log', { origin: 'example.gov/log', size, root, note: 'a\n\n— b c\n', time: 7n }],
    ]);
    const change: Partial<WitnessMemory> = {
      seen,
      logs: [logSigner.key],
      lastTime: 2n ** 62n,
      stopped: { at: 'now', why: 'copied', detail: 'd', note: null },
      refused: { at: 'now', origin: 'o', size: '1', root: 'r', why: 'w', folder: 'f' },
      statements: [{ origin: 'o', time: 't', note: 'n' }],
    };
    (await store.keepChange(change)).okOrThrow();
    await store.close();
    expect((await lookAtMemory(path, hasher)).okOrThrow()).toEqual({ ...store.memory, counter: 2 });
    expect((await lookAtMemory(path, hasher)).okOrThrow()).toMatchObject(change);
  });

  it('is refused rather than guessed at when anything in it is cut off', async () => {
    const text = formatMemory(newMemory(makeSecrets('adair'), HOST), formatNoteKey);
    expect(parseMemory(hasher, text).isOk()).toBe(true);
    fc.assert(
      fc.property(fc.nat(text.length - 3), (at) => {
        expect(parseMemory(hasher, text.slice(0, at)).isErr()).toBe(true);
      }),
    );
    const file = JSON.parse(text) as Record<string, unknown>;
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(file)),
        fc.constantFrom(undefined, true, 0, -1, 'x', { x: 1 }, [7]),
        (name, value) => {
          const parsed = parseMemory(hasher, JSON.stringify({ ...file, [name]: value }));
          expect(parsed.isErr() || (name === 'host' && value === 'x')).toBe(true);
        },
      ),
    );
  });

  it('has one process at a time', async () => {
    const path = await newState();
    const store = (await takeStore(path, hasher)).okOrThrow();
    expect(await takeStore(path, hasher)).toMatchObject({ error: { code: 'WITNESS_STATE_IN_USE' } });
    await store.close();
    const again = (await takeStore(path, hasher)).okOrThrow();
    await again.close();
  });

  it('says that there is none', async () => {
    const path = join(folderForTest(), 'none.json');
    expect(await takeStore(path, hasher)).toMatchObject({ error: { code: 'WITNESS_STATE_MISSING' } });
    expect(await lookAtMemory(path, hasher)).toMatchObject({ error: { code: 'WITNESS_STATE_MISSING' } });
  });

  it('changes nothing in memory when the disk does not take it', async () => {
    const path = await newState();
    const store = (await takeStore(path, hasher)).okOrThrow();
    // A folder in the way of the file that is written beside: also root cannot write over it.
    mkdirSync(`${path}.next`);
    expect(await store.keepChange({ lastTime: 9n })).toMatchObject({
      error: { code: 'WITNESS_STATE_UNWRITABLE' },
    });
    expect(store.memory).toMatchObject({ lastTime: 0n, counter: 1 });
    await store.close();
  });
});

describe('a copy of a state', () => {
  async function whyOf(path: string, host: string | null = HOST) {
    const store = (await takeStore(path, hasher)).okOrThrow();
    const why = await whyCopy(store, host);
    await store.close();
    return why?.why ?? null;
  }

  async function grown(path: string, times: number): Promise<void> {
    const store = (await takeStore(path, hasher)).okOrThrow();
    for (let time = 0; time < times; time++) (await store.keepChange({ lastTime: BigInt(time) })).okOrThrow();
    await store.close();
  }

  it('is not seen where there is none, also after a crash between state and mark', async () => {
    const path = await newState();
    expect(await whyOf(path)).toBe(null);
    const mark = readFileSync(`${path}.mark/counter`);
    await grown(path, 1);
    writeFileSync(`${path}.mark/counter`, mark);
    expect(await whyOf(path)).toBe(null);
  });

  it('is seen when an older state was put back', async () => {
    const path = await newState();
    await grown(path, 1);
    cpSync(path, `${path}.backup`);
    await grown(path, 1);
    cpSync(`${path}.backup`, path);
    expect(await whyOf(path)).toBe('rolled-back');
  });

  it('is seen when only the state came along, as from a backup that leaves marks out', async () => {
    const path = await newState();
    expect(readFileSync(`${path}.mark/CACHEDIR.TAG`, 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
    const copy = join(folderForTest(), 'witness.json');
    cpSync(path, copy);
    chmodSync(copy, 0o600);
    expect(await whyOf(copy)).toBe('copied');
    expect(existsSync(`${copy}.mark`)).toBe(false);
  });

  it('is seen on another computer', async () => {
    const path = await newState();
    expect(await whyOf(path, 'cd'.repeat(32))).toBe('other-computer');
    expect(await whyOf(await newState(null), 'cd'.repeat(32))).toBe(null);
  });
});
