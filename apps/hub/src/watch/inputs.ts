/**
 * The inputs that were named, looked at before anything is read: that each can be opened, how it is compressed, and
 * what its first (and, of a plain file, its last) bytes are. One that cannot be read stops everything here, so that an
 * account is never made of half the files by mistake.
 */
import {
  close,
  closeSync,
  createReadStream,
  fstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { type ByteSource, PlainSource } from './bytes-in.ts';
import { type ChunkSource, compressedSource, pipeSource, unpackedPipe } from './chunk-source.ts';
import { systemReason, type WatchError, watchError } from './errors.ts';
import { refusal } from './foreign-files.ts';
import type { Compression } from './inflate.ts';

/** Bytes of an input that its format is told by: some hundred lines, and one read of a disk. */
export const HEAD_BYTES = 64 * 1024;

/** How standard input is named. */
export const STDIN = '-';

/** One input. */
export type Input = {
  /** As the user named it. */
  readonly path: string;
  readonly compression: Compression;
  /** Bytes on disk; 0 where nobody can say (a pipe). */
  readonly size: number;
  /** When the file was last written, ms since 1970; NaN for a pipe. */
  readonly changed: number;
  /** Opens it for reading from its head. A pipe can be opened once. */
  readonly open: () => Result<OpenInput, WatchError>;
  /** Lets go of an input that will not be opened: whoever writes to a pipe must not wait for us. */
  readonly release: () => void;
};

/** Both ends of an input: needed to plan, and too much to keep where files are many. */
export type Ends = {
  /** The first bytes, unpacked: at most HEAD_BYTES. */
  readonly head: Buffer;
  /** The last bytes of a plain file, at most HEAD_BYTES; empty where they cannot be had without reading everything. */
  readonly tail: Buffer;
};

/** An input that was looked at. */
export type Inspected = { readonly input: Input; readonly ends: Ends };

/** An input that is being read. */
export type OpenInput = {
  readonly source: ByteSource;
  /** The descriptor of a plain file, which any thread can read by position; undefined otherwise. */
  readonly fd: number | undefined;
  /** Lets go of the file. */
  readonly close: () => void;
};

/** Looks at inputs, one after the other; one that is named twice is an error. */
export class Inspection {
  readonly #stdin: AsyncIterable<Buffer>;
  /** By device and number, the name under which a file was looked at. */
  readonly #seen = new Map<string, string>();

  /** `stdin` is what `-` stands for. */
  constructor(stdin: AsyncIterable<Buffer>) {
    this.#stdin = stdin;
  }

  /** Looks at one input. */
  async inspect(path: string): Promise<Result<Inspected, WatchError>> {
    if (path !== STDIN) return inspectPath(path, this.#seen);
    if (this.#seen.has(STDIN)) return err(namedTwice(STDIN, STDIN));
    this.#seen.set(STDIN, STDIN);
    return inspectPipe(STDIN, this.#stdin);
  }
}

async function inspectPath(path: string, seen: Map<string, string>): Promise<Result<Inspected, WatchError>> {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return err(unopenable(path, error));
  }
  if (stats.isDirectory()) return err(watchError('WATCH_INPUT_DIRECTORY', `${path} is a folder`));
  if (!stats.isFile()) {
    return inspectPipe(path, createReadStream(path, { highWaterMark: HEAD_BYTES }));
  }
  const identity = `${stats.dev}:${stats.ino}`;
  const before = seen.get(identity);
  if (before !== undefined) return err(namedTwice(before, path));
  seen.set(identity, path);
  return inspectFile(path, stats);
}

async function inspectFile(path: string, stats: Stats): Promise<Result<Inspected, WatchError>> {
  const ends = readEnds(path, stats.size);
  if (ends.isErr()) return ends;
  const compression = compressionOf(ends.value.head);
  if (compression === 'none') {
    const refused = refusal(path, ends.value.head);
    if (refused !== undefined) return err(refused);
    const input: Input = {
      path,
      compression,
      size: stats.size,
      changed: stats.mtimeMs,
      open: () => openPlain(path, stats),
      release: nothing,
    };
    return ok({ input, ends: ends.value });
  }
  const peeked = await peekCompressed(path, compression);
  if (peeked.isErr()) return peeked;
  const input: Input = {
    path,
    compression,
    size: stats.size,
    changed: stats.mtimeMs,
    open: () => ok(openChunks(compressedSource(path, compression))),
    release: nothing,
  };
  return ok({ input, ends: { head: peeked.value, tail: Buffer.alloc(0) } });
}

async function inspectPipe(
  path: string,
  stream: AsyncIterable<Buffer>,
): Promise<Result<Inspected, WatchError>> {
  const pipe = pipeSource(stream, path);
  const raw = await pipe.peek(HEAD_BYTES);
  if (pipe.failure !== undefined) return err(pipe.failure);
  const compression = compressionOf(raw);
  let source: ChunkSource = pipe;
  let head: Buffer = raw;
  if (compression !== 'none') {
    source = unpackedPipe(pipe, compression, path);
    head = await source.peek(HEAD_BYTES);
    if (head.length === 0 && source.failure !== undefined) return err(source.failure);
  }
  const refused = refusal(path, head);
  if (refused !== undefined) {
    await source.close();
    return err(refused);
  }
  const input: Input = {
    path,
    compression,
    size: 0,
    changed: Number.NaN,
    open: () => ok(openChunks(source)),
    release: () => openChunks(source).close(),
  };
  return ok({ input, ends: { head, tail: Buffer.alloc(0) } });
}

/** The first bytes of what a compressed file holds. One that cannot even begin to be unpacked is an error. */
async function peekCompressed(
  path: string,
  compression: Exclude<Compression, 'none'>,
): Promise<Result<Buffer, WatchError>> {
  const source = compressedSource(path, compression);
  const head = await source.peek(HEAD_BYTES);
  const { failure } = source;
  await source.close();
  if (head.length === 0 && failure !== undefined) return err(failure);
  const refused = refusal(path, head);
  return refused === undefined ? ok(head) : err(refused);
}

function nothing(): void {
  // A file is held only while it is read.
}

function openChunks(source: ChunkSource): OpenInput {
  return {
    source,
    fd: undefined,
    close: () => {
      source.close().catch(() => {
        // It was to be let go, and it is.
      });
    },
  };
}

function openPlain(path: string, planned: Stats): Result<OpenInput, WatchError> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return err(unopenable(path, error));
  }
  const now = fstatSync(fd);
  if (now.dev !== planned.dev || now.ino !== planned.ino) {
    closeSync(fd);
    return err(watchError('WATCH_INPUT_CHANGED', `${path} was replaced by another file meanwhile`));
  }
  return ok({
    source: new PlainSource(fd, planned.size, path),
    fd,
    close: () => close(fd),
  });
}

/** First and last bytes of a file. */
function readEnds(path: string, size: number): Result<Ends, WatchError> {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return ok({
      head: readAt(fd, 0, Math.min(size, HEAD_BYTES)),
      tail: readAt(fd, Math.max(0, size - HEAD_BYTES), Math.min(size, HEAD_BYTES)),
    });
  } catch (error) {
    return err(unopenable(path, error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** By the first bytes, whatever the name says. */
function compressionOf(head: Buffer): Compression {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.length < 4) return 'none';
  const magic = head.readUInt32LE(0);
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none';
}

function unopenable(path: string, error: unknown): WatchError {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (missing) return watchError('WATCH_INPUT_MISSING', `${path}: there is no such file`);
  return watchError('WATCH_INPUT_UNREADABLE', `${path}: ${systemReason(error)}`);
}

function namedTwice(before: string, path: string): WatchError {
  const reason = before === path ? `${path} is named twice` : `${before} and ${path} are the same file`;
  return watchError('WATCH_INPUT_TWICE', reason);
}
