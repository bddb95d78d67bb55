/**
 * Reads a content that is bytes and not JSON: bounded while it arrives, unpacked within a bound of its own. The whole of it
 * or nothing: a connection that ends in the middle leaves nothing behind.
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import { type HttpError, httpError } from './errors.ts';

/** Bounds of contents. Bytes. */
export type BodyLimits = {
  /** Of one, as it arrives and unpacked. */
  readonly one: number;
  /** Of all that are in memory at the same time. */
  readonly all: number;
  /** How many are unpacked at the same time. */
  readonly unpacking: number;
};

/** As much as the intake takes at once (its `MOST_BYTES`): more would be read only to be refused. */
const ONE = 16 * 1024 * 1024;

/** Four of the largest: a fifth of a second of intake at full speed, and a small part of the hub's 400 MB. */
const ALL = 64 * 1024 * 1024;

/** Unpacking 16 MiB takes a core some 50 ms; more than two at a time would starve the disk of libuv's four threads. */
const UNPACKING = 2;

/** The bounds of a server that says nothing else. */
export const BODY_LIMITS: BodyLimits = { one: ONE, all: ALL, unpacking: UNPACKING };

/** Output is unpacked in pieces of this size: large enough that joining them costs little. */
const UNPACKED_PIECE = 256 * 1024;

const unpack = promisify(gunzip);

/** A content that was read; `release` when it is not in memory any more. */
export type Body = { readonly bytes: Buffer; release(): void };

/** Reads contents, and knows how much of them is in memory. */
export class Bodies {
  readonly #limits: BodyLimits;
  #held = 0;
  #unpacking = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: BodyLimits = BODY_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#held;
  }

  /** Reads the content of a request. `encoding`: its header `content-encoding`. */
  async readBody(request: IncomingMessage, encoding: string | undefined): Promise<Result<Body, HttpError>> {
    const isPacked = encoding === 'gzip' || encoding === 'x-gzip';
    if (!isPacked && encoding !== undefined && encoding !== 'identity') {
      return err(httpError('HTTP_MEDIA_TYPE', `it is packed with ${encoding}, and only gzip is unpacked`));
    }
    const arrived = await this.#arrive(request);
    if (arrived.isErr() || !isPacked) return arrived;
    await this.#turn();
    try {
      return await this.#unpacked(arrived.value);
    } finally {
      this.#unpacking--;
      this.#waiting.shift()?.();
    }
  }

  #arrive(request: IncomingMessage): Promise<Result<Body, HttpError>> {
    const { one, all } = this.#limits;
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > one) return Promise.resolve(err(tooLarge(one)));
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      let size = 0;
      const end = (result: Result<Body, HttpError>): void => {
        request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
        if (result.isErr()) {
          this.#held -= size;
          request.on('error', () => {});
          request.resume();
        }
        resolve(result);
      };
      const onData = (piece: Buffer): void => {
        size += piece.length;
        this.#held += piece.length;
        if (size > one) end(err(tooLarge(one)));
        else if (this.#held > all)
          end(err(httpError('HTTP_BUSY', 'other batches fill the memory for batches')));
        else pieces.push(piece);
      };
      const onEnd = (): void =>
        end(ok(this.#bodyOf(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size))));
      const onCut = (): void => end(err(httpError('HTTP_BODY_UNFINISHED', `${size} bytes had come`)));
      request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
    });
  }

  async #unpacked(packed: Body): Promise<Result<Body, HttpError>> {
    const { one, all } = this.#limits;
    try {
      const bytes = await unpack(packed.bytes, { maxOutputLength: one, chunkSize: UNPACKED_PIECE });
      if (this.#held + bytes.length > all) {
        return err(httpError('HTTP_BUSY', 'other batches fill the memory for batches'));
      }
      this.#held += bytes.length;
      return ok(this.#bodyOf(bytes));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return err(code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(one) : httpError('HTTP_BODY_DAMAGED', message));
    } finally {
      packed.release();
    }
  }

  /** The bytes are counted as held already. */
  #bodyOf(bytes: Buffer): Body {
    let isHeld = true;
    return {
      bytes,
      release: () => {
        if (isHeld) this.#held -= bytes.length;
        isHeld = false;
      },
    };
  }

  async #turn(): Promise<void> {
    while (this.#unpacking >= this.#limits.unpacking) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#unpacking++;
  }
}

function tooLarge(one: number): HttpError {
  return httpError('HTTP_BODY_TOO_LARGE', `a batch holds at most ${one} bytes, packed or not`);
}
