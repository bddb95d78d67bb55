/**
 * Real data that may not be part of the project: it lies in the folder named by BELLWETHER_CORPORA.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Paths whose absence has been reported, so that each is reported once. */
const reported = new Set<string>();

/**
 * The path of a corpus below the folder of corpora, or undefined, with one line on stderr that says why: a suite that
 * gets undefined has not run.
 */
export function corpus(path: string): string | undefined {
  const folder = process.env.BELLWETHER_CORPORA;
  const found = folder === undefined || folder === '' ? undefined : join(folder, path);
  if (found !== undefined && existsSync(found)) return found;
  if (!reported.has(path)) {
    reported.add(path);
    const reason = found === undefined ? 'BELLWETHER_CORPORA is not set' : `${found} is not there`;
    process.stderr.write(`not run: suites that need corpus ${path}, because ${reason}\n`);
  }
  return undefined;
}
