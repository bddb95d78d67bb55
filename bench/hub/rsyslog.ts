/** Debian's rsyslogd as a client (omrelp) and as a server (imrelp, to a file): the peer of RELP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connected } from './http-load.ts';

const PROGRAM = '/usr/sbin/rsyslogd';

/** Between two looks at a file that grows, ms. */
const LOOK = 10;

/** A daemon that has not begun to listen after this time, ms, will not. */
const PATIENCE = 10_000;

/** A daemon that runs. */
export type Daemon = { readonly folder: string; stop(): Promise<void> };

/** Whether it can be measured on this machine. */
export function hasRsyslog(): boolean {
  return existsSync(PROGRAM);
}

/**
 * Messages that rsyslogd sends ahead of their answers, and messages that it takes from its queue at once.
 *
 * As it comes it takes 256 at once and holds back the end of them until all are handed over (librelp's burst, TCP_CORK);
 * a window of 128 is full before that, and on a link of large packets everybody waits 200 ms for the cork to give way.
 */
export type Shipping = { readonly window: number; readonly atOnce: number };

/** What rsyslogd does where nobody says anything. */
export const AS_IT_COMES: Shipping = { window: 128, atOnce: 256 };

/** A window that is larger than what it takes at once. */
export const WIDE: Shipping = { window: 1_000, atOnce: 500 };

/** Ships a file, from its first line to its end, by RELP over one connection. */
export function startShipper(log: string, port: number, { window, atOnce }: Shipping): Daemon {
  return startDaemon(
    `module(load="imfile" mode="inotify")
     module(load="omrelp")
     template(name="whole" type="string" string="<4>%rawmsg%")
     input(type="imfile" file="${log}" tag="t:" reopenOnTruncate="on" ruleset="out")`,
    `action(type="omrelp" target="127.0.0.1" port="${port}" template="whole" windowSize="${window}")`,
    `queue.dequeueBatchSize="${atOnce}"`,
  );
}

/** Takes messages by RELP and writes them to a file. It acknowledges before they are on disk. */
export async function startReceiver(): Promise<Daemon & { readonly port: number; readonly file: string }> {
  const port = await freePort();
  const daemon = startDaemon(
    `module(load="imrelp")
     template(name="whole" type="string" string="%rawmsg%\\n")
     input(type="imrelp" port="${port}" ruleset="out")`,
    `action(type="omfile" file="FOLDER/out.log" template="whole" ioBufferSize="64k" asyncWriting="on" flushOnTXEnd="off")`,
  );
  for (let waited = 0; ; waited += LOOK) {
    const socket = await connected(port).catch(() => undefined);
    socket?.destroy();
    if (socket !== undefined) break;
    if (waited > PATIENCE) throw new Error('rsyslogd does not listen');
    await wait(LOOK);
  }
  return { ...daemon, port, file: join(daemon.folder, 'out.log') };
}

/** Seconds from now until a file holds so many bytes. */
export async function filled(file: string, bytes: number): Promise<number> {
  const began = process.hrtime.bigint();
  while (!existsSync(file) || statSync(file).size < bytes) await wait(LOOK);
  return Number(process.hrtime.bigint() - began) / 1e9;
}

function startDaemon(head: string, action: string, queue = ''): Daemon {
  const folder = mkdtempSync(join('/var/tmp', 'bellwether-bench-rsyslog-'));
  mkdirSync(join(folder, 'work'));
  const text = `global(workDirectory="${folder}/work" maxMessageSize="128k")
    main_queue(queue.size="50000" queue.timeoutshutdown="2000" ${queue})
    ${head}
    ruleset(name="out") { ${action} }\n`;
  writeFileSync(join(folder, 'rsyslog.conf'), text.replaceAll('FOLDER', folder));
  const child: ChildProcess = spawn(
    PROGRAM,
    ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    folder,
    stop: async () => {
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      await ended;
      clearTimeout(forced);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on at present. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
