/**
 * Which lines spoke against a source: the last eight, so that every verdict can be looked up by a person.
 */
import type { StateIo } from './state.ts';
import { Pool } from './targets.ts';

/** Lines kept for each suspect: enough to see a pattern, 64 bytes. */
export const EVIDENCE_LINES = 8;

/** A line that a verdict rests on. */
export type EvidenceLine = { readonly file: number; readonly line: number };

/** Rings of lines. Block 0 is nobody's. */
export class EvidenceLines {
  readonly #pool = new Pool(2 * EVIDENCE_LINES);

  constructor() {
    this.#pool.take();
  }

  /** A new ring; its number is never 0. */
  open(): number {
    return this.#pool.take();
  }

  close(ring: number): void {
    if (ring !== 0) this.#pool.give(ring);
  }

  /** Adds the line that is number `seen` (from 0) of its ring. */
  add(ring: number, seen: number, file: number, line: number): void {
    const at = ring + 2 * (seen % EVIDENCE_LINES);
    this.#pool.words[at] = file;
    this.#pool.words[at + 1] = line;
  }

  /** All rings. */
  state(io: StateIo): void {
    this.#pool.state(io);
  }

  /** The lines of a ring that has seen so many, oldest first. */
  list(ring: number, seen: number): EvidenceLine[] {
    const lines: EvidenceLine[] = [];
    for (let k = Math.max(0, seen - EVIDENCE_LINES); k < seen; k++) {
      const at = ring + 2 * (k % EVIDENCE_LINES);
      lines.push({ file: this.#pool.words[at]!, line: this.#pool.words[at + 1]! });
    }
    return lines;
  }
}
