/**
 * Certificate and key in files of somebody else, who renews them: read again and again, so that a renewal needs no
 * restart. A pair that cannot be served is refused and told, and the one before it goes on being served.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ok, type Result } from '@bellwether/basics';
import { TLS_ERRORS, type TlsError, tlsError } from './errors.ts';
import { type CheckedPair, checkPair } from './pair.ts';
import { readKeyFile, readPem } from './private-file.ts';
import { type OnTrouble, Serving } from './serving.ts';
import type { CertificateSource } from './tls-types.ts';

/** Files in PEM, and the name that they have to be for. */
export type GivenFiles = { readonly name: string; readonly certificate: string; readonly key: string };

/** What a test may choose, and who is told. */
export type GivenOptions = { readonly every?: number; readonly onTrouble?: OnTrouble };

/**
 * The files are read so often, ms. By their content and not by a watch of the system: tools of renewal replace files and
 * links in ways that watches miss, and two small files cost nothing.
 */
const READ_EVERY = 5_000;

/** Opens it; fails where the pair that is there now cannot be served. */
export async function openGiven(
  files: GivenFiles,
  now: () => number,
  { every = READ_EVERY, onTrouble }: GivenOptions = {},
): Promise<Result<CertificateSource, TlsError>> {
  const first = await readGiven(files, now());
  if (first.isErr()) return first;
  const serving = new Serving(first.value, onTrouble);
  const stopping = new AbortController();
  const ended = readAgain(serving, files, now, every, stopping.signal);
  const close = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return ok(serving.asSource(close));
}

/** The pair in the files, if it can be served at `now` (ms). */
export async function readGiven(
  { name, certificate, key }: GivenFiles,
  now: number,
): Promise<Result<CheckedPair, TlsError>> {
  const chain = await readPem(certificate);
  if (chain.isErr()) return chain;
  const secret = await readKeyFile(key);
  if (secret.isErr()) return secret;
  return checkPair(chain.value.text, secret.value, name, now).mapErr(({ code, detail }) =>
    tlsError(code, `${certificate}: ${detail}`),
  );
}

/** Reads until it is stopped. Each time anew, and not only what changed: a certificate also begins and ends. */
async function readAgain(
  serving: Serving,
  files: GivenFiles,
  now: () => number,
  every: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // The pause is the only thing here that can fail, and only because it was ended.
    await pause(every, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return;
    const read = await readGiven(files, now());
    if (read.isOk()) serving.serve(read.value);
    else serving.say(troubleOf(read.error));
  }
}

/** A failure as one sentence or two. */
export function troubleOf({ code, detail }: TlsError): string {
  return `${TLS_ERRORS[code].message} ${detail}`;
}
