/** Where the certificate of the hub comes from, as the configuration chooses: files, a directory, or the hub itself. */
import type { Result } from '@bellwether/basics';
import { openAcme } from './acme.ts';
import type { TlsError } from './errors.ts';
import { openGiven } from './given.ts';
import { openOwnCa, ownCertificates } from './own.ts';
import type { CertificateOptions, CertificateSource, HttpsConfig } from './tls-types.ts';

/** Opens the source that the configuration names. `folder`: where keys and certificates of the hub itself are kept (0700). */
export async function openCertificates(
  config: HttpsConfig,
  folder: string,
  now: () => number,
  options: CertificateOptions = {},
): Promise<Result<CertificateSource, TlsError>> {
  const { name, host, certificate, key, acme } = config;
  if (certificate !== undefined && key !== undefined) {
    return openGiven({ name, certificate, key }, now, options);
  }
  if (acme !== undefined) {
    return openAcme({ name, acme, ...(host === undefined ? {} : { host }) }, folder, now, options);
  }
  const ca = await openOwnCa(folder, now);
  return ca.isErr() ? ca : ownCertificates(ca.value, name, now, options);
}
