/**
 * Answers of passkeys as browsers send them: RegistrationResponseJSON and AuthenticationResponseJSON of W3C Web
 * Authentication level 3, section 5.1. Each text is bounded before anything in it is decoded.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

/** A credential id has 1023 bytes at most (section 4): as base64url. */
const LONGEST_ID = 1364;

/** The page's part names a challenge, an origin and some flags: 200 bytes, and what browsers add. */
const LONGEST_CLIENT_DATA = 4096;

/** A key, an id and extensions are 300 bytes; those of post-quantum keys 2 KB; with an attestation we did not ask for, more. */
const LONGEST_ATTESTATION = 16_384;

/** 37 bytes, and extensions. */
const LONGEST_DATA = 2048;

/** RSA with 4096 bits has 512 bytes, ML-DSA-44 has 2420. */
const LONGEST_SIGNATURE = 4096;

/** A user handle has 64 bytes at most (section 5.4.3). */
const LONGEST_HANDLE = 88;

/** Ways to reach a device that a browser names; there are seven. */
const MOST_TRANSPORTS = 16;

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' });

const Credential = <T extends TSchema>(response: T) =>
  Type.Object({ id: text(LONGEST_ID), rawId: text(LONGEST_ID), type: Type.Literal('public-key'), response });

const Created = Credential(
  Type.Object({
    clientDataJSON: text(LONGEST_CLIENT_DATA),
    attestationObject: text(LONGEST_ATTESTATION),
    transports: Type.Optional(
      Type.Array(Type.String({ maxLength: 32, pattern: '^[a-z-]+$' }), { maxItems: MOST_TRANSPORTS }),
    ),
  }),
);

const Shown = Credential(
  Type.Object({
    clientDataJSON: text(LONGEST_CLIENT_DATA),
    authenticatorData: text(LONGEST_DATA),
    signature: text(LONGEST_SIGNATURE),
    userHandle: Type.Optional(Type.Union([text(LONGEST_HANDLE), Type.Null()])),
  }),
);

/** A new passkey; undefined if it is nothing of the kind. */
export function createdOf(credential: object): RegistrationResponseJSON | undefined {
  if (!Value.Check(Created, credential)) return undefined;
  const { id, rawId, type, response } = credential;
  if (isFramed(response.clientDataJSON)) return undefined;
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return {
    id,
    rawId,
    type,
    response: { clientDataJSON, attestationObject, transports: [...transports] },
    clientExtensionResults: {},
  };
}

/** A passkey that was shown, with its owner's number if it told one; undefined if it is nothing of the kind. */
export function shownOf(credential: object): AuthenticationResponseJSON | undefined {
  if (!Value.Check(Shown, credential)) return undefined;
  const { id, rawId, type, response } = credential;
  if (isFramed(response.clientDataJSON)) return undefined;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  const owner = userHandle ? { userHandle } : {};
  return {
    id,
    rawId,
    type,
    response: { clientDataJSON, authenticatorData, signature, ...owner },
    clientExtensionResults: {},
  };
}

/** Asked for inside a page of somebody else, or no JSON at all: our pages are never in a frame. */
function isFramed(clientData: string): boolean {
  try {
    const told: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString());
    return typeof told !== 'object' || told === null || ('crossOrigin' in told && told.crossOrigin !== false);
  } catch {
    return true;
  }
}

/** COSE (RFC 9053): where the algorithm stands in a key, and ECDSA with SHA-256. */
const COSE_ALGORITHM = 3;
const ES256 = -7;

/**
 * Whether a signature is written in the one way in which DER writes it (X.690, 8.3 and 10.1; RFC 3279, 2.2.3). The library
 * reads more than that, and what can be spelled in two ways can be changed without being noticed. Only ECDSA has a
 * spelling: `SEQUENCE { r INTEGER, s INTEGER }`, below 128 bytes for P-256.
 */
export function isPlainSignature(signature: string, publicKey: Uint8Array<ArrayBuffer>): boolean {
  if (decodeCredentialPublicKey(publicKey).get(COSE_ALGORITHM) !== ES256) return true;
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return false;
  const behindR = endOfInteger(bytes, 2);
  return behindR !== undefined && endOfInteger(bytes, behindR) === bytes.length;
}

/** Where a positive integer in as few bytes as it takes ends; undefined: there is none. */
function endOfInteger(bytes: Buffer, at: number): number | undefined {
  const [type, length = 0, first = 0x80, second = 0] = bytes.subarray(at, at + 4);
  const isPadded = first === 0 && (length === 1 || second < 0x80);
  if (type !== 0x02 || length === 0 || length > 33 || first >= 0x80 || isPadded) return undefined;
  return at + 2 + length;
}
