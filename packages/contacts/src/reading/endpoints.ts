/**
 * Source and destination of a row, for formats that name them in any order, spelling or not at all.
 *
 * A field may hold an address of either family, in brackets (`[2001:db8::1]`) or with a zone (`fe80::1%eth0`, RFC 4007:
 * the zone is dropped, it means something on the sensor alone). The unspecified addresses (`0.0.0.0`, `::`) are how
 * devices write "none". Hot path: one object per reader, reused.
 */
import { type Batch, Flag } from '../contact.ts';
import { Family, readAddress, readEnd, words } from './bytes.ts';

const OPEN = 91;
const CLOSE = 93;
const PERCENT = 37;

/** The two addresses of the line being read. */
export class Endpoints {
  #sourceFamily: Family = Family.none;
  #destinationFamily: Family = Family.none;
  readonly #source = new Uint32Array(4);
  readonly #destination = new Uint32Array(4);

  /** Forgets the line before. */
  clear(): void {
    this.#sourceFamily = Family.none;
    this.#destinationFamily = Family.none;
  }

  /** Takes the field [from, to) as source. False if it is no address and not empty: the line is damaged. */
  takeSource(bytes: Uint8Array, from: number, to: number): boolean {
    const family = readWhole(bytes, from, to);
    if (family < 0) return false;
    this.#sourceFamily = family as Family;
    if (family !== Family.none) this.#source.set(words);
    return true;
  }

  /** Takes the field [from, to) as destination, as `takeSource`. */
  takeDestination(bytes: Uint8Array, from: number, to: number): boolean {
    const family = readWhole(bytes, from, to);
    if (family < 0) return false;
    this.#destinationFamily = family as Family;
    if (family !== Family.none) this.#destination.set(words);
    return true;
  }

  /** Whether a source was named. */
  get hasSource(): boolean {
    return this.#sourceFamily !== Family.none;
  }

  /** Whether a destination was named. */
  get hasDestination(): boolean {
    return this.#destinationFamily !== Family.none;
  }

  /**
   * Writes both into row `row` and returns the bits of `flags` that go with them. -1 if one is IPv4 and the other
   * IPv6: no packet has both, so the line is damaged.
   */
  write(batch: Batch, row: number): number {
    const source = this.#sourceFamily;
    const destination = this.#destinationFamily;
    let flags = 0;
    if (source === Family.none) flags |= Flag.noSource;
    if (destination === Family.none) flags |= Flag.noDestination;
    if (source === Family.v6 || destination === Family.v6) {
      if (source === Family.v4 || destination === Family.v4) return -1;
      for (let i = 0; i < 4; i++) {
        batch.wide[8 * row + i] = source === Family.v6 ? this.#source[i]! : 0;
        batch.wide[8 * row + 4 + i] = destination === Family.v6 ? this.#destination[i]! : 0;
      }
      return flags | Flag.v6;
    }
    if (source === Family.v4) batch.src[row] = this.#source[3]!;
    if (destination === Family.v4) batch.dst[row] = this.#destination[3]!;
    return flags;
  }
}

/** Family of the address that fills [from, to), its value in `words`; -1 if something else stands there. */
function readWhole(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from) return Family.none;
  let at = from;
  let end = to;
  if (bytes[at] === OPEN && bytes[end - 1] === CLOSE) {
    at++;
    end--;
  }
  if (end - at === 1 && bytes[at] === 45) return Family.none;
  const family = readAddress(bytes, at, end);
  if (family === Family.none) return -1;
  if (readEnd !== end && (family !== Family.v6 || bytes[readEnd] !== PERCENT || readEnd + 1 >= end))
    return -1;
  if (family === Family.v4) return words[3] === 0 ? Family.none : family;
  return words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 0 ? Family.none : family;
}

/**
 * Whether [from, to) is a host name where an address could stand: it has a letter that no address has. Such a line
 * names no address; anything else that is none is damage.
 */
export function isHostName(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const lower = bytes[i]! | 32;
    if (lower > 102 && lower <= 122) return true;
  }
  return false;
}
