/**
 * Key and certificate of a TLS listener, from files that may be renewed while it runs: they are looked at again and again,
 * and new ones hold for new connections. New ones that cannot be used are told, and the old ones stay.
 */
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import { err, ok, type Result } from '@bellwether/basics';
import type { SocketsError } from './errors.ts';
import type { SocketsLog } from './listener.ts';

/** Files in PEM. */
export type TlsFiles = {
  readonly key: string;
  readonly cert: string;
  /** Whose certificates senders must show; without it, anybody may send. */
  readonly clientCa?: string;
};

/** TLS 1.2 is what RFC 9325 still allows, and what devices of these years speak. */
const MIN_VERSION = 'TLSv1.2';

/** Longest file: a chain of certificates has a few KiB. */
const MAX_FILE = 1024 * 1024;

/** Files are looked at so often, ms: certificates are renewed days before they end. */
const LOOK_EVERY = 60_000;

/** Reads the files and makes sure that they can be used. */
export async function loadTls({
  key,
  cert,
  clientCa,
}: TlsFiles): Promise<Result<SecureContextOptions, SocketsError>> {
  const contents: Buffer[] = [];
  for (const path of clientCa === undefined ? [key, cert] : [key, cert, clientCa]) {
    try {
      if ((await stat(path)).size > MAX_FILE) {
        return err({ code: 'SOCKETS_TLS_UNREADABLE', detail: `${path} is longer than any certificate` });
      }
      contents.push(await readFile(path));
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
      return err({ code: 'SOCKETS_TLS_UNREADABLE', detail: `${path}: ${reason}` });
    }
  }
  const [keyPem, certPem, ca] = contents;
  const options: SecureContextOptions = {
    key: keyPem,
    cert: certPem,
    minVersion: MIN_VERSION,
    ...(ca === undefined ? {} : { ca }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    return err({ code: 'SOCKETS_TLS_INVALID', detail: `${cert} and ${key}: ${(error as Error).message}` });
  }
  return ok(options);
}

/** Keeps a server's certificate as new as its files; gives the function that stops it. */
export function renewTls(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  log: SocketsLog,
  every = LOOK_EVERY,
): () => void {
  let seen: string | undefined;
  let looking = false;
  const lookAgain = async () => {
    if (looking) return;
    looking = true;
    const now = await stamp(files);
    if (seen !== undefined && now !== seen) {
      const loaded = await loadTls(files);
      if (loaded.isOk()) {
        server.setSecureContext(loaded.value);
        log.info({ cert: files.cert }, 'new certificate');
      } else log.warn({ ...loaded.error }, 'the new certificate cannot be used; the old one stays');
    }
    seen = now;
    looking = false;
  };
  void lookAgain();
  const timer = setInterval(() => void lookAgain(), every);
  timer.unref();
  return () => clearInterval(timer);
}

/** Times and sizes of the files, as one text. */
async function stamp({ key, cert, clientCa }: TlsFiles): Promise<string> {
  const stamps = [key, cert, clientCa ?? cert].map(async (path) => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}`;
  });
  return (await Promise.all(stamps)).join(' ');
}
