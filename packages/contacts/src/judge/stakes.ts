/**
 * The stakes of the sources of one shard: trials, tiers, and the lines that speak against a source.
 */
import type { Blocks } from './blocks.ts';
import { EvidenceLines } from './evidence.ts';
import type { Place } from './place.ts';
import type { Sources } from './sources.ts';
import { TIERS, threshold } from './tiers.ts';
import { stake, wager } from './walk.ts';

const WATCH = threshold(TIERS[0].alpha);
const BLOCK = threshold(TIERS[1].alpha);
const BLOCK_LONG = threshold(TIERS[2].alpha);

/** A stake above this has begun to rise. */
const RISING_STAKE = 2;

/** The tier that a stake reaches: 0 none, 1 watch, 2 block, 3 block-long. */
export function tierOf(likelihood: number): number {
  if (likelihood < WATCH) return 0;
  if (likelihood < BLOCK) return 1;
  return likelihood < BLOCK_LONG ? 2 : 3;
}

export class Stakes {
  readonly evidence = new EvidenceLines();
  readonly #sources: Sources;
  readonly #blocks: Blocks;

  constructor(sources: Sources, blocks: Blocks) {
    this.#sources = sources;
    this.#blocks = blocks;
  }

  /** One trial of the source's own walks, and what follows. */
  trial(slot: number, lr: number, firm: boolean, place: Place): void {
    const sources = this.#sources;
    const n = sources.trials(slot) + 1;
    if (n === 1) sources.setTrialFile(slot, place.file);
    const before = sources.any(slot);
    const after = wager(before, n, lr);
    sources.setAny(slot, after);
    sources.setTrials(slot, n);
    if (after > RISING_STAKE && before <= RISING_STAKE) sources.setRisingSince(slot, place.time);
    if (firm) {
      const m = sources.firmTrials(slot) + 1;
      sources.setFirm(slot, wager(sources.firm(slot), m, lr));
      sources.setFirmTrials(slot, m);
    }
    if (lr > 1 && after >= WATCH / 2) {
      sources.raiseTier(slot, tierOf(stake(after, n)));
      this.#blocks.decide(slot, place);
    }
  }

  /** The stake of a source on all evidence. */
  of(slot: number): number {
    return stake(this.#sources.any(slot), this.#sources.trials(slot));
  }

  /** Keeps the line that speaks against the source. The first is not kept: one line is no pattern. */
  note(slot: number, place: Place): void {
    const sources = this.#sources;
    const seen = sources.evidenceSeen(slot);
    sources.setEvidenceSeen(slot, seen + 1);
    if (seen === 0) return;
    let ring = sources.evidence(slot);
    if (ring === 0) {
      ring = this.evidence.open();
      sources.setEvidence(slot, ring);
    }
    this.evidence.add(ring, seen - 1, place.file, place.line);
  }
}
