/** Where the certificate of the hub comes from, as the configuration chooses: files, a directory, or the hub itself. */
import { err } from '@bellwether/basics';
import { openAcme } from './acme.ts';
import { tlsError } from './errors.ts';
import { openGiven } from './given.ts';
import type { OnTrouble } from './serving.ts';
import type { OpenCertificates } from './tls-types.ts';

/** What the source is told, and whom it tells. */
export type CertificateOptions = {
  /** Called when something goes wrong while a new one is to be had, and with null when that is over. */
  readonly onTrouble?: OnTrouble;
  /** Whether there is an administrator; nobody, if nothing is said. ACME on another address than the loopback waits for one. */
  readonly hasAdministrator?: () => boolean;
};

/** Opens the source that the configuration names. */
export async function openCertificates(
  config: Parameters<OpenCertificates>[0],
  folder: string,
  now: () => number,
  options: CertificateOptions = {},
): ReturnType<OpenCertificates> {
  const { name, host, certificate, key, acme, own } = config;
  if (certificate !== undefined && key !== undefined) {
    return openGiven({ name, certificate, key }, now, options);
  }
  if (acme !== undefined) {
    return openAcme({ name, acme, ...(host === undefined ? {} : { host }) }, folder, now, options);
  }
  return err(tlsError('TLS_OWN_CA_DAMAGED', `${own} ${folder}`));
}
