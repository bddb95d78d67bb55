/**
 * Messages of all connections of a listener, gathered per sensor and handed to intake as one arrival. Of each sensor one
 * arrival is on its way at a time: its lines keep their order, and what comes while the disk works is the next arrival.
 * So a quiet sensor waits for nobody, and thousands of lines of a busy one share an fsync, without a timer: one would only
 * slow down clients that send no more than a window of messages ahead.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { err, type Result } from '@bellwether/basics';
import type { Intake, IntakeError, Receipt, Transport } from '../../../flow/intake-types.ts';
import type { Limits } from './limits.ts';
import type { Counts, Destination } from './listener.ts';
import type { Refusals } from './refusals.ts';

/** Messages that are kept or refused together. */
export type Gathered = {
  lines: number;
  length: number;
  outcome: Result<Receipt, IntakeError> | undefined;
  /** Told when there is an outcome; who has messages in it adds itself. */
  readonly waiting: (() => void)[];
};

/** What becomes of messages that intake does not take. */
export const OnRefusal = {
  /** The sender keeps what is not answered: tell it at once. */
  tell: 'tell',
  /** The sender has forgotten them: try again while there is hope. */
  retry: 'retry',
} as const;
export type OnRefusal = (typeof OnRefusal)[keyof typeof OnRefusal];

/** What passes: everything else is a mistake in the configuration, and trying again does not help. */
const PASSING: ReadonlySet<string> = new Set(['INTAKE_BUSY', 'INTAKE_DISK_FULL']);

/** Tried again after this, twice as long each time, up to the other, ms: soon for a full queue, rarely for a full disk. */
const RETRY_FIRST = 50;
const RETRY_LAST = 2_000;

/** How often a way in that waits for judging looks whether it may go on, ms. */
const BACKLOG_LOOK = 20;

/** Room that a new arrival begins with, bytes: what a quiet sensor sends in one go. */
const FIRST_ROOM = 8 * 1024;

const LINE_END = 0x0a;
const SPACE = 0x20;

type Open = Gathered & { bytes: Buffer };

/** One sensor's messages. */
type Lane = { readonly destination: Destination; readonly queue: Open[]; busy: boolean };

/** Gathers for one listener. */
export class Gathering {
  readonly counts: Counts = { messages: 0, bytes: 0, flattened: 0 };
  readonly #intake: Intake;
  readonly #port: Transport;
  readonly #limits: Limits;
  readonly #refusals: Refusals;
  readonly #onRefusal: OnRefusal;
  readonly #lanes = new Map<Destination, Lane>();
  #waitingForRoom: (() => void)[] = [];
  #outstanding = 0;
  #soon: NodeJS.Immediate | undefined;
  #closing = false;
  #idle: (() => void) | undefined;

  constructor(intake: Intake, port: Transport, limits: Limits, refusals: Refusals, onRefusal: OnRefusal) {
    this.#intake = intake;
    this.#port = port;
    this.#limits = limits;
    this.#refusals = refusals;
    this.#onRefusal = onRefusal;
  }

  /** Bytes that are neither kept nor refused yet. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Calls back when less than half of the room is taken. */
  whenRoom(callback: () => void): void {
    this.#waitingForRoom.push(callback);
  }

