/** `GET /api/v1/account`: where every line of a period went. */
import { type Static, Type } from 'typebox';
import { AccountCounts, Moment } from './shapes.ts';

/** Without `from` and `to`, the 24 hours of Today. Both on full hours. */
export const AccountQuery = Type.Object({
  from: Type.Optional(Moment),
  /** Not included. */
  to: Type.Optional(Moment),
  /** `lea_id`, or `state`; all if left out. */
  authority: Type.Optional(Type.String({ maxLength: 32 })),
});
export type AccountQuery = Static<typeof AccountQuery>;

export const AccountAnswer = Type.Object({
  from: Moment,
  to: Moment,
  authority: Type.Union([Type.String(), Type.Null()]),
  account: AccountCounts,
});
export type AccountAnswer = Static<typeof AccountAnswer>;
