/** Answers that are no success, and how the hub is. */
import { type Static, Type } from 'typebox';

/** Every error of the API: what happened, in particular, and what to do (docs/reference/errors.md). */
export const Problem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  /** The particulars of this case. */
  detail: Type.Optional(Type.String()),
  help: Type.String(),
});
export type Problem = Static<typeof Problem>;

/** `GET /readyz`: 200 if all is well, else 503. */
export const Readiness = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});
export type Readiness = Static<typeof Readiness>;
