/**
 * Live updates as server-sent events (WHATWG HTML, "Server-sent events"): `event: changed` with the shape `Changed`. What
 * happens between two sends is merged, so a flood costs a desk four small events a second. A client that does not read
 * is let go, never waited for: its page connects anew and asks again.
 */
import type { ServerResponse } from 'node:http';
import type { Changed, LiveTopic } from '@bellwether/api';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Bounds of live updates. Times in ms. */
export type LiveLimits = {
  readonly pause: number;
  readonly heartbeat: number;
  readonly clients: number;
  readonly unread: number;
};

/** Between two events: four a second are as fast as anybody reads figures. */
const PAUSE = 250;

/** A comment so often tells both ends that the other is there; proxies and our own idle limit cut at 60 s. */
const HEARTBEAT = 15_000;

/** Desks at the same time: an office has a dozen, and each open page counts. */
const CLIENTS = 64;

/** Bytes that a client has not read: a minute of events. */
const UNREAD = 64 * 1024;

/** After how many ms a browser whose connection broke tries again. */
const RETRY = 2_000;

/** The bounds of a hub that says nothing else. */
export const LIVE_LIMITS: LiveLimits = {
  pause: PAUSE,
  heartbeat: HEARTBEAT,
  clients: CLIENTS,
  unread: UNREAD,
};

/** Tells all desks what may have changed. */
export class LiveHub {
  readonly #limits: LiveLimits;
  readonly #clients = new Set<ServerResponse>();
  #waiting: Changed | undefined;
  #pausing: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
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
  connect(response: ServerResponse): void {
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // For a reverse proxy of nginx: it would wait for more.
      'x-accel-buffering': 'no',
    });
    response.on('close', () => this.#leave(response));
    response.on('error', () => this.#leave(response));
    this.#clients.add(response);
    this.#beating ??= setInterval(() => this.#tell(': here\n\n'), this.#limits.heartbeat).unref();
    response.write(`retry: ${RETRY}\n\n`);
  }

  /** Ends all connections. */
  close(): void {
    clearTimeout(this.#pausing);
    clearInterval(this.#beating);
    for (const response of this.#clients) response.end();
  }

  #send(): void {
    const changed = this.#waiting;
    this.#waiting = undefined;
    this.#pausing = undefined;
    if (changed === undefined) return;
    this.#tell(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`);
    this.#pausing = setTimeout(() => this.#send(), this.#limits.pause).unref();
  }

  #tell(text: string): void {
    for (const response of this.#clients) {
      if (response.writableLength > this.#limits.unread) {
        this.#letGo++;
        this.#leave(response);
        response.destroy();
      } else {
        response.write(text);
      }
    }
  }

  #leave(response: ServerResponse): void {
    this.#clients.delete(response);
    if (this.#clients.size > 0) return;
    clearInterval(this.#beating);
    this.#beating = undefined;
  }
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
