/** Cosignatures of our own that others show us: each of them is something that we signed, whether we remember it or not. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkSignatures,
  encodeText,
  type Hasher,
  type NoteKey,
  parseCheckpoint,
  parseNote,
  type SignedNote,
  type Verifier,
} from '@bellwether/evidence';
import type { AgentError } from '../errors.ts';
import { signersOf } from './witness-keys.ts';
import type { SeenCheckpoint, WitnessMemory } from './witness-state.ts';

/** What a witness knows once a person has said to go on: the newest that it signed itself, if that is what stopped it. */
export async function afterStop(
  memory: WitnessMemory,
  hasher: Hasher,
  verifier: Verifier,
): Promise<Result<Pick<WitnessMemory, 'seen' | 'lastTime'>, AgentError>> {
  const { seen, lastTime, stopped } = memory;
  if (stopped?.note === null || stopped?.note === undefined) return ok({ seen, lastTime });
  const note = parseNote(encodeText(stopped.note));
  const checkpoint = note.isOk() ? parseCheckpoint(note.value.text) : note;
  if (note.isErr() || checkpoint.isErr())
    return err({ code: 'WITNESS_STATE_UNREADABLE', detail: 'the note that stopped it' });
  const { origin, size, root } = checkpoint.value;
  const time = await latestOwn(note.value, signersOf(hasher, memory.keys).cosigner.key, verifier);
  if (time === null) return ok({ seen, lastTime });
  const isNewer = time > lastTime;
  const last = isNewer ? time : lastTime;
  const before = seen.get(origin);
  if (before !== undefined && before.size > size) return ok({ seen, lastTime: last });
  const newest: SeenCheckpoint = { origin, size, root, note: stopped.note, time };
  return ok({ seen: new Map(seen).set(origin, newest), lastTime: last });
}

/** Latest time of the right cosignatures of our own below a note, in seconds; null for none. */
export async function latestOwn(note: SignedNote, own: NoteKey, verifier: Verifier): Promise<bigint | null> {
  let latest: bigint | null = null;
  for (const line of note.signatures) {
    const right = await checkSignatures({ text: note.text, signatures: [line] }, [own], verifier);
    const time = right.isOk() ? (right.value[0]?.time ?? null) : null;
    if (time !== null && (latest === null || time > latest)) latest = time;
  }
  return latest;
}
