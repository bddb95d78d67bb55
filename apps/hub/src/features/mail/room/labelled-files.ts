/** What people said of messages, as `bellwether mail learn` takes it: a folder `ham` and a folder `phish`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type LabelledAs = 'ham' | 'phish';

/** The folders. */
export class LabelledFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts a message in; what was said of it before is forgotten. Throws what the file system throws. */
  put(as: LabelledAs, sha256: string, bytes: Uint8Array): void {
    for (const label of ['ham', 'phish'] as const) {
      const folder = join(this.#folder, label);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${sha256}.eml`);
      if (label === as) writeFileSync(path, bytes, { mode: 0o600 });
      else rmSync(path, { force: true });
    }
  }
}
