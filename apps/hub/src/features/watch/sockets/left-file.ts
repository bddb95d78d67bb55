/**
 * A file that was rotated away and read to its end, while some process may still have it open: a web server that
 * restarts gracefully writes the last requests of its old processes there, minutes later.
 *
 * Our place in the journal is in the new file by then, so such lines are handed over without one: if we are killed in between, they
 * are not read again.
 */
import type { OpenFile } from './open-file.ts';

/** So long after a rotation, ms, an old process is expected to have come to its end. */
const WATCHED = 10 * 60_000;

/** Read at once, bytes: it is little. */
const READ_AT_ONCE = 64 * 1024;

const LINE_END = 0x0a;

/** The last generation of a followed file. */
export class LeftFile {
  readonly #file: OpenFile;
  readonly #since = performance.now();
  #closed = false;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** Hands over whole lines that came since; what is not taken now is handed over the next time. */
  async readOn(submit: (lines: Buffer) => Promise<boolean>): Promise<void> {
    if (this.#closed) return;
    const { handle, offset } = this.#file;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(READ_AT_ONCE), 0, READ_AT_ONCE, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(LINE_END) + 1;
    if (end > 0 && (await submit(buffer.subarray(0, end)))) this.#file.offset += end;
    else if (end === 0 && performance.now() - this.#since > WATCHED) await this.close();
  }

  /** Looks no more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.handle.close();
  }
}
