/**
 * One process per witness, on one computer. Node has no `flock`, so the lock is a Unix socket that somebody listens on: the
 * kernel closes it when its process ends, however that happens, and no number of a dead process can mislead.
 *
 *     STATE.lock/7        the socket of the process that has it, or of the last one that had
 *
 * A socket whose process is dead cannot be replaced in one step, so it is not: whoever finds that nobody listens at the
 * highest number takes the next one, by a link, which fails if somebody was faster. The highest is never deleted, not by its
 * owner either: so who was slow between looking and linking sees a higher one behind the link, and withdraws.
 *
 * Two computers that share a folder over a network do not see each other here; the state names its computer.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';

/** How often it is tried again when others come and go meanwhile. */
const MAX_TRIES = 100;

/**
 * How often, and with how many ms between, an owner has to answer: while a dead one's parent starts another program, the
 * kernel has its socket a moment longer.
 */
const LOOKS = 5;
const LOOK_MS = 50;

/** The number of a lock. */
const NUMBER = /^[1-9][0-9]{0,14}$/;

/** A witness that is ours. */
export type WitnessLock = {
  /** Gives it back. */
  unlock(): Promise<void>;
};

/** Takes the folder of a lock for this process, or says that another has it. Throws what the file system throws. */
export async function lockWitness(folder: string): Promise<Result<WitnessLock, AgentError>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(folder, 'r');
  const mine = `new-${randomBytes(8).toString('hex')}`;
  const server = await listening(join(shortPath(folder, handle), mine));
  const unlock = async (): Promise<void> => {
    await new Promise((closed) => server.close(closed));
    await handle.close();
  };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const last = await highest(folder);
    if (last > 0 && (await isListened(join(shortPath(folder, handle), `${last}`)))) break;
    if (!(await linked(join(folder, mine), join(folder, `${last + 1}`)))) continue;
    if ((await highest(folder)) > last + 1) {
      await rm(join(folder, `${last + 1}`), { force: true });
      continue;
    }
    for (const name of await readdir(folder)) {
      if (name !== `${last + 1}`) await rm(join(folder, name), { force: true });
    }
    return ok({ unlock });
  }
  await rm(join(folder, mine), { force: true });
  await unlock();
  return err({ code: 'WITNESS_STATE_IN_USE', detail: folder });
}

/** Addresses of sockets have a hundred bytes: on Linux, one that is short whatever the folder. */
function shortPath(folder: string, { fd }: FileHandle): string {
  return process.platform === 'linux' ? `/proc/self/fd/${fd}` : folder;
}

async function highest(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).filter((name) => NUMBER.test(name)).map(Number);
  return Math.max(0, ...numbers);
}

function listening(path: string): Promise<Server> {
  return new Promise((opened, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', failed);
    server.listen(path, () => opened(server.unref()));
  });
}

async function isListened(path: string): Promise<boolean> {
  for (let look = 1; await hasListener(path); look++) {
    if (look === LOOKS) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/** Whether somebody listens. In doubt, yes. */
function hasListener(path: string): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(path, () => {
      socket.destroy();
      told(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      told(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}

/** False if the name is taken, or somebody who has the lock swept ours away. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw cause;
  }
}
