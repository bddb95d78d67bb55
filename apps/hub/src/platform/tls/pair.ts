/**
 * A chain of certificates and its key, as they may be served: checked before they are, wherever they come from. PEM as
 * RFC 7468 writes it; the order of the chain as RFC 8446, 4.4.2 asks for it (each certifies the one before it).
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { err, ok, type Result } from '@bellwether/basics';
import { type TlsError, tlsError } from './errors.ts';
import type { ServingCertificate } from './tls-types.ts';

/** A pair that may be served, and since when. Times are ms since 1970. */
export type CheckedPair = ServingCertificate & { readonly notBefore: number };

/** A chain is three or four certificates of 2 KiB; with RSA of 16,384 bits and every extension it stays below this. Bytes. */
export const MOST_PEM = 256 * 1024;

/** The leaf, and more certificates above it than any public CA has. */
const LONGEST_CHAIN = 10;

/** RSA keys below this are refused by browsers and by RFC 9325, 4.5. Bits. */
const LEAST_RSA = 2048;

/** Curves that browsers check signatures of. */
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Extended key usages (RFC 5280, 4.2.1.12): a server of TLS, and any at all. */
const FOR_SERVERS: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0']);

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Takes the pair if a browser that asks for `name` at `now` (ms) could. */
export function checkPair(
  chain: string,
  key: string,
  name: string,
  now: number,
): Result<CheckedPair, TlsError> {
  if (chain.length > MOST_PEM || key.length > MOST_PEM) return invalid('it is longer than any certificate');
  const certificates = parseChain(chain);
  if (certificates.isErr()) return certificates;
  const leaf = certificates.value[0]!;
  const fault = faultOfChain(certificates.value) ?? faultOfLeaf(leaf, name, now);
  if (fault !== undefined) return invalid(fault);
  const secret = readKey(key);
  if (secret === undefined) return invalid('the key is no PEM of a private key, or a passphrase protects it');
  if (!leaf.checkPrivateKey(secret)) {
    return err(tlsError('TLS_KEY_MISMATCH', `the certificate of ${subjectOf(leaf)} has another key`));
  }
  const weak = faultOfKey(secret);
  if (weak !== undefined) return invalid(weak);
  // What is passed on is written anew: nothing else that stood in the files reaches the server.
  const cert = certificates.value.map((one) => one.toString()).join('');
  const pair = { cert, key: secret.export({ type: 'pkcs8', format: 'pem' }) as string };
  try {
    createSecureContext(pair);
  } catch (error) {
    return invalid((error as Error).message);
  }
  return ok({ ...pair, notBefore: Date.parse(leaf.validFrom), notAfter: Date.parse(leaf.validTo) });
}

function parseChain(pem: string): Result<readonly X509Certificate[], TlsError> {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return invalid('there is no certificate in the file');
  if (blocks.length > LONGEST_CHAIN) return invalid(`there are ${blocks.length} certificates in the file`);
  try {
    return ok(blocks.map((block) => new X509Certificate(block)));
  } catch {
    return invalid('a certificate in the file is damaged');
  }
}

/** Each certificate is followed by the one that certifies it. */
function faultOfChain(chain: readonly X509Certificate[]): string | undefined {
  for (const [place, below] of chain.entries()) {
    const above = chain[place + 1];
    if (above === undefined) return undefined;
    if (!above.ca || !below.checkIssued(above) || !below.verify(above.publicKey)) {
      return `certificate ${place + 2} of the file (${subjectOf(above)}) did not issue the one before it (${subjectOf(below)})`;
    }
  }
  return undefined;
}

function faultOfLeaf(leaf: X509Certificate, name: string, now: number): string | undefined {
  if (leaf.checkHost(name, { subject: 'never' }) === undefined) {
    const named = leaf.subjectAltName ?? 'no name';
    return `it is for ${named.slice(0, 200)}, and not for ${name}`;
  }
  const usages = leaf.keyUsage as readonly string[] | undefined;
  if (usages !== undefined && !usages.some((usage) => FOR_SERVERS.has(usage))) {
    return 'it is not for servers (its extended key usage names none)';
  }
  const [from, until] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  if (now < from) return `it is in force from ${dayOf(from)} only`;
  if (now >= until) return `it ended on ${dayOf(until)}`;
  return undefined;
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function faultOfKey(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    return modulusLength >= LEAST_RSA ? undefined : `an RSA key of ${modulusLength} bits is too short`;
  }
  if (key.asymmetricKeyType === 'ec' && CURVES.has(namedCurve)) return undefined;
  return `browsers do not take a key of the kind ${key.asymmetricKeyType} ${namedCurve}`.trimEnd();
}

/** The subject on one line, as far as anybody reads. */
function subjectOf({ subject }: X509Certificate): string {
  return (subject ?? 'no subject').replaceAll('\n', ', ').slice(0, 120);
}

/** A day, as people and logs write it alike. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function invalid(detail: string): Result<never, TlsError> {
  return err(tlsError('TLS_CERTIFICATE_INVALID', detail));
}
