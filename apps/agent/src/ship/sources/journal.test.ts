import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../../testing/folder.ts';
import { feedIn, until } from './feed.fixture.ts';
import { followJournal } from './journal.ts';
import { journalLine, readJournalEntry } from './journal-entry.ts';

const ENTRY = {
  __CURSOR: 's=1;i=1',
  __REALTIME_TIMESTAMP: '1795348074123456',
  _HOSTNAME: 'pc7',
  SYSLOG_IDENTIFIER: 'sshd',
  _PID: '812',
  MESSAGE: 'Connection from 203.0.113.9 port 50123',
};

const lineOf = (entry: object) => {
  const read = readJournalEntry(JSON.stringify(entry));
  return read === undefined ? undefined : journalLine(read).toString('latin1');
};

describe('an entry of the journal', () => {
  it('is a line as rsyslog writes it', () => {
    expect(lineOf(ENTRY)).toBe(
      '2026-11-22T11:47:54.123456Z pc7 sshd[812]: Connection from 203.0.113.9 port 50123\n',
    );
  });

  it('keeps bytes that are no text, and is one line whatever is in it', () => {
    expect(lineOf({ ...ENTRY, MESSAGE: [72, 255, 10, 73] })).toMatch(/: H\xff I\n$/);
    expect(lineOf({ ...ENTRY, MESSAGE: ['first', 'second'] })).toMatch(/: first\n$/);
    expect(lineOf({ ...ENTRY, MESSAGE: null, _PID: undefined, SYSLOG_IDENTIFIER: 'a b\n' })).toMatch(
      / a-b-: \n$/,
    );
  });

  it.each(['', '{}', 'null', '[]', '{"__CURSOR":"x","__REALTIME_TIMESTAMP":"y"}'])('is not %s', (text) => {
    expect(readJournalEntry(text)).toBeUndefined();
  });
});

/** A program that answers as journalctl does, from a file of entries, and ends behind so many of them. */
function fakeJournal(folder: string, entries: number, each: number): readonly string[] {
  const path = join(folder, 'journalctl.mjs');
  writeFileSync(
    path,
    `const after = process.argv.find((arg) => arg.startsWith('--after-cursor='))?.split('=i=')[1] ?? '0';
const entry = ${JSON.stringify(ENTRY)};
for (let i = Number(after) + 1; i <= Math.min(${entries}, Number(after) + ${each}); i += 1)
  process.stdout.write(JSON.stringify({ ...entry, __CURSOR: 's=1=i=' + i, MESSAGE: 'entry ' + i }) + '\\n');
if (Number(after) >= ${entries}) setTimeout(() => {}, 60_000);
else process.stderr.write('gone');
`,
  );
  return [process.execPath, path];
}

describe('the journal', () => {
  it('is read on behind the last entry that is on disk, whenever its reader ends', async () => {
    const folder = folderForTest();
    const { lane, feed, told, taken } = await feedIn(join(folder, 'spool'));
    const source = followJournal({ units: [], command: fakeJournal(folder, 30, 7), againMs: 1 }, feed);
    await until(() => lane.state.lines === 30);
    await source.close();
    expect(told).toContain('s: journalctl ended: gone');
    const lines = await taken();
    expect(lines.map((line) => line.split(': ')[1])).toEqual(
      Array.from({ length: 30 }, (_, i) => `entry ${i + 1}`),
    );
  });

  it('is read from a time when its reader does not know the cursor any more, and that is told', async () => {
    const folder = folderForTest();
    const { lane, feed, told } = await feedIn(join(folder, 'spool'));
    const path = join(folder, 'journalctl.mjs');
    writeFileSync(
      path,
      `if (process.argv.some((arg) => arg.startsWith('--after-cursor='))) process.exit(1);
const since = process.argv.find((arg) => arg.startsWith('--since=@')).slice(9);
process.stdout.write(JSON.stringify({ ...${JSON.stringify(ENTRY)}, MESSAGE: 'since ' + since }) + '\\n');
`,
    );
    const source = followJournal(
      { units: ['ssh.service'], command: [process.execPath, path], againMs: 1 },
      feed,
    );
    await until(() => lane.state.lines >= 2);
    await source.close();
    expect(told.join()).toMatch(/journal:ssh.service the journal does not know where we stood/);
  });

  it('of this machine is read by the real journalctl', async (test) => {
    const word = `bellwether-test-${process.pid}`;
    const { status } = spawnSync('logger', ['-t', word, 'hello']);
    const found = spawnSync('journalctl', ['-n', '1', '-t', word, '-o', 'cat', '-q'], { encoding: 'utf8' });
    if (status !== 0 || !found.stdout.includes('hello')) return test.skip('no journal runs on this machine');
    const { feed, taken } = await feedIn(folderForTest());
    const source = followJournal({ units: [] }, feed);
    onTestFinished(() => source.close());
    spawnSync('logger', ['-t', word, 'from now on']);
    const lines: string[] = [];
    while (!lines.some((line) => line.includes('from now on'))) {
      lines.push(...(await taken()));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(lines.some((line) => line.includes(`${word}: from now on`) || line.includes(`${word}[`))).toBe(
      true,
    );
  });
});
