/** What a way in did not take: counted at intake at once, told in the log at most once a minute for each reason. */
import type { Intake, Transport } from '../../../flow/intake-types.ts';
import type { SocketsLog } from './listener.ts';

/** Why something was not taken. */
export type Refusal =
  | 'too-long'
  | 'malformed'
  | 'too-many-connections'
  | 'slow'
  | 'unknown-host'
  | 'flood'
  | 'not-reading'
  /** Intake would not have it, and the sender of plain syslog cannot be told. */
  | 'not-kept'
  /** A followed file was emptied; what was not read of it by then is lost. */
  | 'truncated'
  /** A followed file was gone when we came back. */
  | 'lost-while-away';

/** One reason is told again after so long, ms: a flood must not fill the disk by its own report. */
const TELL_AGAIN = 60_000;

/** The refusals of one listener. */
export class Refusals {
  readonly #intake: Pick<Intake, 'refuse'>;
  readonly #port: Transport;
  readonly #log: SocketsLog;
  readonly #told = new Map<Refusal, number>();

  constructor(intake: Pick<Intake, 'refuse'>, port: Transport, log: SocketsLog) {
    this.#intake = intake;
    this.#port = port;
    this.#log = log;
  }

  /** A connection, or a stretch of a file, of which nobody knows how many lines it would have been. */
  whole(reason: Refusal, bytes: number, from: string): void {
    this.#count(reason, 1, 0, bytes, from);
  }

  /** Messages that were there. */
  lines(reason: Refusal, lines: number, bytes: number, from: string): void {
    this.#count(reason, 0, lines, bytes, from);
  }

  #count(reason: Refusal, batches: number, lines: number, bytes: number, from: string): void {
    this.#intake.refuse(this.#port, reason, batches, lines, bytes);
    const now = performance.now();
    const last = this.#told.get(reason);
    if (last !== undefined && now - last < TELL_AGAIN) return;
    this.#told.set(reason, now);
    this.#log.warn({ port: this.#port, reason, from }, 'refused');
  }
}
