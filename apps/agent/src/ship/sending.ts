/** Sends what waits in the spool of one sensor: in its order, one batch at a time, and again until there is an answer. */
import type { Lane } from './lane.ts';
import { BATCH_BYTES, type Due } from './lane-reader.ts';
import { Pause, type Sleep } from './pause.ts';
import type { SensorSettings } from './settings.ts';
import type { Post, Posted } from './shipping-types.ts';

/** So long lines wait for others to go with them, ms: what a person watches comes within two seconds, a batch is worth its request. */
const GATHER_MS = 1_000;

/** Before a batch is posted again, and twice as long each time, up to the other, ms: a hub that restarts is back in seconds. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 60_000;

/** Of a pause, the part that is left to chance, so that 116 offices do not all come back at once. */
const JITTER = 1 / 4;

/** An answer takes no longer than this, ms: the hub writes to disk and answers; whoever is silent so long has lost the line. */
const ANSWER_MS = 60_000;

/** How often what was sent long ago is looked for, ms. */
const FORGET_EVERY_MS = 3_600_000;

/** What a sender is made of. */
export type SendingOptions = {
  readonly settings: Pick<SensorSettings, 'sensor' | 'format' | 'zone'>;
  readonly lane: Lane;
  readonly post: Post;
  readonly sleep: Sleep;
  /** ms since 1970. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
  readonly tell: (text: string) => void;
};

/** The sender of one sensor. */
export class Sending {
  readonly #options: SendingOptions;
  readonly #pause: Pause;
  // Apart from the other: lines that come while the hub is away do not make it come back.
  readonly #retry: Pause;
  readonly #ending = new AbortController();
  #isTroubled = false;
  #forgotAt: number;

  constructor(options: SendingOptions) {
    this.#options = options;
    this.#pause = new Pause(options.sleep);
    this.#retry = new Pause(options.sleep);
    this.#forgotAt = options.now();
  }

  /** There is something to send. */
  news(): void {
    this.#pause.news();
  }

  /** There is a connection again. */
  wake(): void {
    this.#retry.news();
  }

  /** Ends `run`, and the post that it is in. */
  end(): void {
    this.#pause.end();
    this.#retry.end();
    this.#ending.abort();
  }

  /** Sends until it is ended. */
  async run(): Promise<void> {
    const { lane, now } = this.#options;
    let tries = 0;
    while (!this.#pause.isOver) {
      if (tries === 0) await this.#gather();
      if (this.#pause.isOver) return;
      const due = await lane.reader.nextBatch();
      if (due === undefined) {
        await this.#pause.wait(FORGET_EVERY_MS);
      } else {
        const posted = await this.#post(due);
        if (this.#pause.isOver && posted.outcome !== 'kept') return;
        tries = await this.#settle(due, posted, tries);
      }
      if (now() - this.#forgotAt < FORGET_EVERY_MS) continue;
      this.#forgotAt = now();
      await lane.reader.forgetOld();
    }
  }

  /** Waits for more lines, unless a whole batch is there or what is there is old. */
  async #gather(): Promise<void> {
    const { lane, now } = this.#options;
    for (;;) {
      const { bytes, oldest } = lane.state;
      if (bytes === 0 || oldest === undefined || bytes >= BATCH_BYTES || this.#pause.isOver) return;
      const left = oldest + GATHER_MS - now();
      // A clock that was set back makes lines come from the future: they go at once.
      if (left <= 0 || left > GATHER_MS) return;
      await this.#pause.wait(left);
    }
  }

  async #post({ cut, lines, packed }: Due): Promise<Posted> {
    const { settings, lane, post } = this.#options;
    const { sensor, format, zone } = settings;
    const batch = {
      ...{ client: lane.client(), sequence: cut.sequence, lines, packed },
      ...(format === undefined ? {} : { format }),
      ...(zone === undefined ? {} : { zone }),
    };
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(ANSWER_MS)]);
    try {
      return await Promise.race([post(sensor, batch, signal), aborted(signal)]);
    } catch (cause) {
      return { outcome: 'later', why: (cause as Error).message };
    }
  }

  /** Gives how many times the batch was tried without an end. */
  async #settle(due: Due, posted: Posted, tries: number): Promise<number> {
    const { lane, tell, settings, chance } = this.#options;
    if (posted.outcome === 'kept') {
      await lane.reader.settle(posted.duplicate ? 'duplicate' : 'kept');
      if (this.#isTroubled) tell(`${settings.sensor}: lines go to the hub again`);
      this.#isTroubled = false;
      return 0;
    }
    if (posted.outcome === 'refused') {
      tell(`${settings.sensor}: the hub refused ${due.cut.lines} lines for good: ${posted.why}`);
      await lane.reader.settle('refused', posted.why);
      return 0;
    }
    if (posted.outcome === 'taken-number') {
      tell(`${settings.sensor}: this spool was put back from a copy; it goes on under a new name`);
      await lane.changeClient();
      return tries + 1;
    }
    if (!this.#isTroubled) tell(`${settings.sensor}: lines wait here, the hub is not reached: ${posted.why}`);
    this.#isTroubled = true;
    const pause = Math.min(RETRY_FIRST_MS * 2 ** Math.min(tries, 10), RETRY_LAST_MS);
    const varied = pause * (1 - JITTER + 2 * JITTER * chance());
    await this.#retry.wait(Math.max(varied, posted.after ?? 0));
    return tries + 1;
  }
}

/** Rejects when the signal does: a post that does not listen to it is not waited for. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const tell = () => reject(new Error('there was no answer in time'));
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}
