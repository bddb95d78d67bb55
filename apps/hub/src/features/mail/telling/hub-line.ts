/**
 * The line of a hook to its hub: events go there in order until the hub has them, and what people want done comes back. Mail never waits
 * for it.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type MailOrder, MailOrderMessage, MailOrdersAnswer, MailStandingAnswer } from '@bellwether/api';
import { Value } from 'typebox/value';
import { type NewTelling, Spool } from './spool.ts';
import type { Standing } from './standing.ts';

/** A person who lets a message go waits no longer than this to see it done, ms. */
const EVERY = 2_000;

/** A hub that is away is asked this seldom, ms. */
const WHEN_AWAY = 10_000;

/** An answer that takes longer is none, ms. */
const WITHIN = 30_000;

/** Bytes of an answer. */
const MOST_ANSWER = 4_194_304;

/** Bytes of an answer with a message in it, base64. */
const MOST_MESSAGE = 16_777_216;

/** What came of an order. */
export type OrderOutcome = { readonly done: boolean; readonly detail: string };

/** What it needs. */
export type HubLineOptions = {
  /** Address of the hub, `https://hub.example:8119`. */
  readonly hub: string;
  readonly key: string;
  /** Where events wait and the number of the last order is kept. */
  readonly folder: string;
  /**
   * Carries out an order; gives null where there is nothing to do here. `isOwn`: this hook told of the message. What it throws is tried
   * again. `message`: the bytes that a pull is about. Null: no orders are taken.
   */
  readonly onOrder:
    | ((order: MailOrder, isOwn: boolean, message: () => Promise<Uint8Array>) => Promise<OrderOutcome | null>)
    | null;
  /** What the hub lets this hook judge by; undefined: it does not judge. */
  readonly standing?: Pick<Standing, 'versions' | 'take'> | undefined;
  /** A line for whoever watches. */
  readonly told: (what: string) => void;
  readonly every?: number;
};

/** A line that runs. */
export type HubLine = {
  /** Never throws, and does not wait: what cannot be kept is told to whoever watches. */
  tell(telling: NewTelling, id?: string): void;
  /** Ends it, after one more try to tell what waits. */
  close(): Promise<void>;
};

/** Starts it. Throws where its folder cannot be used. */
export function startHubLine(options: HubLineOptions): HubLine {
  const line = new Line(options);
  const running = line.run();
  return {
    tell: (telling, id) => line.tell(telling, id),
    close: async () => {
      line.stop();
      await running;
    },
  };
}

class Line {
  readonly #options: HubLineOptions;
  readonly #spool: Spool;
  readonly #ending = new AbortController();
  #isAway = false;
  #after: number;

  constructor(options: HubLineOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#spool = new Spool(join(options.folder, 'told'));
    this.#after = lastOrder(this.#orderFile());
  }

