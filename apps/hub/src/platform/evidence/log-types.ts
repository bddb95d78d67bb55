/** What the hub's evidence log is to the rest of the hub. Entries are bytes: what they mean is no matter here. */
import type { Result } from '@bellwether/basics';
import type { NoteKey, NoteSigner, ReadTile } from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import type { EntriesInARow } from './log-reading.ts';

/** What a log is opened with. */
export type LogOptions = {
  /** Public: what is served, as C2SP tlog-tiles has it. */
  readonly folder: string;
  /** For the hub alone: lock, and what was signed last. */
  readonly privateFolder: string;
  /** Name of the log, as its checkpoints begin; one without entries may be given another. */
  readonly origin: string;
  /** Its key is named after the log: kind `note`. */
  readonly signer: NoteSigner;
  /** Why the log takes no entries, as a sentence: it came from a backup, and nobody has compared it yet. */
  readonly atRest?: string | null;
};

/** Entries [from, to) of the log. */
export type Sequenced = { readonly from: bigint; readonly to: bigint };

/** A log that is open, by this process alone. */
export type EvidenceLog = {
  readonly origin: string;
  readonly key: NoteKey;
  /** Entries so far. */
  readonly size: bigint;
  /** Root of the tree so far, 32 bytes. */
  readonly root: Uint8Array;
  /** The newest checkpoint, signed by the log alone; null while there is no entry. */
  readonly newest: string | null;
  /**
   * Adds entries, in their order and without others between them. Resolves when they are on disk, in tiles, and in a signed
   * checkpoint: then nothing but the loss of the disk can take them away.
   *
   * `at`: the index that the first of them has to have, where they speak of it. If another entry came between, nothing is
   * added (`LOG_MOVED`).
   */
  appendEntries(entries: readonly Uint8Array[], at?: bigint): Promise<Result<Sequenced, LogError>>;
  /** One entry; null beyond the end. */
  entry(index: bigint): Promise<Result<Uint8Array | null, LogError>>;
  /** Entries [from, to), in bundles: the index of the first, and the entries. */
  bundles(from: bigint, to: bigint): AsyncIterable<EntriesInARow>;
  /** Why nothing can be added, or what was added is not signed yet; null for nothing. */
  readonly trouble: LogError | null;
  /** Tiles of the log as it is: none beyond its size. */
  readonly readTile: ReadTile;
  /** Called with each new checkpoint. */
  onCheckpoint(listener: (note: string) => void): void;
  close(): Promise<void>;
};
