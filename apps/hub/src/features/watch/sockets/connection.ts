/**
 * One connection of a stream (RELP, syslog over TCP or TLS): its bytes are put together for a framing, it is read no
 * further while too much of it waits for the disk, and its times are watched.
 */
import type { Socket } from 'node:net';
import { type Framing, Unfinished } from '@bellwether/basics';
import type { Gathering } from './gathering.ts';
import type { Limits } from './limits.ts';
import type { Refusals } from './refusals.ts';

/** What a protocol does with its connection. */
export interface Protocol {
  readonly framing: Framing<Buffer>;
  /** The stream cannot be read on: say so, and end. */
  broken(): void;
  /** The peer has ended its side in good order. */
  ended(): void;
}

/** What all connections of a listener share. */
export type Surroundings = {
  readonly limits: Limits;
  readonly gathering: Gathering;
  readonly refusals: Refusals;
};

/** A connection. */
export class Connection {
  readonly peer: string;
  /** Whether a whole message came. */
  greeted = false;
  readonly #socket: Socket;
  readonly #around: Surroundings;
  readonly #protocol: Protocol;
  readonly #unfinished: Unfinished<Buffer>;
  readonly #openedAt = performance.now();
  #heardAt = performance.now();
  #begunAt: number | undefined;
  #outstanding = 0;
  #paused = false;
  #deaf = false;

  constructor(
    socket: Socket,
    peer: string,
    around: Surroundings,
    protocolOf: (self: Connection) => Protocol,
  ) {
    this.#socket = socket;
    this.peer = peer;
    this.#around = around;
    this.#protocol = protocolOf(this);
    this.#unfinished = new Unfinished(this.#protocol.framing, Buffer.allocUnsafe);
    socket.on('data', (chunk: Buffer) => this.#heard(chunk));
    socket.on('end', () => {
      if (this.#deaf) return;
      this.#protocol.ended();
      this.#refuseUnfinished('malformed');
    });
    // A broken connection: `close` follows, and what was not answered is sent again, or was begun and is counted.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#refuseUnfinished('malformed'));
  }

  /** Bytes of a message that was begun. */
  get unfinished(): Buffer {
    return this.#unfinished.bytes;
  }

  /** The message that was begun is taken care of. */
  forget(): void {
    this.#unfinished.forget();
  }

  /** So many bytes of this connection are on their way to the disk. */
  hold(bytes: number): void {
    this.#outstanding += bytes;
    const { limits, gathering } = this.#around;
    if (this.#outstanding > limits.outstandingOfOne || gathering.outstanding > limits.outstanding)
      this.#pause();
  }

  /** So many of them have an outcome. */
  release(bytes: number): void {
    this.#outstanding -= bytes;
    this.#resume();
  }

  /** Writes an answer; ends a connection whose peer does not read them. */
  write(answer: string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(answer, 'latin1');
    if (this.#socket.writableLength > this.#around.limits.unread) this.cut('not-reading');
  }

  /** Hears no message any more; what still comes is thrown away, so that our last answers are not lost by a reset. */
  stopHearing(): void {
    this.#deaf = true;
    this.#socket.resume();
  }

  /** Ends our side behind what was written; the peer has `linger` to end its own. */
  end(): void {
    if (this.#socket.destroyed) return;
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), this.#around.limits.linger);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** Ends it at once, and counts why. */
  cut(reason: 'slow' | 'not-reading'): void {
    const { refusals } = this.#around;
    refusals.whole(reason, this.#unfinished.length, this.peer);
    this.#deaf = true;
    this.#socket.destroy();
  }

  /** Looks at the times of this connection; `idle` for one that has said nothing for a day. */
  watch(now: number): 'idle' | undefined {
    const { limits } = this.#around;
    if (this.#deaf || this.#socket.destroyed) return undefined;
    const slow =
      (!this.greeted && now - this.#openedAt > limits.firstMessageTime) ||
      (this.#begunAt !== undefined && now - this.#begunAt > limits.messageTime);
    if (slow && !this.#paused) this.cut('slow');
    else if (now - this.#heardAt > limits.idleTime && this.#outstanding === 0) return 'idle';
    return undefined;
  }

  #heard(chunk: Buffer): void {
    if (this.#deaf) return;
    this.#heardAt = performance.now();
    if (!this.#unfinished.push(chunk)) {
      this.#deaf = true;
      this.#protocol.broken();
      return;
    }
    if (this.#unfinished.length === 0) this.#begunAt = undefined;
    else if (this.#begunAt === undefined || this.#unfinished.moved) this.#begunAt = this.#heardAt;
  }

  #pause(): void {
    if (this.#paused || this.#deaf) return;
    this.#paused = true;
    this.#socket.pause();
    if (this.#around.gathering.outstanding > this.#around.limits.outstanding) {
      this.#around.gathering.whenRoom(() => this.#resume());
    }
  }

  #resume(): void {
    const { limits, gathering } = this.#around;
    if (!this.#paused || this.#outstanding > limits.outstandingOfOne / 2) return;
    if (gathering.outstanding > limits.outstanding) {
      gathering.whenRoom(() => this.#resume());
      return;
    }
    this.#paused = false;
    // The time in which we did not listen is not the peer's.
    this.#heardAt = performance.now();
    if (this.#begunAt !== undefined) this.#begunAt = this.#heardAt;
    this.#socket.resume();
  }

  #refuseUnfinished(reason: 'malformed'): void {
    if (this.#deaf) return;
    this.#deaf = true;
    const { length } = this.#unfinished;
    if (length > 0) this.#around.refusals.lines(reason, 1, length, this.peer);
  }
}
