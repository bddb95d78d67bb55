/**
 * SHA-256 by WebAssembly with vectors of 128 bits: four messages at once, ten times what one call of a library for each
 * costs. Made of ../wasm/sha256.as.ts; `sha256.ts` is the reference.
 *
 *     1024     constants, schedules, tails       written by the module, but for the constants
 *     8192     schedules of second blocks        64 KB
 *     INPUT    pieces, and behind them hashes
 */
import { decodeBase64 } from './bytes.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { K, START, sha256Hasher } from './sha256.ts';
import { SHA256_WASM } from './wasm-binary.ts';

/** Addresses that the module knows too. */
const CONSTANTS = 1024;

/** Behind the schedules, and room for the vector that is read before the first piece. */
const INPUT = 0x13000;

/** Pieces are copied and hashed in windows of this many bytes: with their hashes they stay in a second-level cache. */
const WINDOW = 0x10000;

/** What may be read behind a window. */
const SLACK = 256;

const PAGE = 0x10000;

type Exports = {
  readonly prepare: () => void;
  readonly hashAll: (input: number, size: number, count: number, prefix: number, out: number) => void;
};

// The lib of ECMAScript does not name WebAssembly, and the one of browsers is not wanted here.
type Wasm = {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly validate: (bytes: Uint8Array) => boolean;
};

/** The hasher; null where there is no WebAssembly with vectors, and `sha256Hasher` has to do. */
export function wasmSha256Hasher(): Hasher | null {
  const wasm = (globalThis as { WebAssembly?: Wasm }).WebAssembly;
  const binary = decodeBase64(SHA256_WASM);
  if (wasm === undefined || binary === undefined || !wasm.validate(binary)) return null;
  const hashesAt = INPUT + WINDOW + SLACK;
  // Pieces may be shorter than their hashes: one byte each at least.
  const memory = new wasm.Memory({ initial: Math.ceil((hashesAt + WINDOW + SLACK) / PAGE) });
  const bytes = new Uint8Array(memory.buffer);
  new Int32Array(memory.buffer, CONSTANTS, K.length).set(K);
  new Int32Array(memory.buffer, CONSTANTS + 4 * K.length, START.length).set(START);
  const module = new wasm.Instance(new wasm.Module(binary), { env: { memory } }).exports as Exports;
  module.prepare();
  const plain = sha256Hasher();

  function hashAll(prefix: number, input: Uint8Array, size: number, count: number, out: Uint8Array): void {
    if (size > WINDOW) {
      plain.hashAll(prefix, input, size, count, out);
      return;
    }
    const atOnce = Math.floor(WINDOW / Math.max(size, HASH_SIZE));
    for (let done = 0; done < count; done += atOnce) {
      const some = Math.min(atOnce, count - done);
      bytes.set(input.subarray(done * size, (done + some) * size), INPUT);
      module.hashAll(INPUT, size, some, prefix, hashesAt);
      out.set(bytes.subarray(hashesAt, hashesAt + some * HASH_SIZE), done * HASH_SIZE);
    }
  }

  return {
    hash(piece, out, at) {
      hashAll(-1, piece, piece.length, 1, out.subarray(at));
    },
    hashAll,
  };
}
