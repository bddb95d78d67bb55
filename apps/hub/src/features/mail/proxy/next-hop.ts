/** The mail server behind the proxy: it is told what the client says, line by line, and its answers are given back. */
import { connect, type Socket } from 'node:net';
import { Wire } from './wire.ts';

/** Where a mail server listens. */
export type Place = { readonly host: string; readonly port: number };

/** An answer: its code, and its lines as they came. */
export type Reply = { readonly code: number; readonly lines: readonly string[] };

/** How long it may take to connect, ms. */
const CONNECT_WITHIN = 10_000;

/** How long one answer may take, ms: Postfix waits 100 seconds for its filter, and judging may take 20 of them. */
const ANSWER_WITHIN = 60_000;

/** Lines of one answer. */
const MOST_LINES = 100;

/** A connection to it. Once it is lost it stays so: another one is opened. */
export class NextHop {
  readonly #socket: Socket;
  readonly #wire: Wire;
  readonly #keywords = new Map<string, string>();

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#wire = new Wire(socket);
  }

  /** What it offers (EHLO): the parameters of each, by its name in capitals. */
  get keywords(): ReadonlyMap<string, string> {
    return this.#keywords;
  }

  /** Whether it can be asked: it did not hang up, nor say unasked that it is about to. */
  async isThere(): Promise<boolean> {
    return !(await this.#wire.hasLeft()) && !this.#wire.hasUnread();
  }

  /** Greets it; false: it cannot be used. */
  async greet(name: string): Promise<boolean> {
    if ((await this.#reply())?.code !== 220) return false;
    const hello = await this.ask(`EHLO ${name}`);
    if (hello?.code !== 250) return false;
    for (const line of hello.lines.slice(1)) {
      const [keyword = '', ...rest] = line.slice(4).trim().split(' ');
      this.#keywords.set(keyword.toUpperCase(), rest.join(' '));
    }
    return true;
  }

  /** Says a line; null: it is lost, or it leaves (421). */
  async ask(line: string): Promise<Reply | null> {
    return await this.#answered(`${line}\r\n`);
  }

  /** Says a message, dots doubled, and that it ends. */
  async askToTake(message: Uint8Array): Promise<Reply | null> {
    return await this.#answered(Buffer.concat([message, Buffer.from('.\r\n')]));
  }

  /** Leaves it, whatever was begun: without the last dot nothing is delivered. */
  end(): void {
    this.#socket.destroy();
  }

  async #answered(bytes: string | Uint8Array): Promise<Reply | null> {
    const timer = setTimeout(() => this.end(), ANSWER_WITHIN);
    try {
      await this.#wire.say(bytes);
      return await this.#reply();
    } finally {
      clearTimeout(timer);
    }
  }

  async #reply(): Promise<Reply | null> {
    const lines: string[] = [];
    while (lines.length < MOST_LINES) {
      const line = await this.#wire.line();
      const [, code, more] = /^(\d{3})(?:([- ])[^\r\n]*)?$/.exec(line ?? '') ?? [];
      if (line === null || code === undefined) break;
      lines.push(line);
      if (more === '-') continue;
      if (code === '421') break;
      return { code: Number(code), lines };
    }
    this.end();
    return null;
  }
}

/** Connects and greets; null: it cannot be reached, or does not speak ESMTP. `name`: ours. */
export async function openNextHop(place: Place, name: string): Promise<NextHop | null> {
  const socket = connect(place);
  socket.setNoDelay(true);
  const hop = new NextHop(socket);
  const timer = setTimeout(() => socket.destroy(), CONNECT_WITHIN);
  const isReady = await hop.greet(name);
  clearTimeout(timer);
  if (isReady) return hop;
  hop.end();
  return null;
}
