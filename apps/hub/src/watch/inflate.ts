/**
 * Compressed logs as a stream of what is in them: gzip (RFC 1952, several members one after the other, as rotation
 * makes them) and Zstandard (RFC 8878, several frames). Nothing is held but one step of output, and a file that grows
 * beyond any log is stopped.
 */

import type { Transform } from 'node:stream';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { type WatchError, watchError } from './errors.ts';
import { MAX_WINDOW, ZstdFrames, type ZstdPiece } from './zstd-frames.ts';

/** How an input is compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/**
 * Times that a file may grow. Real firewall logs grow 10 to 30 times, the most repetitive ones seen 250 times; gzip
 * cannot do more than 1,032 (RFC 1951: 258 bytes for 2 bits), and does that only on one byte over and over.
 */
export const MAX_RATIO = 1000;

/** Bytes that every file may grow to whatever the ratio: small files of few distinct lines compress without bound. */
export const RATIO_FREE = 64 * 1024 * 1024;

/** Bytes that one compressed file may grow to at all: four days of a gigabit link that logs every packet. */
export const MAX_INFLATED = 512 * 1024 * 1024 * 1024;

/** Longest that one block of at most 128 KiB may take to unpack: a crafted one can ask for hours of copying. */
const MAX_BLOCK_MS = 2_000;

/** A failure on the way: thrown inside this folder only, and turned into a value by `ChunkSource`. */
export class InflateFailure extends Error {
  override readonly name = 'InflateFailure';
  readonly problem: WatchError;

  constructor(problem: WatchError) {
    super(problem.reason);
    this.problem = problem;
  }
}

/** Unpacks `chunks`; `path` is named in failures. Ends with an `InflateFailure` where it cannot go on. */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  compression: 'gzip' | 'zstd',
  path: string,
): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      taken += chunk.length;
      yield chunk;
    }
  }
  const inflated = compression === 'gzip' ? gunzip(counted(), path) : unzstd(counted(), path);
  for await (const out of inflated) {
    given += out.length;
    if ((given > RATIO_FREE && given > taken * MAX_RATIO) || given > MAX_INFLATED)
      throw bomb(path, taken, given);
    yield out;
  }
}

async function* gunzip(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* through(chunks, zlib.createGunzip({ chunkSize: OUTPUT_CHUNK }));
  } catch (error) {
    throw asFailure(error, path);
  }
}

/** Bytes asked of zlib at a time: fewer steps than with its 16 KiB, and little enough to hold. */
const OUTPUT_CHUNK = 128 * 1024;

/** What `transform` makes of `chunks`, read no faster than it is used. */
async function* through(chunks: AsyncIterable<Buffer>, transform: Transform): AsyncGenerator<Buffer> {
  const input = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  input.on('error', (error) => transform.destroy(error));
  input.pipe(transform);
  try {
    for await (const out of transform) yield out as Buffer;
  } finally {
    input.destroy();
    transform.destroy();
  }
}

async function* unzstd(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  const unpacker = nativeZstd === undefined ? new PlainUnpacker() : undefined;
  try {
    if (unpacker === undefined) yield* unpackNatively(pieces(chunks, frames));
    else for await (const piece of pieces(chunks, frames)) yield* unpacker.unpack(piece);
  } catch (error) {
    throw asFailure(error, path);
  }
  if (frames.fault === 'window') throw new InflateFailure(windowTooLarge(path));
  if (frames.fault !== undefined || !frames.complete) throw new InflateFailure(damaged(path));
}

async function* pieces(chunks: AsyncIterable<Buffer>, frames: ZstdFrames): AsyncGenerator<ZstdPiece> {
  for await (const chunk of chunks) {
    yield* frames.push(chunk);
    if (frames.fault !== undefined) return;
  }
}

type CreateZstd = (options: { chunkSize: number; params: Record<number, number> }) => Transform;

/** Node's own Zstandard, from 22.15 on; before it, `fzstd`. */
const nativeZstd = (zlib as { createZstdDecompress?: CreateZstd }).createZstdDecompress;

/** Node's unpacker stops at the end of a frame, so each frame has its own. */
async function* unpackNatively(all: AsyncGenerator<ZstdPiece>): AsyncGenerator<Buffer> {
  const create = nativeZstd as CreateZstd;
  const windowLogMax = (zlib.constants as Record<string, number>).ZSTD_d_windowLogMax!;
  let ended = false;
  async function* frame(): AsyncGenerator<Buffer> {
    for (;;) {
      const { value: piece, done } = await all.next();
      if (done) {
        ended = true;
        return;
      }
      yield piece.bytes;
      if (piece.last) return;
    }
  }
  while (!ended) {
    const first = await all.next();
    if (first.done) return;
    async function* whole(): AsyncGenerator<Buffer> {
      yield (first.value as ZstdPiece).bytes;
      yield* frame();
    }
    yield* through(
      whole(),
      create({ chunkSize: OUTPUT_CHUNK, params: { [windowLogMax]: Math.log2(MAX_WINDOW) } }),
    );
  }
}

/** `fzstd`, handed one block at a time, so that it never makes more than 128 KiB at once. */
class PlainUnpacker {
  #out: Buffer[] = [];
  #frame: Decompress | undefined;

  unpack({ bytes, first, last }: ZstdPiece): Buffer[] {
    if (first) this.#frame = new Decompress((part) => this.#keep(part));
    const began = performance.now();
    // A copy: it keeps what it is handed until a block is complete.
    this.#frame?.push(Uint8Array.from(bytes), last);
    if (performance.now() - began > MAX_BLOCK_MS) throw new SlowBlock();
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #keep(part: Uint8Array): void {
    if (part.length > 0) this.#out.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  }
}

class SlowBlock extends Error {}

function asFailure(error: unknown, path: string): unknown {
  if (error instanceof InflateFailure) return error;
  if (error instanceof SlowBlock) {
    return new InflateFailure(
      watchError('WATCH_ARCHIVE_BOMB', `${path}: one block takes longer to unpack than any log would`),
    );
  }
  return isUnpackError(error) ? new InflateFailure(damaged(path)) : error;
}

/** Whether an unpacker complains about its input: zlib by code, fzstd by number, or by running over its tables. */
function isUnpackError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code.startsWith('Z_') || code.startsWith('ZSTD_');
  return typeof code === 'number' || error instanceof RangeError || error instanceof TypeError;
}

function damaged(path: string): WatchError {
  return watchError('WATCH_ARCHIVE_DAMAGED', `${path} is damaged or cut off`);
}

function windowTooLarge(path: string): WatchError {
  return watchError(
    'WATCH_ARCHIVE_WINDOW',
    `${path} asks for a window of more than ${MAX_WINDOW / 1024 / 1024} MiB to be unpacked`,
  );
}

function bomb(path: string, taken: number, given: number): InflateFailure {
  const ratio = Math.floor(given / Math.max(1, taken)).toLocaleString('en-US');
  const reason =
    given > MAX_INFLATED
      ? `${path} unpacks to more than ${MAX_INFLATED / 1024 ** 3} GiB`
      : `${path} unpacks to ${ratio} times its size, and no log does that`;
  return new InflateFailure(watchError('WATCH_ARCHIVE_BOMB', reason));
}
