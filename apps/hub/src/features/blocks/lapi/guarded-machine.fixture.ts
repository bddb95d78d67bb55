/**
 * A machine behind a firewall, and a network of strangers in front of it: two network namespaces with a cable between them. On the
 * machine runs what the test starts there; it reaches the hub at its own port 8118, by a Unix socket, since no address of
 * ours is in there.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { OnEnd } from '../../../platform/http/server.fixture.ts';

/** The machine, in the network for benchmarks of RFC 2544, which nobody has. */
const MACHINE = '198.18.0.1';

/** Answers whoever knocks by UDP, and hands on to the hub what comes to port 8118. */
const ON_THE_MACHINE = `
const net = require('node:net');
const echo = require('node:dgram').createSocket('udp4');
echo.on('message', (text, { port, address }) => echo.send(text, port, address)).bind(9);
net.createServer((one) => {
  const other = net.connect(process.argv[1]);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
  one.pipe(other).pipe(one);
}).listen(8118, '127.0.0.1', () => console.log('ready'));
`;

/** Knocks from the address that a line names, and says whether there was an answer within a third of a second. */
const OUTSIDE = `
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (address) => {
  const socket = require('node:dgram').createSocket('udp4');
  const end = (answer) => { clearTimeout(timer); socket.close(); console.log(answer); };
  const timer = setTimeout(() => end('no'), 333);
  socket.on('message', () => end('yes')).bind(0, address, () => socket.send('?', 9, '${MACHINE}'));
});
console.log('ready');
`;

/** The machine. */
export type GuardedMachine = {
  /** A folder for files of the test. */
  readonly folder: string;
  /** Whether the machine answers somebody. */
  answers(stranger: string): Promise<boolean>;
  /** Starts a program on the machine; it ends with the test. */
  start(program: string, ...args: readonly string[]): ChildProcess;
  /** What a program on the machine prints. */
  output(program: string, ...args: readonly string[]): string;
};

/** Makes it, with a hub at this port of our machine. `strangers`: addresses in 198.18.0.0/15. */
export async function guardedMachine(
  onEnd: OnEnd,
  port: number,
  strangers: readonly string[],
): Promise<GuardedMachine> {
  const name = randomBytes(3).toString('hex');
  const [inside, outside] = [`bw-${name}-i`, `bw-${name}-o`];
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-machine-'));
  const children: ChildProcess[] = [];
  onEnd(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const space of [inside, outside]) execFileSync('ip', ['netns', 'del', space]);
    rmSync(folder, { recursive: true, force: true });
  });
  for (const space of [inside, outside]) {
    execFileSync('ip', ['netns', 'add', space]);
    execFileSync('ip', ['-n', space, 'link', 'set', 'lo', 'up']);
  }
  const cable = [
    'link',
    'add',
    'cable',
    'netns',
    inside,
    'type',
    'veth',
    'peer',
    'name',
    'cable',
    'netns',
    outside,
  ];
  execFileSync('ip', cable);
  const addresses = [[inside, MACHINE], ...strangers.map((one) => [outside, one])] as const;
  for (const [space, address] of addresses) {
    execFileSync('ip', ['-n', space, 'address', 'add', `${address}/15`, 'dev', 'cable']);
  }
  for (const space of [inside, outside]) execFileSync('ip', ['-n', space, 'link', 'set', 'cable', 'up']);

  const socket = join(folder, 'hub.sock');
  const passing = createServer((one) => {
    const other = connect(port, '127.0.0.1');
    one.on('error', () => other.destroy());
    other.on('error', () => one.destroy());
    one.pipe(other).pipe(one);
  });
  await new Promise<void>((listening) => passing.listen(socket, listening));
  onEnd(() => void passing.close());

  const run = (space: string, program: string, args: readonly string[]): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', space, program, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    children.push(child);
    return child;
  };
  const home = run(inside, process.execPath, ['-e', ON_THE_MACHINE, socket]);
  const knocker = run(outside, process.execPath, ['-e', OUTSIDE]);
  const [homeSaid, knockerSaid] = [linesOf(home), linesOf(knocker)];
  await homeSaid();
  await knockerSaid();
  return {
    folder,
    answers: async (stranger) => {
      knocker.stdin!.write(`${stranger}\n`);
      return (await knockerSaid()) === 'yes';
    },
    start: (program, ...args) => {
      const child = run(inside, program, args);
      child.stdout!.resume();
      return child;
    },
    output: (program, ...args) =>
      execFileSync('ip', ['netns', 'exec', inside, program, ...args], { encoding: 'utf8' }),
  };
}

/** The next line that a process prints, each time it is asked. */
function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}
