/** `/api/v1/evidence`: the log, and who cosigned what and when. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** A whole number that may be beyond 2^53: decimal. */
const Size = Type.String({ pattern: '^[0-9]{1,20}$' });

/** A checkpoint, in short. */
const Head = Type.Object({ size: Size, root: Type.String() });

/** `GET /evidence/log`. */
export const LogAnswer = Type.Object({
  origin: Type.String(),
  /** The key of the log as others are told it: `name+id+base64`. */
  key: Type.String(),
  /** Entries so far, and the root of all of them. */
  newest: Head,
  /** What a quorum has cosigned; null before the first. */
  published: Nullable(Head),
  /** What is being cosigned, since when, and by how many so far; null while nothing waits. */
  pending: Nullable(Type.Object({ ...Head.properties, since: Moment, cosigned: Type.Number() })),
  /** Witnesses that the policy names, and the rule that makes a quorum of them, in words; null without a policy. */
  witnesses: Type.Number(),
  quorum: Nullable(Type.String()),
  /** The verifier that this hub hands out, as the log has it: index of the entry, SHA-256 by name of the file; null before a roll. */
  verifier: Nullable(
    Type.Object({
      index: Size,
      version: Type.String(),
      files: Type.Record(Type.String(), Type.String()),
    }),
  ),
});
export type LogAnswer = Static<typeof LogAnswer>;

/** One witness. */
export const WitnessRow = Type.Object({
  name: Type.String(),
  /** How it is asked: at its address, or it asks. */
  way: Type.Union([Type.Literal('asked'), Type.Literal('asks')]),
  cosignedAt: Nullable(Moment),
  size: Nullable(Size),
  /** Nothing for longer than a quorum may be old. */
  late: Type.Boolean(),
  /** How long its last answer took, ms; null where it was not asked. */
  latency: Type.Optional(Nullable(Type.Number())),
  trouble: Nullable(Type.String()),
  /** What it stated last under its second key, and when; null: nothing. */
  statedAt: Nullable(Moment),
  statement: Nullable(Type.String()),
});
export type WitnessRow = Static<typeof WitnessRow>;

/** `GET /evidence/witnesses`. */
export const WitnessesAnswer = Type.Object({ witnesses: Type.Array(WitnessRow) });
export type WitnessesAnswer = Static<typeof WitnessesAnswer>;
