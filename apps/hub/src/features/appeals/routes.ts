/** The queue of those who were let in again, and the digits that a caller reads out. */
import { AppealAnswer, AppealsAnswer, NewAppeal } from '@bellwether/api';
import { formatCidr, ok } from '@bellwether/basics';
import { BLOCKS_ERRORS, readAppealCode } from '@bellwether/blocks';
import { Type } from 'typebox';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, DOOR_PROBLEMS, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { AppealsDependencies } from './dependencies.ts';
import { appealRows, countHolding, countSince, endSparing, SPARED_FOR, spareSource } from './sparing.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];
const ACTING = [...COMMON, AUTH_ERRORS.AUTH_TEXT_INVALID];

/** Adds them. */
export function appealRoutes({ db, auth, onSpared, now }: AppealsDependencies): Routes {
  return (app) => {
    app.get(
      '/appeals',
      {
        config: { right: { verb: 'appeals.read', of: 'reach' } },
        schema: {
          summary: 'Voters who asked to be let in again, the latest first',
          description:
            'Addresses of voters are told to the state alone; offices are told how many there were.',
          tags: ['blocks'],
          response: { 200: AppealsAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach }) => ({
        appeals: reach === 'all' ? await appealRows(db) : [],
        lastDay: await countSince(db, now() - SPARED_FOR),
        holding: await countHolding(db, now()),
      }),
    );

    app.post(
      '/appeals',
      {
        config: { right: { verb: 'appeals.answer', of: 'reach' } },
        schema: {
          summary:
            'Let a caller in to services for voters, by the digits that stand on the page which turned them away',
          tags: ['blocks'],
          body: closed(NewAppeal),
          response: { 200: AppealAnswer, ...problems(...ACTING, BLOCKS_ERRORS.BLOCKS_APPEAL_CODE) },
        },
      },
      async ({ body, actor, from }, reply) => {
        const note = body.note === undefined ? ok(null) : plainText('why', body.note);
        if (note.isErr()) return sendAuthError(reply, note.error);
        const read = readAppealCode(body.code);
        if (read.isErr()) return sendProblem(reply, BLOCKS_ERRORS[read.error.code], read.error.detail);
        const network = read.value;
        const by = actor?.kind === 'person' ? actor.name : null;
        const wish = { network, how: 'phone' as const, by, note: note.value };
        const { outcome, until } = await spareSource(db, wish, now());
        const text = formatCidr(network);
        if (outcome === 'let-in') {
          await db.transaction().execute((tx) =>
            auth.trail.add(tx, {
              who: actor!,
              act: 'appeals.answer',
              place: 'state',
              about: `source:${text}`,
              ...(wish.note === null ? {} : { why: wish.note }),
              after: { until: new Date(until!).toISOString() },
              origin: from.address,
            }),
          );
          onSpared();
        }
        return { outcome, network: text, until: until === null ? null : new Date(until).toISOString() };
      },
    );

    app.post(
      '/appeals/:id/end',
      {
        config: { right: { verb: 'appeals.answer', of: () => 'state' } },
        schema: {
          summary: 'Let somebody in no longer: it was no voter',
          tags: ['blocks'],
          params: closed(Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })),
          response: { 204: Type.Null(), ...problems(...COMMON, BLOCKS_ERRORS.BLOCKS_APPEAL_UNKNOWN) },
        },
      },
      async ({ params, actor, from }, reply) => {
        if (!(await endSparing(db, params.id, now())))
          return sendProblem(reply, BLOCKS_ERRORS.BLOCKS_APPEAL_UNKNOWN, `number ${params.id}`);
        await db.transaction().execute((tx) =>
          auth.trail.add(tx, {
            who: actor!,
            act: 'appeals.answer',
            place: 'state',
            about: `appeal:${params.id}`,
            after: { ended: true },
            origin: from.address,
          }),
        );
        onSpared();
        return reply.code(204).send(null);
      },
    );
  };
}
