/** Where the sources of one sensor hand their lines over, and where they tell what was lost. */
import { hostname } from 'node:os';
import type { Kept, LaneWriter } from './lane-writer.ts';
import { Pause } from './pause.ts';

/** Before lines that found no room are handed over again, ms: room comes with each batch that the hub takes. */
const AGAIN_MS = 500;

/** Losses are told together after so long, ms: a flood must not fill the spool by its own report. */
const GATHER_LOSSES_MS = 5_000;

/** What a lane takes lines with. */
export type FeedOptions = {
  readonly sensor: string;
  readonly writer: Pick<LaneWriter, 'keepLines'>;
  readonly placeOf: (source: string) => string | undefined;
  /** ms since 1970. */
  readonly now: () => number;
  readonly tell: (text: string) => void;
};

/** The sources' side of a spool. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #pause = new Pause();
  readonly #losses = new Pause();
  readonly #lost = new Map<string, number>();
  #isTelling = false;
  #isTroubled = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** ms since 1970. */
  now(): number {
    return this.#options.now();
  }

  /** Whether the sources have to end. */
  get isOver(): boolean {
    return this.#pause.isOver;
  }

  /** Where a source stood behind the last of its lines that are on disk. */
  placeOf(source: string): string | undefined {
    return this.#options.placeOf(source);
  }

  /** Tells an operator. */
  tell(text: string): void {
    this.#options.tell(`${this.#options.sensor}: ${text}`);
  }

  /** Puts lines on disk, however long that takes; false when the end came first, and nothing is there. */
  async keep(kept: Kept): Promise<boolean> {
    while (!this.#pause.isOver) {
      const result = await this.#options.writer.keepLines(kept);
      if (result.isOk()) {
        if (this.#isTroubled) this.tell('lines are kept again');
        this.#isTroubled = false;
        return true;
      }
      if (!this.#isTroubled) this.tell(`sources have to wait: ${result.error.code}, ${result.error.detail}`);
      this.#isTroubled = true;
      await this.#pause.wait(AGAIN_MS);
    }
    return false;
  }

  /**
   * Lines of a source were lost: told to an operator now, and to the hub as a line of its own as soon as there is room.
   * `lines` undefined: nobody knows how many.
   */
  lost(source: string, reason: string, lines: number | undefined): void {
    const key = `${source} ${reason}`;
    const before = this.#lost.get(key);
    if (before === undefined) this.tell(`${lines ?? 'an unknown number of'} lines lost: ${key}`);
    this.#lost.set(key, (before ?? 0) + (lines ?? Number.NaN));
    if (this.#isTelling) return;
    this.#isTelling = true;
    void this.#tellLosses();
  }

  /** Ends every waiting. */
  end(): void {
    this.#pause.end();
    this.#losses.end();
  }

  /** Losses that were not told yet, if there is room: after the sources have ended. */
  async lastWords(): Promise<void> {
    const kept = this.#lossesToTell();
    if (kept !== undefined) (await this.#options.writer.keepLines(kept)).unwrapOr(undefined);
  }

  async #tellLosses(): Promise<void> {
    while (this.#lost.size > 0 && !this.#pause.isOver) {
      await this.#losses.wait(GATHER_LOSSES_MS);
      const kept = this.#pause.isOver ? undefined : this.#lossesToTell();
      if (kept !== undefined) await this.keep(kept);
    }
    this.#isTelling = false;
  }

  #lossesToTell(): Kept | undefined {
    if (this.#lost.size === 0) return undefined;
    const lines = [...this.#lost].map(([key, count]) => lossLine(this.now(), key, count));
    this.#lost.clear();
    return { source: 'losses', lines: Buffer.from(lines.join('')), count: lines.length };
  }
}

/**
 * A loss in the words that the hub's readers know of this program: RFC 5424, facility syslog, severity warning. `count` NaN:
 * nobody knows how many.
 */
export function lossLine(at: number, what: string, count: number): string {
  const head = `<44>1 ${new Date(at).toISOString()} ${hostname().slice(0, 255) || '-'} bellwether-agent - - -`;
  const told = Number.isNaN(count) ? 'the agent had to drop messages' : `the agent lost ${count} messages`;
  return `${head} ${told}: ${what}\n`;
}
