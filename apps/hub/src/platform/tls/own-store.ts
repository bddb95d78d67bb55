/**
 * What is kept of the own small CA in the folder `tls` (0700), each file for the owner alone (0600):
 *
 *     own/ca.pem        key of the CA (PKCS #8), and its certificate
 *     own/revoked.pem   the newest list of what was revoked
 *     own/server.pem    key and certificate of the hub, and the certificate of the CA
 *
 * A key and its certificate are one file, so that nothing can part them. The folder `own` gets its name when the first two
 * are in it: a CA whose list is missing is damaged, and never one that has revoked nobody.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Certificate,
  decodePem,
  err,
  isSignedBy,
  ok,
  parseCertificate,
  parseRevocationList,
  type Result,
  type RevocationContent,
} from '@bellwether/basics';
import { type TlsError, tlsError } from './errors.ts';
import { checkSignature, type OwnKey, ownKeyOf } from './own-keys.ts';
import { type CheckedPair, checkPair } from './pair.ts';
import { readKeyFile, writePrivate } from './private-file.ts';

/** Key, certificate and list of the CA. */
export type OwnRecords = {
  readonly key: OwnKey;
  readonly certificate: Certificate;
  /** PEM. */
  readonly pem: string;
  readonly revoked: RevocationContent;
  /** PEM. */
  readonly list: string;
};

/** A CA that was just made. */
export type NewOwn = Pick<OwnRecords, 'key' | 'pem' | 'list'>;

const OWN = 'own';
const CA = 'ca.pem';
const REVOKED = 'revoked.pem';
const SERVER = 'server.pem';

/** What a process that was killed has begun: nobody has trusted or served it yet. */
const DRAFT = /^\.(?:own-)?[0-9a-f]{16}\.new$/;

/** Whether there is a CA in this folder, or was one. Closes the folder to others, and clears away what was half made. */
export async function hasOwn(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await removeDrafts(folder, '.own-');
  if (!existsSync(join(folder, OWN))) return false;
  await removeDrafts(join(folder, OWN), '.');
  return true;
}

async function removeDrafts(folder: string, begin: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(begin) && DRAFT.test(name)) await rm(join(folder, name), { recursive: true });
  }
}

/** Keeps a new CA: all of it, or nothing. Throws what the file system throws. */
export async function keepOwn(folder: string, { key, pem, list }: NewOwn): Promise<void> {
  const draft = join(folder, `.own-${randomBytes(8).toString('hex')}.new`);
  await writePrivate(join(draft, CA), key.pem + pem);
  await writePrivate(join(draft, REVOKED), list);
  await rename(draft, join(folder, OWN));
  const held = await open(folder, 'r');
  await held.sync().finally(() => held.close());
}

/** Reads the CA, and checks that its parts belong together. */
export async function readOwn(folder: string): Promise<Result<OwnRecords, TlsError>> {
  const text = await readKeyFile(join(folder, OWN, CA));
  if (text.isErr()) return kept(folder, CA, text);
  const [secret, pem] = parted(text.value);
  const key = ownKeyOf(secret);
  if (key === undefined) return damaged(folder, CA, 'it holds no key of P-256');
  const certificate = decodePem(pem, 'CERTIFICATE').map(([der = new Uint8Array()]) => parseCertificate(der));
  if (certificate.isErr()) return damaged(folder, CA, certificate.error.detail);
  const ca = certificate.value;
  if (ca.isErr()) return damaged(folder, CA, ca.error.detail);
  const { content } = ca.value;
  if (Buffer.compare(content.publicKey, key.publicKey) !== 0)
    return damaged(folder, CA, 'key and certificate differ');
  if (!content.authority || !(await isSignedBy(ca.value, key.publicKey, checkSignature))) {
    return damaged(folder, CA, 'its certificate is none of a CA');
  }
  const list = await readRevoked(folder, key, content.subject);
  return list.map((read) => ({ key, certificate: ca.value, pem, ...read }));
}

async function readRevoked(
  folder: string,
  key: OwnKey,
  issuer: string,
): Promise<Result<Pick<OwnRecords, 'revoked' | 'list'>, TlsError>> {
  const text = await readKeyFile(join(folder, OWN, REVOKED));
  if (text.isErr()) return kept(folder, REVOKED, text);
  const der = decodePem(text.value, 'X509 CRL');
  if (der.isErr()) return damaged(folder, REVOKED, der.error.detail);
  const list = parseRevocationList(der.value[0] ?? new Uint8Array());
  if (list.isErr()) return damaged(folder, REVOKED, list.error.detail);
  const ours =
    list.value.content.issuer === issuer && (await isSignedBy(list.value, key.publicKey, checkSignature));
  if (!ours) return damaged(folder, REVOKED, 'another CA signed it');
  return ok({ revoked: list.value.content, list: text.value });
}

/** Keeps a newer list. Throws what the file system throws. */
export async function keepRevoked(folder: string, list: string): Promise<void> {
  await writePrivate(join(folder, OWN, REVOKED), list);
}

/** Keeps what the hub serves. Throws what the file system throws. */
export async function keepServer(folder: string, { key, cert }: CheckedPair): Promise<void> {
  await writePrivate(join(folder, OWN, SERVER), key + cert);
}

/** What the hub served before, if it can still be served at `now` (ms) and this CA (PEM) issued it. */
export async function readServer(
  folder: string,
  name: string,
  ca: string,
  now: number,
): Promise<Result<CheckedPair, TlsError>> {
  const text = await readKeyFile(join(folder, OWN, SERVER));
  if (text.isErr()) return text;
  const [key, cert] = parted(text.value);
  if (!cert.endsWith(ca)) return err(tlsError('TLS_CERTIFICATE_INVALID', 'another CA issued it'));
  return checkPair(cert, key, name, now);
}

/** The key that a text begins with, and the certificates behind it. */
function parted(text: string): readonly [string, string] {
  const at = text.indexOf('-----BEGIN CERTIFICATE-----');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

/** A file of the CA that others may read is told as that; one that cannot be read at all is damage. */
function kept(
  folder: string,
  file: string,
  { error }: { readonly error: TlsError },
): Result<never, TlsError> {
  return error.code === 'TLS_KEY_OPEN' ? err(error) : damaged(folder, file, error.detail);
}

function damaged(folder: string, file: string, detail: string): Result<never, TlsError> {
  return err(tlsError('TLS_OWN_CA_DAMAGED', `${join(folder, OWN, file)}: ${detail}`));
}
