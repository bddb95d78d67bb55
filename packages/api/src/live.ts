/** `GET /api/v1/live`: server-sent events. */
import { type Static, Type } from 'typebox';
import { AccountCounts, Moment } from './shapes.ts';

/** What may have changed, so that a page asks again for what it shows. */
export const LiveTopic = Type.Union([
  Type.Literal('account'),
  Type.Literal('incidents'),
  Type.Literal('decisions'),
  Type.Literal('offices'),
  Type.Literal('surface'),
  Type.Literal('mail'),
]);
export type LiveTopic = Static<typeof LiveTopic>;

/** Data of the event `changed`, sent at most four times a second. */
export const Changed = Type.Object({
  asOf: Moment,
  topics: Type.Array(LiveTopic),
  /** Counts that were added since the event before. */
  added: Type.Pick(AccountCounts, ['lines', 'contacts', 'knocks', 'dispositions']),
});
export type Changed = Static<typeof Changed>;
