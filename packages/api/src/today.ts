/** `GET /api/v1/today`: what a person sees in ten seconds. */
import { type Static, Type } from 'typebox';
import { AccountCounts, Dispositions, Incident, Moment, OfficeState } from './shapes.ts';

export const TodayQuery = Type.Object({
  /** Local date in the state's zone; without it, the 24 hours up to the latest contact. */
  day: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
});
export type TodayQuery = Static<typeof TodayQuery>;

/** One of the 116 on the map, and in the table beside it. */
export const OfficeOnMap = Type.Object({
  leaId: Type.String(),
  name: Type.String(),
  knocks: Type.Number(),
  through: Type.Number(),
  unsettled: Type.Number(),
  sensors: Type.Number(),
  state: OfficeState,
});
export type OfficeOnMap = Static<typeof OfficeOnMap>;

export const TodayAnswer = Type.Object({
  /** IANA name; days and hours on the page are in it. */
  zone: Type.String(),
  from: Moment,
  to: Moment,
  /** When this was true. */
  asOf: Moment,
  /** Whether what is shown is the made-up sample state. */
  sample: Type.Boolean(),
  account: AccountCounts,
  offices: Type.Object({
    total: Type.Number(),
    /** With a sensor. */
    watched: Type.Number(),
    /** At which anything knocked. */
    knockedAt: Type.Number(),
    /** Of those watched, heard and complete. */
    complete: Type.Number(),
  }),
  /** Twenty-four, oldest first. */
  hours: Type.Array(Type.Object({ from: Moment, knocks: Type.Number(), dispositions: Dispositions })),
  /** Incidents of kind `through` of the period, and those still open. */
  through: Type.Array(Incident),
  /** Open incidents of the other kinds, the most pressing first, at most 50. */
  needsPerson: Type.Array(Incident),
  /** Open incidents of the other kinds, all of them. */
  needsPersonTotal: Type.Number(),
  map: Type.Array(OfficeOnMap),
  decisions: Type.Object({ made: Type.Number(), inForce: Type.Number() }),
  /** How often known-good visitors were kept waiting by a block, as it was measured; null where nobody visited. */
  falseBlocks: Type.Union([
    Type.Object({
      days: Type.Number(),
      visits: Type.Number(),
      kept: Type.Number(),
      /** At most so large a part of such visits is kept waiting, 0 to 1. */
      bound: Type.Number(),
      /** Visits that say nothing of blocks: the service, or the way to it, failed. They are not among `visits`. */
      unanswered: Type.Number(),
    }),
    Type.Null(),
  ]),
  /** What the hub itself refused to take in: nothing of it was acknowledged, unless it came by UDP. Empty for who does not see all offices. */
  refusedAtIntake: Type.Array(
    Type.Object({ port: Type.String(), reason: Type.String(), batches: Type.Number(), lines: Type.Number() }),
  ),
});
export type TodayAnswer = Static<typeof TodayAnswer>;
