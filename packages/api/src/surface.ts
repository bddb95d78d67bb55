/** `GET|PUT /api/v1/surface`, `POST /api/v1/surface/answers`: what we offer, to whom, and what we do not know yet. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

/** Contacts with one thing that the surface does not list: is it yours, and for whom? */
export const SurfaceQuestion = Type.Object({
  /** Stable name of the question. */
  key: Type.String(),
  authority: Type.Union([Type.String(), Type.Null()]),
  authorityName: Type.Union([Type.String(), Type.Null()]),
  sensor: Type.String(),
  /** Empty where its lines name none: the question is about the service that the sensor stands before. */
  destination: Type.String(),
  port: Type.Number(),
  /** `accepted-unlisted`, `served-unlisted` ... */
  reason: Type.String(),
  first: Moment,
  last: Moment,
  contacts: Type.Number(),
});
export type SurfaceQuestion = Static<typeof SurfaceQuestion>;

export const SurfaceAnswer = Type.Object({
  version: Type.Number(),
  /** When this version was stated; null if none was. */
  since: Type.Union([Moment, Type.Null()]),
  sha256: Type.Union([Type.String(), Type.Null()]),
  yaml: Type.String(),
  services: Type.Array(
    Type.Object({
      name: Type.String(),
      audience: Type.String(),
      addresses: Type.Array(Type.String()),
      ports: Type.String(),
    }),
  ),
  questions: Type.Array(SurfaceQuestion),
});
export type SurfaceAnswer = Static<typeof SurfaceAnswer>;

/** A whole new surface, as YAML. */
export const SurfaceChange = Type.Object({ yaml: Type.String({ maxLength: 1_048_576 }) });
export type SurfaceChange = Static<typeof SurfaceChange>;

/** Answer to a question: listed from its first contact on; `not-ours` closes the incident and lists nothing. */
export const SurfaceReply = Type.Object({
  key: Type.String({ maxLength: 200 }),
  answer: Type.Union([
    Type.Literal('public'),
    Type.Literal('voters'),
    Type.Literal('staff'),
    Type.Literal('not-ours'),
  ]),
  /** What it is called; needed unless it is not ours. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  note: Type.Optional(Type.String({ maxLength: 2000 })),
});
export type SurfaceReply = Static<typeof SurfaceReply>;

/** What is wrong with a surface that was sent, by line. */
export const SurfaceProblems = Type.Object({
  problems: Type.Array(Type.Object({ line: Type.Number(), message: Type.String() })),
});
export type SurfaceProblems = Static<typeof SurfaceProblems>;
