/**
 * Packets of the milter protocol: four bytes of length, big-endian, then one byte that names the packet, then its data
 * (Sendmail, include/libmilter/mfdef.h). The stream is cut wherever the network cut it.
 */

/** One packet: its letter, and what follows. */
export type MilterPacket = { readonly letter: string; readonly data: Uint8Array };

/** Bytes of one packet. Sendmail's own limit for data is 1 MiB; bodies come in pieces of 64 kB. */
export const PACKET_BYTES = 1_048_576;

const LENGTH_BYTES = 4;

/** Pieces that are kept apart: a peer that sends a byte at a time must not cost an object for each. */
const MOST_PIECES = 1_000;

/** Joins what comes in to packets. A stream that broke the rules is never read on: `broken` says why. */
export class MilterPackets {
  /** Why nothing more is read; null while all is well. */
  broken: string | null = null;
  #pieces: Uint8Array[] = [];
  #held = 0;

  /** Packets that are complete with these bytes; none once the stream is broken. */
  take(bytes: Uint8Array): readonly MilterPacket[] {
    if (this.broken !== null || bytes.length === 0) return [];
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#pieces.length > MOST_PIECES) this.#pieces = [this.#joined()];

    const packets: MilterPacket[] = [];
    while (this.#held >= LENGTH_BYTES) {
      const length = this.#peekLength();
      if (length === 0 || length > PACKET_BYTES) {
        this.broken = `a packet of ${length} bytes; between 1 and ${PACKET_BYTES} are allowed`;
        this.#pieces = [];
        this.#held = 0;
        break;
      }
      if (this.#held < LENGTH_BYTES + length) break;
      const whole = this.#cut(LENGTH_BYTES + length);
      packets.push({
        letter: String.fromCharCode(whole[LENGTH_BYTES] ?? 0),
        data: whole.subarray(LENGTH_BYTES + 1),
      });
    }
    return packets;
  }

  /** Whether a packet has begun and is not complete: a peer that leaves now stopped in the middle. */
  get isInside(): boolean {
    return this.#held > 0;
  }

  /** The length that the next packet names, without joining what is held: a slow peer sends a byte at a time. */
  #peekLength(): number {
    let length = 0;
    let seen = 0;
    for (const piece of this.#pieces) {
      for (const byte of piece.subarray(0, LENGTH_BYTES - seen)) {
        length = length * 256 + byte;
        seen += 1;
      }
      if (seen === LENGTH_BYTES) break;
    }
    return length;
  }

  #cut(size: number): Uint8Array {
    const joined = this.#joined();
    this.#held -= size;
    this.#pieces = this.#held > 0 ? [joined.subarray(size)] : [];
    return joined.subarray(0, size);
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#held);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }
}

/** A packet as it is sent. */
export function packetBytes(letter: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES + 1 + data.length);
  new DataView(bytes.buffer).setUint32(0, data.length + 1);
  bytes[LENGTH_BYTES] = letter.charCodeAt(0);
  bytes.set(data, LENGTH_BYTES + 1);
  return bytes;
}
