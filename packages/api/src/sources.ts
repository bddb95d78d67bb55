/** `GET /api/v1/sources/{address}`: one source, its contacts in time, and the walk of its likelihood. */
import { type Static, Type } from 'typebox';
import { DrillLabel } from './drills.ts';
import { DecisionRow, DispositionName, Moment } from './shapes.ts';

export const SourceAnswer = Type.Object({
  /** An IPv4 address, or the /64 of an IPv6 address. */
  source: Type.String(),
  verdict: Type.Union([
    Type.Literal('unknown'),
    Type.Literal('scan'),
    Type.Literal('attempt'),
    Type.Literal('intrusion'),
  ]),
  campaign: Type.Union([Type.String(), Type.Null()]),
  first: Type.Union([Moment, Type.Null()]),
  last: Type.Union([Moment, Type.Null()]),
  contacts: Type.Number(),
  /** Distinct things of ours that it reached for. */
  targets: Type.Number(),
  offices: Type.Number(),
  /** Why it is never blocked (authorised, shared, a proxy of ours ...), if so. */
  spared: Type.Union([Type.String(), Type.Null()]),
  /** Whose research scanner it says that it is, and the version of the list; a label, and no excuse. */
  scanner: Type.Union([Type.Object({ name: Type.String(), version: Type.Number() }), Type.Null()]),
  /** Drills of ours that it was used for, the latest first. */
  drills: Type.Array(DrillLabel),
  /** Newest first. */
  decisions: Type.Array(DecisionRow),
  /** Lines to be crossed, as powers of ten: at which a source is watched, blocked, blocked for long. */
  thresholds: Type.Array(Type.Object({ name: Type.String(), stake: Type.Number() })),
  /** Oldest first, at most 2,000: beyond, those that changed the stake most are kept. */
  walk: Type.Array(
    Type.Object({
      time: Moment,
      stake: Type.Number(),
      disposition: DispositionName,
      rule: Type.String(),
      authority: Type.String(),
      sensor: Type.String(),
      destination: Type.Union([Type.String(), Type.Null()]),
      port: Type.Number(),
      line: Type.Number(),
      units: Type.Number(),
    }),
  ),
});
export type SourceAnswer = Static<typeof SourceAnswer>;
