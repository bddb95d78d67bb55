/**
 * Proofs that stand by themselves: c2sp.org/tlog-proof. File extension `.tlog-proof`.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>                 or no such line; nobody has signed it
 *     index <number of the leaf>
 *     <base64 of a hash>             as many as the inclusion proof has
 *                                    an empty line
 *     <the checkpoint, a note>
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type AcceptedCheckpoint, checkCheckpoint } from './accepted.ts';
import { decodeBase64, decodeSize, decodeText, encodeBase64, encodeText } from './bytes.ts';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import type { Policy } from './policy.ts';
import { checkInclusion, type Proof } from './proofs.ts';
import { formatNote, MAX_NOTE_BYTES, parseNote, type SignedNote } from './signed-note.ts';
import type { Verifier } from './verifier.ts';

/** A proof, as it was read: nothing of it is checked. */
export type TlogProof = {
  /** What an application adds. Not authenticated. */
  readonly extra: Uint8Array | null;
  readonly index: bigint;
  readonly proof: Proof;
  readonly note: SignedNote;
};

const HEAD = 'c2sp.org/tlog-proof@v1';

/** Bytes that an application may add: an entry has no more, and nothing signs them. */
const MAX_EXTRA_BYTES = 65_536;

/** Hashes: a tree below 2^64 leaves has no longer path. */
const MAX_PATH_HASHES = 64;

/** Bytes of the whole: a note, what is added in base64, and hashes. */
const MAX_PROOF_BYTES = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES;

/** Reads a proof. */
export function parseTlogProof(bytes: Uint8Array): Result<TlogProof, EvidenceError> {
  if (bytes.length > MAX_PROOF_BYTES) return badProof('longer than any proof');
  const text = decodeText(bytes);
  if (text === undefined) return badProof('not in UTF-8');
  const blank = text.indexOf('\n\n');
  if (blank < 0) return badProof('no empty line before the checkpoint');
  const lines = text.slice(0, blank).split('\n');
  if (lines.shift() !== HEAD) return badProof('another first line');
  let extra: Uint8Array | null = null;
  if (lines[0]?.startsWith('extra ')) {
    const decoded = decodeBase64(lines.shift()!.slice('extra '.length));
    if (decoded === undefined || decoded.length > MAX_EXTRA_BYTES) return badProof('a bad line `extra`');
    extra = decoded;
  }
  const [, decimal = ''] = /^index ([0-9]+)$/.exec(lines.shift() ?? '') ?? [];
  const index = decodeSize(decimal);
  if (index === undefined) return badProof('no line `index`');
  if (lines.length > MAX_PATH_HASHES) return badProof(`more than ${MAX_PATH_HASHES} hashes`);
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_SIZE) return badProof('a hash that is not 32 bytes of base64');
    proof.push(hash);
  }
  const note = parseNote(encodeText(text.slice(blank + 2)));
  if (note.isErr()) return note;
  const result: TlogProof = { extra, index, proof, note: note.value };
  return formatTlogProof(result) === text ? ok(result) : badProof('not in its one spelling');
}

/** The proof as a file. */
export function formatTlogProof({ extra, index, proof, note }: TlogProof): string {
  const added = extra === null ? [] : [`extra ${encodeBase64(extra)}`];
  return [HEAD, ...added, `index ${index}`, ...proof.map(encodeBase64), '', formatNote(note)].join('\n');
}

/** Whether the log of a policy holds this leaf, in a checkpoint that the policy accepts. `leaf`: its hash, 32 bytes. */
export async function checkTlogProof(
  { index, proof, note }: TlogProof,
  leaf: Uint8Array,
  policy: Policy,
  hasher: Hasher,
  verifier: Verifier,
): Promise<Result<AcceptedCheckpoint, EvidenceError>> {
  const accepted = await checkCheckpoint(note, policy, verifier);
  if (accepted.isErr()) return accepted;
  const { size, root } = accepted.value.checkpoint;
  const included = checkInclusion(hasher, { index, size, leaf, root }, proof);
  return included.isErr() ? included : accepted;
}

function badProof(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail });
}
