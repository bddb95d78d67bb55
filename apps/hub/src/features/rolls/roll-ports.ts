/** What the roll needs of the book and of the vault: who a record number is, and the keys of voters. */
import type { Result } from '@bellwether/basics';
import type { RollError } from './errors.ts';

/** Records of the book. */
export type KnownRecords = {
  /** Handle of a record, 32 bytes; undefined: the book has no such record. */
  handleOf(recordId: string): Uint8Array | undefined;
  /** Handles of padding: records that stand for nobody, to hide protected voters among. */
  readonly padding: readonly Uint8Array[];
};

/** The vault. */
export type VoterKeys = {
  /** Keys of voters, 32 bytes each; null for a handle that the vault does not know (any more). */
  keysFor(handles: readonly Uint8Array[]): Promise<Result<readonly (Uint8Array | null)[], RollError>>;
  /** Keeps keys of new handles; on disk when it resolves. */
  addKeys(handles: readonly Uint8Array[], keys: readonly Uint8Array[]): Promise<Result<void, RollError>>;
  /** Destroys one. `completeFrom`: day from which no backup of the vault holds it. */
  eraseKey(handle: Uint8Array): Promise<Result<{ readonly completeFrom: string }, RollError>>;
};
