/** Debian's rsyslogd as a child process, for tests: one configuration, one input file, one output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's packages put the modules that a test needs; without them the test cannot run. */
const MODULE_FOLDERS = ['/usr/lib/x86_64-linux-gnu/rsyslog', '/usr/lib/aarch64-linux-gnu/rsyslog'];

/** Whether rsyslogd and these modules of it are installed. */
export function hasRsyslog(...modules: readonly string[]): boolean {
  const folder = MODULE_FOLDERS.find((path) => existsSync(path));
  return (
    existsSync('/usr/sbin/rsyslogd') &&
    folder !== undefined &&
    modules.every((name) => existsSync(join(folder, `${name}.so`)))
  );
}

/** A running daemon. */
export type Rsyslog = {
  readonly folder: string;
  stop(): Promise<void>;
};

/** Lines are taken as they are, and go out as they came: their headers are theirs. */
const HEAD = `
global(workDirectory="WORK" maxMessageSize="128k")
main_queue(queue.size="50000" queue.timeoutshutdown="2000")
module(load="imfile" mode="inotify")
template(name="whole" type="string" string="%rawmsg%")
input(type="imfile" file="LOG" tag="t:" reopenOnTruncate="on" ruleset="out")
`;

/** Starts rsyslogd, which ships what stands in `log` by the action given. */
export function startRsyslog(log: string, head: string, action: string): Rsyslog {
  const folder = mkdtempSync(join(tmpdir(), 'rsyslog-'));
  mkdirSync(join(folder, 'work'));
  const config = `${HEAD.replace('WORK', join(folder, 'work')).replace('LOG', log)}${head}
ruleset(name="out") { ${action} }\n`;
  writeFileSync(join(folder, 'rsyslog.conf'), config);
  const child: ChildProcess = spawn(
    '/usr/sbin/rsyslogd',
    ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    folder,
    stop: async () => {
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(forced);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
