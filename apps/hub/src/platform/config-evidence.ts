/** What an operator may say under `evidence`: the name of the log, its key, and who has to cosign. */
import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const Path = Type.String({ pattern: '^/', maxLength: 4096 });

/** What may stand under `evidence`. */
export const Evidence = Type.Object(
  {
    /** As checkpoints begin: a name without a scheme, `hub.example.gov/log`. Of a log that has entries it cannot change. */
    origin: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.:/_-]{0,199}$' })),
    /** File of the signing key; one is made in the data folder where none is named. */
    key: Type.Optional(Path),
    /** File of the policy (C2SP tlog-policy); without one nobody has to cosign. */
    policy: Type.Optional(Path),
  },
  closed,
);
