/**
 * The journal: everything that the hub acknowledges, in one order, on disk before it is acknowledged: in files of this
 * machine, or in a stream that several machines reach. What is judged,
 * counted and kept is a function of these records alone, so that a hub which was killed goes on as if it had not been.
 *
 * Records lie in segment files named by the offset of their first byte. An offset is a position in the endless row of
 * all bytes ever written; it fits a double.
 */
import type { Result } from '@bellwether/basics';

/** What a record says. */
export const RecordKind = {
  /** Names a sensor's stream: JSON `StreamRecord`. */
  stream: 1,
  /** Lines of a stream: JSON `LinesHead`, then whole lines, the last byte a newline. */
  lines: 2,
  /** A surface that holds from here on: YAML. */
  surface: 3,
  /** Ends a step: what came before is put in order and judged. JSON `TickRecord`. */
  tick: 4,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/** A sensor, as it is known from here on: said anew when its format becomes known. */
export type StreamRecord = {
  /** Number for ever, from 0. */
  readonly stream: number;
  readonly authority: string;
  readonly sensor: string;
  readonly transport: string;
  /** Null while no line of it was recognised. */
  readonly format: string | null;
  /** Whether syslog headers stand around its lines. */
  readonly unwrap: boolean;
  /** IANA name; null: as the surface says, else UTC. */
  readonly zone: string | null;
};

/** What stands before the lines. */
export type LinesHead = {
  readonly stream: number;
  /** Number, from 1, of the first line in its stream, and how many there are. */
  readonly line: number;
  readonly lines: number;
  /** Batch id and digest, where the client gave one. */
  readonly client?: string;
  readonly sequence?: number;
  readonly digest?: string;
  /** Where a followed file goes on behind these lines. */
  readonly follow?: { readonly path: string; readonly file: string; readonly offset: number };
};

/** Ends step number `step`, from 1. `all`: hold nothing back. `snapshot`: a good moment for one. */
export type TickRecord = { readonly step: number; readonly all: boolean; readonly snapshot: boolean };

/** A record to be written. */
export type NewRecord = {
  readonly kind: RecordKind;
  /** JSON, at most 64 KiB. */
  readonly head: StreamRecord | LinesHead | TickRecord | Record<string, never>;
  /** At most `MAX_PAYLOAD` bytes. */
  readonly payload?: Uint8Array;
};

/** A record that was read. The payload is a view that holds until the next `read`. */
export type JournalRecord = {
  readonly kind: RecordKind;
  readonly offset: number;
  /** Where the next record begins. */
  readonly end: number;
  /** When it was appended, ms since 1970; never goes back. */
  readonly arrival: number;
  readonly head: unknown;
  readonly payload: Buffer;
};

/** Largest payload: intake cuts what is larger at a line. */
export const MAX_PAYLOAD = 4 * 1024 * 1024;

/** A journal as those see it who read it and do not write. */
export interface FollowedJournal {
  /** Random, 32 hexadecimal digits, for ever: by it a database knows the journal that it was written from. */
  readonly journalId: string;
  /** First offset that is still there, and the end of what is on disk. */
  readonly begin: number;
  readonly durable: number;
  /** Bytes of all segments. */
  readonly bytes: number;
  /** Called with the new `durable` whenever it has grown. */
  onDurable(listener: (durable: number) => void): void;
  /** Removes what ends at or before the offset, as far as it can be removed. */
  release(before: number): void;
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}

/** The one writer. */
export interface Journal extends FollowedJournal {
  /** Bytes that were handed in and are not on disk yet: who can wait, waits while it is large. */
  readonly waiting: number;
  /**
   * Appends records one behind the other; resolves when they are on disk (one fsync for all who wait), with the offset
   * behind them. An error (disk full, reserve reached, I/O) means that nothing of it is there, nor will be; only a disk
   * that also refuses to be cut back may show it again when the journal is opened anew. Payloads are not copied: they
   * must not change until then. Throws a RangeError on no records, on a head or payload beyond its
   * bound, and on more than `MAX_CALL` bytes in all.
   */
  record(records: readonly NewRecord[]): Promise<Result<number, JournalError>>;
}

/** Reads on from an offset, in another thread, process or machine than the writer's. */
export interface JournalReader {
  /** As `Journal.journalId`. */
  readonly journalId: string;
  /**
   * The next record that ends at or before `durable`, or undefined if there is none or it has to be waited for. Damage
   * before `durable` throws: it was acknowledged.
   */
  next(durable: number): JournalRecord | undefined;
  /**
   * Resolves when `next` has what ends at or before `durable`: at once where the journal is a file. Throws as `next` does.
   * Ends when the reader is closed.
   */
  arrived(durable: number): Promise<void>;
  readonly offset: number;
  close(): void;
}

export type JournalErrorCode =
  | 'JOURNAL_DISK_FULL'
  | 'JOURNAL_UNWRITABLE'
  | 'JOURNAL_UNREACHABLE'
  | 'JOURNAL_LOCKED'
  | 'JOURNAL_DAMAGED'
  | 'JOURNAL_NEWER';
export type JournalError = { readonly code: JournalErrorCode; readonly detail: string };
