/**
 * From blocks of lines to batches of rows: the step that every line goes through, in one thread or in several.
 */

import {
  type Batch,
  type Clock,
  type CompiledSurface,
  type Format,
  LineLoop,
  type Losses,
  prepare,
} from '@bellwether/contacts';
import type { Block } from './blocks.ts';
import { clockOf, type FilePlan, formatOf, readerOptionsOf } from './plan.ts';

/** What the lines of a batch came to. */
export type BatchCounts = Readonly<Losses> & {
  readonly rows: number;
  readonly lines: number;
  readonly ignored: number;
  readonly unreadable: number;
  /** Extra contacts told by one line. */
  readonly repeated: number;
};

/** Reads the blocks of one file into batches. */
export class BatchReader {
  readonly #plan: FilePlan;
  readonly #surface: CompiledSurface;
  readonly #format: Format;
  readonly #options: ReturnType<typeof readerOptionsOf>;
  readonly #clock: Clock;
  #reader: ReturnType<Format['reader']> | undefined;
  #loop: LineLoop | undefined;
  #block: Block | undefined;
  #at = 0;
  #line = 0;

  constructor(plan: FilePlan, surface: CompiledSurface) {
    this.#plan = plan;
    this.#surface = surface;
    this.#format = formatOf(plan);
    this.#options = readerOptionsOf(plan, surface);
    this.#clock = clockOf(plan);
  }

  /**
   * Begins a block, with the header in force at its first line. A new reader for each block: it knows the same,
   * whoever read the block before. `at` and `line` are where an earlier reader of this block stopped.
   */
  begin(block: Block, header: string, at: number = block.from, line = 0): void {
    this.#reader = this.#format.reader({ ...this.#options, clock: this.#clock, header });
    this.#loop = new LineLoop(this.#reader, this.#clock, this.#plan.unwrap);
    this.#block = block;
    this.#at = at;
    this.#line = line;
  }

  /** Fills the batch with the rows that come next in the block, as the lines tell them. */
  read(batch: Batch): void {
    batch.clear();
    const { bytes, to } = this.#block as Block;
    this.#at = (this.#loop as LineLoop).read(bytes, this.#at, to, this.#line, batch);
    this.#line += batch.lines;
  }

  /** The same, ready to be judged. */
  fill(batch: Batch): void {
    this.read(batch);
    prepare(batch, (this.#block as Block).bytes, this.#plan.info, this.#surface);
  }

  /** Whether the whole block has been read. */
  get done(): boolean {
    return this.#at >= (this.#block as Block).to;
  }

  /** Where the reader stands in the block: for somebody else to go on from. */
  get at(): number {
    return this.#at;
  }

  /** Lines of the block read so far. */
  get line(): number {
    return this.#line;
  }

  /** The header in force now. */
  get header(): string {
    return this.#reader?.header ?? '';
  }
}

/** Counts a batch that was filled. */
export function countsOf(batch: Batch): BatchCounts {
  let repeated = 0;
  const { repeat, count } = batch;
  for (let row = 0; row < count; row++) repeated += repeat[row]!;
  return {
    rows: count,
    lines: batch.lines,
    ignored: batch.ignored,
    unreadable: batch.unreadable,
    repeated,
    lost: batch.lost,
    lostUnknown: batch.lostUnknown,
    lostFrom: batch.lostFrom,
    lostTo: batch.lostTo,
    lostFromZero: batch.lostFromZero,
  };
}
