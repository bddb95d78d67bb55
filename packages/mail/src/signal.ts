/** What a step noticed of a message. The sentence, the points and the reason of each code stand in `decide/signals.ts`. */

/** A code in one table: `link-text-differs`. Lower case with hyphens; it never changes once it is released. */
export type SignalCode = string;

/** A signal: its code, and what fills the places of its sentence (`{domain}`), each bounded and free of control characters. */
export type Signal = {
  readonly code: SignalCode;
  readonly values?: Readonly<Record<string, string>>;
};

/** One row of the table: what a code means. Each step states its own rows, in its `signals.ts`. */
export type SignalEntry = {
  /** A sentence for a clerk, in plain words, with places `{name}` for values. */
  readonly text: string;
  /** How much it speaks for a lure, in bits (log2 of how much likelier it is in a lure than in good mail); below 0: against. */
  readonly points: number;
  /** What follows from it whatever else there is. */
  readonly atLeast?: 'banner' | 'hold' | 'block';
  /** Why the points are what they are: a measurement, a source, or the reasoning. */
  readonly why: string;
};
