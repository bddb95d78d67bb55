/**
 * The door of voters' services as the agent keeps it open: on loopback alone, for the web server of the same computer. Where it cannot
 * listen it is told and tried again; blocks do not wait for it, and the web server lets everybody in meanwhile.
 */
import { once } from 'node:events';
import { describeAgentError } from '../errors.ts';
import { type DoorCounts, type DoorOptions, votersDoorServer } from './door-server.ts';

/** Opening is tried again so often, ms: an agent that was just replaced lets go of the port within seconds. */
const TRY_EVERY = 10_000;

/** The counts are told so often, ms: a line that nobody can overlook, and not so many that nobody reads them. */
const TELL_EVERY = 3_600_000;

/** What it stands on. */
export type DoorServiceOptions = DoorOptions & {
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly log: (text: string) => void;
  /** ms; the constants above if nothing is said. */
  readonly tryEvery?: number;
  readonly tellEvery?: number;
};

/** A door that is open from now on, or as soon as its port is free. */
export class DoorService {
  readonly #options: DoorServiceOptions;
  readonly #door: ReturnType<typeof votersDoorServer>;
  readonly #telling: NodeJS.Timeout;
  #told: DoorCounts;
  #timer: NodeJS.Timeout | undefined;
  #trouble = '';
  #isClosed = false;

  constructor(options: DoorServiceOptions) {
    this.#options = options;
    this.#door = votersDoorServer(options);
    this.#told = this.#door.counts();
    this.#telling = setInterval(() => this.#tell(), options.tellEvery ?? TELL_EVERY).unref();
    const { server } = this.#door;
    server.on('listening', () => {
      this.#trouble = '';
      options.log(`The door of voters' services is open at 127.0.0.1:${options.port}.`);
    });
    server.on('error', (error: Error) => this.#tryLater(error));
    this.#listen();
  }

  /** Ends it at once: a request that waits for the door is let in by the web server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#telling);
    this.#tell();
    const { server } = this.#door;
    if (!server.listening) return;
    const ended = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await ended;
  }

  #listen(): void {
    if (!this.#isClosed) this.#door.server.listen(this.#options.port, '127.0.0.1');
  }

  #tryLater(error: Error): void {
    const { log, tryEvery = TRY_EVERY } = this.#options;
    if (error.message !== this.#trouble)
      log(
        `The door of voters' services is not open. ${describeAgentError({ code: 'SHIP_ADDRESS_UNUSABLE', detail: error.message })}`,
      );
    this.#trouble = error.message;
    if (!this.#door.server.listening) this.#timer = setTimeout(() => this.#listen(), tryEvery).unref();
  }

  /** What changed since it was told last; nothing where nobody was kept waiting. */
  #tell(): void {
    const counts = this.#door.counts();
    const lately = (name: keyof DoorCounts): number => counts[name] - this.#told[name];
    if (lately('slow') + lately('ask') + lately('refuse') + lately('passed') > 0)
      this.#options.log(
        `The door of voters' services: ${lately('open')} requests let in, ${lately('slow')} slowed, ${lately('ask')} asked to press a button, ${lately('passed')} passed by it, ${lately('refuse')} turned away.`,
      );
    this.#told = counts;
  }
}
