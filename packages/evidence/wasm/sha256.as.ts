/**
 * SHA-256 (FIPS 180-4) of four messages at once, one in each 32-bit lane of a vector. See ../src/wasm-sha256.ts, which lays
 * out the memory; ../src/sha256.ts is the same in plain words.
 *
 * Most of what a tree hashes are 65 bytes: a prefix and two hashes. Their second block holds one byte of the message and
 * padding, so there are 256 such blocks, and the schedule of each is made once and looked up.
 */

/** 64 constants, as words, which TypeScript writes; behind them the 8 words that a hash begins with. */
const K: usize = 1024;
const START: usize = K + 256;
/** Schedule of four messages: words, and words with the constants added. */
const W: usize = 2048;
const WK: usize = W + 1024;
/** The last one or two blocks of each of four messages. */
const TAIL: usize = 4096;
/** 256 schedules with the constants added, for messages of 65 bytes. */
const SECOND: usize = 8192;

let a: v128 = i32x4.splat(0);
let b: v128 = i32x4.splat(0);
let c: v128 = i32x4.splat(0);
let d: v128 = i32x4.splat(0);
let e: v128 = i32x4.splat(0);
let f: v128 = i32x4.splat(0);
let g: v128 = i32x4.splat(0);
let h: v128 = i32x4.splat(0);

// @ts-ignore: decorator
@inline
function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by));
}

// @ts-ignore: decorator
@inline
function first(at: usize, e: v128, f: v128, g: v128, h: v128): v128 {
  const sum = v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25));
  return i32x4.add(i32x4.add(i32x4.add(h, v128.load(at)), v128.bitselect(f, g, e)), sum);
}

// @ts-ignore: decorator
@inline
function second(t: v128, a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22));
  return i32x4.add(t, i32x4.add(sum, v128.bitselect(c, b, v128.xor(a, b))));
}

/** The 64 rounds over the schedule at WK. */
function rounds(): void {
  let A = a, B = b, C = c, D = d, E = e, F = f, G = g, H = h;
  for (let at = WK; at < WK + 1024; at += 128) {
    let t = first(at, E, F, G, H);
    D = i32x4.add(D, t);
    H = second(t, A, B, C);
    t = first(at + 16, D, E, F, G);
    C = i32x4.add(C, t);
    G = second(t, H, A, B);
    t = first(at + 32, C, D, E, F);
    B = i32x4.add(B, t);
    F = second(t, G, H, A);
    t = first(at + 48, B, C, D, E);
    A = i32x4.add(A, t);
    E = second(t, F, G, H);
    t = first(at + 64, A, B, C, D);
    H = i32x4.add(H, t);
    D = second(t, E, F, G);
    t = first(at + 80, H, A, B, C);
    G = i32x4.add(G, t);
    C = second(t, D, E, F);
    t = first(at + 96, G, H, A, B);
    F = i32x4.add(F, t);
    B = second(t, C, D, E);
    t = first(at + 112, F, G, H, A);
    E = i32x4.add(E, t);
    A = second(t, B, C, D);
  }
  a = i32x4.add(a, A);
  b = i32x4.add(b, B);
  c = i32x4.add(c, C);
  d = i32x4.add(d, D);
  e = i32x4.add(e, E);
  f = i32x4.add(f, F);
  g = i32x4.add(g, G);
  h = i32x4.add(h, H);
}

/** Words 16 to 63 of the schedule from words 0 to 15, and all of them with the constants. */
function schedule(): void {
  for (let i: usize = 0; i < 16; i++) {
    v128.store(WK + 16 * i, i32x4.add(v128.load(W + 16 * i), v128.load32_splat(K + 4 * i)));
  }
  for (let i: usize = 16; i < 64; i++) {
    const at = W + 16 * i;
    const far = v128.load(at - 240);
    const near = v128.load(at - 32);
    const s0 = v128.xor(v128.xor(rotate(far, 7), rotate(far, 18)), i32x4.shr_u(far, 3));
    const s1 = v128.xor(v128.xor(rotate(near, 17), rotate(near, 19)), i32x4.shr_u(near, 10));
    const w = i32x4.add(i32x4.add(v128.load(at - 256), s0), i32x4.add(v128.load(at - 112), s1));
    v128.store(at, w);
    v128.store(at + 1024, i32x4.add(w, v128.load32_splat(K + 4 * i)));
  }
}

