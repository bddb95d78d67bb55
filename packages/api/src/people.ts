/** `/api/v1/people`, `/api/v1/recoveries`, `/api/v1/keys`: who has a role where, and what sends lines. */
import { type Static, Type } from 'typebox';
import { GrantRow } from './me.ts';
import { Moment } from './shapes.ts';

const Place = Type.String({ pattern: '^(state|\\d{5})$' });
/** Why something is done: it stands in the trail. */
const Why = Type.String({ minLength: 3, maxLength: 500 });

export const PersonRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  phone: Type.Union([Type.String(), Type.Null()]),
  state: Type.Union([Type.Literal('invited'), Type.Literal('active'), Type.Literal('removed')]),
  grants: Type.Array(GrantRow),
  passkeys: Type.Number(),
  lastSeen: Type.Union([Moment, Type.Null()]),
  /** A code that was read to them still works until then. */
  codeUntil: Type.Union([Moment, Type.Null()]),
});
export type PersonRow = Static<typeof PersonRow>;

/** `GET /people?place=`: without a place, everybody whom the asker may see. */
export const PeopleQuery = Type.Object({ place: Type.Optional(Place) });
export type PeopleQuery = Static<typeof PeopleQuery>;

export const RecoveryRow = Type.Object({
  id: Type.Number(),
  person: Type.String(),
  name: Type.String(),
  asked: Moment,
  from: Type.String(),
  until: Moment,
});
export type RecoveryRow = Static<typeof RecoveryRow>;

export const PeopleAnswer = Type.Object({
  people: Type.Array(PersonRow),
  /** Administrators who lost every passkey and wait for a second one. */
  recoveries: Type.Array(RecoveryRow),
  /** Roles that the asker may give, by place kind: what the form offers. */
  mayGive: Type.Array(
    Type.Object({
      role: Type.String(),
      at: Type.Union([Type.Literal('state'), Type.Literal('office')]),
      mustEnd: Type.Boolean(),
    }),
  ),
});
export type PeopleAnswer = Static<typeof PeopleAnswer>;

/** `POST /people`. */
export const InvitePerson = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  phone: Type.Optional(Type.String({ maxLength: 40 })),
  role: Type.String({ maxLength: 32 }),
  place: Place,
  until: Type.Optional(Moment),
  why: Type.Optional(Why),
});
export type InvitePerson = Static<typeof InvitePerson>;

/** A code to be read over the phone: shown once. `code` in groups: `1234-5678-9012`. */
export const PhoneCode = Type.Object({ person: Type.String(), code: Type.String(), until: Moment });
export type PhoneCode = Static<typeof PhoneCode>;

/** `POST /people/{id}/code`. */
export const CodeWish = Type.Object({
  purpose: Type.Union([Type.Literal('enrol'), Type.Literal('passkey'), Type.Literal('recover')]),
});
export type CodeWish = Static<typeof CodeWish>;

/** `POST /people/{id}/grants`. */
export const GiveRole = Type.Object({
  role: Type.String({ maxLength: 32 }),
  place: Place,
  until: Type.Optional(Moment),
  why: Why,
});
export type GiveRole = Static<typeof GiveRole>;

/** `POST /people/{id}/removal`, `POST /people/{id}/grants/{grant}/end`, `POST /keys/{id}/withdrawal`. */
export const Reason = Type.Object({ why: Why });
export type Reason = Static<typeof Reason>;

/** `POST /recoveries/{id}`: agreed, then the answer is a code; or refused. */
export const RecoveryDecision = Type.Object({ approved: Type.Boolean() });
export type RecoveryDecision = Static<typeof RecoveryDecision>;

/**
 * What a bouncer takes, of a key that reads blocks: what stands behind it, how it takes networks (`by-agent`: as its product
 * needs it), how many entries it holds, and whether it sees the client behind a proxy of ours (`packets` if nothing is said).
 */
export const BouncerKey = Type.Object({
  guards: Type.Union([Type.Literal('public'), Type.Literal('private')]),
  ranges: Type.Union([Type.Literal('by-agent'), Type.Literal('as-they-are'), Type.Literal('expanded')]),
  most: Type.Integer({ minimum: 1, maximum: 400_000 }),
  sees: Type.Optional(Type.Union([Type.Literal('packets'), Type.Literal('client')])),
});
export type BouncerKey = Static<typeof BouncerKey>;

/** `GET /keys?place=`. */
export const KeyRow = Type.Object({
  id: Type.Number(),
  place: Type.String(),
  name: Type.String(),
  madeBy: Type.String(),
  made: Moment,
  used: Type.Union([Moment, Type.Null()]),
  /** Only of a key that reads blocks. */
  bouncer: Type.Optional(BouncerKey),
});
export type KeyRow = Static<typeof KeyRow>;
export const KeysAnswer = Type.Object({ keys: Type.Array(KeyRow) });
export type KeysAnswer = Static<typeof KeysAnswer>;

/** `POST /keys`, and its answer, with the key: shown once. With `bouncer` it reads blocks, without it sends lines. */
export const NewKey = Type.Object({
  place: Place,
  name: Type.String({ minLength: 1, maxLength: 64 }),
  bouncer: Type.Optional(Type.Object(BouncerKey.properties, { additionalProperties: false })),
});
export type NewKey = Static<typeof NewKey>;
export const MadeKey = Type.Object({ id: Type.Number(), key: Type.String() });
export type MadeKey = Static<typeof MadeKey>;

/** `POST /keys/{id}/certificate`: PKCS #10, PEM. Of it only its key is taken. The answer is PEM too; `hub`: `NAME:PORT`. */
export const BouncerCertificateRequest = Type.Object({
  request: Type.String({ minLength: 1, maxLength: 8_192 }),
});
export type BouncerCertificateRequest = Static<typeof BouncerCertificateRequest>;
export const BouncerCertificateAnswer = Type.Object({
  certificate: Type.String(),
  authority: Type.String(),
  hub: Type.String(),
  until: Moment,
});
export type BouncerCertificateAnswer = Static<typeof BouncerCertificateAnswer>;
