/**
 * Which sources belong to which campaign. Bounded; the first campaign that claims a source keeps it.
 */
import { BySource } from './by-source.ts';
import type { StateIo } from './state.ts';

/** Sources that can be labelled. More members than this, and the account says how many were not. */
const MAX_LABELS = 500_000;

export class Labels {
  readonly #limit: number;
  readonly #campaigns = new BySource<string>();
  /** Members that found no room. */
  refused = 0;

  constructor(limit: number = MAX_LABELS) {
    this.#limit = limit;
  }

  add(key0: number, key1: number, v6: boolean, campaign: string): void {
    if (this.#campaigns.get(key0, key1, v6) !== undefined) return;
    if (this.#campaigns.size >= this.#limit) this.refused++;
    else this.#campaigns.set(key0, key1, v6, campaign);
  }

  remove(key0: number, key1: number, v6: boolean): void {
    this.#campaigns.delete(key0, key1, v6);
  }

  get(key0: number, key1: number, v6: boolean): string | undefined {
    return this.#campaigns.get(key0, key1, v6);
  }

  state(io: StateIo): void {
    this.refused = io.number('refused', this.refused);
    io.within('campaigns', () => {
      this.#campaigns.state(io, MAX_LABELS, (campaign) => io.text('campaign', campaign ?? ''));
    });
  }

  /** All labelled sources. */
  entries(): Generator<{ key0: number; key1: number; v6: boolean; value: string }> {
    return this.#campaigns.entries();
  }
}
