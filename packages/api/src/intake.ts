/** `POST /api/v1/intake/{authority}/{sensor}`: lines of a sensor, acknowledged when they are on disk. */
import { type Static, Type } from 'typebox';

/** Header that makes sending again safe: `CLIENT/SEQUENCE`, the sequence a whole number that the client counts up. */
export const BATCH_HEADER = 'bellwether-batch';

export const IntakeParams = Type.Object({
  /** `lea_id` of a local election authority, or `state`. */
  authority: Type.String({ pattern: '^(state|\\d{5})$' }),
  sensor: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
});
export type IntakeParams = Static<typeof IntakeParams>;

export const IntakeQuery = Type.Object({
  /** Name of a format (docs/reference/formats.md); without it, the lines tell. */
  format: Type.Optional(Type.String({ maxLength: 32 })),
  /** IANA name of the zone of the sensor's wall clock, where its lines carry none. */
  zone: Type.Optional(Type.String({ maxLength: 64 })),
});
export type IntakeQuery = Static<typeof IntakeQuery>;

/** The lines are on disk, and will be counted exactly once. */
export const IntakeAnswer = Type.Object({
  lines: Type.Number(),
  bytes: Type.Number(),
  /** The batch had been acknowledged before; nothing was added. */
  duplicate: Type.Boolean(),
});
export type IntakeAnswer = Static<typeof IntakeAnswer>;
