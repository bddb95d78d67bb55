/**
 * What hashing is asked of. Hashing one thing at a time costs ten times what hashing itself costs (a call, an object, a
 * copy), so it is asked for many things of one length at once, into memory that the caller has.
 */

/** Bytes of a hash. */
export const HASH_SIZE = 32;

/** SHA-256 (FIPS 180-4), synchronous. */
export type Hasher = {
  /** Hash of some bytes, written to `out` at `at`. */
  hash(bytes: Uint8Array, out: Uint8Array, at: number): void;
  /**
   * Hashes of `count` pieces of `size` bytes that lie one after the other in `input`, each behind the byte `prefix` (0 to
   * 255; -1: behind none), written to `out` one after the other. `out` may be `input`: what is read is read before what
   * is written over it, piece by piece, where `size` is 32 or more.
   */
  hashAll(prefix: number, input: Uint8Array, size: number, count: number, out: Uint8Array): void;
};
