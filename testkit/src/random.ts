/**
 * Seeded randomness: the same seed gives the same bytes on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): four 32-bit words of state, integer arithmetic only.
 * Seeds are spread over the state by the finaliser of MurmurHash3 (Austin Appleby).
 */

/** Rounds thrown away after seeding, so that seeds which differ in one bit share no outputs; PractRand does 12 to 20. */
const WARM_UP_ROUNDS = 15;

/** A stream of pseudo-random numbers. Not for secrets. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any 32-bit integer */
  constructor(seed: number) {
    this.a = mix32(seed);
    this.b = mix32(seed ^ 0x9e3779b9);
    this.c = mix32(seed ^ 0x85ebca6b);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.word();
  }

  /** A stream of its own for each label: what one scenario draws never shifts what another draws. */
  fork(label: string): Random {
    return new Random(hashText(label) ^ this.a);
  }

  /** An integer in [0, 2^32). */
  word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.word() / 4294967296;
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** A number in [low, high) whose logarithm is uniform: sizes and rates of attackers span decades. */
  spread(low: number, high: number): number {
    return low * Math.exp(this.unit() * Math.log(high / low));
  }

  /** Waiting time of a process without memory, with this mean. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Shuffles the list where it stands (Fisher and Yates) and returns it. */
  shuffle<T>(list: T[]): T[] {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = list[last] as T;
      list[last] = list[other] as T;
      list[other] = kept;
    }
    return list;
  }
}

/** Spreads 32 bits over 32 bits, one to one. */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

/** FNV-1a over UTF-16 code units: names streams, protects nothing. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
