/**
 * What was signed last, or is to be signed: on disk before a checkpoint of it is made, so that no size is ever signed with
 * two roots. `log-private/signing.json`: `{"origin":"hub.example.gov/log","size":"12","root":"..."}`.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, encodeBase64 } from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import { readOrNull, syncFolder, writeWhole } from './tile-files.ts';

/** A size of the log, and its root. */
export type Signing = { readonly origin: string; readonly size: bigint; readonly root: Uint8Array };

/** Name of the file. */
export const SIGNING = 'signing.json';

/** What was signed last; null where nothing was. */
export async function readSigning(privateFolder: string): Promise<Result<Signing | null, LogError>> {
  const path = join(privateFolder, SIGNING);
  const bytes = await readOrNull(path);
  if (bytes === null) return ok(null);
  try {
    const { origin, size, root } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const hash = decodeBase64(String(root));
    if (typeof origin === 'string' && hash?.length === 32 && /^[0-9]{1,20}$/.test(String(size))) {
      return ok({ origin, size: BigInt(String(size)), root: hash });
    }
  } catch {
    // Told below.
  }
  return err({ code: 'LOG_DAMAGED', detail: `${path} is not in its form` });
}

/** Keeps what is to be signed; it is on disk when this resolves. */
export async function keepSigning(privateFolder: string, { origin, size, root }: Signing): Promise<void> {
  const text = JSON.stringify({ origin, size: String(size), root: encodeBase64(root) });
  await writeWhole(join(privateFolder, SIGNING), `${text}\n`, 0);
  await syncFolder(privateFolder);
}

/** What the log of a folder is called; null while it has no entries. */
export async function originOnDisk(privateFolder: string): Promise<string | null> {
  const kept = await readSigning(privateFolder);
  return kept.isOk() ? (kept.value?.origin ?? null) : null;
}
