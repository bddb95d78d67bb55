/** How many bytes may wait for the hub, of all sensors of an office together. */

/** Half a gigabyte: at 200 bytes a line, a month of a quiet office, and forty minutes of 1,000 lines a second; every disk has it. */
export const SPOOL_BYTES = 512 * 1024 * 1024;

/** Beside its bytes, what a record takes on disk: its prefix and head. */
const OF_A_RECORD = 256;

/** The room of a spool. */
export class Room {
  readonly most: number;
  #used = 0;

  constructor(most: number) {
    this.most = most;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes room for lines; false when there is none. */
  reserve(bytes: number): boolean {
    if (this.#used + bytes + OF_A_RECORD > this.most) return false;
    this.take(bytes);
    return true;
  }

  /** Takes room for lines that are on disk already. */
  take(bytes: number): void {
    this.#used += bytes + OF_A_RECORD;
  }

  /** Gives back what so many records had, with so many bytes of lines. */
  giveBack(bytes: number, records: number): void {
    this.#used -= bytes + records * OF_A_RECORD;
  }
}
