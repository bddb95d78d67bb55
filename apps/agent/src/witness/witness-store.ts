/**
 * The state of a witness on disk: made once, opened by one process at a time, kept whole before anything that depends on it
 * leaves.
 */
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { formatNoteKey, type Hasher } from '@bellwether/evidence';
import type { AgentError } from '../errors.ts';
import { readMark, writeMark } from './copy-marks.ts';
import { readBounded, writeWhole } from './whole-file.ts';
import { lockWitness, type WitnessLock } from './witness-lock.ts';
import {
  formatMemory,
  MAX_STATE_BYTES,
  parseMemory,
  type WitnessMemory,
  type WitnessStop,
} from './witness-state.ts';

/** A state that this process has for itself. */
export class WitnessStore {
  readonly path: string;
  readonly #lock: WitnessLock;
  #memory: WitnessMemory;

  constructor(path: string, lock: WitnessLock, memory: WitnessMemory) {
    this.path = path;
    this.#lock = lock;
    this.#memory = memory;
  }

  /** What is remembered now. */
  get memory(): WitnessMemory {
    return this.#memory;
  }

  /** Where both notes of what was refused are kept. */
  get evidence(): string {
    return `${this.path}.evidence`;
  }

  /** Keeps a change, durably. A failure changes nothing that is remembered here. */
  async keepChange(
    change: Partial<Omit<WitnessMemory, 'counter' | 'keys'>>,
  ): Promise<Result<void, AgentError>> {
    const next: WitnessMemory = { ...this.#memory, ...change, counter: this.#memory.counter + 1 };
    try {
      await writeWhole(this.path, formatMemory(next, formatNoteKey), 0o600);
      await writeMark(markOf(this.path), next.counter);
    } catch (cause) {
      return err({ code: 'WITNESS_STATE_UNWRITABLE', detail: (cause as Error).message });
    }
    this.#memory = next;
    return ok();
  }

  /** Gives the state back to others. */
  close(): Promise<void> {
    return this.#lock.unlock();
  }
}

/** Makes the file of a new witness. Never over anything: keys that are lost cannot be made again. */
export async function makeStore(path: string, memory: WitnessMemory): Promise<Result<void, AgentError>> {
  const file = resolve(path);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const locked = await lockWitness(lockOf(file));
    if (locked.isErr()) return locked;
    try {
      if ((await kindOf(file)) !== 'nothing' || ((await readMark(markOf(file))) ?? 0) > 0) {
        return err({ code: 'WITNESS_STATE_TAKEN', detail: file });
      }
      // First a mark that says nothing yet: a state without one would look like a copy.
      await writeMark(markOf(file), 0);
      await writeWhole(file, formatMemory(memory, formatNoteKey), 0o600);
      await writeMark(markOf(file), memory.counter);
      return ok();
    } finally {
      await locked.value.unlock();
    }
  } catch (cause) {
    return err({ code: 'WITNESS_STATE_UNWRITABLE', detail: (cause as Error).message });
  }
}

/** Reads a state without having it: for looking only. */
export async function lookAtMemory(path: string, hasher: Hasher): Promise<Result<WitnessMemory, AgentError>> {
  const kind = await kindOf(path);
  if (kind === 'nothing') return err({ code: 'WITNESS_STATE_MISSING', detail: path });
  if (kind === 'open') return err({ code: 'WITNESS_STATE_OPEN', detail: path });
  try {
    const text = await readBounded(path, MAX_STATE_BYTES);
    if (text === undefined) return err({ code: 'WITNESS_STATE_UNREADABLE', detail: 'it is too long' });
    return parseMemory(hasher, text);
  } catch (cause) {
    return err({ code: 'WITNESS_STATE_UNREADABLE', detail: (cause as Error).message });
  }
}

/** Takes a state for this process. Whether it is a copy is asked by `whyCopy`. */
export async function takeStore(path: string, hasher: Hasher): Promise<Result<WitnessStore, AgentError>> {
  const file = resolve(path);
  if ((await kindOf(file)) === 'nothing') return err({ code: 'WITNESS_STATE_MISSING', detail: file });
  let locked: Result<WitnessLock, AgentError>;
  try {
    locked = await lockWitness(lockOf(file));
  } catch (cause) {
    return err({ code: 'WITNESS_STATE_UNWRITABLE', detail: (cause as Error).message });
  }
  if (locked.isErr()) return locked;
  const memory = await lookAtMemory(file, hasher);
  if (memory.isErr()) {
    await locked.value.unlock();
    return memory;
  }
  return ok(new WitnessStore(file, locked.value, memory.value));
}

/** Why the state looks like a copy; null where it does not. `host`: which computer this is. */
export async function whyCopy(
  { path, memory }: WitnessStore,
  host: string | null,
): Promise<Pick<WitnessStop, 'why' | 'detail'> | null> {
  if (memory.host !== null && memory.host !== host) {
    return { why: 'other-computer', detail: 'the state was made on another computer' };
  }
  const mark = await readMark(markOf(path));
  if (mark === undefined) return { why: 'copied', detail: `${markOf(path)} does not stand beside the state` };
  if (mark <= memory.counter) return null;
  return {
    why: 'rolled-back',
    detail: `the state is number ${memory.counter}, and number ${mark} was kept here`,
  };
}

function markOf(path: string): string {
  return `${path}.mark`;
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function kindOf(path: string): Promise<'nothing' | 'open' | 'closed'> {
  try {
    const file = await open(path, 'r');
    try {
      return ((await file.stat()).mode & 0o077) === 0 ? 'closed' : 'open';
    } finally {
      await file.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 'nothing';
    // Something is there that this user may not read.
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return 'closed';
    throw cause;
  }
}
