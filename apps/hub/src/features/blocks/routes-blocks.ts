/** `/api/v1/blocks`: what was decided and what is enforced, office by office, and the way to lift a block. */
import { BlocksAnswer, BlocksQuery, BlockUndone, Reason } from '@bellwether/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import type { Trail } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import { AGENTS_ERRORS, agentsEntry } from '../agents/errors.ts';
import { blocksAnswer, undoBlock } from './outcomes.ts';

/** What they need. */
export type BlocksRoutesDependencies = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  /** Number of the last order, and offices that listen. */
  readonly orders: () => { readonly number: number; readonly listening: ReadonlySet<string> };
  /** Something was lifted: whoever enforces is told. Resolves when those were that listen. */
  readonly onLifted: () => Promise<void>;
  /** ms since 1970. */
  readonly now: () => number;
};

const COMMON = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_NOT_YOURS,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

const BlockParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Makes them. */
export function blocksRoutes({ db, trail, orders, onLifted, now }: BlocksRoutesDependencies): Routes {
  return (app) => {
    app.get(
      '/blocks',
      {
        config: {
          right: { verb: 'decisions.read', of: 'reach', asked: ({ query }) => (query as BlocksQuery).place },
        },
        schema: {
          summary: 'Blocks: how many were decided, how many each office enforces, and why some are not',
          tags: ['blocks'],
          querystring: closed(BlocksQuery),
          response: { 200: BlocksAnswer, ...problems(...COMMON) },
        },
      },
      ({ reach }) => blocksAnswer(db, reach, orders().number, now()),
    );

    app.post(
      '/blocks/:id/undo',
      {
        config: { right: { verb: 'blocks.undo', of: () => 'state' } },
        schema: {
          summary: 'Lift a block before its end, at every office',
          tags: ['blocks'],
          params: BlockParams,
          body: closed(Reason),
          response: {
            200: BlockUndone,
            ...problems(
              ...COMMON,
              HTTP_ERRORS.HTTP_CROSS_SITE,
              AUTH_ERRORS.AUTH_TEXT_INVALID,
              AGENTS_ERRORS.AGENT_BLOCK_OVER,
            ),
          },
        },
      },
      async (request, reply) => {
        const why = plainText('why', request.body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const { actor, from, params } = request;
        // The door lets people and the machine in here, and no program.
        if (actor?.kind !== 'person' && actor?.kind !== 'machine') throw new Error('a program lifts nothing');
        const what = { id: params.id, why: why.value, origin: from.address, now: now() };
        const lifted = await undoBlock(db, trail, actor, what);
        if (lifted.isErr()) return sendProblem(reply, agentsEntry(lifted.error), lifted.error.detail);
        await onLifted();
        const { id, value, liftedAt } = lifted.value;
        return { id, value, liftedAt: new Date(liftedAt).toISOString(), told: orders().listening.size };
      },
    );
  };
}
