/** `/api/v1/set-up`: the first run, step by step. Each step can be left and taken up again. */
import { type Static, Type } from 'typebox';

export const SetUpStep = Type.Union([
  Type.Literal('state'),
  Type.Literal('administrator'),
  Type.Literal('offices'),
  Type.Literal('https'),
  Type.Literal('sample'),
]);
export type SetUpStep = Static<typeof SetUpStep>;

/** `GET /set-up`. */
export const SetUpAnswer = Type.Object({
  steps: Type.Array(Type.Object({ step: SetUpStep, done: Type.Boolean() })),
  state: Type.Object({ name: Type.Union([Type.String(), Type.Null()]), zone: Type.String() }),
  offices: Type.Number(),
  /** Whether the sample state is loaded. */
  sample: Type.Boolean(),
  https: Type.Object({
    /** How: `off`, `given` files, `acme`, or the hub's `own` small CA. */
    how: Type.Union([Type.Literal('off'), Type.Literal('given'), Type.Literal('acme'), Type.Literal('own')]),
    name: Type.Union([Type.String(), Type.Null()]),
    /** Where it is reached from elsewhere; null while it is not. */
    address: Type.Union([Type.String(), Type.Null()]),
    /** Why it is not reached from elsewhere yet, in words. */
    waiting: Type.Union([Type.String(), Type.Null()]),
    /** SHA-256 of the own CA's certificate, to be compared on other machines. */
    fingerprint: Type.Union([Type.String(), Type.Null()]),
  }),
});
export type SetUpAnswer = Static<typeof SetUpAnswer>;

/** `PUT /set-up/state`. */
export const SetUpState = Type.Object({
  name: Type.String({ minLength: 2, maxLength: 64 }),
  zone: Type.String({ maxLength: 64 }),
});
export type SetUpState = Static<typeof SetUpState>;

/** `POST /set-up/administrator/options` takes the name, `POST /set-up/administrator` the new passkey (`NewPasskey`). */
export const SetUpAdministrator = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) });
export type SetUpAdministrator = Static<typeof SetUpAdministrator>;

/** `PUT /set-up/offices`: text of a CSV file with columns `lea_id` and `name`, and if there are any `fips`, `kind`, `registered`. */
export const SetUpOffices = Type.Object({
  csv: Type.String({ maxLength: 1_048_576 }),
  keep: Type.Optional(Type.Boolean()),
});
export type SetUpOffices = Static<typeof SetUpOffices>;

/** `PUT /set-up/https`. */
export const SetUpHttps = Type.Object({
  how: Type.Union([Type.Literal('off'), Type.Literal('given'), Type.Literal('acme'), Type.Literal('own')]),
  name: Type.Optional(Type.String({ maxLength: 253 })),
  host: Type.Optional(Type.String({ maxLength: 64 })),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  certificate: Type.Optional(Type.String({ maxLength: 4096 })),
  key: Type.Optional(Type.String({ maxLength: 4096 })),
  directory: Type.Optional(Type.String({ maxLength: 2048 })),
  contact: Type.Optional(Type.String({ maxLength: 254 })),
});
export type SetUpHttps = Static<typeof SetUpHttps>;

/** `POST /set-up/sample`: `clear` stops the hub for some seconds, takes out all that is not people, and starts it again. */
export const SetUpSample = Type.Object({ sample: Type.Union([Type.Literal('keep'), Type.Literal('clear')]) });
export type SetUpSample = Static<typeof SetUpSample>;
