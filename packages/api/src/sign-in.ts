/**
 * Signing in. A ceremony (W3C Web Authentication, level 3) is a question and an answer: `options` is what
 * `navigator.credentials` takes, in the standard's JSON form; `credential` what it gave, in the same form. The question
 * belongs to the browser that asked it (a cookie), works once and lives five minutes.
 */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** The standard's JSON form of a question or an answer of a passkey: checked by the library that reads it. */
export const WebAuthnJson = Type.Object({}, { additionalProperties: true, maxProperties: 32 });
export type WebAuthnJson = Static<typeof WebAuthnJson>;

/** `POST /sign-in/passkey/options`, `POST /step-up/options`, `POST /own/passkeys/options`. */
export const CeremonyOptions = Type.Object({ options: WebAuthnJson });
export type CeremonyOptions = Static<typeof CeremonyOptions>;

/** `POST /sign-in/passkey`, `POST /step-up`. */
export const CeremonyAnswer = Type.Object({ credential: WebAuthnJson });
export type CeremonyAnswer = Static<typeof CeremonyAnswer>;

/** `POST /sign-in/passkey`: signed in; the cookie came along. */
export const SignedIn = Type.Object({ name: Type.String(), until: Moment });
export type SignedIn = Static<typeof SignedIn>;

/** `POST /sign-in/code`: twelve digits from the phone, however they are grouped, or a printed recovery code. */
export const CodeEntry = Type.Object({ code: Type.String({ minLength: 1, maxLength: 64 }) });
export type CodeEntry = Static<typeof CodeEntry>;

/** Whom the code is for: shown before a passkey is made, so that a mistake is seen. */
export const CodeAnswer = Type.Object({
  name: Type.String(),
  purpose: Type.Union([Type.Literal('enrol'), Type.Literal('passkey'), Type.Literal('recover')]),
  /** Roles and offices, as a person reads them: role and place. */
  grants: Type.Array(Type.Object({ role: Type.String(), place: Type.String(), office: Type.String() })),
  options: WebAuthnJson,
});
export type CodeAnswer = Static<typeof CodeAnswer>;

/** `POST /sign-in/code/passkey`, `POST /own/passkeys`: a new passkey, and what its owner calls the device. */
export const NewPasskey = Type.Object({
  credential: WebAuthnJson,
  name: Type.String({ minLength: 1, maxLength: 64 }),
});
export type NewPasskey = Static<typeof NewPasskey>;

/** `POST /sign-in/code/passkey`: signed in, with codes to be printed (null where they have some already). */
export const Enrolled = Type.Object({
  name: Type.String(),
  until: Moment,
  recoveryCodes: Type.Union([Type.Array(Type.String()), Type.Null()]),
});
export type Enrolled = Static<typeof Enrolled>;
