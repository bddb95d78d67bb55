/** `GET /api/v1/offices` and `/api/v1/offices/{leaId}`: who is watched, and how well. */
import { type Static, Type } from 'typebox';
import { AccountCounts, Incident, Moment, OfficeState } from './shapes.ts';

export const SensorRow = Type.Object({
  sensor: Type.String(),
  /** Null until a line of it was recognised. */
  format: Type.Union([Type.String(), Type.Null()]),
  /** Way in: `http`, `relp`, `syslog-tls`, `syslog-tcp`, `syslog-udp`, `file`. */
  transport: Type.String(),
  completeness: Type.Union([Type.Literal('complete'), Type.Literal('best-effort'), Type.Literal('sampled')]),
  state: Type.Union([Type.Literal('heard'), Type.Literal('silent'), Type.Literal('never')]),
  lastHeard: Type.Union([Moment, Type.Null()]),
  /** Event time of its latest line. */
  lastEvent: Type.Union([Moment, Type.Null()]),
  account: AccountCounts,
  /** Batches that are missing in its numbers. */
  missingBatches: Type.Number(),
});
export type SensorRow = Static<typeof SensorRow>;

export const OfficeRow = Type.Object({
  leaId: Type.String(),
  name: Type.String(),
  /** Who runs it, for example `county_clerk` or `board`. */
  kind: Type.String(),
  registered: Type.Number(),
  state: OfficeState,
  lastHeard: Type.Union([Moment, Type.Null()]),
  knocks: Type.Number(),
  through: Type.Number(),
  unsettled: Type.Number(),
  sensors: Type.Array(SensorRow),
});
export type OfficeRow = Static<typeof OfficeRow>;

/** Counts are of the same 24 hours as Today. */
export const OfficesAnswer = Type.Object({
  from: Moment,
  to: Moment,
  offices: Type.Array(OfficeRow),
  /** The state's own sensors. */
  state: Type.Array(SensorRow),
});
export type OfficesAnswer = Static<typeof OfficesAnswer>;

export const OfficeAnswer = Type.Object({
  from: Moment,
  to: Moment,
  office: OfficeRow,
  account: AccountCounts,
  incidents: Type.Array(Incident),
});
export type OfficeAnswer = Static<typeof OfficeAnswer>;
