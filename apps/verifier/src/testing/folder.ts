/** Folders and the program, for tests. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const DIST = new URL('../../dist/', import.meta.url).pathname;
const PROGRAM = join(DIST, 'bellwether-verify.js');

/** A folder that is gone when the tests of the file are over. */
export function folderOfTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-verify-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The program as people run it. */
export function verify(...args: string[]) {
  if (!existsSync(PROGRAM)) throw new Error('the verifier is not built: run `npm run build`');
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
