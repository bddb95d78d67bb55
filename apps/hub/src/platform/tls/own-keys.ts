/** Keys of P-256 as Node has them, in the shape that writes and checks certificates (packages/basics). */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { CheckSignature, Sha256, Signer } from '@bellwether/basics';

/** A key that can sign, and its spelling in a file: PKCS #8, PEM. */
export type OwnKey = Signer & { readonly pem: string };

/** A new key. */
export function newOwnKey(): OwnKey {
  return ownKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The key in a text; undefined if there is none of P-256. */
export function ownKeyOf(pem: string): OwnKey | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? ownKey(key) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a signature holds; a key that is none has made none. */
export const checkSignature: CheckSignature = async (publicKey, bytes, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
};

/** SHA-256, by OpenSSL. */
export const sha256: Sha256 = async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

function ownKey(key: KeyObject): OwnKey {
  return {
    pem: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' })),
    sign: async (bytes) => new Uint8Array(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })),
  };
}
