/**
 * Where the bytes of one input come from. A plain file is read synchronously (that is what makes one thread fast);
 * pipes and compressed files come in chunks (chunk-source.ts). An input that cannot be read to its end breaks off
 * there: what came before counts, and `failure` says why.
 */
import { readSync } from 'node:fs';
import { systemReason, type WatchError, watchError } from './errors.ts';

/** The bytes of one input, from its head to its end. */
export interface ByteSource {
  /** Reads up to `length` bytes into `into` at `at`. Gives how many; 0 at the end, or where the input broke off. */
  read(into: Buffer, at: number, length: number): number | Promise<number>;
  /** Bytes of the file itself (compressed, where it is) taken so far: for progress. */
  readonly taken: number;
  /** Why the input broke off. */
  readonly failure: WatchError | undefined;
}

/** A plain file, from its head to the size that it had when the work was planned. */
export class PlainSource implements ByteSource {
  readonly #fd: number;
  readonly #size: number;
  readonly #path: string;
  taken = 0;
  failure: WatchError | undefined;

  constructor(fd: number, size: number, path: string) {
    this.#fd = fd;
    this.#size = size;
    this.#path = path;
  }

  read(into: Buffer, at: number, length: number): number {
    const count = this.readAt(into, at, length, this.taken);
    this.taken += count;
    return count;
  }

  /** The same from `position` of the file; `taken` stays as it is. */
  readAt(into: Buffer, at: number, length: number, position: number): number {
    const wanted = Math.min(length, this.#size - position);
    if (wanted <= 0 || this.failure !== undefined) return 0;
    try {
      const count = readSync(this.#fd, into, at, wanted, position);
      if (count === 0) this.failure = watchError('WATCH_INPUT_CHANGED', `${this.#path} became shorter`);
      return count;
    } catch (error) {
      this.failure = watchError('WATCH_INPUT_UNREADABLE', `${this.#path}: ${systemReason(error)}`);
      return 0;
    }
  }
}
