/** One run of watching: what is given to whoever does it, one thread or several, and what comes back. */
import type { CompiledSurface, Outcome, Surface } from '@bellwether/contacts';
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
};

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
