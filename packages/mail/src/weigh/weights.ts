/** What was learned, with where it was learned from. */

/** One source of messages that were learned from. */
export type Provenance = {
  /** `SpamAssassin public corpus, easy-ham-1, every second message`. */
  readonly source: string;
  /** As its owner states it; what may not be shipped is not in shipped weights. */
  readonly licence: string;
  readonly label: 'bad' | 'good';
  readonly count: number;
  /** SHA-256, hex, of the sorted SHA-256 of the messages, so that anybody can tell which ones they were. */
  readonly sha256: string;
};

/** Weights of a logistic model over places of features, and how its margin becomes bits. */
export type Weights = {
  /** By place; 2^FEATURE_BITS of them. */
  readonly values: Int8Array;
  /** What one step of `values` is worth. */
  readonly step: number;
  readonly bias: number;
  /** bits = slope * margin + offset, as calibrated on messages that were not learned from. */
  readonly slope: number;
  readonly offset: number;
  readonly provenance: readonly Provenance[];
};
