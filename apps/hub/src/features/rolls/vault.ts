/**
 * The vault: every voter's key, in one file that is outside PostgreSQL and its backups. Keys are wrapped in chunks by the vault
 * key of the month (AES-256-GCM, NIST SP 800-38D), which lies in a file of its own (vault-keys.ts):
 *
 *     VAULT/voter-keys     a line of JSON, then chunks:
 *                          u32 count ‖ first handle ‖ nonce (12) ‖ count × (handle ‖ key), wrapped ‖ tag (16)
 *
 * What is wrapped is bound to its place and to this writing of the file, so that chunks cannot be swapped or put back. Adding
 * appends a chunk. Erasing writes the file again without the key, under a new vault key, and destroys the old one: then nobody
 * can read older copies of the file, unless the vault key was copied with it.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { syncNames, writeAll } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import { namesIn } from './roll-files.ts';
import type { VoterKeys } from './roll-ports.ts';
import { CHUNK_KEYS, Chunks, type OpenChunks, PAIR_BYTES, readVaultFile } from './vault-file.ts';
import { destroyVaultKey, makeVaultKey, OTHERS, VAULT_KEY_NAME } from './vault-keys.ts';

/**
 * Days after which a copy of the vault has to be gone: five weeks, so that a month's mistake can still be undone. Whoever copies
 * the folder has to keep this; an erasure is complete when the last copy from before it is gone.
 */
export const VAULT_BACKUP_DAYS = 35;

const DAY = 86_400_000;
const KEY_BYTES = 32;
const FILE = 'voter-keys';

/** The day from which no copy holds a key that is erased on a day (both YYYY-MM-DD). */
export function erasureComplete(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) + VAULT_BACKUP_DAYS * DAY).toISOString().slice(0, 10);
}

/** Makes a vault of pairs by handle: `handle ‖ key`, 64 bytes each. `now`: ms since 1970. */
export function createVault(folder: string, pairs: Uint8Array, now: () => number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeVault(folder, pairs, now);
}

/** Opens a vault for the one process that may change it, and mends what a crash left. Others make a `Vault` themselves. */
export async function openVault(folder: string, now: () => number): Promise<Result<Vault, RollError>> {
  const current = readVault(folder);
  if (current.isErr()) return current;
  current.value.close();
  await destroyOthers(folder, current.value.head.key);
  return ok(new Vault(folder, now));
}

