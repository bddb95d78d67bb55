import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowMemory } from './judge.ts';
import { dropSnapshot, dropUnfinished, keepSnapshot, snapshotsIn, takeSnapshot } from './snapshots.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bw-snapshots-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function memoryAt(step: number): FlowMemory {
  return { step, offset: step * 100, frontier: null, surface: null, streams: [], files: [], clients: {} };
}

/** Takes and keeps one whose judge tells it in pieces; gives what the journal must still hold. */
function write(step: number): number {
  return keepSnapshot(folder, take(step));
}

function take(step: number) {
  return takeSnapshot(folder, step, (piece) => {
    const same = new Uint8Array(2);
    for (const first of [1, 3]) {
      // The same memory is written over, as the judge does it.
      same.set([first, first + 1]);
      piece(same);
    }
    return memoryAt(step);
  });
}

const steps = (upTo: number) => [...snapshotsIn(folder, upTo)].map(({ memory }) => memory.step);

describe('snapshots', () => {
  it('are kept two at a time, and say what the journal must still hold', () => {
    expect(write(1)).toBe(100);
    expect(write(2)).toBe(100);
    expect(write(30)).toBe(200);

    expect(steps(100)).toEqual([30, 2]);
    expect(steps(29)).toEqual([2]);
  });

  it('hold what the judge told, in its order', () => {
    write(7);

    const [snapshot] = [...snapshotsIn(folder, 7)];
    expect(snapshot?.memory).toEqual(memoryAt(7));
    expect([...snapshot!.judge]).toEqual([1, 2, 3, 4]);
  });

  it('count when they are kept, each by itself, and leave nothing behind that was not', () => {
    const first = take(1);
    const second = take(2);
    expect(steps(100)).toEqual([]);

    expect(keepSnapshot(folder, first)).toBe(100);
    expect(steps(100)).toEqual([1]);
    dropSnapshot(folder, second);
    take(3);
    dropUnfinished(folder);

    expect(readdirSync(folder).length).toBe(1);
  });

  it('leave nothing behind when the disk is full', () => {
    const full = () =>
      takeSnapshot(folder, 1, () => {
        throw new Error('ENOSPC');
      });

    expect(full).toThrow('ENOSPC');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are left out when they are damaged, at whatever byte, or cut off at any length', () => {
    write(1);
    write(2);
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
