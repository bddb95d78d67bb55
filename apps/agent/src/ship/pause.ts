/** Waiting that news or the end cut short. */
import { setTimeout as after } from 'node:timers/promises';

/** Waits so many ms, or until the signal; then it rejects or resolves. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The clock of this computer. */
export const realSleep: Sleep = (ms, signal) => after(ms, undefined, { signal });

/** The waiting of one loop. */
export class Pause {
  readonly #sleep: Sleep;
  #current: AbortController | undefined;
  #isNews = false;
  #isOver = false;

  constructor(sleep: Sleep = realSleep) {
    this.#sleep = sleep;
  }

  /** Whether the loop has to end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The wait of now, or the next one, ends at once. */
  news(): void {
    this.#isNews = true;
    this.#current?.abort();
  }

  /** Every wait ends at once, from now on. */
  end(): void {
    this.#isOver = true;
    this.#current?.abort();
  }

  /** Waits so many ms, or until there is news or the end. */
  async wait(ms: number): Promise<void> {
    if (this.#isNews || this.#isOver) {
      this.#isNews = false;
      return;
    }
    this.#current = new AbortController();
    await this.#sleep(ms, this.#current.signal).catch(() => undefined);
    this.#current = undefined;
    this.#isNews = false;
  }
}
