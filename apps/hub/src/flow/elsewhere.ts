/**
 * What the process that judges asks of the one that takes in lines, where they are two: to write down a surface, and that
 * a snapshot is due. Asked over NATS, answered by whoever writes the journal.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { parseSurface } from '@bellwether/contacts/surface';
import type { FollowedJournal } from '../platform/bus/journal-types.ts';
import type { StreamConnection } from '../platform/bus/stream/connection.ts';
import type { Arrival, HubIntake, IntakeError, Receipt, Transport } from './intake-types.ts';
import { Refusals } from './refusals.ts';

/** How long a surface may take to be written down, ms. */
const ASK_LIMIT = 10_000;

/** A surface that is asked to be written down: NATS takes a megabyte at once, and the rest of the question is small. */
const MOST_SURFACE = 900_000;

type Ask =
  | { readonly kind: 'surface'; readonly yaml: string }
  | { readonly kind: 'read-again'; readonly bytes: number };
type Answer = { readonly offset: number } | { readonly refused: string };

/** Answers what is asked of the writer; gives how it is ended. */
export function answerAsks({ nats, names }: StreamConnection, intake: HubIntake): () => void {
  const subscription = nats.subscribe(names.ask, {
    callback: (error, message) => {
      if (error !== null) return;
      void answered(message.string(), intake).then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
  return () => subscription.unsubscribe();
}

async function answered(text: string, intake: HubIntake): Promise<Answer> {
  const ask = askIn(text);
  if (ask === undefined) return { refused: 'that is no question' };
  if (ask.kind === 'read-again') {
    intake.readAgain(ask.bytes);
    return { offset: 0 };
  }
  // What stands in the journal is read by every judge from then on.
  if (parseSurface(ask.yaml).isErr()) return { refused: 'there are mistakes in the surface' };
  const recorded = await intake.recordSurface(ask.yaml);
  return recorded.isOk() ? { offset: recorded.value } : { refused: recorded.error.detail };
}

function askIn(text: string): Ask | undefined {
  try {
    const { kind, yaml, bytes } = JSON.parse(text) as Record<string, unknown>;
    if (kind === 'surface' && typeof yaml === 'string') return { kind, yaml };
    if (kind === 'read-again' && typeof bytes === 'number') return { kind, bytes };
    return undefined;
  } catch {
    return undefined;
  }
}

/** The door of a process that judges while another one takes in lines: it is closed, and says where the other is asked. */
export class IntakeElsewhere implements HubIntake {
  readonly refusals = new Refusals();
  readonly trouble = '';
  readonly #connection: StreamConnection;
  readonly #journal: FollowedJournal;
  readonly #now: () => number;
  readonly #onRefused: (transport: Transport, reason: string, lines: number) => void;
  #kept: number;

  constructor(
    connection: StreamConnection,
    journal: FollowedJournal,
    kept: number,
    now: () => number,
    onRefused: (transport: Transport, reason: string, lines: number) => void,
  ) {
    this.#connection = connection;
    this.#journal = journal;
    this.#kept = kept;
    this.#now = now;
    this.#onRefused = onRefused;
  }

  get backlog(): number {
    return Math.max(0, this.#journal.durable - this.#kept);
  }

  get isQuiet(): boolean {
    return this.backlog === 0;
  }

  async submit(arrival: Arrival): Promise<Result<Receipt, IntakeError>> {
    this.refuse(arrival.transport, 'elsewhere', 1, 0, arrival.lines.length);
    return err({ code: 'INTAKE_ELSEWHERE', detail: 'this process was started with --role judge' });
  }

  refuse(port: Transport, reason: string, batches: number, lines: number, bytes: number): void {
    this.refusals.add(this.#now(), port, reason, batches, lines, bytes);
    this.#onRefused(port, reason, lines);
  }

  followedTo(): undefined {
    return undefined;
  }

  async recordSurface(yaml: string): Promise<Result<number, IntakeError>> {
    if (Buffer.byteLength(yaml) > MOST_SURFACE) {
      return err({ code: 'INTAKE_TOO_LARGE', detail: `a surface of more than ${MOST_SURFACE} bytes` });
    }
    const answer = await this.#ask({ kind: 'surface', yaml });
    if (answer !== undefined && 'offset' in answer) return ok(answer.offset);
    const detail = answer?.refused ?? 'no process takes in lines at the moment';
    return err({ code: 'INTAKE_BUSY', detail });
  }

  keptUpTo(offset: number): void {
    this.#kept = Math.max(this.#kept, offset);
  }

  readAgain(bytes: number): void {
    void this.#ask({ kind: 'read-again', bytes });
  }

  async stop(): Promise<void> {}

  async #ask(ask: Ask): Promise<Answer | undefined> {
    const { nats, names } = this.#connection;
    try {
      const answer = await nats.request(names.ask, JSON.stringify(ask), { timeout: ASK_LIMIT });
      return JSON.parse(answer.string()) as Answer;
    } catch {
      return undefined;
    }
  }
}
