import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowMemory } from './judge.ts';
import { snapshotsIn, writeSnapshot } from './snapshots.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bw-snapshots-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function memoryAt(step: number): FlowMemory {
  return { step, offset: step * 100, frontier: null, surface: null, streams: [], files: [], clients: {} };
}

const judge = new Uint8Array([1, 2, 3]);
const steps = (upTo: number) => [...snapshotsIn(folder, upTo)].map(({ memory }) => memory.step);

describe('snapshots', () => {
  it('are kept two at a time, and say what the journal must still hold', () => {
    expect(writeSnapshot(folder, { memory: memoryAt(1), judge }).needed).toBe(100);
    expect(writeSnapshot(folder, { memory: memoryAt(2), judge }).needed).toBe(100);
    expect(writeSnapshot(folder, { memory: memoryAt(30), judge }).needed).toBe(200);

    expect(steps(100)).toEqual([30, 2]);
    expect(steps(29)).toEqual([2]);
  });

  it('are left out when they are damaged, at whatever byte, or cut off at any length', () => {
    writeSnapshot(folder, { memory: memoryAt(1), judge });
    writeSnapshot(folder, { memory: memoryAt(2), judge });
    const path = join(folder, readdirSync(folder).sort().at(-1)!);
    const whole = readFileSync(path);

    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ 16;
      writeFileSync(path, damaged);
      expect(steps(100)).toEqual([1]);
    }
    for (let length = whole.length - 1; length >= 0; length -= 7) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(steps(100)).toEqual([1]);
    }
    writeFileSync(path, whole);
    expect(steps(100)).toEqual([2, 1]);
  });
});
