/**
 * What a hub that runs tells other commands on its machine: `hub.json` in the data folder, with its port and its process.
 * It is of use only while somebody holds the folder's lock.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a hub can be reached. */
export type Running = { readonly pid: number; readonly port: number };

const FILE = 'hub.json';

/** Writes it down; `folder` is the data folder. */
export function writeRunning(folder: string, running: Running): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify({ schema: 'bellwether/hub@1', ...running })}\n`, {
    mode: 0o600,
  });
}

/** What was written down last, if it can be read. */
export function readRunning(folder: string): Running | undefined {
  try {
    const { schema, pid, port } = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Record<
      string,
      unknown
    >;
    if (schema !== 'bellwether/hub@1' || typeof pid !== 'number' || typeof port !== 'number')
      return undefined;
    return { pid, port };
  } catch {
    return undefined;
  }
}

export function forgetRunning(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}
