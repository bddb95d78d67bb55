/** The bytes of the vault's file: vault.ts tells them. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ok, type Result } from '@bellwether/basics';
import { type RollError, rollRefused } from './errors.ts';
import { OTHERS, VAULT_KEY_NAME, vaultKeyAt } from './vault-keys.ts';

/** Keys of a chunk: one voter's key is found by unwrapping 256 KB. */
export const CHUNK_KEYS = 4_096;

/** Bytes of a handle and its key. */
export const PAIR_BYTES = 64;

/** Bytes of the longest header line. */
const MOST_HEAD = 512;

const HANDLE_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BEFORE = 4 + HANDLE_BYTES + NONCE_BYTES;

/** The header line. */
export type VaultHead = {
  readonly schema: 'bellwether/vault@1';
  /** File of the vault key. */
  readonly key: string;
  /** Chunks that follow each other by handle; what was added stands behind them, each chunk by itself. */
  readonly sorted: number;
  /** By chance, new with each writing of the file. */
  readonly writing: string;
};

/** Where a chunk stands. */
export type Chunk = { readonly at: number; readonly count: number; readonly first: Uint8Array };

/** Wraps chunks, from number `next` on. */
export class Chunks {
  readonly #head: VaultHead;
  readonly #key: Uint8Array;
  #next: number;

  constructor(head: VaultHead, key: Uint8Array, next: number) {
    this.#head = head;
    this.#key = key;
    this.#next = next;
  }

  /** What the file begins with. */
  header(): Uint8Array {
    return Buffer.from(`${JSON.stringify(this.#head)}\n`);
  }