/** A vault. Nothing of it stays in memory between calls. */
export class Vault implements VoterKeys {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Puts the keys of all these handles (32 bytes each, sorted) to `out`, in their order; how many are missing. */
  readKeys(handles: Uint8Array, out: Uint8Array): Result<number, RollError> {
    const wanted = Buffer.from(handles.buffer, handles.byteOffset, handles.length);
    const count = handles.length / KEY_BYTES;
    return this.#reading((read) => {
      let missing = count;
      let next = 0;
      for (let chunk = 0; chunk < read.chunks.length; chunk++) {
        const pairs = read.pairs(chunk);
        if (pairs === null) return this.#damaged(chunk);
        for (let at = 0; at < pairs.length; at += PAIR_BYTES) {
          // Nearly always the next one; what was added to the vault stands behind, and is looked for.
          const isNext = next < count && isSameHandle(wanted, next, pairs, at);
          const place = isNext ? next : placeOf(wanted, count, pairs, at);
          if (place < 0) continue;
          next = place + 1;
          out.set(pairs.subarray(at + KEY_BYTES, at + PAIR_BYTES), place * KEY_BYTES);
          missing--;
        }
        pairs.fill(0);
      }
      return ok(missing);
    });
  }

  async keysFor(handles: readonly Uint8Array[]): Promise<Result<readonly (Uint8Array | null)[], RollError>> {
    return this.#reading((read) => {
      const wanted = new Map(handles.map((handle, at) => [keyOf(handle), at]));
      const found = handles.map((): Uint8Array | null => null);
      for (const chunk of chunksWith(read, handles)) {
        const pairs = read.pairs(chunk);
        if (pairs === null) return this.#damaged(chunk);
        for (let at = 0; at < pairs.length; at += PAIR_BYTES) {
          const place = wanted.get(keyOf(pairs.subarray(at, at + KEY_BYTES)));
          if (place !== undefined)
            found[place] = Uint8Array.from(pairs.subarray(at + KEY_BYTES, at + PAIR_BYTES));
        }
        pairs.fill(0);
      }
      return ok(found);
    });
  }

  async addKeys(
    handles: readonly Uint8Array[],
    keys: readonly Uint8Array[],
  ): Promise<Result<void, RollError>> {
    if (handles.length !== keys.length) throw new RangeError('each handle has a key');
    if (handles.length === 0) return ok();
    const current = await this.#wrapByThisMonth();
    if (current.isErr()) return current;
    const pairs = Buffer.alloc(handles.length * PAIR_BYTES);
    const order = handles.map((_, at) => at).sort((a, b) => Buffer.compare(handles[a]!, handles[b]!));
    for (const [to, at] of order.entries()) {
      pairs.set(handles[at]!, to * PAIR_BYTES);
      pairs.set(keys[at]!, to * PAIR_BYTES + KEY_BYTES);
    }
    return this.#reading((read) => {
      const bytes = new Chunks(read.head, read.key, read.chunks.length).add(pairs);
      pairs.fill(0);
      const fd = openSync(join(this.#folder, FILE), 'r+');
      try {
        // What stands behind the last whole chunk was cut off, and nobody was told that it is kept.
        ftruncateSync(fd, read.end);
        for (let at = 0; at < bytes.length; )
          at += writeSync(fd, bytes, at, bytes.length - at, read.end + at);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      return ok();
    });
  }

  async eraseKey(handle: Uint8Array): Promise<Result<{ readonly completeFrom: string }, RollError>> {
    const rewritten = await this.#wrapAgain(handle);
    if (rewritten.isErr()) return rewritten;
    return ok({ completeFrom: erasureComplete(new Date(this.#now()).toISOString().slice(0, 10)) });
  }

  /** Wraps everything by a new vault key, and destroys the old one. */
  async rotateKey(): Promise<Result<void, RollError>> {
    return this.#wrapAgain(null);
  }

  async #wrapByThisMonth(): Promise<Result<void, RollError>> {
    const month = `key-${monthOf(this.#now())}`;
    const isCurrent = this.#reading(({ head }) => ok(head.key.startsWith(month)));
    if (isCurrent.isErr()) return isCurrent;
    return isCurrent.value ? ok() : this.rotateKey();
  }

  async #wrapAgain(without: Uint8Array | null): Promise<Result<void, RollError>> {
    const written = this.#reading((read) => {
      const all = read.all(without);
      if (all === null) return this.#damaged(0);
      const key = writeVault(this.#folder, all, this.#now);
      all.fill(0);
      return ok(key);
    });
    if (written.isErr()) return written;
    await destroyOthers(this.#folder, written.value);
    return ok();
  }

  #reading<T>(useVault: (read: OpenChunks) => Result<T, RollError>): Result<T, RollError> {
    const read = readVault(this.#folder);
    if (read.isErr()) return read;
    try {
      return useVault(read.value);
    } finally {
      read.value.close();
    }
  }

  #damaged(chunk: number): Result<never, RollError> {
    const detail = `${join(this.#folder, FILE)}: chunk ${chunk} was changed, or its key is another one`;
    return rollRefused('ROLL_VAULT_UNUSABLE', detail);
  }
}

/** Key first, then the file under its name: what a crash leaves between is a key that wraps nothing. The name of the key. */
function writeVault(folder: string, pairs: Uint8Array, now: () => number): string {
  const { name, key } = makeVaultKey(folder, monthOf(now()));
  const sorted = Math.ceil(pairs.length / PAIR_BYTES / CHUNK_KEYS);
  const chunks = new Chunks(
    { schema: 'bellwether/vault@1', key: name, sorted, writing: randomBytes(16).toString('hex') },
    key,
    0,
  );
  const draft = join(folder, `${FILE}.new`);
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeAll(fd, chunks.header());
    const step = CHUNK_KEYS * PAIR_BYTES;
    for (let from = 0; from < pairs.length; from += step) {
      writeAll(fd, chunks.add(pairs.subarray(from, from + step)));
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, join(folder, FILE));
  syncNames(folder);
  return name;
}

function readVault(folder: string): Result<OpenChunks, RollError> {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return rollRefused('ROLL_VAULT_ABSENT', `${folder} is missing`);
  if ((found.mode & OTHERS) !== 0) {
    return rollRefused(
      'ROLL_VAULT_UNUSABLE',
      `others may read ${folder} (mode ${(found.mode & 0o777).toString(8)})`,
    );
  }
  // The keeper may write the file again between its line and its key: then both are read again.
  const read = readVaultFile(join(folder, FILE), folder);
  return read.isOk() ? read : readVaultFile(join(folder, FILE), folder);
}

/** Destroys every vault key but one, and drafts. */
async function destroyOthers(folder: string, current: string): Promise<void> {
  rmSync(join(folder, `${FILE}.new`), { force: true });
  for (const name of await namesIn(folder)) {
    if (name !== current && VAULT_KEY_NAME.test(name)) destroyVaultKey(folder, name);
  }
}

/** Chunks in which one of these handles may stand. */
function chunksWith({ chunks, head }: OpenChunks, handles: readonly Uint8Array[]): readonly number[] {
  const wanted = new Set<number>();
  for (const handle of handles) {
    let low = 0;
    let high = head.sorted;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(chunks[middle]!.first, handle) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low > 0) wanted.add(low - 1);
  }
  for (let chunk = head.sorted; chunk < chunks.length; chunk++) wanted.add(chunk);
  return [...wanted];
}

/** Place of a handle among sorted ones; -1: it is none of them. */
function placeOf(sorted: Buffer, count: number, pairs: Uint8Array, at: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = sorted.compare(pairs, at, at + KEY_BYTES, middle * KEY_BYTES, (middle + 1) * KEY_BYTES);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

function isSameHandle(sorted: Buffer, place: number, pairs: Uint8Array, at: number): boolean {
  const from = place * KEY_BYTES;
  for (let i = 0; i < KEY_BYTES; i++) if (sorted[from + i] !== pairs[at + i]) return false;
  return true;
}

function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

function keyOf(handle: Uint8Array): string {
  return Buffer.from(handle.buffer, handle.byteOffset, handle.length).toString('latin1');
}
