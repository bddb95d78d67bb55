/** Debian's rsyslogd as a child process, for tests of what it sends to. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Sends each line of `log` by an action, as it stands there; gives what ends it. */
export function runRsyslog(folder: string, log: string, action: string): () => Promise<void> {
  const work = join(folder, 'work');
  mkdirSync(work);
  const config = join(folder, 'rsyslog.conf');
  writeFileSync(
    config,
    `global(workDirectory="${work}" maxMessageSize="128k")
module(load="imfile" mode="inotify")
template(name="whole" type="string" string="%rawmsg%")
input(type="imfile" file="${log}" tag="t:" ruleset="out")
ruleset(name="out") { ${action} }
`,
  );
  const child = spawn('/usr/sbin/rsyslogd', ['-n', '-f', config, '-i', join(folder, 'pid')], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
