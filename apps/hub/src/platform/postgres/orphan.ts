/**
 * A PostgreSQL that outlived its hub (which was killed): it still has the cluster, so it is stopped before another one
 * is started. Called only by who holds the lock of the cluster: no other hub needs it any more.
 */
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { type PostgresError, postgresError } from './errors.ts';

/** How long it may take to end its connections and write what it holds, before it is told to end at once. */
const FAST_LIMIT_MS = 60_000;

/** How long ending at once may take. */
const IMMEDIATE_LIMIT_MS = 20_000;

/** Between two looks whether it is gone. */
const LOOK_MS = 50;

/** Stops what still runs on the cluster, and clears away a pid file that names a stranger. */
export async function stopOrphan(cluster: string): Promise<Result<void, PostgresError>> {
  const pid = postmasterPid(cluster);
  if (pid === undefined) return ok();
  if (runsOn(pid, cluster)) {
    for (const [signal, limit] of [
      ['SIGINT', FAST_LIMIT_MS],
      ['SIGQUIT', IMMEDIATE_LIMIT_MS],
    ] as const) {
      process.kill(pid, signal);
      if (await gone(pid, cluster, limit)) return ok();
    }
    const reason = `a PostgreSQL that an earlier hub left behind (process ${pid}) does not stop`;
    return err(postgresError('POSTGRES_IN_USE', reason));
  }
  // The number was given to another process since: PostgreSQL itself could not tell, and would refuse to start.
  if (postmasterPid(cluster) === pid) rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return ok();
}

/**
 * Clears away the lock of a socket whose PostgreSQL was killed. Only after `stopOrphan`: PostgreSQL itself would refuse
 * to start while any process has the number in it, also a dead one that nobody has collected yet, or a stranger.
 */
export function clearSocketLock(socket: string, port: number): void {
  rmSync(join(socket, `.s.PGSQL.${port}.lock`), { force: true });
}

/** The process that the cluster's pid file names. */
export function postmasterPid(cluster: string): number | undefined {
  try {
    const text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
    const pid = Number.parseInt(text, 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process is a PostgreSQL of this cluster: it works in the cluster's folder. */
function runsOn(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}

async function gone(pid: number, cluster: string, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  while (runsOn(pid, cluster)) {
    if (performance.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
