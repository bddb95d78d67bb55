/** A hub for tests of shipping: it keeps batches as the real one does, and answers as it is told to. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Sleep } from './pause.ts';
import type { Batch, Post, Posted } from './shipping-types.ts';

/** What it does with the next posts. */
export type Mood = 'well' | 'away' | 'busy' | 'half-an-answer' | 'refusing' | 'other-lines' | 'silent';

/** A hub in memory. */
export class FakeHub {
  mood: Mood = 'well';
  /** Of each sensor, its lines as they came. */
  readonly lines = new Map<string, string[]>();
  readonly posts: { sensor: string; client: string; sequence: number; at: number }[] = [];
  duplicates = 0;
  readonly #known = new Map<string, string>();
  readonly #busy = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** All lines of a sensor. */
  of(sensor: string): string[] {
    return this.lines.get(sensor) ?? [];
  }

  readonly post: Post = async (sensor, batch, signal) => {
    if (this.#busy.has(sensor)) throw new Error('two posts of one sensor at the same time');
    this.#busy.add(sensor);
    this.posts.push({ sensor, client: batch.client, sequence: batch.sequence, at: this.#now() });
    try {
      return await this.#answer(sensor, batch, signal);
    } finally {
      this.#busy.delete(sensor);
    }
  };

  async #answer(sensor: string, batch: Batch, signal: AbortSignal): Promise<Posted> {
    const { mood } = this;
    if (mood === 'away') throw new Error('ECONNREFUSED');
    if (mood === 'busy') return { outcome: 'later', after: 1_000, why: '503' };
    if (mood === 'refusing') return { outcome: 'refused', why: 'INTAKE_BATCH_TOO_OLD' };
    if (mood === 'silent') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    const name = `${batch.client}/${batch.sequence}`;
    const digest = createHash('sha256').update(batch.lines).digest('hex');
    const before = this.#known.get(name);
    if (mood === 'other-lines' && before === undefined) {
      this.mood = 'well';
      return { outcome: 'taken-number' };
    }
    if (before !== undefined && before !== digest) return { outcome: 'taken-number' };
    if (before === undefined) {
      this.#known.set(name, digest);
      const kept = this.lines.get(sensor) ?? [];
      for (const line of gunzipSync(batch.packed).toString().split('\n').slice(0, -1)) kept.push(line);
      this.lines.set(sensor, kept);
    } else this.duplicates += 1;
    // It is on the hub's disk, and nobody here hears of it.
    if (mood === 'half-an-answer') throw new Error('the connection ended in the middle of the answer');
    return { outcome: 'kept', duplicate: before !== undefined };
  }
}

/** A clock that runs as fast as others wait: each wait moves it on at once. */
export class VirtualClock {
  at = Date.UTC(2026, 10, 22, 12);
  /** ms that were waited for, in order. */
  readonly waits: number[] = [];

  readonly now = (): number => this.at;

  readonly sleep: Sleep = (ms, signal) => {
    this.waits.push(ms);
    this.at += ms;
    // A turn of the loop, so that others come to theirs.
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, 1);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('cut short'));
      });
    });
  };
}
