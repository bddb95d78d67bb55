/**
 * Changes `bellwether.yaml` for people who set a state up in the browser. What they or others wrote there before, and
 * their comments, stay as they are; a change that would leave the hub without a valid configuration is not made.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { parseDocument } from 'yaml';
import { type ConfigError, readConfig } from './config.ts';

/** Sets keys at the top of the configuration; `undefined` takes one out. On disk when it returns. */
export function changeConfig(
  path: string,
  changes: Readonly<Record<string, unknown>>,
): Result<void, ConfigError> {
  const fresh = `${path}.new`;
  try {
    const document = parseDocument(existsSync(path) ? readFileSync(path, 'utf8') : '');
    for (const [key, value] of Object.entries(changes)) {
      // A file that says nothing is no map, and has nothing to take out.
      if (value === undefined) {
        if (document.has(key)) document.delete(key);
      } else document.set(key, document.createNode(value));
    }
    writeThrough(fresh, document.contents === null ? '' : document.toString());
    const read = readConfig(fresh);
    if (read.isErr()) {
      rmSync(fresh, { force: true });
      return err({ code: read.error.code, detail: read.error.detail.replace(fresh, path) });
    }
    renameSync(fresh, path);
    return ok();
  } catch (error) {
    rmSync(fresh, { force: true });
    return err({ code: 'CONFIG_UNREADABLE', detail: `${path}: ${(error as Error).message}` });
  }
}

function writeThrough(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
