/**
 * Shapes that several answers share. Every shape is a JSON schema (typebox): the hub checks questions against it and
 * prints it as OpenAPI, the desk takes its types from it.
 */
import { type Static, Type } from 'typebox';

/** A moment, ISO 8601 in UTC. */
export const Moment = Type.String({ format: 'date-time' });

/** What became of a contact: exactly one of these. */
export const DispositionName = Type.Union([
  Type.Literal('refused'),
  Type.Literal('blocked'),
  Type.Literal('served'),
  Type.Literal('authorised'),
  Type.Literal('test'),
  Type.Literal('reply'),
  Type.Literal('through'),
  Type.Literal('unsettled'),
]);
export type DispositionName = Static<typeof DispositionName>;

/** Contacts by disposition. */
export const Dispositions = Type.Object({
  refused: Type.Number(),
  blocked: Type.Number(),
  served: Type.Number(),
  authorised: Type.Number(),
  test: Type.Number(),
  reply: Type.Number(),
  through: Type.Number(),
  unsettled: Type.Number(),
});
export type Dispositions = Static<typeof Dispositions>;

/**
 * Where every line went: `lines + repeated = unreadable + ignored + detail + contacts`, and `contacts` is the sum of the
 * dispositions. Counts of a period and of some sensors; what is settled anew counts where it was counted first.
 */
export const AccountCounts = Type.Object({
  lines: Type.Number(),
  /** Extra contacts told by one line. */
  repeated: Type.Number(),
  /** Lines that should have been understood and were not. */
  unreadable: Type.Number(),
  /** Lines that tell of no contact. */
  ignored: Type.Number(),
  /** Lines that tell more of a contact that is counted already. */
  detail: Type.Number(),
  contacts: Type.Number(),
  /** Contacts after joining what several sensors told of one attempt. */
  knocks: Type.Number(),
  dispositions: Dispositions,
  balanced: Type.Boolean(),
  /** Contacts that came more than ten minutes behind the others: counted, and judged from then on. */
  late: Type.Number(),
  /** What sensors admit to have dropped. */
  lostAtSensor: Type.Number(),
});
export type AccountCounts = Static<typeof AccountCounts>;

/** Why something needs a person. */
export const IncidentKind = Type.Union([
  Type.Literal('through'),
  Type.Literal('unsettled'),
  Type.Literal('sensor-silent'),
  Type.Literal('sensor-gap'),
  Type.Literal('sensor-losses'),
  Type.Literal('sensor-clock'),
  Type.Literal('sensor-unreadable'),
  Type.Literal('intake-refused'),
  Type.Literal('rolls-unauthorised'),
  Type.Literal('rolls-undone'),
  Type.Literal('rolls-extract'),
  Type.Literal('false-block'),
]);
export type IncidentKind = Static<typeof IncidentKind>;

/** Something that a person has to look at; the same thing again is the same incident, with a higher count. */
export const Incident = Type.Object({
  id: Type.Number(),
  kind: IncidentKind,
  state: Type.Union([Type.Literal('open'), Type.Literal('taken'), Type.Literal('closed')]),
  /** `lea_id` of the office, `state` for the state's own sensors; null where it is about the hub. */
  authority: Type.Union([Type.String(), Type.Null()]),
  authorityName: Type.Union([Type.String(), Type.Null()]),
  sensor: Type.Union([Type.String(), Type.Null()]),
  openedAt: Moment,
  lastAt: Moment,
  /** Contacts, or events, that it stands for. */
  count: Type.Number(),
  /** Rule of docs/reference/dispositions.md for `through` and `unsettled`, else a code of its own. */
  reason: Type.String(),
  source: Type.Union([Type.String(), Type.Null()]),
  destination: Type.Union([Type.String(), Type.Null()]),
  port: Type.Union([Type.Number(), Type.Null()]),
  /** One line of the sensor, by its number, where the first of it stands. */
  line: Type.Union([Type.Number(), Type.Null()]),
  /** What a person wrote on taking or closing it. */
  note: Type.Union([Type.String(), Type.Null()]),
  closedAt: Type.Union([Moment, Type.Null()]),
});
export type Incident = Static<typeof Incident>;

/** A block: what, why, with what error, until when. The shape of `bellwether watch --decisions`, its number, and where it is seen. */
export const DecisionRow = Type.Object({
  id: Type.Number(),
  value: Type.String(),
  reason: Type.String(),
  alpha: Type.Union([Type.Number(), Type.Null()]),
  rule: Type.String(),
  forgeable: Type.Boolean(),
  covers: Type.Union([Type.Literal('all'), Type.Literal('private')]),
  /** `client`: only a proxy of ours named it, so only who sees the client behind the proxy can turn it away. */
  seen: Type.Union([Type.Literal('packets'), Type.Literal('client')]),
  /** Counted at all offices: null for who does not see all of them. */
  evidence: Type.Union([
    Type.Object({
      contacts: Type.Number(),
      targets: Type.Number(),
      first: Type.Union([Moment, Type.Null()]),
      last: Type.Union([Moment, Type.Null()]),
    }),
    Type.Null(),
  ]),
  campaign: Type.Union([Type.String(), Type.Null()]),
  from: Moment,
  until: Moment,
});
export type DecisionRow = Static<typeof DecisionRow>;

/** How an office stands with its sensors. */
export const OfficeState = Type.Union([
  /** Every sensor was heard and tells everything. */
  Type.Literal('complete'),
  /** Heard, but a sensor is best-effort, lost lines or skipped numbers. */
  Type.Literal('incomplete'),
  /** A sensor that should have been heard was not. */
  Type.Literal('silent'),
  /** No sensor. */
  Type.Literal('none'),
]);
export type OfficeState = Static<typeof OfficeState>;
