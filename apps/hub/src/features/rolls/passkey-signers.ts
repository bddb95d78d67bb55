/** Passkeys of people as signers of the log: the same key, in the form that the log has it. */

import type { SheetSignature } from '@bellwether/api';
import { encodeBase64, type Hasher } from '@bellwether/evidence';
import { type ClaimSignature, type SignerKey, signerKeyId } from '@bellwether/rolls';
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import type { Row } from '../../platform/postgres/tables.ts';

/** A passkey as a signer of a place; null: it signs in a way that the log does not know. */
export function passkeySigner(
  hasher: Hasher,
  { public_key, site }: Pick<Row<'passkeys'>, 'public_key' | 'site'>,
  place: string,
  origins: readonly string[],
): SignerKey | null {
  const key = publicKeyOf(Uint8Array.from(public_key));
  if (key === null) return null;
  const rest = { place, scheme: key.scheme, publicKey: encodeBase64(key.bytes), site, origins: [...origins] };
  return { id: signerKeyId(hasher, rest), ...rest };
}

/** Which signers of the log this passkey is. */
export function signersOfPasskey(
  { public_key, site }: Pick<Row<'passkeys'>, 'public_key' | 'site'>,
  signers: readonly SignerKey[],
): readonly SignerKey[] {
  const key = publicKeyOf(Uint8Array.from(public_key));
  if (key === null) return [];
  const publicKey = encodeBase64(key.bytes);
  return signers.filter(
    (signer) => signer.scheme === key.scheme && signer.publicKey === publicKey && signer.site === site,
  );
}

/** What a browser sent, as the log keeps it: base64 in place of base64url. */
export function claimSignature(key: string, answer: Omit<SheetSignature, 'root'>): ClaimSignature {
  return {
    key,
    signature: base64Of(answer.signature),
    authenticatorData: base64Of(answer.authenticatorData),
    clientData: base64Of(answer.clientData),
  };
}

function base64Of(base64url: string): string {
  return encodeBase64(Uint8Array.from(Buffer.from(base64url, 'base64url')));
}

/** COSE_Key (RFC 9052) as the bare key: the point of P-256, or the 32 bytes of Ed25519. */
function publicKeyOf(
  bytes: Uint8Array<ArrayBuffer>,
): { readonly scheme: SignerKey['scheme']; readonly bytes: Uint8Array } | null {
  let key: ReturnType<typeof decodeCredentialPublicKey>;
  try {
    key = decodeCredentialPublicKey(bytes);
  } catch {
    return null;
  }
  const alg = key.get(cose.COSEKEYS.alg);
  if (cose.isCOSEPublicKeyEC2(key) && alg === cose.COSEALG.ES256) {
    const [x, y] = [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)];
    if (x === undefined || y === undefined) return null;
    return { scheme: 'webauthn-es256', bytes: Uint8Array.from([0x04, ...x, ...y]) };
  }
  if (cose.isCOSEPublicKeyOKP(key) && alg === cose.COSEALG.EdDSA) {
    const x = key.get(cose.COSEKEYS.x);
    return x === undefined ? null : { scheme: 'webauthn-ed25519', bytes: Uint8Array.from(x) };
  }
  return null;
}
