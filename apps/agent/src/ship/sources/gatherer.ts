/**
 * Messages of senders that keep nothing: gathered in memory for a moment, then on disk. Bounded, and no sender may fill it alone.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { Feed } from '../feed.ts';
import { MOST_LINES_BYTES } from '../record.ts';

/** Messages wait so long for others that share their sync, ms: ten syncs a second are nothing for any disk. */
const GATHER_MS = 100;

/** Bytes in memory: two seconds of 10,000 messages, and a small part of the agent's 64 MB. */
export const GATHERED_BYTES = 4 * 1024 * 1024;

/** The part of it that one sender may have: three others still find room beside a flood. */
const SHARE = 1 / 4;

/** What a message takes beside its bytes. */
const OVERHEAD = 64;

const LINE_END = 0x0a;
const SPACE = 0x20;

type Message = { readonly line: Buffer; readonly from: string };

/** Gathers for one listener. */
export class Gatherer {
  readonly #feed: Feed;
  readonly #source: string;
  readonly #ofSender = new Map<string, number>();
  #messages: Message[] = [];
  #used = 0;
  #writing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];

  constructor(feed: Feed, source: string) {
    this.#feed = feed;
    this.#source = source;
  }

  /** Whether a sender that can wait should. */
  isFullFor(sender: string): boolean {
    return (
      this.#used >= GATHERED_BYTES / 2 || (this.#ofSender.get(sender) ?? 0) >= (GATHERED_BYTES * SHARE) / 2
    );
  }

  /** Calls back when something of it is on disk. */
  whenRoom(callback: () => void): void {
    this.#waiting.push(callback);
  }

  /**
   * Takes the message in [from, to) as one line: line ends inside become spaces. False: there is no room for it. A sender
   * that will wait behind what it has sent already may take twice the room for that.
   */
  put(bytes: Buffer, from: number, to: number, sender: string, willWait = false): boolean {
    const size = to - from + 1 + OVERHEAD;
    const ofSender = (this.#ofSender.get(sender) ?? 0) + size;
    const used = this.#used + size;
    if (willWait ? used > 2 * GATHERED_BYTES : used > GATHERED_BYTES || ofSender > GATHERED_BYTES * SHARE)
      return false;
    const line = Buffer.allocUnsafe(to - from + 1);
    bytes.copy(line, 0, from, to);
    for (let at = line.indexOf(LINE_END); at >= 0 && at < to - from; at = line.indexOf(LINE_END, at))
      line[at] = SPACE;
    line[to - from] = LINE_END;
    this.#messages.push({ line, from: sender });
    this.#used += size;
    this.#ofSender.set(sender, ofSender);
    this.#writing ??= this.#writeAll();
    return true;
  }

  /** Resolves when what was put is on disk or given up. */
  async drain(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#messages.length > 0) {
      await after(GATHER_MS);
      const together = this.#take();
      const lines = Buffer.concat(together.map(({ line }) => line));
      const isKept = await this.#feed.keep({ source: this.#source, lines, count: together.length });
      if (!isKept) this.#feed.lost(this.#source, 'the agent was stopped', together.length);
      this.#release(together);
    }
    this.#writing = undefined;
  }

  /** As many as one record holds. */
  #take(): Message[] {
    let bytes = 0;
    const end = this.#messages.findIndex(({ line }) => {
      bytes += line.length;
      return bytes > MOST_LINES_BYTES;
    });
    return this.#messages.splice(0, end < 0 ? this.#messages.length : end);
  }

  #release(messages: readonly Message[]): void {
    for (const { line, from } of messages) {
      const size = line.length + OVERHEAD;
      const rest = (this.#ofSender.get(from) ?? 0) - size;
      if (rest > 0) this.#ofSender.set(from, rest);
      else this.#ofSender.delete(from);
      this.#used -= size;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }
}
