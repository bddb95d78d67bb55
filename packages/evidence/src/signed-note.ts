/**
 * Signed notes: c2sp.org/signed-note v1.0.0.
 *
 *     some text, UTF-8, each line ended by a newline
 *                                                            an empty line: the last one of the note
 *     — example.com/key base64(key id, 4 bytes || signature)
 *
 * A key is told to others as `name+hex(key id)+base64(kind, 1 byte || public key)`, where the key id is the first four
 * bytes of SHA-256(name || newline || kind || public key).
 */
import { err, ok, type Result } from '@bellwether/basics';
import { concat, decodeBase64, decodeText, encodeBase64, encodeText, isSame } from './bytes.ts';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';

/** Signatures of a note that are read: 116 offices with two keys each and as many again from outside. The standard: 16. */
export const MAX_SIGNATURES = 512;

/** Bytes of a note: so many ML-DSA-44 signatures of 3.3 KB in base64, and some text. */
export const MAX_NOTE_BYTES = 2_097_152;

/** Longest name of a key: ML-DSA cosignatures hold its length in one byte. */
export const MAX_NAME_BYTES = 255;

/** Kinds of signatures that this package knows, by the byte of the standard. */
export const KeyKind = {
  /** Ed25519 over the text: what a log signs with. */
  note: 0x01,
  /** Ed25519 with a time: what a witness signs with. */
  cosignature: 0x04,
  /** ML-DSA-44 with a time: what a witness signs with where quantum computers are thought of. */
  mlDsa44: 0x06,
} as const;

export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** Bytes of a public key, by kind. */
const KEY_BYTES: Readonly<Record<KeyKind, number>> = { 1: 32, 4: 32, 6: 1312 };

/** A key that signatures are checked with. */
export type NoteKey = {
  readonly name: string;
  /** Four bytes. */
  readonly id: Uint8Array;
  readonly kind: KeyKind;
  readonly publicKey: Uint8Array;
};

/** One line below a note. */
export type NoteSignature = {
  readonly name: string;
  /** Four bytes. */
  readonly keyId: Uint8Array;
  /** What stands behind the key id, which the kind of the key gives a meaning. */
  readonly signature: Uint8Array;
};

/** A note. Its text means nothing until a signature of a known key was checked. */
export type SignedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Reads a note; checks no signature. */
export function parseNote(bytes: Uint8Array): Result<SignedNote, EvidenceError> {
  if (bytes.length > MAX_NOTE_BYTES) return badNote('longer than any note');
  const note = decodeText(bytes);
  if (note === undefined) return badNote('not in UTF-8');
  if (/[\0-\x09\x0b-\x1f]/.test(note)) return badNote('a control character');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) return badNote('no empty line before signatures');
  const parsed = parseSignatures(note.slice(blank + 2));
  if (parsed.isErr()) return parsed;
  const result: SignedNote = { text: note.slice(0, blank + 1), signatures: parsed.value };
  return formatNote(result) === note ? ok(result) : badNote('not in its one spelling');
}

/** Reads signature lines alone, as a witness answers with them. At least one. */
export function parseSignatures(lines: string): Result<readonly NoteSignature[], EvidenceError> {
  if (!lines.endsWith('\n')) return badNote('the last line does not end');
  const signatures: NoteSignature[] = [];
  for (const line of lines.slice(0, -1).split('\n')) {
    if (signatures.length === MAX_SIGNATURES) return badNote(`more than ${MAX_SIGNATURES} signatures`);
    const [dash, name, base64, ...more] = line.split(' ');
    const bytes = decodeBase64(base64 ?? '');
    if (dash !== '—' || name === undefined || more.length > 0 || !isKeyName(name))
      return badNote('a bad line');
    if (bytes === undefined || bytes.length <= 4)
      return badNote('a signature that is no base64 or too short');
    signatures.push({ name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return ok(signatures);
}

/** The note as it is sent. */
export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** One signature line. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${encodeBase64(concat(keyId, signature))}\n`;
}

/** Whether a key may be called so: not empty, no space of Unicode, no plus, not too long. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\0-\x1f\x85]/u.test(name) && encodeText(name).length <= MAX_NAME_BYTES;
}

/** A key by its parts. Throws on a name or a key of the wrong form: a defect, since both are ours. */
export function noteKey(hasher: Hasher, name: string, kind: KeyKind, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name) || publicKey.length !== KEY_BYTES[kind]) throw new RangeError(`no key: ${name}`);
  const hash = new Uint8Array(HASH_SIZE);
  hasher.hash(concat(encodeText(`${name}\n`), Uint8Array.of(kind), publicKey), hash, 0);
  return { name, id: hash.slice(0, 4), kind, publicKey };
}

/** Reads a key as others tell it; its id has to be the one that its parts give. */
export function parseNoteKey(hasher: Hasher, text: string): Result<NoteKey, EvidenceError> {
  const [, name, , base64] = /^([^+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,2000})$/u.exec(text) ?? [];
  if (name === undefined || !isKeyName(name)) return badNote('no key: name+id+base64');
  const bytes = decodeBase64(base64!);
  const kind = Object.values(KeyKind).find((known) => known === bytes?.[0]);
  if (bytes === undefined || kind === undefined)
    return badNote(`the key of ${name} is of no kind known here`);
  if (bytes.length !== 1 + KEY_BYTES[kind])
    return badNote(`the key of ${name} has another length than its kind`);
  const key = noteKey(hasher, name, kind, bytes.slice(1));
  return formatNoteKey(key) === text ? ok(key) : badNote(`the id of the key of ${name} is not its own`);
}

/** The key as others read it. */
export function formatNoteKey({ name, id, kind, publicKey }: NoteKey): string {
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${name}+${hex}+${encodeBase64(concat(Uint8Array.of(kind), publicKey))}`;
}

/** Whether a key made this line, by what the line says. */
export function isOfKey({ name, keyId }: NoteSignature, key: NoteKey): boolean {
  return name === key.name && isSame(keyId, key.id);
}

function badNote(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail });
}
