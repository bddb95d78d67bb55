import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../../testing/folder.ts';
import { feedIn, until } from './feed.fixture.ts';
import { fitsPattern, followFiles } from './following.ts';
import { isRotatedName } from './rotations.ts';

const TIMES = { poll: 2, quiet: 0 };

describe('following', () => {
  it('takes files that match, also those that come later, and none that was rotated away', async () => {
    const logs = folderForTest();
    const { lane, feed, taken } = await feedIn(folderForTest());
    for (const name of ['a.log', 'b.log', 'a.log.1', 'a.log-20261122', 'a.log.gz', 'other.txt'])
      writeFileSync(join(logs, name), `of ${name}\n`);
    const source = followFiles([join(logs, '*.log*'), join(logs, 'later')], feed, TIMES);
    await until(() => lane.state.lines === 2);
    writeFileSync(join(logs, 'c.log'), 'of c.log\n');
    writeFileSync(join(logs, 'later'), 'of later\n');
    await until(() => lane.state.lines === 4);
    appendFileSync(join(logs, 'a.log'), 'more\n');
    await until(() => lane.state.lines === 5);
    await source.close();
    expect((await taken()).sort()).toEqual(['more', 'of a.log', 'of b.log', 'of c.log', 'of later']);
  });

  it('matches as a shell does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    fc.assert(
      fc.property(name, text, (some, pattern) => {
        const words = pattern.replace(/\./g, '\\.').replace(/\*+/g, '.*').replace(/\?/g, '.');
        expect(fitsPattern(some, pattern)).toBe(new RegExp(`^${words}$`).test(some));
      }),
    );
  });

  it.each(['x.log.1', 'x.log-20261122', 'x.log.2.gz', 'x-2026-11-22', 'x.zst'])(
    'knows %s as rotated',
    (name) => {
      expect(isRotatedName(name)).toBe(true);
    },
  );

  it.each(['x.log', 'auth', 'fw-a.log', 'site2.log'])('does not take %s for rotated', (name) => {
    expect(isRotatedName(name)).toBe(false);
  });
});
