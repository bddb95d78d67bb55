/** A log in a folder of its own, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '@bellwether/basics';
import { afterAll, onTestFinished } from 'vitest';
import type { LogError } from './errors.ts';
import { openEvidenceLog } from './log.ts';
import { fileSigner } from './log-key.ts';
import type { EvidenceLog } from './log-types.ts';

/** What the logs of tests are called. */
export const ORIGIN = 'test.example/log';

/** A folder that is gone after the test in which this is called; outside of one, after the tests of the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-log-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Does something when the test is over, or the file. */
export function atEnd(work: () => void): void {
  try {
    onTestFinished(work);
  } catch {
    afterAll(work);
  }
}

/** Opens the log in a folder. */
export async function openIn(folder: string): Promise<Result<EvidenceLog, LogError>> {
  const signer = (await fileSigner(join(folder, 'key'), ORIGIN)).okOrThrow();
  return openEvidenceLog({
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    origin: ORIGIN,
    signer,
  });
}
