/**
 * Bytes of messages that were kept from somebody, in files by their SHA-256: what a person looks at before they let one go, and what is
 * learned from. Only who may read the data folder reads them there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { READ_LIMITS } from '@bellwether/mail';

/** The files. */
export class KeptBytes {
  readonly #folder: string;

  /** `folder`: made when the first message comes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps bytes that have this sum; false: they have another, and are not kept. Throws what the file system throws. */
  keep(sha256: string, bytes: Uint8Array): boolean {
    if (bytes.length > READ_LIMITS.messageBytes) return false;
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return false;
    const path = this.#pathOf(sha256);
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    // Whole or not at all: a name is given when all of it is there.
    const partial = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(partial, bytes, { mode: 0o600 });
    renameSync(partial, path);
    return true;
  }

  /** The bytes; null where they are not kept. */
  read(sha256: string): Buffer | null {
    try {
      return readFileSync(this.#pathOf(sha256)).subarray(0, READ_LIMITS.messageBytes);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cause;
    }
  }

  forget(sha256: string): void {
    rmSync(this.#pathOf(sha256), { force: true });
  }

  #pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('no SHA-256 in hex');
    return join(this.#folder, sha256.slice(0, 2), `${sha256}.eml`);
  }
}
