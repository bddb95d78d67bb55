/** Waiting that can be cut short: by news, or by the end. */

/** One waiting loop. */
export class Sleeper {
  stopped = false;
  #awake = false;
  #wake: (() => void) | undefined;

  /** News: the sleep of now, or the next one, ends at once. */
  wake(): void {
    this.#awake = true;
    this.#wake?.();
  }

  /** The end: nothing sleeps any more. */
  stop(): void {
    this.stopped = true;
    this.#wake?.();
  }

  /** Sleeps so many ms, or until there is news. */
  async sleep(ms: number): Promise<void> {
    if (!this.#awake) await this.#pause(ms);
    this.#awake = false;
  }

  /** Sleeps so many ms, whatever the news. */
  async rest(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!this.stopped && performance.now() < until) await this.#pause(until - performance.now());
  }

  async #pause(ms: number): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
