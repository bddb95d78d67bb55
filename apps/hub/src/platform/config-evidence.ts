/** What an operator may say under `evidence`: the name of the log, its key, and who has to cosign. */
import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Before the fingerprint of a key in an agent, as `ssh-add -l` prints it. */
export const IN_AGENT = 'ssh-agent ';

const Path = Type.String({ pattern: '^/', maxLength: 4096 });

/** What may stand under `evidence`. */
export const Evidence = Type.Object(
  {
    /** As checkpoints begin: a name without a scheme, `hub.example.gov/log`. Of a log that has entries it cannot change. */
    origin: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.:/_-]{0,199}$' })),
    /** Path of the signing key, or `ssh-agent SHA256:...`; a file is made in the data folder where none is named. */
    key: Type.Optional(
      Type.String({ pattern: `^(?:/.*|${IN_AGENT}SHA256:[A-Za-z0-9+/]{43})$`, maxLength: 4096 }),
    ),
    /** File of the policy (C2SP tlog-policy); without one nobody has to cosign. */
    policy: Type.Optional(Path),
  },
  closed,
);
