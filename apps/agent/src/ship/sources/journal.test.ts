import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it('that a real journald writes is read by the real journalctl', async (test) => {
    if (process.getuid?.() !== 0) return test.skip('only root starts a journald');
    const { command, tell } = await realJournal();
    const { feed, taken } = await feedIn(folderForTest());
    const source = followJournal({ units: [], command }, feed);
    onTestFinished(() => source.close());
    const lines: string[] = [];
    // The reader begins at some moment of now: so it is said until it is heard.
    while (!lines.some((line) => line.includes('from now on'))) {
      tell('from now on');
      lines.push(...(await taken()));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(lines.some((line) => /bellwether-test(\[\d+\])?: from now on/.test(line))).toBe(true);
  });
});

/**
 * A journald of its own, beside the one of the machine, if that has one: containers and test machines often have none.
 * Gives what reads it, and what writes a line into it.
 */
async function realJournal(): Promise<{ command: string[]; tell(line: string): void }> {
  const name = `bellwether${process.pid}`;
  const journald = spawn('/lib/systemd/systemd-journald', [name], { stdio: 'ignore' });
  onTestFinished(async () => {
    journald.kill();
    await once(journald, 'exit');
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    for (const kept of ['/var/log/journal', '/run/log/journal']) {
      rmSync(`${kept}/${id}.${name}`, { recursive: true, force: true });
    }
    rmSync(`/run/systemd/journal.${name}`, { recursive: true, force: true });
  });
  const socket = `/run/systemd/journal.${name}/dev-log`;
  await until(() => existsSync(socket));
  return {
    command: ['journalctl', `--namespace=${name}`],
    tell(line) {
      const { status } = spawnSync('logger', ['--socket', socket, '-t', 'bellwether-test', line]);
      expect(status).toBe(0);
    },
  };
}
