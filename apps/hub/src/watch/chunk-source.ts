/** Inputs that come in chunks: pipes, and what is in compressed files. */
import { createReadStream } from 'node:fs';
import type { ByteSource } from './bytes-in.ts';
import { systemReason, type WatchError, watchError } from './errors.ts';
import { type Compression, InflateFailure, inflate } from './inflate.ts';

/** A source that comes in chunks. */
export class ChunkSource implements ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #path: string;
  readonly #taken: () => number;
  #rest: Buffer = Buffer.alloc(0);
  failure: WatchError | undefined;

  constructor(chunks: AsyncIterable<Buffer>, path: string, taken: () => number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#path = path;
    this.#taken = taken;
  }

  get taken(): number {
    return this.#taken();
  }

  read(into: Buffer, at: number, length: number): number | Promise<number> {
    return this.#rest.length > 0 ? this.#give(into, at, length) : this.#readOn(into, at, length);
  }

  /** The first bytes, up to `length` of them, which will be read again. */
  async peek(length: number): Promise<Buffer> {
    const head = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const count = await this.read(head, filled, length - filled);
      if (count === 0) break;
      filled += count;
    }
    const peeked = head.subarray(0, filled);
    this.#rest = this.#rest.length === 0 ? peeked : Buffer.concat([peeked, this.#rest]);
    return Buffer.from(peeked);
  }

  /** The chunks that nobody has read yet, for somebody else to go on with. */
  async *rest(): AsyncGenerator<Buffer> {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) yield rest;
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done) return;
      yield next.value;
    }
  }

  /** Lets go of what is behind, where the end was not reached. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #give(into: Buffer, at: number, length: number): number {
    const count = this.#rest.copy(into, at, 0, Math.min(length, this.#rest.length));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  async #readOn(into: Buffer, at: number, length: number): Promise<number> {
    while (this.failure === undefined) {
      try {
        const { value, done } = await this.#chunks.next();
        if (done) return 0;
        this.#rest = value;
      } catch (error) {
        this.failure =
          error instanceof InflateFailure
            ? error.problem
            : watchError('WATCH_INPUT_UNREADABLE', `${this.#path}: ${systemReason(error)}`);
        return 0;
      }
      if (this.#rest.length > 0) return this.#give(into, at, length);
    }
    return 0;
  }
}

/** Bytes that a file is read in, where it is read for somebody who unpacks it. */
const FILE_CHUNK = 128 * 1024;

/** The contents of a compressed file. */
export function compressedSource(path: string, compression: Exclude<Compression, 'none'>): ChunkSource {
  const file = createReadStream(path, { highWaterMark: FILE_CHUNK });
  return new ChunkSource(inflate(file, compression, path), path, () => file.bytesRead);
}

/** A pipe: standard input, or a file that is none (`<(zcat ...)`). */
export function pipeSource(stream: AsyncIterable<Buffer>, path: string): ChunkSource {
  let taken = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      taken += chunk.length;
      yield chunk;
    }
  }
  return new ChunkSource(counted(), path, () => taken);
}

/** What comes through a pipe, unpacked. */
export function unpackedPipe(
  pipe: ChunkSource,
  compression: Exclude<Compression, 'none'>,
  path: string,
): ChunkSource {
  return new ChunkSource(inflate(pipe.rest(), compression, path), path, () => pipe.taken);
}

/** Standard input, opened when somebody reads it and not before: that costs time that a run without it need not take. */
export function standardInput(): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() };
}
