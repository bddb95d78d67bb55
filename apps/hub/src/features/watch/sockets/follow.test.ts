import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import { type Follower, startFollowing } from './follow.ts';

const SENSOR = { authority: '29019', sensor: 'web' };
const TIMES = { poll: 2, settle: 0, quiet: 0, retryFirst: 1, retryLast: 4 };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'followed-'));
  path = join(folder, 'web.log');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function follow(intake: FakeIntake, times: Partial<typeof TIMES> = {}): Follower {
  return startFollowing({ files: [{ path, ...SENSOR }], times: { ...TIMES, ...times } }, intake, QUIET);
}

/** As logrotate does it with `create`. */
function rotate(to = 8): void {
  for (let n = to - 1; n > 0; n -= 1) {
    if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  }
  if (existsSync(path)) renameSync(path, `${path}.1`);
  writeFileSync(path, '');
}

describe('a followed file', () => {
  it('is read from its beginning, in whole lines, with the offset behind them', async () => {
    writeFileSync(path, 'one\ntwo\nthr');
    const intake = new FakeIntake();
    const follower = follow(intake);

    await until(() => intake.lines.length === 2);
    appendFileSync(path, 'ee\n');
    await until(() => intake.lines.length === 3);
    await follower.close();

    expect(intake.lines).toEqual(['one', 'two', 'three']);
    expect(intake.arrivals.map(({ follow }) => follow?.offset)).toEqual([8, 14]);
    expect(intake.arrivals[0]).toMatchObject({ ...SENSOR, transport: 'file', follow: { path } });
  });

  it('is waited for where it is not there yet', async () => {
    const intake = new FakeIntake();
    const follower = follow(intake);
    await wait(10);
    writeFileSync(path, 'first\n');

    await until(() => intake.lines.length === 1);
    await follower.close();

    expect(intake.lines).toEqual(['first']);
  });

  it('is read to its end after it was renamed, then the new one', async () => {
    writeFileSync(path, 'a\n');
    const intake = new FakeIntake();
    const follower = follow(intake, { quiet: 30 });
    await until(() => intake.lines.length === 1);

    rotate();
    appendFileSync(`${path}.1`, 'b\nc without an end');
    appendFileSync(path, 'd\n');
    await until(() => intake.lines.length === 4);
    await follower.close();

    expect(intake.lines).toEqual(['a', 'b', 'c without an end', 'd']);
    expect(intake.refused.size).toBe(0);
  });

  it('is still looked at for a while when the new one is read: old processes write their last lines there', async () => {
    writeFileSync(path, 'a\n');
    const intake = new FakeIntake();
    const follower = follow(intake);
    await until(() => intake.lines.length === 1);
    rotate();
    appendFileSync(path, 'b\n');
    await until(() => intake.lines.length === 2);

    appendFileSync(`${path}.1`, 'late\n');
    await until(() => intake.lines.length === 3);
    appendFileSync(path, 'c\n');
    await until(() => intake.lines.length === 4);
    await follower.close();

    expect(intake.lines).toEqual(['a', 'b', 'late', 'c']);
    expect(intake.arrivals.map(({ follow: at }) => at?.offset)).toEqual([2, 2, undefined, 4]);
  });

  it('is read from the start after it was emptied, and the gap is counted', async () => {
    writeFileSync(path, 'a long line\n');
    const intake = new FakeIntake();
    const follower = follow(intake);
    await until(() => intake.lines.length === 1);

    truncateSync(path, 0);
    appendFileSync(path, 'b\n');
    await until(() => intake.lines.length === 2);
    await follower.close();

    expect(intake.lines).toEqual(['a long line', 'b']);
    expect(intake.refused.get('file truncated')).toMatchObject({ batches: 1 });
  });

  it('was copied and emptied while we were away: the rest is read from the copy', async () => {
    writeFileSync(path, 'a\n');
    const before = new FakeIntake();
    const follower = follow(before);
    await until(() => before.lines.length === 1);
    await follower.close();

    appendFileSync(path, 'b\n');
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    appendFileSync(path, 'c\nd\ne\n');
    const intake = before.restarted();
    const again = follow(intake);
    await until(() => intake.lines.length === 5);
    await again.close();

    expect(intake.lines).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('was rotated several times while we were away: all generations are read in their order', async () => {
    writeFileSync(path, 'a\n');
    const before = new FakeIntake();
    const follower = follow(before);
    await until(() => before.lines.length === 1);
    await follower.close();

    for (const line of ['b', 'c', 'd']) {
      appendFileSync(path, `${line}\n`);
      rotate();
    }
    appendFileSync(path, 'e\n');
    const intake = before.restarted();
    const again = follow(intake);
    await until(() => intake.lines.length === 5);
    await again.close();

    expect(intake.lines).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(intake.refused.size).toBe(0);
  });

  it('was gone when we came back: the new one is read, and the gap is counted', async () => {
    writeFileSync(path, 'a\nb\n');
    const before = new FakeIntake();
    const follower = follow(before);
    await until(() => before.lines.length === 2);
    await follower.close();

    rmSync(path);
    writeFileSync(path, 'c\n');
    const intake = before.restarted();
    const again = follow(intake);
    await until(() => intake.lines.length === 3);
    await again.close();

    expect(intake.lines).toEqual(['a', 'b', 'c']);
    expect(intake.refused.get('file lost-while-away')).toMatchObject({ batches: 1 });
  });

  it('waits while the disk is full, and skips nothing', async () => {
    writeFileSync(path, 'a\nb\n');
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_DISK_FULL';
    const follower = follow(intake);
    await wait(20);
    appendFileSync(path, 'c\n');
    intake.failure = undefined;

    await until(() => intake.lines.length === 3);
    await follower.close();

    expect(intake.lines).toEqual(['a', 'b', 'c']);
  });

  it('leaves out a line that is longer than a read, and counts it', async () => {
    writeFileSync(path, `a\n${'x'.repeat(3 * 1024 * 1024)}\nb\n`);
    const intake = new FakeIntake();
    const follower = follow(intake);

    await until(() => intake.lines.length === 2);
    await follower.close();

    expect(intake.lines).toEqual(['a', 'b']);
    expect(intake.refused.get('file too-long')).toMatchObject({ lines: 1, bytes: 3 * 1024 * 1024 + 1 });
  });

  it('delivers each line once, however writes, rotations and kills come', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('write'), count: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('half') }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate') }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('kill', 'close') }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('fail', 'heal') }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 0, max: 4 }) }) },
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        round += 1;
        path = join(folder, `${round}.log`);
        // A file of which nothing was read begins where it is found: what was rotated before is not ours.
        const written = [`the beginning of ${round}`];
        writeFileSync(path, `${written[0]}\n`);
        let half = '';
        let intake = new FakeIntake();
        let follower = follow(intake);
        await until(() => intake.lines.length === 1);
        const write = (text: string) => appendFileSync(path, text);

        for (const { do: what, ...more } of steps) {
          if (what === 'write') {
            for (let i = 0; i < ('count' in more ? more.count : 0); i += 1) {
              const line = `${half}line ${round} ${written.length}`;
              write(`${line.slice(half.length)}\n`);
              half = '';
              written.push(line);
            }
          } else if (what === 'half' && half === '') {
            half = `half ${written.length} `;
            write(half);
          } else if (what === 'rotate' && half === '') rotate(40);
          else if (what === 'kill' || what === 'close') {
            if (what === 'close') await follower.close();
            intake = intake.restarted();
            follower = follow(intake);
          } else if (what === 'fail') intake.failure = 'INTAKE_BUSY';
          else if (what === 'heal') intake.failure = undefined;
          else if ('ms' in more) await wait(more.ms);
        }
        intake.failure = undefined;
        write('\nthe end\n');
        await until(() => intake.lines.at(-1) === 'the end');
        await follower.close();

        const expected = [...written, half, 'the end'];
        expect(intake.lines).toEqual(expected);
        expect(intake.refused.size).toBe(0);
      }),
      { numRuns: 120 },
    );
  });
});

describe('what is known of a followed file', () => {
  it('stands in the journal as device, inode and a digest of its first bytes', async () => {
    writeFileSync(path, 'one\n');
    const intake = new FakeIntake();
    const follower = follow(intake);
    await until(() => intake.lines.length === 1);
    await follower.close();

    expect(intake.arrivals[0]?.follow?.file).toMatch(/^\d+:\d+:4-[0-9a-f]{16}$/);
    expect(readFileSync(path, 'utf8')).toBe('one\n');
  });
});
