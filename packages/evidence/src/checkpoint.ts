/**
 * Checkpoints: c2sp.org/tlog-checkpoint v1.0.0. The text of a note:
 *
 *     elections.example.gov/rolls                       origin: the log's name
 *     20852163                                          size: leaves of the tree
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=      root, in base64
 *
 * Extension lines, which the standard advises against, are refused: ML-DSA cosignatures do not cover them, and no witness
 * says anything about them.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeSize, encodeBase64 } from './bytes.ts';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE } from './hasher.ts';
import { isKeyName } from './signed-note.ts';

/** What a log says of itself at one moment. */
export type Checkpoint = {
  /** Name of the log, which its key has too. */
  readonly origin: string;
  readonly size: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
};

/** Longest text: an origin, a number and a hash need far less. */
const MAX_TEXT = 1_000;

/** Reads the text of a checkpoint. */
export function parseCheckpoint(text: string): Result<Checkpoint, EvidenceError> {
  if (text.length > MAX_TEXT) return badCheckpoint('longer than any checkpoint');
  const lines = text.split('\n');
  if (lines.length < 4) return badCheckpoint('fewer than three lines');
  if (lines.length > 4 || lines[3] !== '') return badCheckpoint('extension lines are not taken here');
  const [origin, decimal, base64] = lines as [string, string, string];
  if (!isKeyName(origin)) return badCheckpoint('the origin is empty, too long, or has a space or a plus');
  const size = decodeSize(decimal);
  if (size === undefined) return badCheckpoint('the size is no number');
  const root = decodeBase64(base64);
  if (root?.length !== HASH_SIZE) return badCheckpoint('the root is not 32 bytes of base64');
  const checkpoint: Checkpoint = { origin, size, root };
  return formatCheckpoint(checkpoint) === text ? ok(checkpoint) : badCheckpoint('not in its one spelling');
}

/** The text that is signed. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

function badCheckpoint(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_MALFORMED', detail });
}
