/** `GET /api/v1/trail`, `GET /api/v1/visits`: who did what, and who looked. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** One entry; `hash` is SHA-256 over the canonical JSON (RFC 8785) of all other members, in hex. */
export const TrailRow = Type.Object({
  number: Type.Number(),
  at: Moment,
  /** Number of a person, `machine` or `hub`; and the name as it was then. */
  who: Type.String(),
  name: Type.String(),
  act: Type.String(),
  place: Type.String(),
  about: Type.String(),
  why: Type.Union([Type.String(), Type.Null()]),
  before: Type.Unknown(),
  after: Type.Unknown(),
  origin: Type.Union([Type.String(), Type.Null()]),
  /** Hash of the entry before it: 64 zeros for the first. */
  previous: Type.String(),
  hash: Type.String(),
});
export type TrailRow = Static<typeof TrailRow>;

export const TrailQuery = Type.Object({
  place: Type.Optional(Type.String({ pattern: '^(state|\\d{5})$' })),
  who: Type.Optional(Type.String({ maxLength: 64 })),
  /** Entries before this number. */
  before: Type.Optional(Type.Integer({ minimum: 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});
export type TrailQuery = Static<typeof TrailQuery>;

/** Newest first. `whole`: the chain was checked from its first entry to its last and is unbroken. */
export const TrailAnswer = Type.Object({
  entries: Type.Array(TrailRow),
  more: Type.Boolean(),
  whole: Type.Boolean(),
});
export type TrailAnswer = Static<typeof TrailAnswer>;

/** `GET /visits?place=`: an hour of somebody looking at the data of a place (`*`: at all offices at once). */
export const VisitRow = Type.Object({
  hour: Moment,
  place: Type.String(),
  who: Type.String(),
  name: Type.String(),
  role: Type.String(),
  verb: Type.String(),
  first: Moment,
  last: Moment,
  times: Type.Number(),
});
export type VisitRow = Static<typeof VisitRow>;
export const VisitsQuery = Type.Object({
  place: Type.String({ pattern: '^(state|\\d{5})$' }),
  /** Days back from now. */
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })),
});
export type VisitsQuery = Static<typeof VisitsQuery>;
/** `outsiders`: vendors and auditors who have access to this place now, and until when. */
export const VisitsAnswer = Type.Object({
  visits: Type.Array(VisitRow),
  more: Type.Boolean(),
  outsiders: Type.Array(
    Type.Object({
      person: Type.String(),
      name: Type.String(),
      role: Type.String(),
      place: Type.String(),
      until: Moment,
      why: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
export type VisitsAnswer = Static<typeof VisitsAnswer>;
