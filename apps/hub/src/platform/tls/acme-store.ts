/**
 * What is kept of ACME in the folder `tls` (0700), each file for the owner alone:
 *
 *     acme-account.pem        key of the account, PKCS #8; the directory finds the account by it
 *     acme-certificate.json   { "schema": "bellwether/acme-certificate@1", "directory", "chain", "key" }
 *
 * Chain and key are one file, since neither is of use without the other, and a power cut must not part them.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type AccountKey, accountKeyOf } from './acme-jws.ts';
import { type TlsError, tlsError } from './errors.ts';
import { type CheckedPair, checkPair } from './pair.ts';
import { readKeyFile, writePrivate } from './private-file.ts';

const ACCOUNT = 'acme-account.pem';
/** Name of the file with the certificate. */
export const ACME_CERTIFICATE = 'acme-certificate.json';

const Kept = Type.Object({
  schema: Type.Literal('bellwether/acme-certificate@1'),
  directory: Type.String(),
  chain: Type.String(),
  key: Type.String(),
});

/** A new key of P-256, PEM. */
export function newPrivateKey(): string {
  const encoding = { type: 'pkcs8', format: 'pem' } as const;
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: encoding,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

/** The key of the account; made if there is none. */
export async function accountKeyIn(folder: string): Promise<Result<AccountKey, TlsError>> {
  const path = join(folder, ACCOUNT);
  if (!existsSync(path)) await writePrivate(path, newPrivateKey());
  const read = await readKeyFile(path);
  if (read.isErr()) return read;
  const key = accountKeyOf(read.value);
  if (key !== undefined) return ok(key);
  return err(tlsError('TLS_FILE_UNREADABLE', `${path} holds no key of P-256`));
}

/** The certificate that this directory issued for this name, if it can be served at `now` (ms). */
export async function keptCertificate(
  folder: string,
  directory: string,
  name: string,
  now: number,
): Promise<Result<CheckedPair, TlsError>> {
  const path = join(folder, ACME_CERTIFICATE);
  const read = await readKeyFile(path);
  if (read.isErr()) return read;
  let kept: unknown;
  try {
    kept = JSON.parse(read.value);
  } catch {
    kept = undefined;
  }
  if (!Value.Check(Kept, kept)) {
    return err(tlsError('TLS_CERTIFICATE_INVALID', `${path} is damaged; the next certificate replaces it`));
  }
  if (kept.directory !== directory) {
    return err(tlsError('TLS_CERTIFICATE_INVALID', `another directory issued it: ${kept.directory}`));
  }
  return checkPair(kept.chain, kept.key, name, now);
}

/** Keeps a new one. */
export async function keepCertificate(
  folder: string,
  directory: string,
  { cert: chain, key }: CheckedPair,
): Promise<void> {
  const kept = { schema: 'bellwether/acme-certificate@1', directory, chain, key };
  await writePrivate(join(folder, ACME_CERTIFICATE), `${JSON.stringify(kept)}\n`);
}
