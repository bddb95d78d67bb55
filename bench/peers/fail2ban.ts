/**
 * fail2ban-server with its polling backend and one jail; the lines are appended once it stands, and it has read them
 * when it no longer uses CPU.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuOf, memoryOf } from '../running/processes.ts';
import { type Peer, type PeerInput, type PeerMissing, type PeerResult, pause } from './peer.ts';
import { programPath, unpack } from './unpack.ts';

/** The filter of each input: those that the package ships for such a log. */
const FILTERS: Readonly<Record<string, string>> = { sshd: 'sshd', nginx: 'nginx-botsearch' };

/** Longest that one input may take, ms. */
const PATIENCE = 120_000;

/** It polls once a second: when it is idle for three seconds it has read everything. */
const QUIET = 3_000;

/** fail2ban as Debian packages it, in a folder of its own below `cache`. */
export function fail2ban(cache: string, core: number): Peer | { readonly reason: string } {
  const shim = programPath('python3');
  if (shim === undefined) return { reason: 'no python3 here' };
  // What is on the PATH may be a script that picks a Python; its work is not fail2ban's.
  const python = execFileSync(shim, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const packed = join(cache, 'fail2ban');
  const unpacked = unpack(['fail2ban'], join(cache, 'debs'), packed);
  if ('reason' in unpacked) return unpacked;
  return {
    name: 'fail2ban',
    reads: Object.keys(FILTERS),
    run: async (input) => {
      const run = join(cache, 'fail2ban-run');
      configure(packed, run, FILTERS[input.name]!);
      const env = { ...process.env, PYTHONPATH: join(packed, 'usr/lib/python3/dist-packages') };
      const program = (name: string) => [
        join(packed, 'usr/bin', name),
        '-c',
        run,
        '-s',
        join(run, 'socket'),
        '-p',
        join(run, 'pid'),
      ];
      const server = spawn(
        'taskset',
        ['-c', `${core}`, python, ...program('fail2ban-server'), '-f', '-x', '--logtarget', join(run, 'log')],
        { env, stdio: 'ignore' },
      );
      try {
        return await readLines(server, unpacked.version, run, input, () =>
          execFileSync(python, [...program('fail2ban-client'), 'status', 'bench'], { env, encoding: 'utf8' }),
        );
      } finally {
        server.kill();
      }
    },
  };
}

function configure(packed: string, run: string, filter: string): void {
  rmSync(run, { recursive: true, force: true });
  cpSync(join(packed, 'etc/fail2ban'), run, { recursive: true });
  rmSync(join(run, 'jail.d'), { recursive: true, force: true });
  mkdirSync(join(run, 'jail.d'));
  writeFileSync(join(run, 'in.log'), '');
  writeFileSync(join(run, 'fail2ban.local'), `[Definition]\ndbfile = ${join(run, 'fail2ban.sqlite3')}\n`);
  // Its default looks back ten minutes from now and would skip lines of another day; nothing is banned on this machine.
  const settings = ['backend = polling', 'action =', 'banaction =', 'findtime = 3650d', 'usedns = no'];
  const jail = ['[bench]', 'enabled = true', `filter = ${filter}`, `logpath = ${join(run, 'in.log')}`];
  writeFileSync(join(run, 'jail.local'), ['[DEFAULT]', ...settings, ...jail, ''].join('\n'));
}

async function readLines(
  server: ChildProcess,
  version: string,
  run: string,
  input: PeerInput,
  status: () => string,
): Promise<PeerResult | PeerMissing> {
  const missing = (reason: string): PeerMissing => ({ peer: 'fail2ban', input: input.name, reason });
  const log = join(run, 'log');
  for (
    let waited = 0;
    !(existsSync(log) && readFileSync(log, 'utf8').includes("Jail 'bench' started"));
    waited += 100
  ) {
    if (server.exitCode !== null || waited > 20_000) return missing('fail2ban-server did not start');
    await pause(100);
  }
  const pid = server.pid!;
  const startup = await quietCpu(pid);
  appendFileSync(join(run, 'in.log'), readFileSync(input.path));
  await pause(2 * QUIET);
  const end = await quietCpu(pid);
  const [, matched] = /Total failed:\s*(\d+)/.exec(status()) ?? [];
  return {
    peer: 'fail2ban',
    version,
    input: input.name,
    lines: input.lines,
    cpu: end - startup,
    startup,
    memory: memoryOf(pid),
    matched: matched === undefined ? null : Number(matched),
  };
}

/** CPU-seconds once the process has been idle for a while. Idle polling takes less than 2 % of a core. */
async function quietCpu(pid: number): Promise<number> {
  let last = cpuOf(pid);
  let quietFor = 0;
  for (let waited = 0; quietFor < QUIET && waited < PATIENCE; waited += 500) {
    await pause(500);
    const now = cpuOf(pid);
    quietFor = now - last <= 0.02 ? quietFor + 500 : 0;
    last = now;
  }
  return last;
}
