/**
 * Orders as they come: one connection that stays open, and is made again whenever it ends, with pauses that grow and differ from
 * agent to agent, so that 116 of them do not come back in the same moment. Silence of a minute is an end as well.
 */
import { MOST_ORDER_LINE, type ReadOrder } from '@bellwether/blocks';
import type { AgentError } from '../errors.ts';
import { Pause } from '../ship/pause.ts';
import { type HubConnection, refusalIn } from './hub-connection.ts';
import type { OrderReader } from './order-check.ts';

/** The first pause, ms, and the longest: a hub that starts again is back within seconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** What only a person can mend is tried so often, ms: whoever mends it should not have to wait long. */
const PERSON_PAUSE = 120_000;

/** The hub says something each 15 s: four that did not come, ms. */
const SILENCE = 60_000;

/** An answer that is no stream: a problem is short. */
const MOST_PROBLEM = 65_536;

/** What can be mended by a person alone. */
const FOR_PERSONS: ReadonlySet<string> = new Set([
  'LINK_REVOKED',
  'LINK_CERTIFICATE_OVER',
  'LINK_HUB_FALSE',
  'LINK_CLOCK',
  'LINK_ORDER_FALSE',
]);

/** What the stream needs. */
export type OrderStreamOptions = {
  readonly connection: () => HubConnection;
  readonly read: OrderReader;
  /** Number of the last order that was taken; 0 for none. */
  readonly taken: () => number;
  /** Takes an order of this hub for this office. */
  readonly take: (order: ReadOrder) => Promise<void>;
  /** Keeps the line of an order that was taken, or of a whole list that says what was; gives whether the whole list is wanted now. */
  readonly keep: (line: string, isWhole: boolean) => Promise<boolean>;
  /** The stream was opened, or ended with a failure. */
  readonly onOpen: () => void;
  readonly onTrouble: (error: AgentError) => void;
  /** In [0, 1). */
  readonly chance: () => number;
};

/** Follows the orders until it is ended. */
export class OrderStream {
  readonly #options: OrderStreamOptions;
  readonly #pause = new Pause();
  readonly #over = new AbortController();
  /** After a gap the whole list is asked for, and when too many changes are kept. */
  #wantsWhole = false;

  constructor(options: OrderStreamOptions) {
    this.#options = options;
  }

  /** Goes on until `end`. */
  async run(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.#pause.isOver) {
      const ended = await this.#once();
      if (this.#pause.isOver) return;
      if (ended !== undefined) this.#options.onTrouble(ended);
      pause = ended === undefined ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * 2);
      const longest = ended !== undefined && FOR_PERSONS.has(ended.code) ? PERSON_PAUSE : pause;
      await this.#pause.wait(longest * (0.5 + this.#options.chance() / 2));
    }
  }

  /** Ends it now. */
  end(): void {
    this.#pause.end();
    this.#over.abort();
  }

  /** One connection, to its end; what went wrong, or undefined if it had been open. */
  async #once(): Promise<AgentError | undefined> {
    const { connection, taken, onOpen } = this.#options;
    const after = this.#wantsWhole ? 0 : taken();
    const opened = await connection().openStream({
      method: 'GET',
      path: `orders?after=${after}`,
      signal: this.#over.signal,
    });
    if (opened.isErr()) return opened.error;
    const response = opened.value;
    if (response.statusCode !== 200) {
      const text = await shortText(response);
      return refusalIn({ status: response.statusCode ?? 0, ...problemIn(text), retryAfter: undefined });
    }
    onOpen();
    response.setTimeout(SILENCE, () => void response.destroy());
    try {
      return await this.#readLines(response);
    } catch {
      return undefined;
    } finally {
      response.destroy();
    }
  }

  async #readLines(response: AsyncIterable<Buffer>): Promise<AgentError | undefined> {
    let pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of response) {
      let from = 0;
      for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
        const line = Buffer.concat([...pieces, piece.subarray(from, end)]).toString('utf8');
        pieces = [];
        length = 0;
        from = end + 1;
        const fault = line === '' ? undefined : await this.#takeLine(line);
        if (fault !== undefined) return fault;
        if (this.#wantsWhole) return undefined;
      }
      pieces.push(piece.subarray(from));
      length += piece.length - from;
      if (length > MOST_ORDER_LINE)
        return { code: 'LINK_ORDER_FALSE', detail: 'it is longer than any order' };
    }
    return undefined;
  }

  async #takeLine(line: string): Promise<AgentError | undefined> {
    const { read, taken, take, keep } = this.#options;
    const order = await read(line);
    if (order.isErr()) return order.error;
    const { sequence, isWhole } = order.value.order;
    const isTaken = sequence <= taken();
    if (isTaken && !(isWhole && sequence === taken())) return undefined;
    if (!isWhole && sequence !== taken() + 1) {
      this.#wantsWhole = true;
      return undefined;
    }
    if (!isTaken) await take(order.value);
    const isTooMuch = await keep(line, isWhole);
    // A list that was just kept is as small as it gets.
    this.#wantsWhole = isTooMuch && !isWhole;
    return undefined;
  }
}

async function shortText(response: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of response) {
    text += piece.toString('utf8');
    if (text.length > MOST_PROBLEM) break;
  }
  return text;
}

function problemIn(text: string): { readonly value: unknown; readonly code: string | undefined } {
  try {
    const value = JSON.parse(text) as { code?: unknown };
    return { value, code: typeof value.code === 'string' ? value.code : undefined };
  } catch {
    return { value: undefined, code: undefined };
  }
}