  /** The chunks of some pairs. */
  add(pairs: Uint8Array): Uint8Array {
    const count = pairs.length / PAIR_BYTES;
    const most = CHUNK_KEYS * PAIR_BYTES;
    const chunks = Math.ceil(count / CHUNK_KEYS);
    const out = Buffer.alloc(pairs.length + chunks * (BEFORE + TAG_BYTES));
    let at = 0;
    for (let from = 0; from < pairs.length; from += most) {
      const some = pairs.subarray(from, from + most);
      const nonce = randomBytes(NONCE_BYTES);
      out.writeUInt32BE(some.length / PAIR_BYTES, at);
      out.set(some.subarray(0, HANDLE_BYTES), at + 4);
      out.set(nonce, at + 4 + HANDLE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
      cipher.setAAD(boundTo(this.#head, this.#next++, out.subarray(at, at + 4 + HANDLE_BYTES)));
      out.set(cipher.update(some), at + BEFORE);
      cipher.final();
      out.set(cipher.getAuthTag(), at + BEFORE + some.length);
      at += BEFORE + some.length + TAG_BYTES;
    }
    return out;
  }
}

/** A vault's file, open, with its key. */
export class OpenChunks {
  readonly head: VaultHead;
  readonly key: Uint8Array;
  readonly chunks: readonly Chunk[];
  /** Behind the last whole chunk. */
  readonly end: number;
  readonly #file: number;

  constructor(file: number, head: VaultHead, key: Uint8Array, chunks: readonly Chunk[], end: number) {
    this.#file = file;
    this.head = head;
    this.key = key;
    this.chunks = chunks;
    this.end = end;
  }

  /** The pairs of a chunk; null: it was changed. */
  pairs(chunk: number): Uint8Array | null {
    const { at, count } = this.chunks[chunk]!;
    const to = BEFORE + count * PAIR_BYTES;
    const bytes = readAt(this.#file, at, to + TAG_BYTES);
    const open = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(4 + HANDLE_BYTES, BEFORE));
    open.setAAD(boundTo(this.head, chunk, bytes.subarray(0, 4 + HANDLE_BYTES)));
    open.setAuthTag(bytes.subarray(to, to + TAG_BYTES));
    const pairs = open.update(bytes.subarray(BEFORE, to));
    try {
      open.final();
      return pairs;
    } catch {
      pairs.fill(0);
      return null;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** All pairs by handle, one of them left out; null: a chunk was changed. */
  all(without: Uint8Array | null): Uint8Array | null {
    const total = this.chunks.reduce((sum, { count }) => sum + count, 0);
    const all = Buffer.alloc(total * PAIR_BYTES);
    let end = 0;
    let isSorted = true;
    for (let chunk = 0; chunk < this.chunks.length; chunk++) {
      const pairs = this.pairs(chunk);
      if (pairs === null) return null;
      for (let at = 0; at < pairs.length; at += PAIR_BYTES) {
        const handle = pairs.subarray(at, at + HANDLE_BYTES);
        if (without !== null && Buffer.compare(handle, without) === 0) continue;
        isSorted &&=
          end === 0 || all.compare(handle, 0, HANDLE_BYTES, end - PAIR_BYTES, end - HANDLE_BYTES) < 0;
        all.set(pairs.subarray(at, at + PAIR_BYTES), end);
        end += PAIR_BYTES;
      }
      pairs.fill(0);
    }
    const kept = all.subarray(0, end);
    return isSorted ? kept : sortedPairs(kept);
  }
}

/** Opens a vault's file, and reads its key. */
export function readVaultFile(path: string, keys: string): Result<OpenChunks, RollError> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    return rollRefused('ROLL_VAULT_UNUSABLE', (error as Error).message);
  }
  const read = readChunks(file, path, keys);
  if (read.isErr()) closeSync(file);
  return read;
}

function readChunks(file: number, path: string, keys: string): Result<OpenChunks, RollError> {
  const { size, mode } = fstatSync(file);
  if ((mode & OTHERS) !== 0) {
    return rollRefused('ROLL_VAULT_UNUSABLE', `others may read ${path} (mode ${(mode & 0o777).toString(8)})`);
  }
  const start = readAt(file, 0, Math.min(size, MOST_HEAD));
  const line = start.indexOf(10);
  const head = headOf(start.subarray(0, Math.max(0, line)).toString('utf8'));
  if (head === null) return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is no vault`);
  const key = vaultKeyAt(keys, head.key);
  if (key.isErr()) return key;
  const chunks: Chunk[] = [];
  let at = line + 1;
  while (at + BEFORE + TAG_BYTES <= size) {
    const before = readAt(file, at, 4 + HANDLE_BYTES);
    const count = before.readUInt32BE(0);
    const end = at + BEFORE + count * PAIR_BYTES + TAG_BYTES;
    if (count === 0 || count > CHUNK_KEYS) {
      return rollRefused('ROLL_VAULT_UNUSABLE', `${path}: a chunk of ${count} keys at byte ${at}`);
    }
    if (end > size) break;
    chunks.push({ at, count, first: before.subarray(4) });
    at = end;
  }
  if (chunks.length < head.sorted) return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is cut off`);
  return ok(new OpenChunks(file, head, key.value.key, chunks, at));
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const read = readSync(file, bytes, at, length - at, position + at);
    if (read === 0) throw new Error('the vault became shorter while it was read');
    at += read;
  }
  return bytes;
}

function headOf(line: string): VaultHead | null {
  try {
    const head = JSON.parse(line) as VaultHead;
    const isRight =
      head.schema === 'bellwether/vault@1' &&
      VAULT_KEY_NAME.test(head.key) &&
      Number.isInteger(head.sorted) &&
      /^[0-9a-f]{32}$/.test(head.writing);
    return isRight ? head : null;
  } catch {
    return null;
  }
}

/** What a chunk is bound to: this writing of the file, its place, how many keys, and the first handle. */
function boundTo({ schema, writing }: VaultHead, chunk: number, before: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${schema} ${writing} ${chunk} `), before]);
}

function sortedPairs(pairs: Buffer): Uint8Array {
  const count = pairs.length / PAIR_BYTES;
  const order = Array.from({ length: count }, (_, at) => at).sort((a, b) =>
    pairs.compare(
      pairs,
      b * PAIR_BYTES,
      b * PAIR_BYTES + HANDLE_BYTES,
      a * PAIR_BYTES,
      a * PAIR_BYTES + HANDLE_BYTES,
    ),
  );
  const sorted = Buffer.alloc(pairs.length);
  for (const [to, from] of order.entries()) {
    pairs.copy(sorted, to * PAIR_BYTES, from * PAIR_BYTES, (from + 1) * PAIR_BYTES);
  }
  pairs.fill(0);
  return sorted;
}
