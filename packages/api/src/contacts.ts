/** `GET /api/v1/contacts` (and `.csv`): searches the history of contacts. */
import { type Static, Type } from 'typebox';
import { DispositionName, Moment } from './shapes.ts';

export const ContactsQuery = Type.Object({
  /** Address, or prefix (`203.0.113.0/24`, `2001:db8::/48`). */
  source: Type.Optional(Type.String({ maxLength: 64 })),
  /** `lea_id`, or `state`. */
  authority: Type.Optional(Type.String({ maxLength: 32 })),
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  disposition: Type.Optional(DispositionName),
  /** Rule of docs/reference/dispositions.md. */
  rule: Type.Optional(Type.String({ maxLength: 64 })),
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  /** `next` of the page before. */
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
});
export type ContactsQuery = Static<typeof ContactsQuery>;

/** An entry of the history. What is settled anew is taken back (`units` below 0) and entered again. */
export const ContactRow = Type.Object({
  time: Type.Union([Moment, Type.Null()]),
  authority: Type.String(),
  sensor: Type.String(),
  /** Number of the line at that sensor. */
  line: Type.Number(),
  source: Type.Union([Type.String(), Type.Null()]),
  sourcePort: Type.Number(),
  destination: Type.Union([Type.String(), Type.Null()]),
  port: Type.Number(),
  protocol: Type.Number(),
  kind: Type.String(),
  outcome: Type.String(),
  disposition: DispositionName,
  rule: Type.String(),
  /** HTTP status, 0 if there is none. */
  status: Type.Number(),
  /** Contacts that it stands for; negative where an earlier entry is taken back. */
  units: Type.Number(),
  late: Type.Boolean(),
  /** Likelihood ratio of its source after it, as a power of ten. */
  stake: Type.Number(),
  /** Number of the drill of ours that it belongs to, once that is over. It counts like any other. */
  drill: Type.Optional(Type.Number()),
});
export type ContactRow = Static<typeof ContactRow>;

export const ContactsAnswer = Type.Object({
  /** Newest first. */
  contacts: Type.Array(ContactRow),
  next: Type.Union([Type.String(), Type.Null()]),
  /** Contacts that match, by disposition, over the whole period. */
  total: Type.Number(),
  /** Files of the history that are damaged or missing: their contacts are not in the answer. */
  unreadable: Type.Array(Type.String()),
  millis: Type.Number(),
});
export type ContactsAnswer = Static<typeof ContactsAnswer>;
