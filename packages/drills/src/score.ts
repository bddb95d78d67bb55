/**
 * The score of drills: one series of first-time drills, which is the headline, and apart from it the regression suite of what
 * was missed before. A series is of one mixture and one version of the detector.
 */
import type { KindCode } from './kinds.ts';
import { type DrillOutcome, isCaught } from './outcome.ts';

/** A drill that is over. */
export type Finished = {
  readonly id: string;
  readonly kind: KindCode;
  /** Seal of the series that it was drawn for, and number of the draw; null: chosen by a person, or a repetition. */
  readonly drawn: { readonly series: string; readonly draw: number } | null;
  /** Id of the missed drill that it repeats. */
  readonly repeats: string | null;
  /** Version of the detector. */
  readonly detector: string;
  readonly outcome: DrillOutcome;
  /** ms from the first packet to the drop, or to the verdict where nobody is to be blocked; null: neither. */
  readonly after: number | null;
};

/** What may be said of a series, or of a kind in it. */
export type Score = {
  readonly drills: number;
  readonly missed: number;
  /** Of the missed: those that no sensor recorded. */
  readonly notRecorded: number;
  /** Median time of those that were caught, ms; null: none. */
  readonly median: number | null;
};

/** Scores of a series. */
export type SeriesScore = Score & {
  readonly series: string;
  readonly detector: string;
  readonly kinds: number;
  readonly byKind: ReadonlyMap<KindCode, Score>;
};

/** A series as one detector met it: each draw once, and no repetition of what was missed. */
export function scoreSeries(finished: readonly Finished[], series: string, detector: string): SeriesScore {
  const byDraw = new Map<number, Finished>();
  for (const drill of finished) {
    if (drill.drawn?.series !== series || drill.repeats !== null) continue;
    // A draw that was run again after a crash counts as it went the first time, for whichever detector that was.
    if (!byDraw.has(drill.drawn.draw)) byDraw.set(drill.drawn.draw, drill);
  }
  const first = [...byDraw.values()].filter((drill) => drill.detector === detector);
  const byKind = new Map<KindCode, Score>();
  for (const kind of new Set(first.map((drill) => drill.kind))) {
    byKind.set(kind, scoreOf(first.filter((drill) => drill.kind === kind)));
  }
  return { ...scoreOf(first), series, detector, kinds: byKind.size, byKind };
}

/** The regression suite: each drill that was missed the first time, and how its last repetition went; null: not repeated yet. */
export function scoreRegressions(
  finished: readonly Finished[],
): ReadonlyMap<string, { readonly kind: KindCode; readonly isCaught: boolean | null }> {
  const suite = new Map<string, { kind: KindCode; isCaught: boolean | null }>();
  for (const { id, kind, repeats, outcome } of finished) {
    if (repeats === null) {
      if (!isCaught(outcome)) suite.set(id, { kind, isCaught: null });
      continue;
    }
    const known = suite.get(repeats);
    if (known !== undefined) known.isCaught = isCaught(outcome);
  }
  return suite;
}

function scoreOf(drills: readonly Finished[]): Score {
  const missed = drills.filter(({ outcome }) => !isCaught(outcome));
  const times = drills
    .filter(({ outcome, after }) => isCaught(outcome) && after !== null)
    .map(({ after }) => after!)
    .sort((a, b) => a - b);
  return {
    drills: drills.length,
    missed: missed.length,
    notRecorded: missed.filter(({ outcome }) => outcome === 'not-recorded').length,
    median: times.length === 0 ? null : times[Math.floor(times.length / 2)]!,
  };
}
