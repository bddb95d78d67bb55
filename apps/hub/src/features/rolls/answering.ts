/** What the routes of rolls have in common: the roll that is there, how they say no, and what goes into the trail. */
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply } from 'fastify';
import type { Act } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { DOOR_PROBLEMS } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { RollsDependencies } from './dependencies.ts';
import { ROLL_ERRORS, type RollError } from './errors.ts';

/** Errors of routes that only read. */
export const READING: readonly ErrorEntry[] = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
  ...DOOR_PROBLEMS,
  ROLL_ERRORS.ROLL_ABSENT,
];

/** Errors of routes that change something. */
export const ACTING: readonly ErrorEntry[] = [
  ...READING,
  AUTH_ERRORS.AUTH_STEP_UP,
  AUTH_ERRORS.AUTH_TEXT_INVALID,
  ...Object.values(ROLL_ERRORS).filter(({ code }) => code !== 'ROLL_ABSENT'),
];

/** Answers with a failure of the roll. */
export function sendRollError(reply: FastifyReply, { code, detail }: RollError): FastifyReply {
  return sendProblem(reply, ROLL_ERRORS[code], detail);
}

/** Says that there is no roll yet. */
export function sendNoRoll(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, ROLL_ERRORS.ROLL_ABSENT);
}

/** Writes what somebody did into the trail. */
export async function noteAct({ db, auth }: Pick<RollsDependencies, 'db' | 'auth'>, act: Act): Promise<void> {
  await db.transaction().execute((tx) => auth.trail.add(tx, act));
}
