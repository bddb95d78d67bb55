/** `GET /api/v1/me`: who asks, and what they may do; also answered to nobody, who learns how to sign in. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** Role at a place: `state` or a `lea_id`. */
export const GrantRow = Type.Object({
  id: Type.Number(),
  role: Type.String(),
  place: Type.String(),
  from: Moment,
  until: Type.Union([Moment, Type.Null()]),
  givenBy: Type.String(),
  why: Type.Union([Type.String(), Type.Null()]),
});
export type GrantRow = Static<typeof GrantRow>;

export const MeAnswer = Type.Object({
  /** `nobody`; `machine`: with the token of this machine; `person`. */
  who: Type.Union([Type.Literal('nobody'), Type.Literal('machine'), Type.Literal('person')]),
  person: Type.Union([
    Type.Object({ id: Type.String(), name: Type.String(), grants: Type.Array(GrantRow) }),
    Type.Null(),
  ]),
  /** What they may do, by verb: everywhere, or at which places. Verbs that are missing they may not do anywhere. */
  rights: Type.Record(Type.String(), Type.Union([Type.Literal('all'), Type.Array(Type.String())])),
  /** Until when dangerous acts need no passkey again. */
  steppedUpUntil: Type.Union([Moment, Type.Null()]),
  /** When the session ends at the latest. */
  until: Type.Union([Moment, Type.Null()]),
  /** Whether a first administrator is still missing: the set-up is what is to be done. */
  needsSetUp: Type.Boolean(),
  /** What this hub is called: name of the state, or null before it was told. */
  state: Type.Union([Type.String(), Type.Null()]),
  /** Where others reach the hub; null while they do not. */
  address: Type.Union([Type.String(), Type.Null()]),
  /** Names of all offices, for whoever is somebody: they are no secret, what happens there is. */
  offices: Type.Array(Type.Object({ leaId: Type.String(), name: Type.String() })),
  /** Directories that people can sign in with beside passkeys. */
  directories: Type.Array(Type.Object({ name: Type.String(), title: Type.String() })),
  /** Recoveries of administrators that wait for a second one; 0 for who may not decide. */
  recoveriesWaiting: Type.Number(),
});
export type MeAnswer = Static<typeof MeAnswer>;
