/**
 * The rules of a witness: c2sp.org/tlog-witness v1.0.0, `add-checkpoint`, as a function of a request and a state.
 *
 *     old <size that the witness saw last>
 *     <base64 of a hash>               the consistency proof, at most 63
 *                                      an empty line
 *     <the checkpoint, a note>
 *
 * Nothing is kept here. Whoever calls must, one request of a witness after the other, keep `next` durably before the answer
 * leaves: two answers from one state are how a witness signs a fork.
 */
import { err, type Result } from '@bellwether/basics';
import { decodeBase64, decodeSize, decodeText, encodeText, isSame } from './bytes.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { checkSignatures, type NoteSigner, signText } from './cosignature.ts';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { checkConsistency, type Proof } from './proofs.ts';
import {
  formatNote,
  formatSignature,
  MAX_NOTE_BYTES,
  type NoteKey,
  parseNote,
  type SignedNote,
} from './signed-note.ts';
import { emptyRoot } from './tree.ts';
import type { Verifier } from './verifier.ts';

/** Hashes of a consistency proof that a client may send. */
const MAX_HASHES = 63;

/** Bytes of a request: a note, and lines of hashes before it. */
export const MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4_096;

/** What a witness is told when it is set up. */
export type Witness = {
  /** Keys of each log, by its origin. */
  readonly logs: ReadonlyMap<string, readonly NoteKey[]>;
  /** Its keys: one, or one of each kind. */
  readonly signers: readonly NoteSigner[];
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** Seconds since 1970. */
  readonly now: () => bigint;
};

/** The checkpoint of a log that a witness cosigned last. */
export type Witnessed = {
  readonly size: bigint;
  readonly root: Uint8Array;
  /** The checkpoint with the log's signature and its own: what monitors are given. */
  readonly note: string;
};

/** What a witness has cosigned, by origin. */
export type WitnessState = ReadonlyMap<string, Witnessed>;

/** What is answered, and what is to be kept before. */
export type WitnessAnswer = {
  /** Of HTTP. 503: it stops, and a person has to look. */
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 503;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
  /** The state from now on; null where it stays. */
  readonly next: WitnessState | null;
};

/** A request that was read. */
export type AddCheckpoint = { readonly old: bigint; readonly proof: Proof; readonly note: SignedNote };

/** Answers one request. */
export async function answerAddCheckpoint(
  request: Uint8Array,
  state: WitnessState,
  witness: Witness,
): Promise<WitnessAnswer> {
  const parsed = parseAddCheckpoint(request);
  if (parsed.isErr()) return refuse(400, parsed.error.detail);
  const { old, proof, note } = parsed.value;
  const read = parseCheckpoint(note.text);
  if (read.isErr()) return refuse(400, read.error.detail);
  const checkpoint = read.value;
  const keys = witness.logs.get(checkpoint.origin);
  if (keys === undefined) return refuse(404, 'this log is not known here');
  const signed = await checkSignatures(note, keys, witness.verifier);
  if (signed.isErr()) return refuse(403, signed.error.detail);
  const seen = state.get(checkpoint.origin) ?? null;
  if (await isAheadOfState(note, checkpoint, seen, witness)) {
    return refuse(503, 'a cosignature of this witness is ahead of what it remembers: a person has to look');
  }
  if (old > checkpoint.size) return refuse(400, 'the old size is larger than the new one');
  const latest = seen?.size ?? 0n;
  if (old !== latest) {
    return { status: 409, contentType: 'text/x.tlog.size', body: `${latest}\n`, next: null };
  }
  const fault = whyInconsistent(witness.hasher, seen, checkpoint, proof);
  if (fault !== null) return refuse(422, fault);

  const time = witness.now();
  const lines = await Promise.all(witness.signers.map((signer) => signText(note.text, time, signer)));
  const signatures = [
    ...signed.value.map(({ name, keyId, signature }) => ({ name, keyId, signature })),
    ...lines,
  ];
  const { size, root } = checkpoint;
  const witnessed: Witnessed = { size, root, note: formatNote({ text: note.text, signatures }) };
  const next = new Map(state).set(checkpoint.origin, witnessed);
  return { status: 200, contentType: PLAIN, body: lines.map(formatSignature).join(''), next };
}

/** Reads a request. */
export function parseAddCheckpoint(request: Uint8Array): Result<AddCheckpoint, EvidenceError> {
  if (request.length > MAX_REQUEST_BYTES) return badRequest('longer than any request');
  const text = decodeText(request);
  if (text === undefined) return badRequest('not in UTF-8');
  const blank = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(blank, 0)).split('\n');
  const old = first.startsWith('old ') ? decodeSize(first.slice('old '.length)) : undefined;
  if (old === undefined)
    return badRequest('the first line is not `old` and a size, or no empty line follows');
  if (lines.length > MAX_HASHES) return badRequest(`more than ${MAX_HASHES} hashes`);
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_SIZE) return badRequest('a hash that is not 32 bytes of base64');
    proof.push(hash);
  }
  return parseNote(encodeText(text.slice(blank + 2))).map((note) => ({ old, proof, note }));
}

const PLAIN = 'text/plain; charset=utf-8';

/** What is wrong with the step from what was seen to this checkpoint; null for nothing. */
function whyInconsistent(
  hasher: Hasher,
  seen: Witnessed | null,
  { size, root }: Checkpoint,
  proof: Proof,
): string | null {
  if (size === 0n && !isSame(root, emptyRoot(hasher)))
    return 'the root of a tree without leaves is another one';
  if (seen === null || seen.size === 0n) {
    return proof.length === 0 ? null : 'a proof from nothing has to be empty';
  }
  if (size === seen.size && !isSame(root, seen.root))
    return 'another root of the same size: this log has forked';
  const step = { start: 0n, end: seen.size, part: seen.root, size, root };
  const consistent = checkConsistency(hasher, step, proof);
  return consistent.isErr() ? consistent.error.detail : null;
}

/** Whether the note has a cosignature of our own that the state knows nothing of: the state was rolled back or copied. */
async function isAheadOfState(
  note: SignedNote,
  { size, root }: Checkpoint,
  seen: Witnessed | null,
  { signers, verifier }: Witness,
): Promise<boolean> {
  if (seen !== null && (size < seen.size || (size === seen.size && isSame(root, seen.root)))) return false;
  // One key at a time: a wrong line in our name, which anybody can add, must not hide a right one.
  for (const { key } of signers) {
    for (const line of note.signatures) {
      const own = await checkSignatures({ text: note.text, signatures: [line] }, [key], verifier);
      if (own.isOk()) return true;
    }
  }
  return false;
}

function refuse(status: 400 | 403 | 404 | 422 | 503, why: string): WitnessAnswer {
  return { status, contentType: PLAIN, body: `${why}\n`, next: null };
}

function badRequest(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail });
}
