/**
 * One process per folder: a file `lock` in it says which. Node has no `flock`, so the file names its owner well enough
 * for another process to tell whether that one still lives:
 *
 *     {"pid":4711,"started":"918273","host":"sos","boot":"0b5c...","space":"pid:[4026531836]","nonce":"9f..."}
 *
 * `started` is field 22 of /proc/PID/stat (man 5 proc), so that a process which got the number of a dead one is not
 * taken for it. `boot` tells a restart of the machine. `host` and `space` tell another machine or a container, whose
 * processes we cannot look up: there the owner's beat (it touches the file) decides. Where there is no /proc, the number
 * alone does.
 *
 * A stale lock is replaced under a lock of its own, named after the stale one: of two processes that find it, one
 * replaces it, and a third that comes late sees that it was replaced.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, readlink, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';

/** How often an owner touches its file, in ms: a start in another container waits for two, and nobody can measure it. */
const BEAT_MS = 2_000;

/** How deep locks around stale locks go: each level needs one more process that died within the same millisecond. */
const MAX_DEPTH = 4;

/** How often it is tried again when the file changes while it is looked at. */
const MAX_TRIES = 100;

/** A folder that is ours. */
export interface Lock {
  /** Gives it back. */
  unlock(): Promise<void>;
}

/** Who has it. */
export type LockedBy = { readonly pid: number; readonly path: string };

type Owner = {
  readonly pid: number;
  readonly started: string | null;
  readonly host: string;
  readonly boot: string | null;
  readonly space: string | null;
  readonly nonce: string;
};

/** What stands for an owner in a file that none of us wrote: ours get their name when they are whole. */
const NOBODY: Owner = { pid: 0, started: null, host: '', boot: null, space: null, nonce: 'nobody' };

/**
 * Takes the folder for this process, or says who has it. What was left by a process that was killed is taken over.
 * `beat` in ms, shorter in tests. Throws what the file system throws, for example when the folder may not be written.
 */
export async function lockFolder(folder: string, beat: number = BEAT_MS): Promise<Result<Lock, LockedBy>> {
  const path = join(folder, 'lock');
  const me = await thisProcess();
  const taken = await takeLock(path, me, beat, 0);
  return taken.isErr() ? taken : ok(new FileLock(path, me.nonce, beat));
}

class FileLock implements Lock {
  readonly #path: string;
  readonly #nonce: string;
  readonly #beat: NodeJS.Timeout;

  constructor(path: string, nonce: string, beat: number) {
    this.#path = path;
    this.#nonce = nonce;
    // A beat that fails is no harm: whoever can look up our process does not need it.
    this.#beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), beat).unref();
  }

  async unlock(): Promise<void> {
    clearInterval(this.#beat);
    if ((await ownerOf(this.#path))?.nonce === this.#nonce) await unlink(this.#path);
  }
}

async function takeLock(
  path: string,
  me: Owner,
  beat: number,
  depth: number,
): Promise<Result<void, LockedBy>> {
  const mine = `${path}.${me.nonce}-${depth}`;
  await writeFile(mine, `${JSON.stringify(me)}\n`, { mode: 0o600, flush: true });
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // A link to a name that is taken fails, and the file has all its content as soon as it has its name.
      if (await linked(mine, path)) return ok();
      const owner = await ownerOf(path);
      if (owner === undefined) continue;
      if (depth === MAX_DEPTH || (await lives(owner, path, me, beat))) return err({ pid: owner.pid, path });
      if (await replaced(path, mine, owner, me, beat, depth)) return ok();
      await sleep(1);
    }
    return err({ pid: 0, path });
  } finally {
    await rm(mine, { force: true });
  }
}

/** Puts our file in the place of a dead owner's, if it is still there once nobody else may replace it. */
async function replaced(
  path: string,
  mine: string,
  dead: Owner,
  me: Owner,
  beat: number,
  depth: number,
): Promise<boolean> {
  const guard = `${path}.after-${dead.nonce}`;
  const guarded = await takeLock(guard, me, beat, depth + 1);
  if (guarded.isErr()) return false;
  try {
    if ((await ownerOf(path))?.nonce !== dead.nonce) return false;
    await rename(mine, path);
    return true;
  } finally {
    await unlink(guard);
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Who the file says; undefined if there is none. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null;
    if (!Number.isInteger(owner?.pid) || !/^[0-9a-f]{16}$/.test(owner?.nonce ?? '')) return NOBODY;
    return { ...NOBODY, ...owner };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (cause instanceof SyntaxError) return NOBODY;
    throw cause;
  }
}

async function lives(owner: Owner, path: string, me: Owner, beat: number): Promise<boolean> {
  if (owner.nonce === NOBODY.nonce) return false;
  if (owner.boot === me.boot && owner.space === me.space) return runs(owner);
  // The same machine after a restart: nothing of before runs any more.
  if (owner.boot !== me.boot && owner.host === me.host) return false;
  const before = await touched(path);
  await sleep(2.5 * beat);
  return (await touched(path)) !== before;
}

async function runs(owner: Owner): Promise<boolean> {
  if (owner.started !== null) return (await startOf(owner.pid)) === owner.started;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the file was last touched: compared with itself only, never with our clock. */
async function touched(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

async function thisProcess(): Promise<Owner> {
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    host: hostname(),
    boot: await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    space: await readlink('/proc/self/ns/pid').catch(() => null),
    nonce: randomBytes(8).toString('hex'),
  };
}

/** When a process began, in ticks since the boot; null if there is none, or no /proc. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in brackets may hold anything, brackets and blanks too: fields are counted behind its end.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  // A zombie holds no file any more: it only waits for its parent.
  return fields === undefined || fields[0] === 'Z' ? null : (fields[22 - 3] ?? null);
}
