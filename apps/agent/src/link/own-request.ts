/** The agent's key (P-256), and its request for a certificate (PKCS #10). Who it is, the hub says: the request names nobody. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { certificateRequestOf, pemOf, type Signer } from '@bellwether/basics';

/** A new key: PKCS #8, PEM. */
export function newAgentKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** A request for the certificate of a key, PEM. */
export async function requestFor(key: string): Promise<string> {
  const secret = createPrivateKey(key);
  const signer: Signer = {
    publicKey: new Uint8Array(createPublicKey(secret).export({ type: 'spki', format: 'der' })),
    sign: async (bytes) => new Uint8Array(sign('sha256', bytes, { key: secret, dsaEncoding: 'ieee-p1363' })),
  };
  return pemOf('CERTIFICATE REQUEST', await certificateRequestOf({ subject: '', names: [] }, signer));
}