  tell(telling: NewTelling, id?: string): void {
    try {
      if (!this.#spool.add(telling, id))
        this.#options.told('too much waits to be told to the hub: one is left out');
    } catch (cause) {
      this.#options.told(`what has to be told to the hub could not be kept: ${(cause as Error).message}`);
    }
  }

  stop(): void {
    this.#ending.abort();
  }

  /** Telling goes on while an order is carried out: a hunt takes minutes. */
  async run(): Promise<void> {
    await Promise.all([this.#again(() => this.#send()), this.#again(() => this.#takeOrders())]);
    await this.#once(() => this.#send());
  }

  async #again(errand: () => Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#once(errand);
      const wait = this.#isAway ? WHEN_AWAY : (this.#options.every ?? EVERY);
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }

  async #once(errand: () => Promise<void>): Promise<void> {
    try {
      await errand();
      if (this.#isAway) this.#options.told('the hub is there again');
      this.#isAway = false;
    } catch (cause) {
      if (!this.#isAway)
        this.#options.told(`the hub cannot be told: ${reasonOf(cause)}. It is kept and told later.`);
      this.#isAway = true;
    }
  }

  async #send(): Promise<void> {
    let most: number | undefined;
    for (let batch = this.#spool.next(); batch !== null; batch = this.#spool.next(most)) {
      const { status, text } = await this.#ask('POST', 'told', batch.json);
      if (status === 200) {
        batch.done();
        continue;
      }
      // What the hub will never take must not stop what comes after it: it is found by telling events one by one.
      const isRefused = status === 400 || status === 413 || status === 422;
      if (!isRefused) throw new Error(`it answers ${status}: ${text.slice(0, 200)}`);
      if (batch.events > 1) {
        most = 1;
        continue;
      }
      this.#options.told(`the hub does not take an event, which is left out: ${text.slice(0, 300)}`);
      batch.done();
    }
  }

  async #takeOrders(): Promise<void> {
    const { onOrder } = this.#options;
    if (onOrder === null) return;
    for (let orders = await this.#orders(); orders.length > 0; orders = await this.#orders()) {
      for (const order of orders) {
        const isOwn = this.#spool.isOwn(order.told);
        const outcome = await onOrder(order, isOwn, () => this.#messageOf(order.number));
        if (outcome !== null) {
          const { status } = await this.#ask('POST', `orders/${order.number}/done`, JSON.stringify(outcome));
          if (status !== 204 && status !== 404) throw new Error(`it answers ${status} to what was done`);
        }
        this.#after = order.number;
        keepOrder(this.#orderFile(), this.#after);
      }
    }
  }

  async #orders(): Promise<readonly MailOrder[]> {
    const { status, text } = await this.#ask('GET', `orders?after=${this.#after}`);
    if (status !== 200) throw new Error(`it answers ${status}: ${text.slice(0, 200)}`);
    const answer: unknown = JSON.parse(text);
    if (!Value.Check(MailOrdersAnswer, answer)) throw new Error('its orders cannot be read');
    await this.#standOn(answer.standing);
    return answer.orders;
  }

  /** Asks for what changed since this hook asked last. */
  async #standOn({ list, marks }: MailOrdersAnswer['standing']): Promise<void> {
    const { standing } = this.#options;
    if (standing === undefined) return;
    while (standing.versions.marks < marks || (list > 0 && standing.versions.list !== list)) {
      const { versions } = standing;
      const { status, text } = await this.#ask(
        'GET',
        `standing?list=${versions.list}&marks=${versions.marks}`,
      );
      if (status !== 200) throw new Error(`it answers ${status}: ${text.slice(0, 200)}`);
      const answer: unknown = JSON.parse(text);
      if (!Value.Check(MailStandingAnswer, answer))
        throw new Error('what it lets us judge by cannot be read');
      standing.take(answer);
      // A hub that promises more than it gives is not asked for ever.
      if (answer.list === undefined && answer.marks.length === 0) return;
    }
  }

  async #messageOf(number: number): Promise<Uint8Array> {
    const { status, text } = await this.#ask('GET', `orders/${number}/message`, undefined, MOST_MESSAGE);
    const answer: unknown = status === 200 ? JSON.parse(text) : null;
    if (!Value.Check(MailOrderMessage, answer))
      throw new Error(`it answers ${status}: ${text.slice(0, 200)}`);
    return Buffer.from(answer.message, 'base64');
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    most = MOST_ANSWER,
  ): Promise<{ status: number; text: string }> {
    const { hub, key } = this.#options;
    const answer = await fetch(new URL(`/api/v1/mail/${path}`, hub), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN),
    });
    return { status: answer.status, text: await boundedText(answer, most) };
  }

  #orderFile(): string {
    return join(this.#options.folder, 'last-order');
  }
}

async function boundedText(answer: Response, most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > most) throw new Error('its answer has no end');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** `fetch failed` says nothing: why stands behind it. */
function reasonOf(cause: unknown): string {
  const { message, cause: behind } = cause as Error;
  return behind instanceof Error ? behind.message : message;
}

function lastOrder(path: string): number {
  try {
    const number = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(number) && number > 0 ? number : 0;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw cause;
  }
}

function keepOrder(path: string, number: number): void {
  writeFileSync(`${path}.part`, String(number), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
