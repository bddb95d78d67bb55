/**
 * SHA-256 in plain TypeScript: the reference that every other `Hasher` is compared with, and what works where WebAssembly
 * is not allowed. FIPS 180-4, sections 4.1.2 (functions), 5.1.1 (padding), 6.2.2 (computation).
 */
import { HASH_SIZE, type Hasher } from './hasher.ts';

/** Bytes that are worked on at once. */
const BLOCK = 64;

/** Bytes that the length of the message takes, in bits, at its end. */
const LENGTH_BYTES = 8;

/** FIPS 180-4, 4.2.2 and 5.3.3: bits of the fractions of the cube and square roots of the first primes. */
export const K: Int32Array = Int32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
export const START: Int32Array = Int32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));

/** A hasher of its own memory; typed arrays only. Not for two threads, as none here is. */
export function sha256Hasher(): Hasher {
  const schedule = new Int32Array(BLOCK);
  const state = new Int32Array(8);
  const block = new Uint8Array(BLOCK);

  /** Hash of a prefix (or none, -1) and the bytes from `from` to `to`. */
  function digest(prefix: number, input: Uint8Array, from: number, to: number, out: Uint8Array, at: number) {
    state.set(START);
    const length = to - from + (prefix < 0 ? 0 : 1);
    let filled = 0;
    if (prefix >= 0) block[filled++] = prefix;
    for (let i = from; i < to; i++) {
      block[filled++] = input[i]!;
      if (filled === BLOCK) {
        compress(state, schedule, block);
        filled = 0;
      }
    }
    block[filled++] = 0x80;
    if (filled > BLOCK - LENGTH_BYTES) {
      block.fill(0, filled);
      compress(state, schedule, block);
      filled = 0;
    }
    block.fill(0, filled);
    // Bits, as two words: 8 * length may be more than a word holds.
    putWord(block, BLOCK - 8, Math.floor(length / 0x20000000));
    putWord(block, BLOCK - 4, length << 3);
    compress(state, schedule, block);
    for (let i = 0; i < 8; i++) putWord(out, at + 4 * i, state[i]!);
  }

  return {
    hash(bytes, out, at) {
      digest(-1, bytes, 0, bytes.length, out, at);
    },
    hashAll(prefix, input, size, count, out) {
      for (let i = 0; i < count; i++) digest(prefix, input, i * size, (i + 1) * size, out, i * HASH_SIZE);
    },
  };
}

function compress(state: Int32Array, w: Int32Array, block: Uint8Array): void {
  for (let i = 0; i < 16; i++) {
    const at = 4 * i;
    w[i] = (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!;
  }
  for (let i = 16; i < BLOCK; i++) {
    const near = w[i - 2]!;
    const far = w[i - 15]!;
    const s0 = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    const s1 = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < BLOCK; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + K[i]! + w[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes;
}

/** The first 32 bits behind the point. */
function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32) | 0;
}