  /** Copies a message, which is not empty, and puts a line end behind it; gives the arrival that it is in. */
  put(destination: Destination, message: Buffer, from: number, to: number): Gathered {
    const lane = this.#lane(destination);
    const open = this.#roomFor(lane, to - from + 1);
    const start = open.length;
    message.copy(open.bytes, start, from, to);
    open.length += to - from + 1;
    open.bytes[open.length - 1] = LINE_END;
    if (open.bytes.indexOf(LINE_END, start) !== open.length - 1) {
      this.counts.flattened += 1;
      for (let at = start; at < open.length - 1; at += 1) {
        if (open.bytes[at] === LINE_END) open.bytes[at] = SPACE;
      }
    }
    open.lines += 1;
    this.counts.messages += 1;
    this.counts.bytes += to - from + 1;
    this.#outstanding += to - from + 1;
    if (open.length >= this.#limits.gatherBytes) this.#send(lane);
    else if (!lane.busy) this.#soon ??= setImmediate(() => this.#sendAll());
    return open;
  }

  /** Hands over what is there; resolves when all of it has an outcome. Nothing is tried again from now on. */
  async drain(): Promise<void> {
    this.#closing = true;
    this.#sendAll();
    if (this.#outstanding === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #lane(destination: Destination): Lane {
    let lane = this.#lanes.get(destination);
    if (lane === undefined) {
      lane = { destination, queue: [], busy: false };
      this.#lanes.set(destination, lane);
    }
    return lane;
  }

  /** The last arrival of the queue if it still takes messages: the first one is on its way while the lane is busy. */
  #roomFor(lane: Lane, needed: number): Open {
    const last = lane.queue.at(-1);
    const taken = lane.busy && lane.queue.length === 1;
    let open = last;
    if (open === undefined || taken || open.length >= this.#limits.gatherBytes) {
      open = {
        bytes: Buffer.allocUnsafeSlow(FIRST_ROOM),
        length: 0,
        lines: 0,
        outcome: undefined,
        waiting: [],
      };
      lane.queue.push(open);
    }
    if (open.length + needed > open.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(open.bytes.length * 2, open.length + needed));
      open.bytes.copy(larger, 0, 0, open.length);
      open.bytes = larger;
    }
    return open;
  }

  #sendAll(): void {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    for (const lane of this.#lanes.values()) this.#send(lane);
  }

  #send(lane: Lane): void {
    if (lane.busy || lane.queue.length === 0) return;
    lane.busy = true;
    void this.#empty(lane);
  }

  /** Hands over one arrival after the other, until none is left. */
  async #empty(lane: Lane): Promise<void> {
    for (let first = lane.queue[0]; first !== undefined; first = lane.queue[0]) {
      const outcome = (await this.#backlog())
        ? await this.#handOver(lane.destination, first)
        : err({ code: 'INTAKE_BUSY', detail: 'what was taken in already has to be judged first' } as const);
      // What was sent after something that is not kept will be sent again behind it: nothing may overtake.
      const together = outcome.isErr() && this.#onRefusal === OnRefusal.tell ? lane.queue.length : 1;
      for (const done of lane.queue.splice(0, together)) this.#settle(done, outcome);
    }
    lane.busy = false;
  }

  async #handOver(
    destination: Destination,
    { bytes, length, lines }: Open,
  ): Promise<Gathered['outcome'] & {}> {
    const retries = this.#onRefusal === OnRefusal.retry;
    for (let pause = RETRY_FIRST; ; pause = Math.min(pause * 2, RETRY_LAST)) {
      // Intake owns what it is given, and we may have to give it again.
      const whole = bytes.subarray(0, length);
      const outcome = await this.#intake.submit({
        ...destination,
        transport: this.#port,
        lines: retries ? Buffer.from(whole) : whole,
      });
      if (outcome.isOk() || !retries) return outcome;
      if (this.#closing || !PASSING.has(outcome.error.code)) {
        const from = `${destination.authority}/${destination.sensor}: ${outcome.error.code}`;
        this.#refusals.lines('not-kept', lines, length, from);
        return err(outcome.error);
      }
      await wait(pause);
    }
  }

  /**
   * Waits while much is kept and not judged yet; false when that takes so long that the sender should keep what it has.
   * Who cannot keep it does not wait: there is room on the disk.
   */
  async #backlog(): Promise<boolean> {
    if (this.#onRefusal === OnRefusal.retry) return true;
    const until = performance.now() + this.#limits.backlogTime;
    while (this.#intake.backlog > this.#limits.backlog && !this.#closing) {
      if (performance.now() > until) return false;
      await wait(BACKLOG_LOOK);
    }
    return true;
  }

  #settle(done: Open, outcome: Result<Receipt, IntakeError>): void {
    done.outcome = outcome;
    this.#outstanding -= done.length;
    for (const tell of done.waiting) tell();
    if (this.#outstanding < this.#limits.outstanding / 2 && this.#waitingForRoom.length > 0) {
      const waiting = this.#waitingForRoom;
      this.#waitingForRoom = [];
      for (const callback of waiting) callback();
    }
    if (this.#outstanding === 0) this.#idle?.();
  }
}