// @ts-ignore: decorator
@inline
function swapped(at: usize): v128 {
  const v = v128.load(at);
  return i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Four vectors with four words of one message each become four with one word of each message. */
// @ts-ignore: decorator
@inline
function spread(to: usize, p: v128, q: v128, r: v128, s: v128): void {
  const x = i32x4.shuffle(p, q, 0, 4, 1, 5);
  const y = i32x4.shuffle(r, s, 0, 4, 1, 5);
  const z = i32x4.shuffle(p, q, 2, 6, 3, 7);
  const w = i32x4.shuffle(r, s, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(x, y, 0, 2));
  v128.store(to + 16, i64x2.shuffle(x, y, 1, 3));
  v128.store(to + 32, i64x2.shuffle(z, w, 0, 2));
  v128.store(to + 48, i64x2.shuffle(z, w, 1, 3));
}

/** One block of each of four messages, read at four addresses. */
function load(p: usize, q: usize, r: usize, s: usize): void {
  for (let i: usize = 0; i < 64; i += 16) {
    spread(W + 4 * i, swapped(p + i), swapped(q + i), swapped(r + i), swapped(s + i));
  }
}

function start(): void {
  a = v128.load32_splat(START);
  b = v128.load32_splat(START + 4);
  c = v128.load32_splat(START + 8);
  d = v128.load32_splat(START + 12);
  e = v128.load32_splat(START + 16);
  f = v128.load32_splat(START + 20);
  g = v128.load32_splat(START + 24);
  h = v128.load32_splat(START + 28);
}

/** Writes `lanes` hashes. */
function finish(out: usize, lanes: usize): void {
  spread(W, a, b, c, d);
  spread(W + 64, e, f, g, h);
  for (let lane: usize = 0; lane < lanes; lane++) {
    for (let half: usize = 0; half < 2; half++) {
      v128.store(out + 32 * lane + 16 * half, swapped(W + 64 * half + 16 * lane));
    }
  }
}

/** Makes the schedules of the second block of 65 bytes. To be called once. */
export function prepare(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    memory.fill(W, 0, 256);
    v128.store(W, i32x4.splat((byte << 24) | 0x800000));
    v128.store(W + 240, i32x4.splat(520));
    schedule();
    for (let i: usize = 0; i < 64; i++) store<u32>(SECOND + 256 * byte + 4 * i, i32.load(WK + 16 * i));
  }
}

/** The second block of four messages of 65 bytes, whose last bytes stand at these addresses. */
function secondBlock(p: usize, q: usize, r: usize, s: usize): void {
  const i0 = SECOND + 256 * <usize>i32.load8_u(p);
  const i1 = SECOND + 256 * <usize>i32.load8_u(q);
  const i2 = SECOND + 256 * <usize>i32.load8_u(r);
  const i3 = SECOND + 256 * <usize>i32.load8_u(s);
  for (let i: usize = 0; i < 256; i += 16) {
    spread(WK + 4 * i, v128.load(i0 + i), v128.load(i1 + i), v128.load(i2 + i), v128.load(i3 + i));
  }
}

/** Copies what is behind the whole blocks of a message, and pads it. Returns how many blocks that makes. */
function pad(to: usize, message: usize, length: usize, whole: usize, prefix: i32): usize {
  const left = length - 64 * whole;
  const blocks: usize = left < 56 ? 1 : 2;
  memory.fill(to, 0, 128);
  memory.copy(to, message + 64 * whole, left);
  if (whole === 0 && prefix >= 0) i32.store8(to, prefix);
  i32.store8(to + left, 0x80);
  i64.store(to + 64 * blocks - 8, bswap<u64>((<u64>length) << 3));
  return blocks;
}

/**
 * Hashes of `count` pieces of `size` bytes, each behind the byte `prefix` (-1: none). 64 bytes before `input` and behind its end
 * may be read. `out` may be `input`.
 */
export function hashAll(input: usize, size: usize, count: usize, prefix: i32, out: usize): void {
  // A prefix takes the place of the byte before the piece, which is not read then.
  const before: usize = prefix < 0 ? 0 : 1;
  const length = size + before;
  const whole = length / 64;
  const keep = i32x4.splat(0x00ffffff);
  const top = i32x4.splat(prefix << 24);
  for (let at: usize = 0; at < count; at += 4) {
    const lanes = count - at < 4 ? count - at : 4;
    const p = input + at * size - before;
    const q = lanes > 1 ? p + size : p;
    const r = lanes > 2 ? q + size : p;
    const s = lanes > 3 ? r + size : p;
    start();
    for (let block: usize = 0; block < whole; block++) {
      const i = 64 * block;
      load(p + i, q + i, r + i, s + i);
      if (block === 0 && before !== 0) v128.store(W, v128.or(v128.and(v128.load(W), keep), top));
      schedule();
      rounds();
    }
    if (length === 65) {
      secondBlock(p + 64, q + 64, r + 64, s + 64);
      rounds();
    } else {
      const blocks = pad(TAIL, p, length, whole, prefix);
      pad(TAIL + 128, q, length, whole, prefix);
      pad(TAIL + 256, r, length, whole, prefix);
      pad(TAIL + 384, s, length, whole, prefix);
      for (let block: usize = 0; block < blocks; block++) {
        const i = TAIL + 64 * block;
        load(i, i + 128, i + 256, i + 384);
        schedule();
        rounds();
      }
    }
    finish(out + 32 * at, lanes);
  }
}
