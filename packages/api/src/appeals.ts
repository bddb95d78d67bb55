/** Voters who were kept waiting or turned away, and asked to be let in again. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** How somebody asked: on the public page, on the telephone, or a person of the office thought of it. */
export const AppealHow = Type.Union([Type.Literal('page'), Type.Literal('phone')]);
export type AppealHow = Static<typeof AppealHow>;

/** Somebody who was let in again. */
export const AppealRow = Type.Object({
  id: Type.Number(),
  /** An IPv4 address, or an IPv6 /64. */
  network: Type.String(),
  how: AppealHow,
  at: Moment,
  until: Moment,
  /** When a person ended it before its time. */
  endedAt: Type.Union([Moment, Type.Null()]),
  /** Who took the call; null: the voter, on the page. */
  by: Type.Union([Type.String(), Type.Null()]),
  note: Type.Union([Type.String(), Type.Null()]),
  /** What was held against it: reasons of the blocks that were in force. */
  against: Type.Array(Type.String()),
});
export type AppealRow = Static<typeof AppealRow>;

/** `GET /api/v1/appeals`: the latest first. */
export const AppealsAnswer = Type.Object({
  appeals: Type.Array(AppealRow),
  /** Of the last day, and how many of them hold now. */
  lastDay: Type.Number(),
  holding: Type.Number(),
});
export type AppealsAnswer = Static<typeof AppealsAnswer>;

/** `POST /api/v1/appeals`: the digits that a caller read out. */
export const NewAppeal = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 100 }),
  note: Type.Optional(Type.String({ maxLength: 500 })),
});
export type NewAppeal = Static<typeof NewAppeal>;

/** What became of a wish to be let in. */
export const AppealOutcome = Type.Union([
  Type.Literal('let-in'),
  /** It was let in within the last day, and that holds still or was used up. */
  Type.Literal('already'),
  /** Nothing is held against it. */
  Type.Literal('not-held'),
  /** So many asked within the hour that a person has to look. */
  Type.Literal('too-many'),
]);
export type AppealOutcome = Static<typeof AppealOutcome>;

/** The answer to `POST /api/v1/appeals`. */
export const AppealAnswer = Type.Object({
  outcome: AppealOutcome,
  network: Type.String(),
  until: Type.Union([Moment, Type.Null()]),
});
export type AppealAnswer = Static<typeof AppealAnswer>;
