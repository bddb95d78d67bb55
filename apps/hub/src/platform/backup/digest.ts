/** Digests of files: SHA-256 over what passes through, and the number of bytes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';

/** Passes bytes on as they are, and knows their digest when they are through. */
export class Digest extends Transform {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  /** How many passed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Their digest, 64 hexadecimal digits. To be asked once, at the end. */
  hex(): string {
    return this.#hash.digest('hex');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    done(null, chunk);
  }
}

/** The size and digest of a file. Throws what the file system throws. */
export async function digestFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
