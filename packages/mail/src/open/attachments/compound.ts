/** Compound files ([MS-CFB]), in which older Office documents and all their macros lie: names and streams, in bounded steps. */

/** A stream or a storage. */
export type CompoundEntry = {
  readonly name: string;
  readonly isStorage: boolean;
  readonly start: number;
  readonly size: number;
};

/** Entries, and sectors of one chain, that are looked at. */
const MOST_ENTRIES = 4_096;
const MOST_SECTORS = 65_536;

const FREE = 0xffff_fffa;

/** A compound file, opened. */
export class CompoundFile {
  readonly entries: readonly CompoundEntry[];
  readonly #bytes: Buffer;
  readonly #sector: number;
  readonly #fat: readonly number[];
  readonly #miniFat: readonly number[];
  readonly #mini: Buffer;
  readonly #miniBelow: number;

  /** Never throws: what is broken has fewer entries. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const shift = bytes.length < 512 ? 9 : this.#bytes.readUInt16LE(30);
    this.#sector = shift === 12 ? 4_096 : 512;
    this.#miniBelow = this.#number(56);
    this.#fat = this.#readFat();
    const miniFat = this.#chain(this.#number(60), MOST_SECTORS);
    this.#miniFat = numbersOf(miniFat);
    this.entries = this.#readDirectory();
    const root = this.entries[0];
    this.#mini =
      root === undefined ? Buffer.alloc(0) : this.#chain(root.start, Math.ceil(root.size / this.#sector));
  }

  /** Bytes of a stream, up to `most`. */
  stream({ start, size, isStorage }: CompoundEntry, most: number): Buffer {
    if (isStorage) return Buffer.alloc(0);
    const wanted = Math.min(size, most);
    if (size >= this.#miniBelow)
      return this.#chain(start, Math.ceil(wanted / this.#sector)).subarray(0, wanted);
    const parts: Buffer[] = [];
    let at = start;
    for (let steps = Math.ceil(wanted / 64); steps > 0 && at < FREE; steps--) {
      parts.push(this.#mini.subarray(at * 64, at * 64 + 64));
      at = this.#miniFat[at] ?? FREE;
    }
    return Buffer.concat(parts).subarray(0, wanted);
  }

  #readFat(): number[] {
    const fat: number[] = [];
    for (let at = 0; at < 109; at++) {
      const sector = this.#number(76 + at * 4);
      if (sector >= FREE || fat.length > MOST_SECTORS) break;
      for (const number of numbersOf(this.#at(sector))) fat.push(number);
    }
    return fat;
  }

  #readDirectory(): CompoundEntry[] {
    const directory = this.#chain(this.#number(48), MOST_ENTRIES / 4);
    const entries: CompoundEntry[] = [];
    for (let at = 0; at + 128 <= directory.length && entries.length < MOST_ENTRIES; at += 128) {
      const kind = directory[at + 66];
      const length = Math.min(Math.max(directory.readUInt16LE(at + 64) - 2, 0), 62);
      entries.push({
        name: kind === 0 ? '' : directory.toString('utf16le', at, at + length),
        isStorage: kind === 1,
        start: directory.readUInt32LE(at + 116),
        size: directory.readUInt32LE(at + 120),
      });
    }
    return entries;
  }

  #chain(start: number, most: number): Buffer {
    const parts: Buffer[] = [];
    let at = start;
    for (let steps = Math.min(most, MOST_SECTORS); steps > 0 && at < FREE; steps--) {
      const sector = this.#at(at);
      if (sector.length === 0) break;
      parts.push(sector);
      at = this.#fat[at] ?? FREE;
    }
    return Buffer.concat(parts);
  }

  #at(sector: number): Buffer {
    const from = (sector + 1) * this.#sector;
    return this.#bytes.subarray(from, from + this.#sector);
  }

  #number(at: number): number {
    return at + 4 <= this.#bytes.length ? this.#bytes.readUInt32LE(at) : FREE;
  }
}

function numbersOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readUInt32LE(at * 4));
}
