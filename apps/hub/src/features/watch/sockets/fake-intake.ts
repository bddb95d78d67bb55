/** An intake in memory for tests: keeps what it is given, and fails or waits when it is told to. */
import { setTimeout as wait } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import type {
  Arrival,
  Intake,
  IntakeError,
  IntakeErrorCode,
  Receipt,
  Transport,
} from '../../../flow/intake-types.ts';

/** What was refused, by `port reason`. */
type Refused = { batches: number; lines: number; bytes: number };

/** The intake. */
export class FakeIntake implements Intake {
  readonly arrivals: Arrival[] = [];
  readonly refused = new Map<string, Refused>();
  readonly #followed = new Map<string, { readonly file: string; readonly offset: number }>();
  backlog = 0;
  /** Said instead of a receipt while it is set. */
  failure: IntakeErrorCode | undefined;
  /** Every submit takes so long, ms. */
  delay = 0;
  /** After this nothing is kept and nobody is answered: the process was killed. */
  killed = false;

  async submit(arrival: Arrival): Promise<Result<Receipt, IntakeError>> {
    if (this.delay > 0) await wait(this.delay);
    if (this.killed) await new Promise(() => {});
    if (this.failure !== undefined) return err({ code: this.failure, detail: 'as told' });
    this.arrivals.push(arrival);
    if (arrival.follow !== undefined) {
      const { path, file, offset } = arrival.follow;
      this.#followed.set(path, { file, offset });
    }
    return ok({ lines: linesOf([arrival]).length, bytes: arrival.lines.length, duplicate: false });
  }

  refuse(port: Transport, reason: string, batches: number, lines: number, bytes: number): void {
    const key = `${port} ${reason}`;
    const before = this.refused.get(key) ?? { batches: 0, lines: 0, bytes: 0 };
    this.refused.set(key, {
      batches: before.batches + batches,
      lines: before.lines + lines,
      bytes: before.bytes + bytes,
    });
  }

  followedTo(path: string): { readonly file: string; readonly offset: number } | undefined {
    return this.#followed.get(path);
  }

  /** The same disk after a kill. */
  restarted(): FakeIntake {
    this.killed = true;
    const next = new FakeIntake();
    next.arrivals.push(...this.arrivals);
    for (const [path, at] of this.#followed) next.#followed.set(path, at);
    for (const [key, counts] of this.refused) next.refused.set(key, counts);
    return next;
  }

  /** All lines, in the order in which they were kept. */
  get lines(): string[] {
    return linesOf(this.arrivals);
  }
}

/** The lines of arrivals; the last of each may have no line end. */
export function linesOf(arrivals: readonly Arrival[]): string[] {
  return arrivals.flatMap(({ lines }) => {
    const text = lines.toString('latin1');
    return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  });
}

/** Says nothing. */
export const QUIET = { info: () => {}, warn: () => {} };

/** Resolves when the condition holds; the test's own time limit ends what never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}
