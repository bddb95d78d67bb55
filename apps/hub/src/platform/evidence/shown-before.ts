/**
 * Whether anything was shown to others that the hub's own state knows nothing of: the published checkpoint, and the one that
 * waits for witnesses. A state that was put back from a copy looks like this; going on from it would fork the log.
 */
import { join } from 'node:path';
import { checkSignatures, isSame, type NoteKey, parseCheckpoint, parseNote } from '@bellwether/evidence';
import type { Signing } from './signing-file.ts';
import { readOrNull } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';

/** Files that others may have read, and what they are called in a sentence. */
const SHOWN = { checkpoint: 'the published checkpoint', pending: 'the checkpoint that waits for witnesses' };

/** What is wrong, as a sentence; null where nothing is. */
export async function shownBeyond(folder: string, known: Signing, key: NoteKey): Promise<string | null> {
  for (const [file, name] of Object.entries(SHOWN)) {
    const bytes = await readOrNull(join(folder, file));
    const wrong = bytes === null ? null : await wrongWith(bytes, known, key);
    if (wrong !== null) return `${name} ${wrong}`;
  }
  return null;
}

async function wrongWith(bytes: Uint8Array, known: Signing, key: NoteKey): Promise<string | null> {
  const note = parseNote(bytes);
  if (note.isErr()) return `cannot be read: ${note.error.detail}`;
  const checkpoint = parseCheckpoint(note.value.text);
  if (checkpoint.isErr()) return `cannot be read: ${checkpoint.error.detail}`;
  const { origin, size, root } = checkpoint.value;
  if (origin !== known.origin) return `is of ${origin}, not of ${known.origin}`;
  const signed = await checkSignatures(note.value, [key], nodeVerifier());
  if (signed.isErr()) return `was signed with another key: ${signed.error.detail}`;
  if (size > known.size) return `has ${size} entries, and ${known.size} are known here`;
  if (size === known.size && !isSame(root, known.root)) return `has another root of ${size} entries`;
  return null;
}
