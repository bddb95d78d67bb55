/**
 * A log that came from a backup is at rest: it is given out, and takes nothing. If it had grown since the backup, and others
 * saw it, what is added here would be a second history of the same log, and every witness would refuse both. No program can
 * know what others saw, so a person asks them, and says how many entries they know of.
 *
 * Where they know more, a mirror has it: its checkpoint and tiles are copied over those of the backup, and the log goes on
 * from there. All of it is hashed before.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkSignatures,
  entryHashes,
  formatNoteKey,
  GrowingTree,
  isSame,
  type NoteKey,
  type NoteSigner,
  parseCheckpoint,
  parseNote,
  parseNoteKey,
} from '@bellwether/evidence';
import { lockFolder } from '../lock.ts';
import type { LogError } from './errors.ts';
import { bestHasher } from './hashing.ts';
import { readBundles } from './log-reading.ts';
import { keepSigning, readSigning, type Signing } from './signing-file.ts';
import { readOrNull, syncFolder, type TileFile, TileFiles, writeWhole } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';

/** Says that the log is at rest: `{"madeAt":"2026-11-22T02:00:00.000Z"}`. */
const AT_REST = 'at-rest.json';

/** The public key of the log, as others are told it. */
export const PUBLIC_KEY = 'vkey';

/** Tiles that are written at a time. */
const TILES_AT_ONCE = 1_024;

/** The folders of a log. */
export type LogFolders = { readonly folder: string; readonly privateFolder: string };

/** Why the log is at rest, as a sentence; null where it is not. */
export async function restedSince(privateFolder: string): Promise<string | null> {
  const bytes = await readOrNull(join(privateFolder, AT_REST));
  if (bytes === null) return null;
  const { madeAt } = JSON.parse(Buffer.from(bytes).toString()) as { readonly madeAt: string };
  return `it is that of a backup of ${madeAt}`;
}

/** Lays a log to rest that comes from a backup. */
export async function layToRest(privateFolder: string, madeAt: string): Promise<void> {
  await writeWhole(join(privateFolder, AT_REST), `${JSON.stringify({ madeAt })}\n`, 0);
  await syncFolder(privateFolder);
}

/** Keeps the public key: a log at rest is checked with it, and has no other. */
export async function keepPublicKey(privateFolder: string, key: NoteKey): Promise<void> {
  const text = `${formatNoteKey(key)}\n`;
  const path = join(privateFolder, PUBLIC_KEY);
  const kept = await readOrNull(path);
  if (kept !== null && Buffer.from(kept).toString() === text) return;
  await writeWhole(path, text, 0);
  await syncFolder(privateFolder);
}

/** What a log at rest is opened with: its public key, and nothing that signs. */
export async function restingSigner(privateFolder: string): Promise<Result<NoteSigner, LogError>> {
  const key = await readPublicKey(privateFolder);
  return key.map((value) => ({
    key: value,
    sign: () => Promise.reject(new Error('a log at rest signs nothing')),
  }));
}

/**
 * Lets a log go on that was at rest. `seen`: entries of the newest checkpoint that others know of. Gives the entries that it
 * goes on from; null where it was not at rest.
 */
export async function wakeLog(folders: LogFolders, seen: bigint): Promise<Result<bigint | null, LogError>> {
  const { folder, privateFolder } = folders;
  if ((await restedSince(privateFolder)) === null) return ok(null);
  const lock = await lockFolder(privateFolder);
  if (lock.isErr()) {
    return err({ code: 'LOG_LOCKED', detail: `process ${lock.error.pid} has ${lock.error.path}` });
  }
  try {
    const kept = await readSigning(privateFolder);
    if (kept.isErr()) return kept;
    if (kept.value === null) return damaged('it has no entries');
    const brought = await readBrought(folders, kept.value);
    if (brought.isErr()) return brought;
    const { size } = brought.value;
    if (seen > size) {
      return err({ code: 'LOG_SEEN_LARGER', detail: `others know of ${seen} entries, and here are ${size}` });
    }
    if (size > kept.value.size) {
      const grown = await growTo(new TileFiles(folder), kept.value, brought.value);
      if (grown.isErr()) return grown;
      await keepSigning(privateFolder, brought.value);
    }
    await rm(join(privateFolder, AT_REST));
    await syncFolder(privateFolder);
    return ok(size);
  } finally {
    await lock.value.unlock();
  }
}

/** What the published checkpoint says, if it is a larger one that the log itself signed; else what was kept. */
async function readBrought(
  { folder, privateFolder }: LogFolders,
  kept: Signing,
): Promise<Result<Signing, LogError>> {
  const bytes = await readOrNull(join(folder, 'checkpoint'));
  if (bytes === null) return ok(kept);
  const key = await readPublicKey(privateFolder);
  if (key.isErr()) return key;
  const note = parseNote(bytes);
  if (note.isErr()) return damaged(`the checkpoint cannot be read: ${note.error.detail}`);
  const signed = await checkSignatures(note.value, [key.value], nodeVerifier());
  if (signed.isErr()) return damaged(`the checkpoint is not signed by the log: ${signed.error.detail}`);
  const checkpoint = parseCheckpoint(note.value.text);
  if (checkpoint.isErr()) return damaged(`the checkpoint cannot be read: ${checkpoint.error.detail}`);
  const { origin, size, root } = checkpoint.value;
  if (origin !== kept.origin) return damaged(`the checkpoint is of ${origin}, not of ${kept.origin}`);
  if (size === kept.size && !isSame(root, kept.root)) return damaged('the checkpoint has another root');
  return ok(size > kept.size ? { origin, size, root } : kept);
}

/** Hashes all entries up to the larger size: both roots have to come out. Only then are the tiles of it written. */
async function growTo(files: TileFiles, kept: Signing, to: Signing): Promise<Result<void, LogError>> {
  try {
    for (const isWriting of [false, true]) {
      const hashed = await hashAgain(files, kept, to, isWriting);
      if (hashed.isErr()) return hashed;
    }
    return ok();
  } catch (error) {
    return damaged((error as Error).message);
  }
}

async function hashAgain(
  files: TileFiles,
  kept: Signing,
  to: Signing,
  isWriting: boolean,
): Promise<Result<void, LogError>> {
  const hasher = bestHasher();
  let tiles: TileFile[] = [];
  const tree = new GrowingTree(hasher, (tile, hashes) => {
    if (isWriting) tiles.push({ tile, bytes: hashes.slice() });
  });
  for (const { size, root } of [kept, to]) {
    for await (const { entries } of readBundles(files, tree.size, size, to.size)) {
      tree.append(entryHashes(hasher, entries));
      if (tiles.length < TILES_AT_ONCE) continue;
      await files.write(tiles);
      tiles = [];
    }
    if (!isSame(tree.root(), root)) return damaged(`the entries have another root at ${size}`);
  }
  tree.flush();
  await files.write(tiles);
  return ok();
}

async function readPublicKey(privateFolder: string): Promise<Result<NoteKey, LogError>> {
  const path = join(privateFolder, PUBLIC_KEY);
  const bytes = await readOrNull(path);
  const key = bytes === null ? null : parseNoteKey(bestHasher(), Buffer.from(bytes).toString().trim());
  if (key === null) return err({ code: 'LOG_KEY_MISSING', detail: path });
  return key.mapErr(({ detail }) => ({ code: 'LOG_KEY_UNREADABLE', detail: `${path}: ${detail}` }) as const);
}

function damaged(detail: string): Result<never, LogError> {
  return err({ code: 'LOG_DAMAGED', detail });
}
