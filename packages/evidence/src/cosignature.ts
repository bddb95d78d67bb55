/**
 * Cosignatures: c2sp.org/tlog-cosignature v1.0.1, and ML-DSA-44 of v1.1.0-rc.1. In a note, a cosignature is
 *
 *     timestamp, 8 bytes, seconds since 1970 || signature, 64 bytes (Ed25519) or 2,420 (ML-DSA-44)
 *
 * over, for Ed25519, `cosignature/v1\ntime <seconds>\n` and the text of the checkpoint; for ML-DSA-44 a binary message that
 * names the cosigner and can be about a part of the tree. Signing comes in as a function: no key is known here.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { concat, encodeText, uint64 } from './bytes.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { EvidenceError } from './errors.ts';
import { isOfKey, KeyKind, type NoteKey, type NoteSignature, type SignedNote } from './signed-note.ts';
import type { Verifier } from './verifier.ts';

/** Whoever signs: the public side of a key, and what makes signatures with the private one. */
export type NoteSigner = {
  readonly key: NoteKey;
  /** Ed25519 (RFC 8032) or ML-DSA-44 (FIPS 204, empty context), as the kind of the key says. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
};

/** A signature that was checked. */
export type CheckedSignature = NoteSignature & {
  readonly key: NoteKey;
  /** Seconds since 1970 when a witness cosigned; null for a signature that says no time. */
  readonly time: bigint | null;
};

/** Bytes of a signature by itself. */
const ED25519_BYTES = 64;
const ML_DSA_44_BYTES = 2420;
const TIME_BYTES = 8;

/** Latest time that the standard allows. */
const MAX_TIME = 2n ** 63n - 1n;

/** `subtree/v1`, a newline and a zero: twelve bytes. */
const LABEL = encodeText('subtree/v1\n\0');

/** What a witness signs by Ed25519. */
export function cosignedMessage(text: string, time: bigint): Uint8Array {
  return encodeText(`cosignature/v1\ntime ${time}\n${text}`);
}

/** What a witness signs by ML-DSA-44: the leaves [start, end) of a log have this root. */
export function cosignedPart(
  cosigner: string,
  time: bigint,
  origin: string,
  start: bigint,
  end: bigint,
  root: Uint8Array,
): Uint8Array {
  const name = encodeText(cosigner);
  const log = encodeText(origin);
  return concat(
    LABEL,
    Uint8Array.of(name.length),
    name,
    uint64(time),
    Uint8Array.of(log.length),
    log,
    uint64(start),
    uint64(end),
    root,
  );
}

/**
 * Signs the text of a checkpoint, and with a key of kind `note` any other text too. `time`: seconds since 1970, which a
 * key of kind `note` does not use. Throws where a cosigner is given no checkpoint or no time: a defect.
 */
export async function signText(
  text: string,
  time: bigint,
  { key, sign }: NoteSigner,
): Promise<NoteSignature> {
  const message = messageOf(key, text, time);
  if (message === undefined) throw new RangeError('what is cosigned is a checkpoint, at a time');
  const made = await sign(message);
  const signature = key.kind === KeyKind.note ? made : concat(uint64(time), made);
  return { name: key.name, keyId: key.id, signature };
}

/**
 * The signatures of a note that keys of ours made. Refuses the note if one of them is wrong, or there is none; lines of
 * other keys are left aside. All are checked at the same time: a browser has threads for it, and a note may have hundreds.
 */
export async function checkSignatures(
  note: SignedNote,
  keys: readonly NoteKey[],
  verifier: Verifier,
): Promise<Result<readonly CheckedSignature[], EvidenceError>> {
  const found: {
    readonly line: NoteSignature;
    readonly key: NoteKey;
    readonly time: bigint | null | undefined;
  }[] = [];
  for (const line of note.signatures) {
    for (const key of keys) {
      if (isOfKey(line, key)) found.push({ line, key, time: timeOf(key, line.signature) });
    }
  }
  const answers = await Promise.all(
    found.map(
      ({ line, key, time }) => time !== undefined && isRight(note.text, key, line.signature, time, verifier),
    ),
  );
  const checked: CheckedSignature[] = [];
  for (const [at, { line, key, time }] of found.entries()) {
    if (time === undefined || answers[at] !== true) {
      return err({ code: 'EVIDENCE_SIGNATURE_WRONG', detail: `the signature of ${key.name} is wrong` });
    }
    checked.push({ ...line, key, time });
  }
  return checked.length > 0
    ? ok(checked)
    : err({ code: 'EVIDENCE_UNSIGNED', detail: 'no key known here signed' });
}

/** The time of a signature; null for none; undefined where its length or its time cannot be. */
function timeOf({ kind }: NoteKey, signature: Uint8Array): bigint | null | undefined {
  if (kind === KeyKind.note) return signature.length === ED25519_BYTES ? null : undefined;
  const bytes = kind === KeyKind.mlDsa44 ? ML_DSA_44_BYTES : ED25519_BYTES;
  if (signature.length !== TIME_BYTES + bytes) return undefined;
  return new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
}

async function isRight(
  text: string,
  key: NoteKey,
  signature: Uint8Array,
  time: bigint | null,
  verifier: Verifier,
): Promise<boolean> {
  const message = messageOf(key, text, time);
  if (message === undefined) return false;
  const bare = time === null ? signature : signature.subarray(TIME_BYTES);
  return key.kind === KeyKind.mlDsa44
    ? verifier.mlDsa44(key.publicKey, message, bare)
    : verifier.ed25519(key.publicKey, message, bare);
}

/** What a key of a kind signs; undefined where it does not sign such a thing. A cosignature without a time says too little. */
function messageOf(key: NoteKey, text: string, time: bigint | null): Uint8Array | undefined {
  if (key.kind === KeyKind.note) return encodeText(text);
  if (time === null || time <= 0n || time > MAX_TIME) return undefined;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.isErr()) return undefined;
  if (key.kind === KeyKind.cosignature) return cosignedMessage(text, time);
  const { origin, size, root }: Checkpoint = checkpoint.value;
  return cosignedPart(key.name, time, origin, 0n, size, root);
}
