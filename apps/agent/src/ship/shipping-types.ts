/**
 * What the office's lines are handed over with: the one door between `ship` (sources and spool) and `link` (the connection
 * to the hub). `openShipping` in shipping.ts has the type `OpenShipping`.
 */
import type { Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import type { Sleep } from './pause.ts';
import type { ShipSettings } from './settings.ts';

/**
 * Lines of one sensor that are sent together. Whenever the same sequence is posted again, after whatever interruption, its
 * content is the same: the hub may say "duplicate" and nothing is lost by that.
 */
export type Batch = {
  /** Names this spool; with the sequence it is the header `Bellwether-Batch: CLIENT/SEQUENCE`. */
  readonly client: string;
  /** Counts up by one for each batch of a client. */
  readonly sequence: number;
  /** The lines as they are, each with its line end. */
  readonly lines: Buffer;
  /** The same, packed with gzip: what goes over the wire, with `content-encoding: gzip`. */
  readonly packed: Buffer;
  /** Name of the format (docs/reference/formats.md), for `?format=`; without it, the lines tell. */
  readonly format?: string;
  /** IANA name of the zone of wall clocks, for `?zone=`. */
  readonly zone?: string;
};

/** What became of a batch that was posted. */
export type Posted =
  /** The hub has it on its disk. `duplicate`: it had it before. */
  | { readonly outcome: 'kept'; readonly duplicate: boolean }
  /** No connection, no whole answer, or the hub is busy: the same batch is posted again, after so many ms at least. */
  | { readonly outcome: 'later'; readonly after?: number; readonly why: string }
  /** Status 409 with `INTAKE_BATCH_CHANGED`: the hub has other lines under this number. The spool was put back; it takes a new name. */
  | { readonly outcome: 'taken-number' }
  /**
   * The hub will never take this content, whatever anybody mends: 409 `INTAKE_BATCH_TOO_OLD` and 413 alone. It is put
   * aside, told, and the next batch follows. What a person can mend (401, 403, 404, 415, 422) is `later`: lines wait for them.
   */
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Posts one batch and waits for the whole answer. Never called twice at the same time for one sensor. A promise that rejects
 * counts as `later`. When `signal` aborts, the answer is of no interest any more.
 */
export type Post = (sensor: string, batch: Batch, signal: AbortSignal) => Promise<Posted>;

/** What is on disk here and not at the hub. */
export type Backlog = {
  readonly lines: number;
  readonly bytes: number;
  /** When the oldest of it came in, ms since 1970; undefined where nothing waits. */
  readonly oldest?: number;
};

/** Tells what an operator should know; one line each. */
export type ShipLog = (text: string) => void;

/** Parameters that tests give; each has its default. */
export type ShipOptions = {
  readonly log?: ShipLog;
  /** ms since 1970. */
  readonly now?: () => number;
  /** Waits of senders. */
  readonly sleep?: Sleep;
  /** In [0, 1). */
  readonly chance?: () => number;
};

/** Sources that are read, and a spool that is sent. */
export type Shipping = {
  backlog(): Backlog;
  /** There is a connection again: what waits for another try is posted at once. */
  wake(): void;
  /** Reads nothing more, lets the posts of now end, and closes the spool. What was not sent stays on disk. */
  close(): Promise<void>;
};

/**
 * Opens the spool in `folder` (made if missing, for its owner only), goes on where it ended, and begins to read what
 * the settings name. Fails with `SHIP_*` of errors.ts.
 */
export type OpenShipping = (
  settings: ShipSettings,
  folder: string,
  post: Post,
  options?: ShipOptions,
) => Promise<Result<Shipping, AgentError>>;
