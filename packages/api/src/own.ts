/** `/api/v1/own/*`: a person's own passkeys, sessions and recovery codes. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

export const PasskeyRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Where it works: `localhost`, or the name of the hub. */
  site: Type.String(),
  /** Kept by its maker in more than one place (a phone's cloud). */
  backedUp: Type.Boolean(),
  added: Moment,
  used: Type.Union([Moment, Type.Null()]),
});
export type PasskeyRow = Static<typeof PasskeyRow>;

export const OwnSession = Type.Object({
  session: Type.String(),
  how: Type.String(),
  begun: Moment,
  seen: Moment,
  network: Type.String(),
  browser: Type.String(),
  /** The one that asks. */
  here: Type.Boolean(),
});
export type OwnSession = Static<typeof OwnSession>;

/** `GET /own`. */
export const OwnAnswer = Type.Object({
  passkeys: Type.Array(PasskeyRow),
  sessions: Type.Array(OwnSession),
  /** Printed codes that still work. */
  recoveryCodesLeft: Type.Number(),
});
export type OwnAnswer = Static<typeof OwnAnswer>;

/** `POST /own/recovery-codes`: new ones; the old ones work no longer. Shown once. */
export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) });
export type RecoveryCodes = Static<typeof RecoveryCodes>;
