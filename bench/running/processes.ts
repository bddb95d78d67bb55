/**
 * How long a whole process takes, and how much memory: from the kernel's own account (GNU time and /proc), start-up,
 * shut-down and every thread included.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a finished process used. */
export type Used = {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of user and system time, all threads and children. */
  readonly cpu: number;
  /** Largest resident set, MB (10^6 bytes). */
  readonly memory: number;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Clock ticks a second in /proc (USER_HZ): 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Output of one process that is kept: a JSON account with a long list of what came through is a few megabytes. */
const OUTPUT_BYTES = 1 << 28;

/** Runs a command to its end on the given cores ("1", "0,1"). */
export function measure(cores: string, command: readonly string[], cwd?: string): Used {
  const report = join(tmpdir(), `bellwether-bench-${process.pid}.time`);
  const began = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(
    '/usr/bin/time',
    ['-f', '%U %S %M', '-o', report, 'taskset', '-c', cores, ...command],
    { encoding: 'utf8', maxBuffer: OUTPUT_BYTES, cwd },
  );
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  if (error) throw error;
  // A line "Command exited with non-zero status" may stand before the figures.
  const [user, system, kilobytes] = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .at(-1)!
    .split(' ')
    .map(Number);
  rmSync(report);
  return {
    wall,
    cpu: user! + system!,
    memory: (kilobytes! * 1024) / 1e6,
    status: status ?? -1,
    stdout,
    stderr,
  };
}

/** Seconds of CPU that a running process has used so far, all threads included. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Largest resident set of a running process so far, MB. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** The run with the median wall time. */
export function median(runs: readonly Used[]): Used {
  const sorted = [...runs].sort((a, b) => a.wall - b.wall);
  return sorted[sorted.length >> 1]!;
}
