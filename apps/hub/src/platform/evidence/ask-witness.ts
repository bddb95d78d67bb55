/** Asking a witness over HTTP: c2sp.org/tlog-witness, `add-checkpoint`. Its answers are bounded in bytes and in time. */

import { err, ok, type Result } from '@bellwether/basics';
import {
  consistencyProof,
  type EvidenceError,
  encodeBase64,
  formatNote,
  parseCheckpoint,
  type SignedNote,
} from '@bellwether/evidence';
import { bestHasher } from './hashing.ts';
import type { EvidenceLog } from './log-types.ts';

/** How long a witness may take to answer, ms. */
const ANSWER_WITHIN = 10_000;

/** Bytes of an answer: lines of two kinds, of which ML-DSA-44 takes 3.3 KB. */
const MOST_ANSWER = 16_384;

/** Asks a witness: the status, and the text of the answer. Throws where there is none. */
export type AskWitness = (
  address: string,
  body: string,
) => Promise<{ readonly status: number; readonly text: string }>;

/** Asks at an address of HTTP. Offices have private addresses, so any will do; no answer leads anywhere else. */
export async function askByHttp(
  address: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(address, {
    method: 'POST',
    body,
    redirect: 'error',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > MOST_ANSWER) throw new Error(`an answer of more than ${MOST_ANSWER} bytes`);
    pieces.push(piece as Uint8Array);
  }
  return { status: response.status, text: Buffer.concat(pieces).toString() };
}

/** What a witness is sent that saw `old` entries last: the checkpoint, and the proof that it goes on from there. */
export async function addCheckpointBody(
  { readTile }: Pick<EvidenceLog, 'readTile'>,
  note: SignedNote,
  old: bigint,
): Promise<Result<string, Pick<EvidenceError, 'detail'>>> {
  const { size } = parseCheckpoint(note.text).okOrThrow();
  if (old > size) return err({ detail: `it has seen ${old} entries, and there are ${size}` });
  const hashes =
    old === 0n || old === size ? ok([]) : await consistencyProof(bestHasher(), 0n, old, size, readTile);
  if (hashes.isErr()) return hashes;
  const lines = hashes.value.map((hash) => `${encodeBase64(hash)}\n`).join('');
  return ok(`old ${old}\n${lines}\n${formatNote(note)}`);
}
