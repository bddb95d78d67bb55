/**
 * What a signer signs, and checking it. The bytes are
 *
 *     bellwether/claim@1\n ‖ canonical JSON (RFC 8785) of the claim
 *
 * A key in a file signs them by Ed25519 (RFC 8032). A passkey is asked with the challenge H(bytes), and signs
 * authenticatorData ‖ H(clientData): W3C Web Authentication Level 3, section 7.2, of which everything is checked here that
 * can be without the session: type, challenge, origin, RP ID, that the person was there and was verified (a PIN, a finger).
 * Counters of signatures are not looked at, since passkeys that are kept in several devices have none.
 *
 * A claim names everything that it is about, the log's origin first, so that no signature can stand under anything else.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Hasher, Verifier } from '@bellwether/evidence';
import {
  concat,
  decodeBase64,
  decodeText,
  encodeBase64,
  encodeText,
  HASH_SIZE,
  isSame,
} from '@bellwether/evidence';
import type { BatchEntry, ClaimSignature, KeyEntry, PolicyEntry, SealEntry } from './entries.ts';
import type { RollsError } from './errors.ts';
import type { SignerKey } from './rolls-types.ts';
import { canonicalBytes } from './strict-json.ts';

/** Stands before every claim, so that no other JSON that a key may sign is one. */
const CLAIM_LABEL = 'bellwether/claim@1\n';

/** Stands before a policy that witnesses agree to. */
const POLICY_LABEL = 'bellwether/policy@1\n';

/** Longest client data: 200 bytes are usual, and browsers may add members. */
const MOST_CLIENT_DATA = 2_048;

/** Longest authenticator data: 37 bytes are usual, and extensions may follow. */
const MOST_AUTHENTICATOR_DATA = 1_024;

/** Flags of authenticator data: Web Authentication Level 3, section 6.1. */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;
const EXTENDED = 0x80;

/** Where the flags stand, behind the hash of the RP ID; then four bytes of a counter. */
const FLAGS_AT = HASH_SIZE;
const AUTHENTICATOR_BYTES = HASH_SIZE + 5;

/** What can be claimed: a batch is right, a signer comes or goes, this is what the reader found. */
export type Claim =
  | ({ readonly type: 'batch'; readonly origin: string } & Omit<BatchEntry, 'type' | 'signatures'>)
  | ({ readonly type: 'key'; readonly origin: string } & Omit<KeyEntry, 'type' | 'signatures'>)
  | ReadingClaim;

/** What the reader of the live database signs: the state that it compared with, and the result but for its signature. */
export type ReadingClaim = {
  readonly type: 'reading';
  readonly origin: string;
  readonly epoch: number;
  readonly day: string;
  /** Base64: root of the state after the changes of the night. */
  readonly after: string;
  readonly bucketBits: number;
  readonly records: number;
  readonly leaves: number;
  readonly result: Omit<SealEntry['result'], 'reader'> & {
    readonly reader: { readonly version: string; readonly key: string };
  };
};

/** The claim of a batch; signatures that it has already are no part of it. */
export function batchClaim(origin: string, entry: Omit<BatchEntry, 'signatures'>): Claim {
  const { batch, office, source, day, sequence, counts, root } = entry;
  return { type: 'batch', origin, batch, office, source, day, sequence, counts, root };
}

/** The claim that a signer comes or goes. */
export function keyClaim(origin: string, { act, key, at }: Omit<KeyEntry, 'signatures'>): Claim {
  return { type: 'key', origin, act, key, at };
}

/** The claim of the reader behind a seal; the reader's signature, where it stands already, is no part of it. */
export function readingClaim(origin: string, reading: Omit<ReadingClaim, 'type' | 'origin'>): ReadingClaim {
  const { epoch, day, after, bucketBits, records, leaves } = reading;
  const { equal, read, awaiting, unauthorised, captures, reader } = reading.result;
  const { version, key } = reader;
  const result = { equal, read, awaiting, unauthorised, captures, reader: { version, key } };
  return { type: 'reading', origin, epoch, day, after, bucketBits, records, leaves, result };
}

/** The bytes that are signed, or whose hash is the challenge. */
export function claimBytes(claim: Claim): Uint8Array {
  return concat(encodeText(CLAIM_LABEL), canonicalBytes(claim));
}

/** The text of the note that witnesses sign, with their keys `NAME/checks`, when the policy changes. */
export function policyText(origin: string, { policy, at }: Pick<PolicyEntry, 'policy' | 'at'>): string {
  return `${POLICY_LABEL}${new TextDecoder().decode(canonicalBytes({ type: 'policy', origin, policy, at }))}\n`;
}

