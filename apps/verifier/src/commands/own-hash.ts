/** The hash of this program: what is compared with `dist/SHA256SUMS`. A program that was changed can say what it likes: hash the file. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** SHA-256 of the file that runs, hex. */
export function ownHash(): string {
  return createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
}
