/**
 * What consecutive syslog lines share: `host program[` or `host program:`. A head that was read once is recognised by
 * comparing it four bytes at a time; only the process id is read again.
 */
import { hashText, readEnd, readNumber } from './bytes.ts';

const SPACE = 32;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;

/** Longest head remembered: names are short, and a longer one is only slower. */
const MAX_HEAD = 96;
/** Heads remembered: some programs on each of a hundred hosts that log to one relay. */
const HEADS = 512;

/** Heads seen. One per file being read. */
export class HeadMemory {
  /** What the head that `find` found says: hash of the host, where the program begins, length with its last byte. */
  host = 0;
  app = 0;
  length = 0;
  /** Process id in the line, or -1, and where its message begins. */
  pid = -1;
  messageAt = 0;

  readonly #heads = new DataView(new ArrayBuffer(HEADS * MAX_HEAD));
  readonly #length = new Uint8Array(HEADS);
  readonly #app = new Uint8Array(HEADS);
  readonly #host = new Uint32Array(HEADS);
  /** Slot of the line before. */
  #slot = 0;

  /** Whether a known head stands at `from`; `view` is over the same bytes. */
  find(bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    let slot = this.#slot;
    if (!this.#isHead(slot, view, from, to)) {
      slot = slotOf(bytes, from, to);
      if (!this.#isHead(slot, view, from, to)) return false;
      this.#slot = slot;
    }
    const length = this.#length[slot]!;
    let at = from + length;
    let pid = -1;
    if (bytes[at - 1] === OPEN) {
      pid = readNumber(bytes, at, to);
      at = readEnd + 2;
      if (pid < 0 || at > to || bytes[at - 2] !== CLOSE || bytes[at - 1] !== COLON) return false;
    }
    if (at < to && bytes[at] === SPACE) at++;
    this.host = this.#host[slot]!;
    this.app = this.#app[slot]!;
    this.length = length;
    this.pid = pid;
    this.messageAt = at;
    return true;
  }

  /** Remembers the head [from, end), whose program begins `app` bytes in. */
  keep(bytes: Uint8Array, from: number, app: number, end: number, host: number, to: number): void {
    const length = end - from;
    // Without a host there is no space that would end one: what looks the same need not be.
    if (length > MAX_HEAD || app === 0) return;
    const slot = slotOf(bytes, from, to);
    for (let i = 0; i < length; i++) this.#heads.setUint8(slot * MAX_HEAD + i, bytes[from + i]!);
    this.#length[slot] = length;
    this.#app[slot] = app;
    this.#host[slot] = host;
    this.#slot = slot;
  }

  #isHead(slot: number, view: DataView, from: number, to: number): boolean {
    const length = this.#length[slot]!;
    if (length === 0 || to - from <= length) return false;
    const heads = this.#heads;
    const at = slot * MAX_HEAD;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (view.getInt32(from + i) !== heads.getInt32(at + i)) return false;
    for (; i < length; i++) if (view.getUint8(from + i) !== heads.getUint8(at + i)) return false;
    return true;
  }
}

/** Slot of the head at `from`: a hash of the bytes to the first `:` or `[`. */
function slotOf(bytes: Uint8Array, from: number, to: number): number {
  const limit = Math.min(to, from + MAX_HEAD);
  let hash = 0;
  for (let i = from; i < limit; i++) {
    const byte = bytes[i]!;
    if (byte === COLON || byte === OPEN) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (HEADS - 1);
}

/** Longest host whose hash is remembered, and how many are: the offices of a state. */
const MAX_HOST = 64;
const HOSTS = 256;

/** Hashes of hosts: those of a relay come again and again. One per file being read. */
export class HostMemory {
  readonly #bytes = new Uint8Array(HOSTS * MAX_HOST);
  readonly #length = new Uint8Array(HOSTS);
  readonly #hash = new Uint32Array(HOSTS);

  /** `hashText` of the host [from, end). */
  hash(bytes: Uint8Array, from: number, end: number): number {
    const length = end - from;
    if (length > MAX_HOST) return hashText(bytes, from, end);
    const middle = bytes[from + (length >> 1)]!;
    const slot = (bytes[from]! + 5 * bytes[end - 1]! + 19 * middle + 37 * length) & (HOSTS - 1);
    const at = slot * MAX_HOST;
    const kept = this.#bytes;
    if (this.#length[slot] === length) {
      let i = 0;
      while (i < length && bytes[from + i] === kept[at + i]) i++;
      if (i === length) return this.#hash[slot]!;
    }
    for (let i = 0; i < length; i++) kept[at + i] = bytes[from + i]!;
    this.#length[slot] = length;
    this.#hash[slot] = hashText(bytes, from, end);
    return this.#hash[slot]!;
  }
}
