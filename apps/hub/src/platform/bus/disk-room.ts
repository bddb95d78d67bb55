/**
 * Keeps a part of the disk free that the journal does not touch: the database is on it too, and one that has no room
 * cannot even take note of what was judged.
 */
import { statfs } from 'node:fs/promises';
import type { Call } from './group.ts';
import type { Room } from './grouping.ts';

/** How long a look at the disk is good for: what others write in that time is far less than any sensible reserve. */
const LOOK_MS = 100;

/** The room that is left above the reserve. */
export class DiskRoom implements Room {
  readonly #folder: string;
  readonly #reserve: number;
  #spare = 0;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(folder: string, reserve: number) {
    this.#folder = folder;
    this.#reserve = reserve;
  }

  /**
   * Which of the calls may be written. Ticks always may: they are a hundred bytes, and without them nothing that was
   * acknowledged would be judged, nor its segments released.
   */
  async admit(calls: readonly Call[]): Promise<{ admitted: readonly Call[]; refused: readonly Call[] }> {
    if (this.#reserve === 0) return { admitted: calls, refused: [] };
    await this.#look();
    const wanted = calls.reduce((bytes, { size }) => bytes + size, 0);
    if (wanted <= this.#spare) return { admitted: calls, refused: [] };
    return { admitted: calls.filter(({ ticks }) => ticks), refused: calls.filter(({ ticks }) => !ticks) };
  }

  /** Takes note of what was written since the last look. */
  used(bytes: number): void {
    this.#spare -= bytes;
  }

  async #look(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked < LOOK_MS) return;
    const { bavail, bsize } = await statfs(this.#folder);
    this.#spare = bavail * bsize - this.#reserve;
    this.#looked = now;
  }
}
