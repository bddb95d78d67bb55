/** RSA keys that follow from a text: ARC seals must be RSA (RFC 8617, 4.1), and a run must give the same bytes again. Never for secrets. */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';

/** Bits of each prime: 1024 together, the least that verifiers accept (RFC 8301, 3.2). */
const PRIME_BITS = 512n;

/** Public exponent, as everywhere. */
const EXPONENT = 65_537n;

/** Bases of Miller and Rabin's test: for numbers that nobody chose to deceive. */
const BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n] as const;

/** The key. */
export function rsaKeyFrom(text: string): KeyObject {
  const p = primeFrom(`${text} p`);
  const q = primeFrom(`${text} q`);
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(EXPONENT, phi);
  const jwk = {
    kty: 'RSA',
    n: base64url(p * q),
    e: base64url(EXPONENT),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverse(q, p)),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function primeFrom(text: string): bigint {
  const drawn = createHash('sha512').update(text).digest('hex');
  // The two highest bits are set, so that the product has all its bits.
  let candidate = BigInt(`0x${drawn}`) | (3n << (PRIME_BITS - 2n)) | 1n;
  while (!isPrime(candidate) || candidate % EXPONENT === 1n) candidate += 2n;
  return candidate;
}

function isPrime(number: bigint): boolean {
  if (BASES.some((base) => number % base === 0n)) return false;
  let odd = number - 1n;
  let twos = 0;
  while (odd % 2n === 0n) {
    odd /= 2n;
    twos++;
  }
  return BASES.every((base) => {
    let x = power(base, odd, number);
    if (x === 1n || x === number - 1n) return true;
    for (let at = 1; at < twos; at++) {
      x = (x * x) % number;
      if (x === number - 1n) return true;
    }
    return false;
  });
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square, rest] = [1n, base % modulus, exponent];
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
    rest >>= 1n;
  }
  return result;
}

/** Euclid's algorithm, extended. */
function inverse(number: bigint, modulus: bigint): bigint {
  let [low, high, lowFactor, highFactor] = [number % modulus, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high % low, low];
    [lowFactor, highFactor] = [highFactor - quotient * lowFactor, lowFactor];
  }
  return ((lowFactor % modulus) + modulus) % modulus;
}

function base64url(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
