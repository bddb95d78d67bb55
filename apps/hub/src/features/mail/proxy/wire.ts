/** One side of a mail conversation (RFC 5321): its lines, a message of it, and what is said to it, all within limits. */
import type { Socket } from 'node:net';

/** Bytes of one line with its end: RFC 5321 says 512, and extensions add addresses of any script and notices. */
const MOST_LINE = 4_096;

/** How a message ends that is sent after DATA. */
const END = Buffer.from('\r\n.\r\n');

/** Bytes that all messages which are on their way may take together. */
export type Room = { left: number };

/** A message as it came, dots still doubled, without the dot that ends it. */
export type Taken =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' | 'no-room' };

/** A socket that is read only when something is asked of it, so that a peer cannot send faster than it is served. */
export class Wire {
  readonly #socket: Socket;
  #unread: Buffer = Buffer.alloc(0);
  #wake = () => {};
  /** The peer sent a line that is too long, and was left. */
  isFlooded = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    for (const event of ['readable', 'drain', 'end', 'close']) socket.on(event, () => this.#wake());
    socket.on('error', () => socket.destroy());
  }

  get isOver(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  /** Whether the peer hung up, and said nothing before that was not heard yet. */
  async hasLeft(): Promise<boolean> {
    if (this.hasUnread()) return false;
    // The end is told a turn after the last bytes were read.
    await new Promise((resolve) => setImmediate(resolve));
    return this.isOver;
  }

  /** Whether it said what nobody asked for yet. */
  hasUnread(): boolean {
    const chunk: unknown = this.#unread.length === 0 ? this.#socket.read() : null;
    if (chunk instanceof Buffer) this.#unread = chunk;
    return this.#unread.length > 0;
  }

  /** The next line without its end, a byte for each character; null: there is none, and will be none. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#unread.indexOf(0x0a);
      if (end >= MOST_LINE || (end < 0 && this.#unread.length >= MOST_LINE)) {
        this.isFlooded = true;
        return null;
      }
      if (end >= 0) {
        const line = this.#unread.toString('latin1', 0, end);
        this.#unread = this.#unread.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      const more = await this.#more();
      if (more === null) return null;
      this.#unread = Buffer.concat([this.#unread, more]);
    }
  }

  /** A message; null: the peer was gone before its end. What is too large is read to its end, and not kept. */
  async message(most: number, room: Room): Promise<Taken | null> {
    let kept: Buffer[] = [];
    let size = 0;
    let over: 'too-large' | 'no-room' | undefined;
    // A dot that ends the message stands alone on its line, and the first line has none before it.
    let tail = END.subarray(0, 2);
    for (;;) {
      const chunk = this.#unread.length > 0 ? this.#unread : await this.#more();
      this.#unread = Buffer.alloc(0);
      if (chunk === null) {
        room.left += size;
        return null;
      }
      const seen = Buffer.concat([tail, chunk]);
      const end = seen.indexOf(END);
      const here = end < 0 ? chunk : chunk.subarray(0, end + END.length - tail.length);
      if (over === undefined) {
        size += here.length;
        room.left -= here.length;
        kept.push(here);
        if (size > most) over = 'too-large';
        else if (room.left < 0) over = 'no-room';
        if (over !== undefined) {
          room.left += size;
          size = 0;
          kept = [];
        }
      }
      if (end >= 0) {
        this.#unread = chunk.subarray(here.length);
        if (over !== undefined) return { kind: over };
        room.left += 3;
        return { kind: 'message', bytes: Buffer.concat(kept).subarray(0, size - 3) };
      }
      tail = seen.subarray(-4);
    }
  }

  /** Says it, and waits until the peer takes it. */
  async say(bytes: Uint8Array | string): Promise<void> {
    if (this.#socket.destroyed) return;
    const isTaken =
      typeof bytes === 'string' ? this.#socket.write(bytes, 'latin1') : this.#socket.write(bytes);
    if (!isTaken) while (!this.#socket.destroyed && this.#socket.writableNeedDrain) await this.#woken();
  }

  async #more(): Promise<Buffer | null> {
    for (;;) {
      const chunk: unknown = this.#socket.read();
      if (chunk instanceof Buffer) return chunk;
      if (this.isOver) return null;
      await this.#woken();
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
