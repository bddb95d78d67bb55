/** Check of HTTPS: there is a certificate, it can be served under the hub's name, and it is not about to end. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import type { Config } from '../config.ts';
import type { DataFolder } from '../folder.ts';
import { ACME_CERTIFICATE, keptCertificate } from '../tls/acme-store.ts';
import { TLS_ERRORS, type TlsError } from '../tls/errors.ts';
import { readGiven } from '../tls/given.ts';
import { readOwn, readServer } from '../tls/own-store.ts';
import type { CheckedPair } from '../tls/pair.ts';
import type { HttpsConfig } from '../tls/tls-types.ts';
import { type Check, fine, wrong } from './check.ts';

const DAY_MS = 86_400_000;

/** Two weeks: time to find out who renews a certificate, and to have it done. */
const LEAST_LEFT_MS = 14 * DAY_MS;

/** Of a certificate that lives for days only, a sixth: it is renewed at two thirds. */
const LEAST_SHARE = 1 / 6;

/** Looks at the certificate that a hub would serve at `now` (ms). Makes nothing and asks nobody. */
export async function httpsCheck(
  { https }: Config,
  { tls }: Pick<DataFolder, 'tls'>,
  now: number,
): Promise<Check> {
  if (https === undefined)
    return fine('https', 'it is not set up: the hub is reached from this machine alone');
  const found = await certificateOfHub(https, tls, now);
  if (found.isErr()) {
    const { code, detail } = found.error;
    const { message, help } = TLS_ERRORS[code];
    return wrong('https', `${message.replace(/\.$/, '')}: ${detail}`, help);
  }
  if (found.value === 'none yet') {
    if (https.own === true) return fine('https', 'the hub makes its own certificate when it starts');
    return wrong('https', 'no certificate was issued yet', TLS_ERRORS.TLS_ACME_FAILED.help);
  }
  const { notBefore, notAfter } = found.value;
  const left = notAfter - now;
  const days = Math.floor(left / DAY_MS);
  const detail = `the certificate for ${https.name} holds for ${days} more day${days === 1 ? '' : 's'}`;
  if (left >= Math.min(LEAST_LEFT_MS, (notAfter - notBefore) * LEAST_SHARE)) return fine('https', detail);
  return wrong('https', detail, helpToRenew(https));
}

/** The certificate as it lies in its files. */
async function certificateOfHub(
  { name, certificate, key, acme }: HttpsConfig,
  folder: string,
  now: number,
): Promise<Result<CheckedPair | 'none yet', TlsError>> {
  if (certificate !== undefined && key !== undefined) return readGiven({ name, certificate, key }, now);
  if (acme !== undefined) {
    if (!existsSync(join(folder, ACME_CERTIFICATE))) return ok('none yet');
    return keptCertificate(folder, acme.directory, name, now);
  }
  if (!existsSync(join(folder, 'own'))) return ok('none yet');
  const own = await readOwn(folder);
  if (own.isErr()) return own;
  const server = await readServer(folder, name, own.value.pem, now);
  // What cannot be served of it, the hub makes anew.
  return server.isErr() ? ok('none yet') : server;
}

function helpToRenew({ acme, own }: HttpsConfig): string {
  if (acme !== undefined) return TLS_ERRORS.TLS_ACME_FAILED.help;
  if (own === true) return 'Start the hub: it renews its certificate by itself.';
  return 'Have it renewed, and put the new files in the place of the old ones: no restart is needed.';
}
