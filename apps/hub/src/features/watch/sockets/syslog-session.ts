/** One connection of syslog over TCP or TLS: no answers, so all we can do for a sender is not to lose what we read. */
import { SyslogFraming } from '@bellwether/basics';
import type { Connection, Protocol, Surroundings } from './connection.ts';
import type { Gathered } from './gathering.ts';
import type { SensorOf } from './sensor-of-host.ts';

/** The protocol on one connection. */
export class SyslogSession implements Protocol {
  readonly framing: SyslogFraming<Buffer>;
  readonly #connection: Connection;
  readonly #around: Surroundings;
  readonly #sensorOf: SensorOf;
  // Bytes of ours in arrivals without an outcome.
  readonly #unsettled = new Map<Gathered, number>();
  #ending = false;

  constructor(connection: Connection, around: Surroundings, sensorOf: SensorOf) {
    this.#connection = connection;
    this.#around = around;
    this.#sensorOf = sensorOf;
    this.framing = new SyslogFraming<Buffer>(
      around.limits.message,
      (bytes, from, to) => this.#message(bytes, from, to),
      (bytes) => around.refusals.lines('too-long', 1, bytes, connection.peer),
    );
  }

  /** Tells the peer that we close, and still takes what it has sent by then. */
  endInOrder(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#connection.end();
  }

  broken(): void {
    this.#around.refusals.lines('malformed', 1, this.#connection.unfinished.length, this.#connection.peer);
    this.#connection.stopHearing();
    this.endInOrder();
  }

  ended(): void {
    // The last line of a peer that ends in good order may have no line end.
    const rest = this.#connection.unfinished;
    if (this.framing.counted === false && rest.length > 0) {
      this.#message(rest, 0, rest.length);
      this.#connection.forget();
    }
    this.endInOrder();
  }

  #message(bytes: Buffer, from: number, to: number): void {
    const { refusals, gathering } = this.#around;
    if (to === from) {
      refusals.lines('malformed', 1, 0, this.#connection.peer);
      return;
    }
    this.#connection.greeted = true;
    const destination = this.#sensorOf(bytes, from, to);
    if (destination === undefined) {
      refusals.lines('unknown-host', 1, to - from, this.#connection.peer);
      return;
    }
    const gathered = gathering.put(destination, bytes, from, to);
    const before = this.#unsettled.get(gathered);
    if (before === undefined) gathered.waiting.push(() => this.#settled(gathered));
    this.#unsettled.set(gathered, (before ?? 0) + to - from + 1);
    this.#connection.hold(to - from + 1);
  }

  #settled(gathered: Gathered): void {
    const bytes = this.#unsettled.get(gathered) ?? 0;
    this.#unsettled.delete(gathered);
    this.#connection.release(bytes);
  }
}
