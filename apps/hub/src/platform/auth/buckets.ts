/**
 * Token buckets, for a bounded number of keys: each key may do something so many times at once, and gets that back evenly.
 * A bucket that is full again is the same as none, so what is forgotten first is what was not used for longest.
 */

/** How much: at once, and back in a minute. */
export type Allowance = { readonly burst: number; readonly perMinute: number };

type Bucket = { left: number; at: number };

/** Buckets of one kind. Times in ms; a clock that goes back gives nothing back and takes nothing. */
export class Buckets {
  readonly #allowance: Allowance;
  readonly #most: number;
  /** Longest unused first. */
  readonly #kept = new Map<string, Bucket>();

  constructor(allowance: Allowance, most: number) {
    this.#allowance = allowance;
    this.#most = most;
  }

  /** How many keys it remembers. */
  get size(): number {
    return this.#kept.size;
  }

  /** Whether there is one to be taken. */
  has(key: string, time: number): boolean {
    return this.#leftOf(key, time) >= 1;
  }

  /** Takes one. */
  take(key: string, time: number): void {
    this.#keep(key, this.#leftOf(key, time) - 1, time);
  }

  /** Gives one back. */
  giveBack(key: string, time: number): void {
    const left = Math.min(this.#allowance.burst, this.#leftOf(key, time) + 1);
    if (this.#kept.has(key)) this.#keep(key, left, time);
  }

  #leftOf(key: string, time: number): number {
    const { burst, perMinute } = this.#allowance;
    const bucket = this.#kept.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.left + (Math.max(0, time - bucket.at) * perMinute) / 60_000);
  }

  #keep(key: string, left: number, time: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { left: Math.max(0, left), at: time });
    if (this.#kept.size <= this.#most) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}
