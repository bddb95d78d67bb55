/** `GET /api/v1/decisions`: the blocks that are in force. */
import { type Static, Type } from 'typebox';
import { DecisionRow, Moment } from './shapes.ts';

export const DecisionsQuery = Type.Object({
  /** In force at this moment; without it, now. */
  at: Type.Optional(Moment),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
});
export type DecisionsQuery = Static<typeof DecisionsQuery>;

export const DecisionsAnswer = Type.Object({
  at: Moment,
  /** Newest first. */
  decisions: Type.Array(DecisionRow),
  /** All that are in force, those beyond the limit as well. */
  total: Type.Number(),
});
export type DecisionsAnswer = Static<typeof DecisionsAnswer>;
