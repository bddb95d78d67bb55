/**
 * Live updates as server-sent events (WHATWG HTML, "Server-sent events"): `event: changed` with the shape `Changed`. What
 * happens between two sends is merged, so a flood costs a desk four small events a second. A client that does not read
 * is let go, never waited for: its page connects anew and asks again. Figures are those of the whole state: who may not
 * see all of it hears only what to ask for anew.
 */
import type { ServerResponse } from 'node:http';
import type { Changed, LiveTopic } from '@bellwether/api';
import { securityHeaders } from './security-headers.ts';

/** Bounds of live updates. Times in ms. */
export type LiveLimits = {
  readonly pause: number;
  readonly heartbeat: number;
  readonly clients: number;
  readonly unread: number;
  readonly check: number;
};

/** Between two events: four a second are as fast as anybody reads figures. */
const PAUSE = 250;

/** A comment so often tells both ends that the other is there; proxies and our own idle limit cut at 60 s. */
const HEARTBEAT = 15_000;

/** Desks at the same time: an office has a dozen, and each open page counts. */
const CLIENTS = 64;

/** Bytes that a client has not read: a minute of events. */
const UNREAD = 64 * 1024;

/** How often it is asked whether a client may still listen: who is removed has to be out within a second. */
const CHECK = 700;

/** After how many ms a browser whose connection broke tries again. */
const RETRY = 2_000;

/** The bounds of a hub that says nothing else. */
export const LIVE_LIMITS: LiveLimits = {
  pause: PAUSE,
  heartbeat: HEARTBEAT,
  clients: CLIENTS,
  unread: UNREAD,
  check: CHECK,
};

/** What a client may hear. `no`: nothing any more. */
export type LiveRight = 'all' | 'topics' | 'no';

/** Who listens. */
export type LiveClient = {
  readonly tls: boolean;
  readonly right: LiveRight;
  /** What they may hear now; asked again and again. If it fails, they are let go. */
  readonly rightNow: () => Promise<LiveRight>;
};

type Client = { right: LiveRight; readonly rightNow: () => Promise<LiveRight>; isAsking: boolean };

/** Tells all desks what may have changed. */
export class LiveHub {
  readonly #limits: LiveLimits;
  readonly #clients = new Map<ServerResponse, Client>();
  #waiting: Changed | undefined;
  #pausing: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #checking: NodeJS.Timeout | undefined;
  #letGo = 0;

  constructor(limits: Partial<LiveLimits> = {}) {
    this.#limits = { ...LIVE_LIMITS, ...limits };
  }

  /** Who listens. */
  get clients(): number {
    return this.#clients.size;
  }

  /** How many were let go because they did not read. */
  get letGo(): number {
    return this.#letGo;
  }

  /** Whether there is room for one more. */
  get hasRoom(): boolean {
    return this.#clients.size < this.#limits.clients;
  }

  /** Something changed: told at once, or together with what else changes within the pause. */
  publish(changed: Changed): void {
    this.#waiting = this.#waiting === undefined ? changed : merged(this.#waiting, changed);
    if (this.#pausing === undefined) this.#send();
  }

  /** Takes a response over; it is answered until the client goes or is let go. */
  connect(response: ServerResponse, { tls, right, rightNow }: LiveClient): void {
    response.writeHead(200, {
      ...securityHeaders(tls),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // For a reverse proxy of nginx: it would wait for more.
      'x-accel-buffering': 'no',
    });
    response.on('close', () => this.#leave(response));
    response.on('error', () => this.#leave(response));
    this.#clients.set(response, { right, rightNow, isAsking: false });
    this.#beating ??= setInterval(() => this.#beat(), this.#limits.heartbeat).unref();
    this.#checking ??= setInterval(() => this.#check(), this.#limits.check).unref();
    response.write(`retry: ${RETRY}\n\n`);
  }

  /** Ends all connections. */
  close(): void {
    clearTimeout(this.#pausing);
    clearInterval(this.#beating);
    clearInterval(this.#checking);
    for (const response of this.#clients.keys()) response.end();
  }

  #send(): void {
    const changed = this.#waiting;
    this.#waiting = undefined;
    this.#pausing = undefined;
    if (changed === undefined) return;
    const texts = { all: eventOf(changed), topics: eventOf({ ...changed, added: NOTHING_ADDED }) };
    for (const [response, { right }] of this.#clients) {
      if (right !== 'no') this.#tell(response, texts[right]);
    }
    this.#pausing = setTimeout(() => this.#send(), this.#limits.pause).unref();
  }

  #beat(): void {
    for (const response of this.#clients.keys()) this.#tell(response, ': here\n\n');
  }

  #check(): void {
    for (const [response, client] of this.#clients) {
      // A database that is slow is not asked twice.
      if (client.isAsking) continue;
      client.isAsking = true;
      client.rightNow().then(
        (right) => {
          client.isAsking = false;
          client.right = right;
          if (right === 'no') response.end();
        },
        () => response.end(),
      );
    }
  }

  #tell(response: ServerResponse, text: string): void {
    if (response.writableLength <= this.#limits.unread) {
      response.write(text);
      return;
    }
    this.#letGo++;
    this.#leave(response);
    response.destroy();
  }

  #leave(response: ServerResponse): void {
    this.#clients.delete(response);
    if (this.#clients.size > 0) return;
    clearInterval(this.#beating);
    clearInterval(this.#checking);
    this.#beating = undefined;
    this.#checking = undefined;
  }
}

/** Something may have changed; how much, is not told. */
const NOTHING_ADDED: Changed['added'] = {
  lines: 0,
  contacts: 0,
  knocks: 0,
  dispositions: {
    refused: 0,
    blocked: 0,
    served: 0,
    authorised: 0,
    test: 0,
    reply: 0,
    through: 0,
    unsettled: 0,
  },
};

function eventOf(changed: Changed): string {
  return `event: changed\ndata: ${JSON.stringify(changed)}\n\n`;
}

/** Both as one: everything added, the later moment, each topic once. */
export function merged(a: Changed, b: Changed): Changed {
  const dispositions = { ...a.added.dispositions };
  for (const [name, count] of Object.entries(b.added.dispositions)) {
    dispositions[name as keyof typeof dispositions] += count;
  }
  return {
    asOf: [a.asOf, b.asOf].sort()[1]!,
    topics: [...new Set<LiveTopic>([...a.topics, ...b.topics])],
    added: {
      lines: a.added.lines + b.added.lines,
      contacts: a.added.contacts + b.added.contacts,
      knocks: a.added.knocks + b.added.knocks,
      dispositions,
    },
  };
}
