/** Drills: what is tried next, and what became of those that are over. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** An IPv4 address. */
const Address = Type.String({ format: 'ipv4' });

/** Settings of a mutant, by name. */
export const DrillSettings = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));
export type DrillSettings = Static<typeof DrillSettings>;

/** `POST /api/v1/drills`: a drill is wanted. */
export const NewDrill = Type.Object({
  /** `lea_id`, or `state`. */
  office: Type.String({ minLength: 1, maxLength: 32 }),
  /** The machine that is tried. */
  target: Address,
  /** Where the drill comes from. */
  source: Address,
  /** Chosen by a person: then it does not count among the first-time drills. */
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  /** Number of a drill that was missed, to be repeated exactly. */
  repeats: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  /** Only if one is due at this office by the schedule. */
  whenDue: Type.Optional(Type.Boolean()),
});
export type NewDrill = Static<typeof NewDrill>;

/** The answer: what to run. Its seal is in the log already. */
export const DrawnDrill = Type.Object({
  id: Type.Number(),
  /** Number of the draw; null: it was chosen, or is a repetition. */
  draw: Type.Union([Type.Number(), Type.Null()]),
  kind: Type.String(),
  settings: DrillSettings,
  variation: Type.String(),
  target: Address,
  source: Address,
  seal: Type.String(),
  /** Number of the entry in the log. */
  logged: Type.Number(),
});
export type DrawnDrill = Static<typeof DrawnDrill>;

/** `POST /api/v1/drills/{id}/ran`: when it sent its first and its last packet. */
export const DrillRan = Type.Object({ startedAt: Moment, endedAt: Moment });
export type DrillRan = Static<typeof DrillRan>;

/** What was sealed: `SHA-256(nonce ‖ text)` is the seal. */
export const OpenedSeal = Type.Object({ nonce: Type.String(), text: Type.String() });

/** What became of a drill. */
export const DrillOutcomeName = Type.Union([
  Type.Literal('blocked'),
  Type.Literal('told'),
  Type.Literal('late'),
  Type.Literal('judged-only'),
  Type.Literal('seen-only'),
  Type.Literal('not-recorded'),
  Type.Literal('wrong-block'),
]);
export type DrillOutcomeName = Static<typeof DrillOutcomeName>;

const Millis = Type.Union([Type.Number(), Type.Null()]);

/** A drill that is over. `seen`, `judged`, `blocked`: ms from its first packet; null: never. */
export const DrillRow = Type.Object({
  id: Type.Number(),
  kind: Type.String(),
  title: Type.String(),
  settings: DrillSettings,
  office: Type.String(),
  officeName: Type.String(),
  target: Type.String(),
  source: Type.String(),
  draw: Type.Union([Type.Number(), Type.Null()]),
  repeats: Type.Union([Type.Number(), Type.Null()]),
  startedAt: Moment,
  detector: Type.String(),
  seen: Millis,
  judged: Millis,
  blocked: Millis,
  /** What says that it was blocked: the agent's kernel, read back, or the decision alone where no agent enforces. */
  blockedBy: Type.Union([Type.Literal('agent'), Type.Literal('decision'), Type.Null()]),
  /** Blocks of addresses that had no part in it. */
  innocent: Type.Number(),
  outcome: DrillOutcomeName,
  isCaught: Type.Boolean(),
  seal: Type.String(),
  logged: Type.Number(),
  opened: OpenedSeal,
});
export type DrillRow = Static<typeof DrillRow>;

/** A series: one mixture and one version of the detector. `opened`: once it has ended. */
export const DrillSeriesRow = Type.Object({
  number: Type.Number(),
  seal: Type.String(),
  logged: Type.Union([Type.Number(), Type.Null()]),
  detector: Type.String(),
  beganAt: Moment,
  endedAt: Type.Union([Moment, Type.Null()]),
  opened: Type.Union([OpenedSeal, Type.Null()]),
});
export type DrillSeriesRow = Static<typeof DrillSeriesRow>;

const ScoreCounts = {
  drills: Type.Number(),
  missed: Type.Number(),
  /** Share of such attacks that could slip by even so, [0, 1]. */
  bound: Type.Number(),
};

/** `GET /api/v1/drills`. Scores are of all offices; single drills are those of offices in reach. */
export const DrillsAnswer = Type.Object({
  at: Moment,
  /** What may be said in public. */
  sentence: Type.String(),
  /** The series that runs; null before the first drill. */
  series: Type.Union([DrillSeriesRow, Type.Null()]),
  score: Type.Object({
    ...ScoreCounts,
    /** Of the missed: those that no sensor recorded. */
    notRecorded: Type.Number(),
    /** Median time of those that were caught, ms. */
    median: Millis,
  }),
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      title: Type.String(),
      drills: Type.Number(),
      missed: Type.Number(),
      median: Millis,
    }),
  ),
  /** The series as it stood at the end of each day (UTC) with a drill. */
  overTime: Type.Array(Type.Object({ day: Type.String({ format: 'date' }), ...ScoreCounts })),
  /** Drills that are over: the missed ones first, then the latest. */
  drills: Type.Array(DrillRow),
  /** Drills that were missed once, and whether their last repetition was caught; null: not repeated yet. */
  regressions: Type.Array(
    Type.Object({
      drill: Type.Number(),
      kind: Type.String(),
      title: Type.String(),
      isCaught: Type.Union([Type.Boolean(), Type.Null()]),
    }),
  ),
  /** Drills whose time is not over, and draws of the series that were sealed and never ran. */
  waiting: Type.Number(),
  notRun: Type.Number(),
  /** Day of the election for which drills rest now. */
  pausedFor: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
  /** Drills a day at one office, by the schedule. */
  mostPerDay: Type.Number(),
  /** Series that have ended, the latest first. */
  earlier: Type.Array(DrillSeriesRow),
});
export type DrillsAnswer = Static<typeof DrillsAnswer>;

/** A drill that a source was used for: its contacts of that time are ours. They count like all others. */
export const DrillLabel = Type.Object({
  drill: Type.Number(),
  title: Type.String(),
  from: Moment,
  until: Moment,
});
export type DrillLabel = Static<typeof DrillLabel>;
