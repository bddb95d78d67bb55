/**
 * The frames of a Zstandard stream (RFC 8878, 3.1), walked without unpacking:
 *
 *     magic 28 B5 2F FD   frame header 2-14 bytes   blocks: 3-byte header + content   checksum, 4 bytes, if announced
 *     magic 5x 2A 4D 18   length, 4 bytes           content that is skipped
 *
 * Whoever unpacks is handed one block at a time: a block never holds more than 128 KiB, so what a hostile file can
 * make of one step is bounded, and the window that a frame asks for is known before it is allocated.
 */

/** A piece of the stream: a whole frame header, a whole block, or a checksum. */
export type ZstdPiece = {
  readonly bytes: Buffer;
  /** The piece is the header of a frame. */
  readonly first: boolean;
  /** With this piece the frame is complete. */
  readonly last: boolean;
};

/** Why a stream cannot be unpacked. */
export type ZstdFault = 'damaged' | 'window';

/** Largest window granted: what the `zstd` command grants unless it is told otherwise. */
export const MAX_WINDOW = 128 * 1024 * 1024;

/** Largest block (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK = 128 * 1024;

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RLE = 1;
const RESERVED = 3;

/** `#pieceLength`: more bytes are needed to tell. */
const MORE = 0;
/** `#pieceLength`: there is no piece, `#skip` bytes are to be left out. */
const SKIP = -1;

const State = { frame: 0, block: 1, checksum: 2 } as const;
type State = (typeof State)[keyof typeof State];

/** Cuts a stream, handed over in any chunks, into pieces. */
export class ZstdFrames {
  #rest: Buffer = Buffer.alloc(0);
  #state: State = State.frame;
  #skip = 0;
  #hasChecksum = false;
  #blockLimit = MAX_BLOCK;
  /** Set for good when the stream cannot be unpacked any further. */
  fault: ZstdFault | undefined;

  /** Whether the stream may end here. */
  get complete(): boolean {
    return this.#state === State.frame && this.#rest.length === 0 && this.#skip === 0;
  }

  /** The pieces that are complete with this chunk; none after a fault. */
  push(chunk: Buffer): ZstdPiece[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const pieces: ZstdPiece[] = [];
    while (this.fault === undefined) {
      if (this.#skip > 0) this.#skipOver();
      if (this.#rest.length === 0) break;
      const length = this.#pieceLength();
      if (length === SKIP) continue;
      if (length === MORE || this.#rest.length < length) break;
      pieces.push(this.#take(length));
    }
    return pieces;
  }

  #skipOver(): void {
    const now = Math.min(this.#skip, this.#rest.length);
    this.#skip -= now;
    this.#rest = this.#rest.subarray(now);
  }

  /** Length of the piece at the head of the rest, or MORE if that cannot be told yet, or SKIP. */
  #pieceLength(): number {
    if (this.#state === State.checksum) return 4;
    if (this.#state === State.block) return this.#blockLength();
    return this.#frameHeaderLength();
  }

  #frameHeaderLength(): number {
    const rest = this.#rest;
    if (rest.length < 4) return MORE;
    const magic = rest.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      if (rest.length < 8) return MORE;
      this.#skip = 8 + rest.readUInt32LE(4);
      return SKIP;
    }
    if (magic !== MAGIC) return this.#fail('damaged');
    if (rest.length < 6) return MORE;
    const descriptor = rest[4]!;
    if (descriptor & 8) return this.#fail('damaged');
    const single = (descriptor & 32) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const sizeFlag = descriptor >> 6;
    const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    const sizeAt = (single ? 5 : 6) + dictionary;
    if (rest.length < sizeAt + sizeBytes) return MORE;
    const window = single ? contentSize(rest, sizeAt, sizeBytes) : windowOf(rest[5]!);
    if (window > MAX_WINDOW) return this.#fail('window');
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#blockLimit = Math.min(MAX_BLOCK, window);
    return sizeAt + sizeBytes;
  }

  #blockLength(): number {
    if (this.#rest.length < 3) return MORE;
    const header = this.#rest.readUIntLE(0, 3);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED || size > this.#blockLimit) return this.#fail('damaged');
    return 3 + (type === RLE ? 1 : size);
  }

  #take(length: number): ZstdPiece {
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    const first = this.#state === State.frame;
    let last = false;
    if (first) this.#state = State.block;
    else if (this.#state === State.checksum) last = true;
    else if (bytes[0]! & 1) {
      last = !this.#hasChecksum;
      this.#state = State.checksum;
    }
    if (last) this.#state = State.frame;
    return { bytes, first, last };
  }

  #fail(fault: ZstdFault): typeof MORE {
    this.fault = fault;
    return MORE;
  }
}

/** Window_Size of a Window_Descriptor (RFC 8878, 3.1.1.1.2). */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(bytes: Buffer, at: number, length: number): number {
  if (length === 8) return Number(bytes.readBigUInt64LE(at));
  const size = bytes.readUIntLE(at, length);
  return length === 2 ? size + 256 : size;
}
