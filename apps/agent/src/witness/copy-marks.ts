/**
 * How a witness notices that its state is a copy, before it signs anything: a state that was put back from a backup has
 * forgotten what it signed since, and could sign the opposite.
 *
 *     STATE.mark/counter        the counter of the state that was kept last
 *     STATE.mark/CACHEDIR.TAG   asks backups to leave this folder out (https://bford.info/cachedir/)
 *
 * The counter is written after the state. One that is ahead of the state, or missing, shows a state that was put back; a
 * `host` in the state that is another shows one that was carried to another computer. A disk that was put back as a whole shows
 * neither: there, cosignatures of its own that the witness meets and does not remember are what is left (cosigner.ts).
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded, syncFolder, writeWhole } from './whole-file.ts';

/** The first line that the convention asks for. */
const CACHE_TAG =
  'Signature: 8a477f597d28d172789f06886806bc55\n# Not for backups: a witness that is put back must notice it.\n';

/** Bytes of a counter. */
const MAX_COUNTER_BYTES = 32;

/** Writes the counter, durably. */
export async function writeMark(folder: string, counter: number): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) {
    await writeWhole(join(folder, 'CACHEDIR.TAG'), CACHE_TAG, 0o600);
    await syncFolder(join(folder, '..'));
  }
  await writeWhole(join(folder, 'counter'), `${counter}\n`, 0o600);
}

/** The counter; undefined where there is none that can be read. */
export async function readMark(folder: string): Promise<number | undefined> {
  const text = await readBounded(join(folder, 'counter'), MAX_COUNTER_BYTES);
  return text !== undefined && /^(?:0|[1-9][0-9]{0,14})\n$/.test(text) ? Number(text) : undefined;
}

/** Which computer this is: a hash of its machine-id (man 5 machine-id, which asks for one); null where it has none. */
export async function thisComputer(path = '/etc/machine-id'): Promise<string | null> {
  const id = await readFile(path, 'utf8').catch(() => '');
  if (!/^[0-9a-f]{32}\s*$/.test(id)) return null;
  return createHash('sha256').update(`bellwether/witness-host@1\n${id.trim()}\n`).digest('hex');
}
