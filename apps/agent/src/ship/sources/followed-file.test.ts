import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../../testing/folder.ts';
import { type FeedTest, feedIn } from './feed.fixture.ts';
import { FOLLOW_TIMES, FollowedFile } from './followed-file.ts';

const TIMES = { ...FOLLOW_TIMES, quiet: 0 };
const LONGEST = 256 * 1024;

/** A followed file whose steps the test makes. */
class Following {
  readonly folder = folderForTest();
  readonly path = join(this.folder, 'fw.log');
  test!: FeedTest;
  file!: FollowedFile;
  spools = 0;

  /** Starts, or starts again behind a kill: the spool as it is on disk in this moment. */
  async start(): Promise<this> {
    const before = join(this.folder, `spool-${this.spools}`);
    const spool = join(this.folder, `spool-${++this.spools}`);
    if (existsSync(before)) cpSync(before, spool, { recursive: true });
    else mkdirSync(spool);
    await this.file?.close();
    this.test = await feedIn(spool);
    const file = new FollowedFile(this.path, this.test.feed, TIMES, Buffer.alloc(LONGEST));
    onTestFinished(() => file.close());
    this.file = file;
    return this;
  }

  async read(): Promise<void> {
    while (await this.file.step());
  }

  /** As logrotate does it with `create`. */
  rotate(): void {
    this.shift();
    if (existsSync(this.path)) renameSync(this.path, `${this.path}.1`);
    writeFileSync(this.path, '');
  }

  /** As logrotate does it with `copytruncate`. */
  copyTruncate(): void {
    this.shift();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path, 0);
  }

  shift(): void {
    for (let n = 60; n > 0; n -= 1)
      if (existsSync(`${this.path}.${n}`)) renameSync(`${this.path}.${n}`, `${this.path}.${n + 1}`);
  }
}

describe('a followed file', () => {
  it('is read in whole lines, and a last one without an end when it was rotated away', async () => {
    const on = await new Following().start();
    await on.read();
    writeFileSync(on.path, 'one\ntwo\nthr');
    await on.read();
    expect(await on.test.taken()).toEqual(['one', 'two']);
    appendFileSync(on.path, 'ee\nfo');
    await on.read();
    on.rotate();
    await on.read();
    expect(await on.test.taken()).toEqual(['three']);
    appendFileSync(on.path, 'five\n');
    await on.read();
    expect(await on.test.taken()).toEqual(['fo', 'five']);
  });

  it('has lines as long as 64 KiB and longer; what nobody could read is left out and told', async () => {
    const on = await new Following().start();
    const long = 'x'.repeat(100_000);
    writeFileSync(on.path, `one\n${long}\n${'y'.repeat(3 * LONGEST)}\nlast\n`);
    await on.read();
    expect(await on.test.taken()).toEqual(['one', long, 'last']);
    expect(on.test.told.join()).toMatch(/1 lines lost: file:.* a line over/);
  });

  it('goes on in the copy when the file was copied and emptied before all was read', async () => {
    const on = await new Following().start();
    writeFileSync(on.path, 'one\n');
    await on.read();
    appendFileSync(on.path, 'two\n');
    on.copyTruncate();
    appendFileSync(on.path, 'three, longer than what stood there before\n');
    await on.read();
    expect(await on.test.taken()).toEqual(['one', 'two', 'three, longer than what stood there before']);
    expect(on.test.told).toEqual([]);
  });

  it('goes on in the copy also when that happened while nobody ran', async () => {
    const on = await new Following().start();
    writeFileSync(on.path, 'one\n');
    await on.read();
    appendFileSync(on.path, 'two\n');
    on.copyTruncate();
    appendFileSync(on.path, 'three\n');
    await on.start();
    await on.read();
    expect(await on.test.taken()).toEqual(['one', 'two', 'three']);
  });

  it('tells that something may be lost when the file was emptied, or gone, and no copy is there', async () => {
    const on = await new Following().start();
    writeFileSync(on.path, 'one\n');
    await on.read();
    writeFileSync(on.path, 'xyz\n');
    await on.read();
    expect(on.test.told.join()).toMatch(/unknown number of lines lost: .*emptied/);
    rmSync(on.path);
    await on.start();
    await on.read();
    writeFileSync(on.path, 'another file\n');
    await on.read();
    expect(on.test.told.join()).toMatch(/gone when the agent came back/);
    expect(await on.test.taken()).toEqual(['one', 'xyz', 'another file']);
  });

  it('is read on after its rotation while old processes still write into it, also after a kill', async () => {
    const on = await new Following().start();
    writeFileSync(on.path, 'one\n');
    await on.read();
    on.rotate();
    appendFileSync(on.path, 'two\n');
    await on.read();
    appendFileSync(`${on.path}.1`, 'late\n');
    await on.read();
    appendFileSync(on.path, 'three\n');
    await on.read();
    await on.start();
    appendFileSync(`${on.path}.1`, 'later\n');
    appendFileSync(on.path, 'four\n');
    await on.read();
    expect((await on.test.taken()).sort()).toEqual(['four', 'late', 'later', 'one', 'three', 'two']);
  });

  it('waits where it may not be read, and tells that once', async () => {
    const on = await new Following().start();
    mkdirSync(on.path);
    await on.read();
    expect(await on.test.taken()).toEqual([]);
    rmSync(on.path, { recursive: true });
    writeFileSync(on.path, 'one\n');
    await on.read();
    expect(await on.test.taken()).toEqual(['one']);
  });

  it('delivers each line once and in order, however writes, rotations and kills come', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('write' as const), count: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('half' as const, 'kill' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constantFrom('rotate' as const, 'copytruncate' as const) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('step' as const, 'read' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        const on = await new Following().start();
        // A file of which nothing was read begins where it is found: what was rotated before is not ours.
        const written = ['the beginning'];
        writeFileSync(on.path, 'the beginning\n');
        await on.read();
        let half = '';
        let isCopied = false;
        for (const { do: what, ...more } of steps) {
          if (what === 'write') {
            for (let i = 0; i < ('count' in more ? more.count : 0); i += 1) {
              const line = `${half}line ${written.length}`;
              appendFileSync(on.path, `${line.slice(half.length)}\n`);
              half = '';
              written.push(line);
            }
          } else if (what === 'half' && half === '') {
            half = `half ${written.length} `;
            appendFileSync(on.path, half);
          } else if (what === 'rotate' && half === '') on.rotate();
          else if (what === 'copytruncate' && half === '' && !isCopied && existsSync(on.path)) {
            on.copyTruncate();
            // Emptied twice before anybody looked, a file has nothing left that it could be known by.
            isCopied = true;
          } else if (what === 'kill') await on.start();
          else if (what === 'step') await on.file.step();
          else if (what === 'read') {
            await on.read();
            isCopied = false;
          }
        }
        appendFileSync(on.path, '\nthe end\n');
        await on.read();
        await on.read();
        expect(await on.test.taken()).toEqual([...written, half, 'the end']);
        expect(on.test.told).toEqual([]);
        await on.file.close();
      }),
      { numRuns: 150 },
    );
  });
});
