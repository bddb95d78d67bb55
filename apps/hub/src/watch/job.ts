/** One run of watching: what is given to whoever does it, one thread or several, and what comes back. */
import type { Result } from '@bellwether/basics';
import type { Batch, CompiledSurface, Outcome, Surface } from '@bellwether/contacts';
import type { WatchError } from './errors.ts';
import type { Input } from './inputs.ts';
import type { FilePlan } from './plan.ts';
import type { FileTally } from './tally.ts';

/** What is to be done. */
export type Job = {
  readonly inputs: readonly Input[];
  readonly plans: readonly FilePlan[];
  /** As it was stated, for workers, who compile it themselves. */
  readonly stated: Surface | null;
  readonly surface: CompiledSurface;
  /** Bytes of a block (see `blockSizeFor`). */
  readonly blockSize: number;
  /** Told now and then how far it is. */
  readonly progress: (progress: Progress) => void;
  /** Asked now and then whether to stop. */
  readonly stopped: () => boolean;
  /** Where contacts are kept; undefined where nobody asked for it. */
  readonly history: History | undefined;
};

/** Keeps contacts (history.ts, which is loaded only where there is one). */
export type History = {
  /** Keeps the contacts of a batch. `firstLine`: number, from 1, of its line 0. Throws `HistoryFailed`, nothing else. */
  readonly take: (file: number, batch: Batch, firstLine: number) => Promise<void>;
  /** Puts everything in its place; what is known of the inputs decides what it replaces. */
  readonly finish: (inputs: readonly InputRead[]) => Promise<Result<void, WatchError>>;
  /** Leaves everything as it was. Does nothing once it has been finished. */
  readonly discard: () => void;
};

/** What tells one input from another. */
export type InputRead = {
  /** As the user named it. */
  readonly path: string;
  /** Bytes of a plain file; undefined for a pipe. */
  readonly size: number | undefined;
  readonly lines: number;
  /** First and last time of all contacts, as the account has them. */
  readonly from: string | null;
  readonly to: string | null;
};

/** The history could not be written: thrown on the way through reading. */
export class HistoryFailed extends Error {
  override readonly name = 'HistoryFailed';
  readonly problem: WatchError;

  constructor(problem: WatchError) {
    super(problem.reason);
    this.problem = problem;
  }
}

/** How far the reading is. */
export type Progress = {
  /** Bytes of the files (compressed, where they are) read, of `bytesTotal`. */
  readonly bytes: number;
  readonly lines: number;
};

/** What came of it. */
export type Watched = { readonly outcome: Outcome; readonly tallies: readonly FileTally[] };

/**
 * Bytes of a block where files are few. Large enough that what is done once a block (a message to each of several
 * workers, a new reader) costs next to nothing per line; from a quarter of it to twice it, one thread is as fast.
 */
const BLOCK_BYTES = 1024 * 1024;

/** With many files there are as many batches in memory as files that overlap in time, so their blocks are smaller. */
const MIN_BLOCK_BYTES = 128 * 1024;

/** Files up to which blocks have their full size. */
const FEW_FILES = 8;

/** Bytes of a block: a matter of the number of files alone, so that the cuts are the same for any number of workers. */
export function blockSizeFor(files: number): number {
  return files <= FEW_FILES ? BLOCK_BYTES : MIN_BLOCK_BYTES;
}
