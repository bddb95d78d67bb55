/**
 * The state of a live judge as bytes, and back.
 *
 * Words of 32 bits in the byte order of the machine: MAGIC (two words), VERSION, the state as `judge/state-writer.ts`
 * writes it, then the number of words so far and two sums over them. They come last, so that nobody has to hold the whole.
 * The sums are there for bytes that a disk or a hand damaged; who can write the file can make them fit.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { ContactsErrorCode } from './errors.ts';
import { StateDamage, type StateIo } from './judge/state.ts';
import { StateReader } from './judge/state-reader.ts';
import { StateWriter, type TakeBytes } from './judge/state-writer.ts';

/** "BWJUDGE" and a byte that no text has. */
const MAGIC = [0x4a57_4257, 0xff45_4744] as const;
/** Raised whenever a snapshot of before can no longer be read: a field came, went, or changed its meaning. */
export const VERSION = 4;
const HEAD = 3;
const TAIL = 3;

/** Why a snapshot is not used. */
export type SnapshotError = {
  readonly code: Extract<ContactsErrorCode, `SNAPSHOT_${string}`>;
  readonly detail: string;
};

/** Writes the state that `told` names, a piece at a time. */
export function writeSnapshot(told: (io: StateIo) => void, take: TakeBytes): void {
  const writer = new StateWriter([...MAGIC, VERSION], take);
  told(writer);
  writer.end();
}

/** What `make` makes of the state; it is asked only once the bytes are whole. */
export function readSnapshot<T>(bytes: Uint8Array, make: (io: StateIo) => T): Result<T, SnapshotError> {
  if (bytes.length < 4 * (HEAD + TAIL) || bytes.length % 4 !== 0)
    return err({ code: 'SNAPSHOT_NONE', detail: `${bytes.length} bytes are no snapshot` });
  // Bytes read from a file may begin anywhere in their buffer.
  const isAligned = bytes.byteOffset % 4 === 0;
  const { buffer, byteOffset } = isAligned ? bytes : Uint8Array.from(bytes);
  const words = new Uint32Array(buffer, byteOffset, bytes.length / 4);
  if (words[0] !== MAGIC[0] || words[1] !== MAGIC[1])
    return err({ code: 'SNAPSHOT_NONE', detail: 'it does not begin as a snapshot of this machine does' });
  if (words[2] !== VERSION)
    return err({
      code: 'SNAPSHOT_VERSION',
      detail: `it is of version ${words[2]}, this program reads ${VERSION}`,
    });
  const state = words.subarray(0, -TAIL);
  const [length, ...sums] = words.subarray(-TAIL);
  const [first, second] = sumsOf(state);
  if (length !== state.length || sums[0] !== first || sums[1] !== second)
    return err({ code: 'SNAPSHOT_DAMAGED', detail: 'its length or its sums are wrong' });
  try {
    const reader = new StateReader(state, HEAD);
    const made = make(reader);
    if (!reader.isAtEnd) throw new StateDamage('it holds more than the state');
    return ok(made);
  } catch (problem) {
    if (!(problem instanceof StateDamage)) throw problem;
    return err({ code: 'SNAPSHOT_DAMAGED', detail: problem.message });
  }
}

/** The sum of all words, and the sum of all sums on the way. */
function sumsOf(words: Uint32Array): [number, number] {
  let first = 0;
  let second = 0;
  for (let k = 0; k < words.length; k++) {
    first = (first + words[k]!) | 0;
    second = (second + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}