/** The challenge for a passkey: H(bytes), base64url without padding, as browsers write it into client data. */
export function claimChallenge(hasher: Hasher, bytes: Uint8Array): string {
  return encodeBase64(hashOf(hasher, bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `SignerKey.id`: the first 8 bytes, in hex, of H(canonical JSON of the other members). */
export function signerKeyId(hasher: Hasher, key: Omit<SignerKey, 'id'>): string {
  const { place, scheme, publicKey, site, origins } = key;
  const hash = hashOf(hasher, canonicalBytes({ place, scheme, publicKey, site, origins }));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a key signed a claim. Whether the key may is the fold's to say. */
export async function checkClaim(
  bytes: Uint8Array,
  signature: ClaimSignature,
  key: SignerKey,
  hasher: Hasher,
  verifier: Verifier,
): Promise<Result<void, RollsError>> {
  if (signature.key !== key.id) return wrongSignature(`it is said to be of the key ${signature.key}`);
  const publicKey = decodeBase64(key.publicKey);
  const bare = decodeBase64(signature.signature);
  if (publicKey === undefined || bare === undefined) return wrongSignature('no base64');
  const signed = signedBytes(bytes, signature, key, hasher);
  if (signed.isErr()) return signed;
  const isRight =
    key.scheme === 'webauthn-es256'
      ? await verifier.p256(publicKey, signed.value, bare)
      : await verifier.ed25519(publicKey, signed.value, bare);
  return isRight ? ok() : wrongSignature(`it is not of the key ${key.id}, or not over this`);
}

/** What the signature is over: the bytes of the claim, or what an authenticator makes of them. */
function signedBytes(
  bytes: Uint8Array,
  signature: ClaimSignature,
  key: SignerKey,
  hasher: Hasher,
): Result<Uint8Array, RollsError> {
  const { authenticatorData, clientData } = signature;
  if (key.scheme === 'ed25519') {
    return authenticatorData === undefined && clientData === undefined
      ? ok(bytes)
      : wrongSignature('a key in a file has no authenticator');
  }
  const authenticator = boundedBase64(authenticatorData, MOST_AUTHENTICATOR_DATA);
  const client = boundedBase64(clientData, MOST_CLIENT_DATA);
  if (authenticator === undefined || client === undefined) {
    return wrongSignature('what the authenticator or the browser said is missing, too long, or no base64');
  }
  const fault =
    clientFault(client, claimChallenge(hasher, bytes), key) ?? authenticatorFault(authenticator, key, hasher);
  return fault === null ? ok(concat(authenticator, hashOf(hasher, client))) : wrongSignature(fault);
}

/** Steps 7 to 14 of section 7.2. Members that are not known may stand there: the standard says so. */
function clientFault(client: Uint8Array, challenge: string, { origins }: SignerKey): string | null {
  let said: unknown;
  try {
    said = JSON.parse(decodeText(client) ?? '');
  } catch {
    return 'what the browser said is no JSON';
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    return 'what the browser said is no object';
  const {
    type,
    challenge: asked,
    origin,
    crossOrigin,
    topOrigin,
  } = said as Readonly<Record<string, unknown>>;
  if (type !== 'webauthn.get') return 'the passkey was not asked to sign';
  if (asked !== challenge) return 'the passkey was asked for something else';
  if (typeof origin !== 'string' || !origins.includes(origin)) return 'the passkey was asked by another site';
  // A page within a page: the person may not have seen what was signed.
  if ((crossOrigin !== undefined && crossOrigin !== false) || topOrigin !== undefined) {
    return 'the passkey was asked from within the page of another site';
  }
  return null;
}

/** Steps 15 to 19. */
function authenticatorFault(data: Uint8Array, { site }: SignerKey, hasher: Hasher): string | null {
  if (data.length < AUTHENTICATOR_BYTES) return 'what the authenticator said is cut off';
  if (!isSame(data.subarray(0, HASH_SIZE), hashOf(hasher, encodeText(site)))) {
    return 'the passkey is of another site';
  }
  const flags = data[FLAGS_AT]!;
  if ((flags & USER_PRESENT) === 0) return 'nobody touched the authenticator';
  if ((flags & USER_VERIFIED) === 0) return 'the authenticator did not check who the person is';
  if ((flags & ATTESTED) !== 0) return 'a new passkey was made instead of a signature';
  if (data.length > AUTHENTICATOR_BYTES && (flags & EXTENDED) === 0) return 'the authenticator said too much';
  return null;
}

function boundedBase64(text: string | undefined, most: number): Uint8Array | undefined {
  return text === undefined || text.length > Math.ceil(most / 3) * 4 ? undefined : decodeBase64(text);
}

function hashOf(hasher: Hasher, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hash(bytes, out, 0);
  return out;
}

function wrongSignature(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_SIGNATURE_WRONG', detail });
}
