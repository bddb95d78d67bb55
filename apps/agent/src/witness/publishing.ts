/**
 * What a witness shows the world by a web server of its own, outside the hub: the last that it saw, so that a hub which shows
 * somebody an older state is found out.
 *
 *     DIR/<hex SHA-256 of the origin>/checkpoint     as C2SP tlog-witness names it
 *     DIR/<hex SHA-256 of the origin>/statement      the last statement of its second key, a note
 *
 * How old they are stands in them, signed. Who reads them judges that: older than 26 hours is no statement.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { originHash } from './listening.ts';
import { writeWhole } from './whole-file.ts';

/** Publishes one of the two, in one step. Throws what the file system throws. */
export async function publishNote(
  folder: string,
  origin: string,
  what: 'checkpoint' | 'statement',
  note: string,
): Promise<void> {
  const place = join(folder, originHash(origin));
  // Others have to read it: a web server of another account.
  await mkdir(place, { recursive: true, mode: 0o755 });
  await writeWhole(join(place, what), note, 0o644);
}
