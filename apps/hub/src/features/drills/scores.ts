/** The answer of `GET /api/v1/drills`: the score of the series that runs, and single drills for whoever may see their office. */
import type { DrillRow, DrillSeriesRow, DrillsAnswer } from '@bellwether/api';
import {
  type DrillOutcome,
  type Finished,
  isCaught,
  KINDS,
  type KindCode,
  missBound,
  sayScore,
  scoreRegressions,
  scoreSeries,
} from '@bellwether/drills';
import type { Kysely } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { officeNames } from '../people/store-names.ts';
import { MOST_PER_DAY, pausedFor } from './calendar.ts';
import { drillText, seriesText } from './sealing.ts';

/** How often the bound may be wrong, at any of all looks together: one time in twenty, as in most of science. */
const ALPHA = 0.05;

/** Single drills in one answer: a year and a half of one a day; scores are of all. */
const MOST_SHOWN = 500;

/** Series that have ended and are shown: a year of monthly versions. */
const MOST_EARLIER = 12;

type Drill = Row<'drills'>;
type Series = Row<'drill_series'>;

/** Puts it together. */
export async function drillsAnswer(
  db: Kysely<Tables>,
  reach: Reach,
  { elections, now }: { readonly elections: readonly string[]; readonly now: number },
): Promise<DrillsAnswer> {
  const all = await db.selectFrom('drills').selectAll().orderBy('id').execute();
  const series = await db.selectFrom('drill_series').selectAll().orderBy('id', 'desc').execute();
  const nameOf = await officeNames(db, null);
  const current = series.find(({ ended_at }) => ended_at === null);
  const over = all.filter(({ scored_at }) => scored_at !== null);
  const seriesOf = new Map(series.map((one) => [one.id, one]));
  const finished = over.map((drill) => finishedOf(drill, seriesOf.get(drill.series)!));
  const scored = scoreSeries(finished, current?.seal ?? '', current?.detector ?? '');
  const shown = over.filter(({ office }) => reach === 'all' || reach.has(office));
  const isShown = new Set(shown.map(({ id }) => String(id)));
  const ofSeries = all.filter((drill) => drill.series === current?.id && drill.draw !== null);
  return {
    at: new Date(now).toISOString(),
    sentence: sayScore(scored, ALPHA),
    series: current === undefined ? null : seriesRow(current),
    score: {
      drills: scored.drills,
      missed: scored.missed,
      bound: missBound(scored, ALPHA),
      notRecorded: scored.notRecorded,
      median: scored.median,
    },
    kinds: [...scored.byKind]
      .map(([kind, { drills, missed, median }]) => ({
        kind,
        title: KINDS[kind].title,
        drills,
        missed,
        median,
      }))
      .sort((a, b) => b.missed - a.missed || a.title.localeCompare(b.title, 'en')),
    overTime: overTime(ofSeries.filter(({ scored_at }) => scored_at !== null)),
    drills: shown
      .map((drill) => drillRow(drill, seriesOf.get(drill.series)!, nameOf(drill.office)))
      .sort((a, b) => Number(a.isCaught) - Number(b.isCaught) || b.id - a.id)
      .slice(0, MOST_SHOWN),
    regressions: [...scoreRegressions(finished)]
      .filter(([id]) => isShown.has(id))
      .map(([id, { kind, isCaught: caught }]) => ({
        drill: Number(id),
        kind,
        title: KINDS[kind].title,
        isCaught: caught,
      })),
    waiting: all.filter(({ started_at, scored_at }) => started_at !== null && scored_at === null).length,
    notRun: ofSeries.filter(({ started_at }) => started_at === null).length,
    pausedFor: pausedFor(now, elections),
    mostPerDay: MOST_PER_DAY,
    earlier: series
      .filter(({ ended_at }) => ended_at !== null)
      .slice(0, MOST_EARLIER)
      .map(seriesRow),
  };
}

function finishedOf(drill: Drill, { seal, detector }: Series): Finished {
  const kind = drill.kind as KindCode;
  return {
    id: String(drill.id),
    kind,
    drawn: drill.draw === null ? null : { series: seal, draw: drill.draw },
    repeats: drill.repeats === null ? null : String(drill.repeats),
    detector,
    outcome: drill.outcome as DrillOutcome,
    after: KINDS[kind].expected === 'told' ? drill.judged : drill.blocked,
  };
}

/** What the series had shown by the end of each of its days. */
function overTime(drills: readonly Drill[]): DrillsAnswer['overTime'] {
  const days = new Map<string, { drills: number; missed: number }>();
  let count = 0;
  let missed = 0;
  for (const { started_at, outcome } of [...drills].sort((a, b) => +a.started_at! - +b.started_at!)) {
    count++;
    if (!isCaught(outcome as DrillOutcome)) missed++;
    days.set(started_at!.toISOString().slice(0, 10), { drills: count, missed });
  }
  return [...days].map(([day, counts]) => ({ day, ...counts, bound: missBound(counts, ALPHA) }));
}

function drillRow(drill: Drill, { detector }: Series, officeName: string): DrillRow {
  const { id, office, target, source, draw, repeats, seen, judged, blocked, seal } = drill;
  const outcome = drill.outcome as DrillOutcome;
  return {
    ...{ id, office, officeName, target, source, draw, repeats, detector, seen, judged, blocked, seal },
    kind: drill.kind,
    title: KINDS[drill.kind as KindCode].title,
    settings: drill.settings as DrillRow['settings'],
    startedAt: drill.started_at!.toISOString(),
    blockedBy: drill.blocked_by as DrillRow['blockedBy'],
    innocent: drill.innocent ?? 0,
    outcome,
    isCaught: isCaught(outcome),
    logged: drill.logged!,
    opened: { nonce: drill.nonce.toString('hex'), text: drillText(drill) },
  };
}

function seriesRow(series: Series): DrillSeriesRow {
  const { id, seal, logged, detector, began_at, ended_at, nonce } = series;
  return {
    ...{ number: id, seal, logged, detector },
    beganAt: began_at.toISOString(),
    endedAt: ended_at?.toISOString() ?? null,
    // What is still to be drawn of it stays secret.
    opened: ended_at === null ? null : { nonce: nonce.toString('hex'), text: seriesText(series) },
  };
}
