/** What tests of the own CA need: a folder, a clock, requests, and TLS between a server and a client. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { certificateRequestOf, pemOf } from '@bellwether/basics';
import { newOwnKey, type OwnKey } from './own-keys.ts';

export const DAY = 86_400_000;

/** A folder that is gone afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'own-ca-'));
  try {
    return await run(join(folder, 'tls'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A clock that only moves when it is told. It begins now: TLS looks at the real one. */
export class Clock {
  time = Date.now();
  readonly now = (): number => this.time;

  pass(ms: number): void {
    this.time += ms;
  }
}

/** A request for this key, or one for it that another signed. */
export async function requestPem(key: OwnKey, subject = 'whoever', signedBy = key): Promise<string> {
  const signer = { publicKey: key.publicKey, sign: signedBy.sign };
  const names = [{ dns: 'hub.example.gov' }];
  return pemOf('CERTIFICATE REQUEST', await certificateRequestOf({ subject, names }, signer));
}

/** A request with a key of its own. */
export async function freshRequest(
  subject?: string,
): Promise<{ readonly key: OwnKey; readonly pem: string }> {
  const key = newOwnKey();
  return { key, pem: await requestPem(key, subject) };
}

/** One request over TLS: the subject of the client that the server saw. Rejects where one refuses the other. */
export async function shake(
  server: SecureContextOptions & { readonly requestCert?: boolean },
  client: SecureContextOptions,
  name: string,
): Promise<string> {
  const listening = createServer({ ...server, minVersion: 'TLSv1.3' }, (asked, answer) => {
    const peer = (asked.socket as TLSSocket).getPeerX509Certificate();
    answer.end(peer?.subject ?? 'nobody');
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const asking = request(
        { ...client, host: '127.0.0.1', port, servername: name, agent: false },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => (text += String(chunk)));
          answer.on('end', () => resolve(text)).on('error', reject);
        },
      );
      asking.on('error', reject).end();
    });
  } finally {
    listening.closeAllConnections();
    listening.close();
  }
}

/** The first certificate of a chain. */
export function leafOf(pem: string): X509Certificate {
  return new X509Certificate(pem);
}
