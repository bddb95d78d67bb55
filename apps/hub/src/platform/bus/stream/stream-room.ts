/**
 * Keeps a part of the stream free for ticks: without them nothing that was acknowledged would be judged, nor could
 * anything be released.
 */
import type { Call } from '../group.ts';
import type { Room } from '../grouping.ts';
import type { StreamConnection } from './connection.ts';

/** Bytes for ticks alone: five a second, two hundred bytes each, for half a day. */
export const TICKS_RESERVE = 48 * 1024 * 1024;

/** How long a look at the stream is good for, ms: what is written meanwhile is counted here. */
const LOOK_MS = 1_000;

/** The room that is left in a stream that takes `most` bytes; -1: as many as the server has. */
export class StreamRoom implements Room {
  readonly #connection: StreamConnection;
  readonly #most: number;
  readonly #reserve: number;
  #spare: number;
  #looked = performance.now();

  /** `bytes` that it has already. */
  constructor(connection: StreamConnection, most: number, bytes: number, reserve: number) {
    this.#connection = connection;
    this.#most = most;
    this.#reserve = reserve;
    this.#spare = most - reserve - bytes;
  }

  async admit(calls: readonly Call[]): Promise<{ admitted: readonly Call[]; refused: readonly Call[] }> {
    if (this.#most < 0) return { admitted: calls, refused: [] };
    await this.#look();
    const wanted = calls.reduce((bytes, { size }) => bytes + size, 0);
    if (wanted <= this.#spare) return { admitted: calls, refused: [] };
    return { admitted: calls.filter(({ ticks }) => ticks), refused: calls.filter(({ ticks }) => !ticks) };
  }

  used(bytes: number): void {
    this.#spare -= bytes;
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#looked < LOOK_MS) return;
    const { manage, names } = this.#connection;
    // Without an answer, what was known before is as good; the server has the last word in any case.
    const info = await manage.streams.info(names.stream).catch(() => undefined);
    this.#looked = performance.now();
    if (info !== undefined) this.#spare = this.#most - this.#reserve - info.state.bytes;
  }
}
