/**
 * Orders on disk, line for line as the hub signed them: the last whole list, and what changed since. A computer that starts while
 * the hub cannot be reached blocks what it was told last. Nothing here is believed for lying here: each line is read with its
 * signature again, and what was cut off or changed ends what is read.
 */
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_ORDER_LINE } from '@bellwether/blocks';
import { writeWhole } from '../witness/whole-file.ts';

/** Its file, in the agent's folder. */
export const ORDERS_FILE = 'orders.ndjson';

/** Bytes of changes from which the whole list is asked for again: some ten thousand changes. */
const MOST_CHANGES = 16 * 1024 * 1024;

/** For the owner alone. */
const PRIVATE = 0o600;

/** What is kept. */
export class KeptOrders {
  readonly #path: string;
  #changes = 0;
  /** A change is missing on disk: no later one may stand behind it. */
  #isBroken = false;

  constructor(folder: string) {
    this.#path = join(folder, ORDERS_FILE);
  }

  /** Whether the whole list should be asked for, so that the file gets small again, or whole. */
  get wantsWhole(): boolean {
    return this.#changes > MOST_CHANGES || this.#isBroken;
  }

  /**
   * Hands over each line as it was kept, until `take` says that one is no order, or the file ends in one that was cut off. What is
   * behind it is thrown away. Throws what the file system throws, but for a file that is not there.
   */
  async restore(take: (line: string) => Promise<boolean>): Promise<void> {
    let kept = 0;
    let isFirst = true;
    let rest: Buffer[] = [];
    let length = 0;
    try {
      for await (const piece of createReadStream(this.#path) as AsyncIterable<Buffer>) {
        let from = 0;
        for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
          const line = Buffer.concat([...rest, piece.subarray(from, end)]);
          if (!(await take(line.toString('utf8')))) return await this.#cutAt(kept);
          kept += line.length + 1;
          if (!isFirst) this.#changes += line.length + 1;
          isFirst = false;
          rest = [];
          length = 0;
          from = end + 1;
        }
        rest.push(piece.subarray(from));
        length += piece.length - from;
        if (length > MOST_ORDER_LINE) break;
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw cause;
    }
    if (length > 0) await this.#cutAt(kept);
  }

  /** Keeps an order that was taken. When it resolves it is on disk. Throws what the file system throws: what is kept then holds on, as far as it goes. */
  async keep(line: string, isWhole: boolean): Promise<void> {
    if (isWhole) {
      await writeWhole(this.#path, `${line}\n`, PRIVATE);
      this.#changes = 0;
      this.#isBroken = false;
      return;
    }
    if (this.#isBroken) return;
    this.#isBroken = true;
    const file = await open(this.#path, 'a', PRIVATE);
    try {
      await file.appendFile(`${line}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#isBroken = false;
    this.#changes += line.length + 1;
  }

  async #cutAt(length: number): Promise<void> {
    if (length === 0) return await rm(this.#path, { force: true });
    const file = await open(this.#path, 'r+');
    try {
      await file.truncate(length);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
