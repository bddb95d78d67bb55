/** What the main thread and its workers say to each other. Batches and blocks travel as shared memory, not as copies. */

import type { FileInfo, Findings, ShardReport, Surface } from '@bellwether/contacts';
import type { BatchCounts } from './batch-reader.ts';
import type { WatchError } from './errors.ts';
import type { FilePlan } from './plan.ts';

/** What a worker has to know of the work. */
export type WorkerStart = {
  readonly worker: number;
  readonly workers: number;
  readonly plans: readonly FilePlan[];
  readonly stated: Surface | null;
  readonly blockSize: number;
};

/** Where the bytes of a block are: in a plain file, for the worker to read, or in memory, read already. */
export type BlockAt =
  | { readonly kind: 'file'; readonly fd: number; readonly size: number; readonly block: number }
  | { readonly kind: 'memory'; readonly buffer: SharedArrayBuffer; readonly to: number };

/** Get ready. */
export type BeginRequest = { readonly kind: 'begin'; readonly id: number; readonly start: WorkerStart };

/** Memory of one batch, and the number under which a worker keeps its view of it. */
export type Slot = { readonly number: number; readonly memory: SharedArrayBuffer };

/** Read a block, or go on reading it, into one batch. */
export type ReadRequest = {
  readonly kind: 'read';
  readonly id: number;
  readonly file: number;
  readonly at: BlockAt;
  /** The header in force at its first line. */
  readonly header: string;
  /** Where to go on, and the number of that line in the block; -1 and 0 at its head. */
  readonly from: number;
  readonly line: number;
  readonly slot: Slot;
};

/** What came of it. */
export type ReadReply = {
  readonly counts: BatchCounts;
  /** Where the reader stopped: the block is done, or the batch was full. */
  readonly done: boolean;
  readonly from: number;
  readonly line: number;
  readonly header: string;
  /** The file could not be read; what came before it counts. */
  readonly failure: WatchError | undefined;
};

/** A `Part` of a stretch, its batch named by its slot. */
export type PartAt = {
  readonly file: number;
  readonly slot: Slot;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly base: number;
  readonly firstLine: number;
};

/** Judge a stretch. Stretches are judged in the order in which they are sent. */
export type JudgeRequest = { readonly kind: 'judge'; readonly id: number; readonly parts: readonly PartAt[] };

/** Report, after the last stretch. */
export type FinishRequest = { readonly kind: 'finish'; readonly id: number };

export type Request = BeginRequest | ReadRequest | JudgeRequest | FinishRequest;

/** What a worker answers: the id of the request, and what came of it. */
export type Reply = { readonly id: number; readonly value: ReadReply | Findings | ShardReport | undefined };

/** The files as judging knows them. */
export function filesOf(plans: readonly FilePlan[]): readonly FileInfo[] {
  return plans.map(({ info }) => info);
}
