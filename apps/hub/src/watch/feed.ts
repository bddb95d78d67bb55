/**
 * One file on its way through the crew: its blocks are read ahead by whoever is idle, and come out in their order.
 *
 * Formats with header lines are read ahead by the header that was in force last. Where a block turns out to begin
 * under another one, because the header changed in the block before, it is read again: the rows never depend on who
 * read what when.
 */
import type { BatchCounts } from './batch-reader.ts';
import { BlockReader, blockCapacity, blocksIn } from './blocks.ts';
import type { Crew } from './crew.ts';
import type { WatchError } from './errors.ts';
import type { OpenInput } from './inputs.ts';
import type { BlockAt, ReadReply } from './messages.ts';
import type { BatchSlot, Slots } from './slots.ts';

/** A block that has been read: its batches, in order. */
export type FedBlock = {
  readonly batches: readonly { readonly slot: BatchSlot; readonly counts: BatchCounts }[];
  readonly failure: WatchError | undefined;
};

type Read = FedBlock & { readonly at: BlockAt; readonly began: string; readonly header: string };

/** How a file is fed. */
export type FeedOptions = {
  readonly file: number;
  readonly input: OpenInput;
  readonly size: number;
  readonly blockSize: number;
  /** The header that the head of the file ends with, to begin the first blocks ahead. */
  readonly expectedHeader: string;
  /** Blocks read ahead. */
  readonly depth: number;
};

/** The blocks of one file. */
export class Feed {
  readonly #crew: Crew;
  readonly #slots: Slots;
  readonly #options: FeedOptions;
  readonly #ahead: Promise<Read | undefined>[] = [];
  readonly #stream: BlockReader | undefined;
  readonly #buffers: SharedArrayBuffer[] = [];
  #streaming: Promise<unknown> = Promise.resolve();
  #nextBlock = 0;
  #header = '';

  constructor(crew: Crew, slots: Slots, options: FeedOptions) {
    this.#crew = crew;
    this.#slots = slots;
    this.#options = options;
    const { input, blockSize } = options;
    this.#stream = input.fd === undefined ? new BlockReader(input.source, blockSize) : undefined;
  }

  /** Bytes of the file read so far, or being read. */
  get taken(): number {
    const { input, size, blockSize } = this.#options;
    return this.#stream === undefined ? Math.min(size, this.#nextBlock * blockSize) : input.source.taken;
  }

  /** The next block; undefined at the end. */
  async next(): Promise<FedBlock | undefined> {
    this.#readAhead();
    const reading = this.#ahead.shift();
    let read = await reading;
    if (read === undefined) return undefined;
    if (read.began !== this.#header) {
      for (const { slot } of read.batches) this.#slots.free(slot);
      read = await this.#read(read.at, this.#header);
    }
    this.#header = read.header;
    if (read.at.kind === 'memory') this.#buffers.push(read.at.buffer);
    this.#readAhead();
    return read;
  }

  #readAhead(): void {
    const { depth, size, blockSize, input } = this.#options;
    const blocks = this.#stream === undefined ? blocksIn(size, blockSize) : Number.POSITIVE_INFINITY;
    while (this.#ahead.length < depth && this.#nextBlock < blocks) {
      const block = this.#nextBlock++;
      const header = block === 0 ? '' : this.#header || this.#options.expectedHeader;
      const reading =
        this.#stream === undefined
          ? this.#read({ kind: 'file', fd: input.fd as number, size, block }, header)
          : this.#readStream(this.#stream, header);
      reading.catch(() => {});
      this.#ahead.push(reading);
    }
  }

  async #readStream(stream: BlockReader, header: string): Promise<Read | undefined> {
    const buffer = this.#buffers.pop() ?? new SharedArrayBuffer(blockCapacity(this.#options.blockSize));
    const taking = this.#streaming.then(() => stream.next(Buffer.from(buffer)));
    this.#streaming = taking;
    const block = await taking;
    return block === undefined ? undefined : this.#read({ kind: 'memory', buffer, to: block.to }, header);
  }

  async #read(at: BlockAt, header: string): Promise<Read> {
    const batches: { slot: BatchSlot; counts: BatchCounts }[] = [];
    const { file } = this.#options;
    let from = -1;
    let line = 0;
    for (;;) {
      const slot = this.#slots.take();
      const { number, memory } = slot;
      const reply: ReadReply = await this.#crew.ask(this.#crew.idlest, {
        kind: 'read',
        file,
        at,
        header,
        from,
        line,
        slot: { number, memory },
      });
      slot.batch.count = reply.counts.rows;
      batches.push({ slot, counts: reply.counts });
      if (reply.done) return { batches, failure: reply.failure, at, began: header, header: reply.header };
      ({ from, line } = reply);
    }
  }
}
