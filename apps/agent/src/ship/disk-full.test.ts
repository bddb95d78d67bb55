import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { keptLines, laneIn, sendAll } from './lane.fixture.ts';

/** A disk of two megabytes in memory; undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const path = join(folderForTest(), 'disk');
  mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]);
  if (status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return path;
}

describe('a disk without room', () => {
  it('keeps nothing by halves: sources are told, and go on when there is room again', async (test) => {
    const disk = smallDisk();
    if (disk === undefined) return test.skip('this process may not mount a file system');
    const lane = await laneIn(join(disk, 'fw'));
    const line = (i: number) => `${i} ${'x'.repeat(100_000)}`;
    let kept = 0;
    for (;;) {
      const result = await lane.writer.keepLines(keptLines([line(kept)], 'fw', String(kept)));
      if (result.isErr()) {
        expect(result.error).toMatchObject({ code: 'SHIP_DISK_FULL' });
        break;
      }
      kept += 1;
    }
    expect(kept).toBeGreaterThan(10);
    expect(lane.state).toMatchObject({ lines: kept });
    expect(lane.state.places.get('fw')).toBe(String(kept - 1));

    writeFileSync(
      join(disk, 'of somebody else'),
      Buffer.alloc(statfsSync(disk).bavail * statfsSync(disk).bsize),
    );
    expect((await lane.writer.keepLines(keptLines(['small']))).isErr()).toBe(true);
    rmSync(join(disk, 'of somebody else'));
    await lane.close();
    const again = await laneIn(join(disk, 'fw'));
    expect(again.state.lines).toBe(kept);
    expect((await again.writer.keepLines(keptLines(['small']))).isOk()).toBe(true);
    const sent = (await sendAll(again)).flatMap(({ lines }) => lines);
    expect(sent).toEqual([...Array.from({ length: kept }, (_, i) => line(i)), 'small']);
  });
});
