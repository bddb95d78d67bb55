/**
 * Numbers of records that were erased, so that one which is live again is named as that and not as new. The numbers themselves
 * are gone; the vault keeps a keyed digest of each:
 *
 *     VAULT/erased-key    32 random bytes, made with the first erasure and never changed
 *     VAULT/erased        HMAC-SHA-256(erased-key, record number) in hex (RFC 2104), a line each, sorted
 *
 * Whoever holds the vault can test whether a number was erased, and learns nothing else of it; without the vault nobody can.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { type RollError, rollRefused } from './errors.ts';
import { readBounded, writeFileWhole } from './roll-files.ts';
import { vaultKeyAt } from './vault-keys.ts';

/** Erasures that are kept: each takes two people and an order, so that a large state has some hundred in a year. */
const MOST_ERASED = 100_000;

const KEY_BYTES = 32;
const LINE_BYTES = 65;
const KEY_FILE = 'erased-key';
const FILE = 'erased';

/** Whether a record number was erased. */
export type IsErased = (recordId: string) => boolean;

/** Reads what was erased. Refused where a list is there that cannot be believed: what is erased would count as new. */
export async function readErased(vault: string): Promise<Result<IsErased, RollError>> {
  const path = join(vault, FILE);
  const bytes = await readBounded(path, MOST_ERASED * LINE_BYTES);
  if (bytes === null) return ok(() => false);
  const key = vaultKeyAt(vault, KEY_FILE);
  if (key.isErr()) return key;
  const lines = linesOf(bytes);
  if (lines === null) return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is no list of erased records`);
  const erased = new Set(lines);
  return ok((recordId) => erased.has(digestOf(key.value.key, recordId)));
}

/** Notes that a record is erased: on disk when it resolves. Done twice it is as done once. */
export async function noteErased(vault: string, recordId: string): Promise<Result<void, RollError>> {
  const [path, keyPath] = [join(vault, FILE), join(vault, KEY_FILE)];
  const bytes = await readBounded(path, MOST_ERASED * LINE_BYTES);
  // A list without its key is no beginning: another key would forget everybody on it.
  if (bytes === null && !existsSync(keyPath)) await writeFileWhole(keyPath, randomBytes(KEY_BYTES));
  const key = vaultKeyAt(vault, KEY_FILE);
  if (key.isErr()) return key;
  const lines = bytes === null ? [] : linesOf(bytes);
  if (lines === null) return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is no list of erased records`);
  const all = new Set(lines).add(digestOf(key.value.key, recordId));
  if (all.size > MOST_ERASED) return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is full`);
  await writeFileWhole(
    path,
    [...all]
      .sort()
      .map((line) => `${line}\n`)
      .join(''),
  );
  return ok();
}

function digestOf(key: Uint8Array, recordId: string): string {
  return createHmac('sha256', key).update(recordId).digest('hex');
}

/** The lines of a list; null: it is none. */
function linesOf(bytes: Buffer): readonly string[] | null {
  const text = bytes.toString('latin1');
  return /^(?:[0-9a-f]{64}\n)*$/.test(text) ? text.split('\n').slice(0, -1) : null;
}
