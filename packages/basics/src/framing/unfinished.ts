/** The bytes of a stream that do not make a whole message yet. */

/** How messages stand in a stream: the one part in which protocols differ. */
export interface Framing<Bytes extends Uint8Array> {
  /**
   * Takes the whole messages in [from, to) and gives where the first unfinished one begins; -1 when the stream
   * cannot be read on. What it is given is valid during the call only.
   */
  take(bytes: Bytes, from: number, to: number): number;
  /** So many bytes of the unfinished message must be there before another look makes sense. */
  readonly needed: number;
}

/** Room for the first unfinished bytes: most are part of one short line. */
const FIRST_ROOM = 4 * 1024;

/**
 * Puts chunks together for a framing. A chunk without a rest before it is read in place; a rest is only looked at again
 * when as much is there as it needs, so that bytes which trickle in one by one cost no more than others.
 */
export class Unfinished<Bytes extends Uint8Array> {
  readonly #framing: Framing<Bytes>;
  readonly #makeRoom: (length: number) => Bytes;
  #bytes: Bytes;
  #length = 0;
  /** Whether the last chunk completed a message. */
  moved = false;

  /** `makeRoom` gives so many bytes, of any content. */
  constructor(framing: Framing<Bytes>, makeRoom: (length: number) => Bytes) {
    this.#framing = framing;
    this.#makeRoom = makeRoom;
    this.#bytes = makeRoom(0);
  }

  /** Bytes of the message that was begun. */
  get length(): number {
    return this.#length;
  }

  /** The bytes of the message that was begun, valid until the next `push`. */
  get bytes(): Bytes {
    return this.#bytes.subarray(0, this.#length) as Bytes;
  }

  /** Drops the message that was begun. */
  forget(): void {
    this.#length = 0;
  }

  /** Takes a chunk; false when the stream cannot be read on. */
  push(chunk: Bytes): boolean {
    if (this.#length === 0) {
      const rest = this.#framing.take(chunk, 0, chunk.length);
      if (rest < 0) return false;
      this.moved = rest > 0;
      this.#append(chunk, rest);
      return true;
    }
    this.#append(chunk, 0);
    this.moved = false;
    if (this.#length < this.#framing.needed) return true;
    const rest = this.#framing.take(this.#bytes, 0, this.#length);
    if (rest < 0) return false;
    this.moved = rest > 0;
    this.#bytes.copyWithin(0, rest, this.#length);
    this.#length -= rest;
    if (this.#length === 0) this.#bytes = this.#makeRoom(0);
    return true;
  }

  #append(chunk: Bytes, from: number): void {
    const length = this.#length + chunk.length - from;
    if (length > this.#bytes.length) {
      const larger = this.#makeRoom(Math.max(FIRST_ROOM, this.#bytes.length * 2, length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk.subarray(from), this.#length);
    this.#length = length;
  }
}
