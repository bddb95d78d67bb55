/** The memory of batches, shared among threads: made when there is need, and used again. */
import { BATCH_BYTES, Batch } from '@bellwether/contacts';
import type { Slot } from './messages.ts';

/** A batch that every thread can see. */
export type BatchSlot = Slot & { readonly batch: Batch };

/** All slots of one job. Who takes one is bounded by how far files are read ahead. */
export class Slots {
  readonly #free: BatchSlot[] = [];
  readonly #byBatch = new Map<Batch, BatchSlot>();

  /** A slot that nobody uses. */
  take(): BatchSlot {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const memory = new SharedArrayBuffer(BATCH_BYTES);
    const slot: BatchSlot = { number: this.#byBatch.size, memory, batch: new Batch(memory) };
    this.#byBatch.set(slot.batch, slot);
    return slot;
  }

  /** The slot of a batch. */
  of(batch: Batch): BatchSlot {
    return this.#byBatch.get(batch) as BatchSlot;
  }

  /** Gives a slot back. */
  free(slot: BatchSlot): void {
    this.#free.push(slot);
  }
}
