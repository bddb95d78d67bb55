/** The trail, for who may see it: by the page, of the places in reach; and as a file that can be checked without us. */
import { Readable } from 'node:stream';
import { TrailAnswer, TrailQuery } from '@bellwether/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import type { Reach } from '../../platform/auth/rights.ts';
import { trailLines } from '../../platform/auth/trail-export.ts';
import { trailPage } from '../../platform/auth/trail-read.ts';
import type { TrailWatch } from '../../platform/auth/trail-watch.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** What they need. `now`: ms since 1970. */
export type TrailRoutesDependencies = {
  readonly db: Kysely<Tables>;
  readonly watch: Pick<TrailWatch, 'isWhole'>;
  readonly now: () => number;
};

const COMMON = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_NOT_YOURS,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

/** Makes them. */
export function trailRoutes({ db, watch, now }: TrailRoutesDependencies): Routes {
  return (app) => {
    app.get(
      '/trail',
      {
        config: {
          right: { verb: 'trail.read', of: 'reach', asked: ({ query }) => (query as TrailQuery).place },
        },
        schema: {
          summary: 'Who did what, to what and why, the newest first',
          description: 'An office sees what was done there. `whole`: of the chain of all entries.',
          tags: ['people'],
          querystring: closed(TrailQuery),
          response: { 200: TrailAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach, query: { who, before, limit } }) => {
        const { entries, more } = await trailPage(db, { reach, who, before, limit });
        return { entries, more, whole: await watch.isWhole() };
      },
    );

    app.get(
      '/trail.ndjson',
      {
        config: { right: { verb: 'trail.export', of: 'reach' } },
        schema: {
          summary: 'The trail as a file, to be kept and checked: `bellwether trail check FILE`',
          tags: ['people'],
          produces: ['application/x-ndjson'],
          response: {
            200: Type.Unsafe<string | Readable>({ type: 'string' }),
            ...problems(...COMMON, AUTH_ERRORS.AUTH_STEP_UP),
          },
        },
      },
      async (request, reply) => {
        const day = new Date(now()).toISOString().slice(0, 10);
        const lines = whileInReach(trailLines(db, request.reach, now()), request.reach, () =>
          request.reachNow(),
        );
        // The header, before anything is answered: a database that is away is told as such.
        const first = await lines.next();
        return reply
          .type('application/x-ndjson; charset=utf-8')
          .header('content-disposition', `attachment; filename="trail-${day}.ndjson"`)
          .header('cache-control', 'no-store')
          .send(Readable.from(following(first, lines)));
      },
    );
  };
}

/** The export was broken off: who asked may not have it any more. The file ends early, and its header shows it. */
class ReachEnded extends Error {
  override readonly name = 'ReachEnded';
}

/** Lines as long as who asked may have them. */
async function* whileInReach(
  lines: AsyncIterable<string>,
  reach: Reach,
  reachNow: () => Promise<Reach>,
): AsyncGenerator<string, void, void> {
  let isFirst = true;
  for await (const line of lines) {
    // The door has just asked.
    if (!isFirst && !covers(await reachNow(), reach))
      throw new ReachEnded('the right to the trail has ended');
    isFirst = false;
    yield line;
  }
}

function covers(reach: Reach, asked: Reach): boolean {
  if (reach === 'all' || asked === 'all') return reach === 'all';
  return [...asked].every((place) => reach.has(place));
}

async function* following(
  first: IteratorResult<string>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
