/**
 * A witness that nobody can reach asks by itself: it looks what the hub gathers cosignatures for, makes the proof from the log's
 * own tiles, answers itself by the same rules as anybody, and sends the cosignature back.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  type Checkpoint,
  checkSignatures,
  consistencyProof,
  encodeBase64,
  encodeText,
  formatNote,
  HASH_SIZE,
  type Hasher,
  MAX_NOTE_BYTES,
  type NoteKey,
  parseCheckpoint,
  parseNote,
  parseSignatures,
  type ReadTile,
  type SignedNote,
  TILE_WIDTH,
  tilePath,
  type Verifier,
} from '@bellwether/evidence';
import type { AgentError } from '../errors.ts';
import type { Cosigner } from './cosigner.ts';
import type { HubClient } from './hub-client.ts';
import type { Report } from './witness-events.ts';

/** For how long a checkpoint that was signed and sent is not signed again, in ms: half of what the hub gathers for. */
const SIGNED_MS = 300_000;

/** What a round ends with. */
export type RoundEnd = 'signed' | 'nothing-new' | 'refused' | 'stopped';

/** What rounds need. */
export type RoundNeeds = {
  readonly cosigner: Cosigner;
  readonly client: HubClient;
  readonly log: NoteKey;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly report: Report;
};

/** Makes a function that does one round with the hub after the other. */
export function roundsWith(needs: RoundNeeds): () => Promise<Result<RoundEnd, AgentError>> {
  const { cosigner, client, log, report, now } = needs;
  /** What the hub took last, and when: it shows the same checkpoint until enough have signed. */
  let sent = { text: '', at: 0 };

  return async function round(): Promise<Result<RoundEnd, AgentError>> {
    const fault = cosigner.clockFault();
    if (fault !== null) return err(fault);
    // The published checkpoint has the lines of all witnesses, ours too: is there one that we know nothing of?
    const published = await signedNote('checkpoint', needs);
    if (published.isErr()) return published;
    if (published.value !== null) await cosigner.meetNote(published.value.note);
    if (cosigner.stopped !== null) return ok('stopped');

    const pending = await signedNote('pending', needs);
    if (pending.isErr()) return pending;
    if (pending.value === null || (pending.value.note.text === sent.text && now() - sent.at < SIGNED_MS)) {
      report({ event: 'nothing-new', origin: log.name });
      return ok('nothing-new');
    }
    const { note, checkpoint } = pending.value;
    const seen = cosigner.memory.seen.get(log.name);
    if (seen !== undefined && checkpoint.size < seen.size) {
      await cosigner.refuseNote(note, `it was rolled back: it had ${seen.size} entries before`);
      return ok('refused');
    }
    const request = await requestFor(needs, note, checkpoint);
    if (request.isErr()) return request;
    const answer = await cosigner.answerRequest(request.value);
    if (cosigner.stopped !== null) return ok('stopped');
    if (answer.status === 422) return ok('refused');
    if (answer.status !== 200) return err({ code: 'WITNESS_STATE_UNWRITABLE', detail: answer.body.trim() });

    const signatures = parseSignatures(answer.body).okOrThrow();
    const posted = await client.postNote('cosignatures', formatNote({ text: note.text, signatures }));
    if (posted.isErr()) return posted;
    const { status, body } = posted.value;
    // The hub has gone on to a newer checkpoint meanwhile: the next round signs that one.
    if (status === 409) return ok('nothing-new');
    if (status !== 204) return err({ code: 'WITNESS_POST_REFUSED', detail: `${status} ${body}` });
    sent = { text: note.text, at: now() };
    report({ event: 'posted', origin: log.name, size: `${checkpoint.size}` });
    return ok('signed');
  };
}

/** Tiles of the hub, each no longer than a full one. */
export function tilesOf(client: HubClient): ReadTile {
  return async (tile) => {
    const found = await client.fetchBytes(tilePath(tile), TILE_WIDTH * HASH_SIZE);
    if (found.isOk() && (found.value !== null || tile.width === TILE_WIDTH)) return found.value;
    // A partial tile may have grown into the full one meanwhile.
    const full = await client.fetchBytes(tilePath({ ...tile, width: TILE_WIDTH }), TILE_WIDTH * HASH_SIZE);
    return full.unwrapOr(null);
  };
}

/** A note that the hub shows, if the log signed it; null where there is none. */
async function signedNote(
  path: 'checkpoint' | 'pending',
  { client, log, verifier }: RoundNeeds,
): Promise<Result<{ readonly note: SignedNote; readonly checkpoint: Checkpoint } | null, AgentError>> {
  const bytes = await client.fetchBytes(path, MAX_NOTE_BYTES);
  if (bytes.isErr()) return bytes;
  if (bytes.value === null) return ok(null);
  const note = parseNote(bytes.value);
  if (note.isErr()) return away(`${path} is no note: ${note.error.detail}`);
  const checkpoint = parseCheckpoint(note.value.text);
  if (checkpoint.isErr()) return away(`${path} is no checkpoint: ${checkpoint.error.detail}`);
  if (checkpoint.value.origin !== log.name)
    return away(`${path} is of another log, ${checkpoint.value.origin}`);
  const signed = await checkSignatures(note.value, [log], verifier);
  if (signed.isErr())
    return away(`${path} is not signed by the log that this witness knows: ${signed.error.detail}`);
  return ok({ note: note.value, checkpoint: checkpoint.value });
}

/** The request that a log would send to us for this checkpoint. */
async function requestFor(
  { cosigner, client, log, hasher }: RoundNeeds,
  note: SignedNote,
  { size }: Checkpoint,
): Promise<Result<Uint8Array, AgentError>> {
  const old = cosigner.memory.seen.get(log.name)?.size ?? 0n;
  let lines = '';
  if (old > 0n && old < size) {
    const proof = await consistencyProof(hasher, 0n, old, size, tilesOf(client));
    if (proof.isErr()) return away(`no proof from ${old} to ${size} entries: ${proof.error.detail}`);
    lines = proof.value.map((hash) => `${encodeBase64(hash)}\n`).join('');
  }
  return ok(encodeText(`old ${old}\n${lines}\n${formatNote(note)}`));
}

function away(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_HUB_AWAY', detail });
}
