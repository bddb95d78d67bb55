/**
 * The signing key of the log in a file: PKCS#8 of Ed25519 (RFC 8410) as PEM, which nobody but its owner may read.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { KeyKind, type NoteSigner, noteKey } from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import { bestHasher } from './hashing.ts';
import { syncFolder } from './tile-files.ts';

/** Name of the key in the private folder, where none is named. */
export const KEY_FILE = 'key';

/** What others than the owner may do with a key file: nothing. */
const OTHERS = 0o077;

/** Bytes of a key file: Ed25519 takes 119. */
const MOST_BYTES = 4_096;

/** Bytes of a public key at the end of its SPKI. */
const RAW = 32;

/** The signer of a log; makes the key where there is no file. */
export async function fileSigner(path: string, name: string): Promise<Result<NoteSigner, LogError>> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) await makeKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return unusable(path, (error as Error).message);
  }
  return readSigner(path, name);
}

/** Makes the file of a key. It is whole before it has its name: a process that is killed leaves a key or none, never half of one. */
async function makeKey(path: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    const file = await open(
      draft,
      constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      const { privateKey } = generateKeyPairSync('ed25519');
      await file.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link never takes the place of a key that somebody else made meanwhile.
    await link(draft, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
}

async function readSigner(path: string, name: string): Promise<Result<NoteSigner, LogError>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { mode, uid } = await file.stat();
      if ((mode & OTHERS) !== 0)
        return unusable(path, `others may read it (mode ${(mode & 0o777).toString(8)})`);
      if (process.getuid !== undefined && uid !== process.getuid())
        return unusable(path, 'it belongs to another account');
      const buffer = Buffer.alloc(MOST_BYTES);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return signerOf(createPrivateKey(buffer.subarray(0, bytesRead)), path, name);
    } finally {
      await file.close();
    }
  } catch (error) {
    return unusable(path, (error as Error).message);
  }
}

function signerOf(key: KeyObject, path: string, name: string): Result<NoteSigner, LogError> {
  if (key.asymmetricKeyType !== 'ed25519') return unusable(path, 'it is no Ed25519 key');
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return ok({
    key: noteKey(bestHasher(), name, KeyKind.note, Uint8Array.from(spki.subarray(-RAW))),
    sign: async (message) => Uint8Array.from(sign(null, message, key)),
  });
}

function unusable(path: string, why: string): Result<never, LogError> {
  return err({ code: 'LOG_KEY_UNREADABLE', detail: `${path}: ${why}` });
}
