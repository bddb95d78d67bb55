/** What the routes of rolls have in common: the roll that is there, how they say no, and what goes into the trail. */
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Act } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import type { Actor } from '../../platform/auth/rights.ts';
import { DOOR_PROBLEMS } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { RollsDependencies } from './dependencies.ts';
import { ROLL_ERRORS, type RollError } from './errors.ts';
import { sheetKey } from './laying-out.ts';
import type { SheetRef } from './signing.ts';

/** Which sheet, as a path tells it. */
export const SheetParams = Type.Object({
  office: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$' }),
  day: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
  sequence: Type.Integer({ minimum: 1, maximum: 100_000 }),
});

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

/** Who asks, behind the door. */
export function actorOf({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Error('the door let nobody in');
  return actor;
}

/** The failure where there is no such sheet, or none that whoever asks may see. */
export function unknownSheet(ref: SheetRef): RollError {
  return { code: 'ROLL_SHEET_UNKNOWN', detail: sheetKey(ref) };
}

/** The failure where a sheet was not looked at yet. */
export function unlookedSheet(ref: SheetRef): RollError {
  return { code: 'ROLL_SHEET_UNLOOKED', detail: sheetKey(ref) };
}
