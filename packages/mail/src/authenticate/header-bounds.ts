/**
 * How much of a header is verified. `mailauth` reads every line of it, and for some fields takes the square of their length: 60 kB of a From
 * are seconds, and the mail server waits.
 */
import { READ_LIMITS } from '../read/limits.ts';

const LF = 10;
const CR = 13;

/** Lines of a header: real ones have some hundred. */
const MOST_LINES = 5_000;

/** Bytes of all fields of a name together, as they were written. */
const MOST_BYTES: ReadonlyMap<string, number> = new Map([
  ['from', 4_096],
  ['received', 32_768],
]);

/** Whether a header has more in it than is looked at. It ends where `mailauth` ends it: at the first empty line that is not the first. */
export function isHeaderLong(bytes: Uint8Array): boolean {
  const end = headerEnd(bytes);
  if (end === null) return true;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
  const sums = new Map<string, number>();
  for (const field of text.split(/\n(?!\s)/)) {
    const name = field
      .slice(0, Math.max(0, field.indexOf(':')))
      .trim()
      .toLowerCase();
    const most = MOST_BYTES.get(name);
    if (most === undefined) continue;
    const sum = (sums.get(name) ?? 0) + field.length;
    if (sum > most) return true;
    sums.set(name, sum);
  }
  return false;
}

/** Where it ends; null: beyond what is looked at. */
function headerEnd(bytes: Uint8Array): number | null {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (++lines > MOST_LINES || at > READ_LIMITS.headerBytes) return null;
    if (bytes[at + 1] === LF || (bytes[at + 1] === CR && bytes[at + 2] === LF)) return at;
  }
  return bytes.length > READ_LIMITS.headerBytes ? null : bytes.length;
}
