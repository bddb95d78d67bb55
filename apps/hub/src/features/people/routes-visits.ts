/** Who looked at the data of a place: what an office may ask about everybody who has access to it. */
import { VisitsAnswer, VisitsQuery } from '@bellwether/api';
import type { Kysely } from 'kysely';
import type { Visits } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import { outsidersOf, visitsOf } from './store-visits.ts';

/** What they need. `now`: ms since 1970. */
export type VisitsRoutesDependencies = {
  readonly db: Kysely<Tables>;
  readonly visits: Pick<Visits, 'flush'>;
  readonly now: () => number;
};

/** Days that are shown where nobody says how many: since about the last meeting with whoever has access. */
const USUAL_DAYS = 30;

const DAY = 86_400_000;

/** Makes them. */
export function visitsRoutes({ db, visits, now }: VisitsRoutesDependencies): Routes {
  return (app) => {
    app.get(
      '/visits',
      {
        config: {
          right: { verb: 'visits.read', of: ({ query }) => (query as VisitsQuery).place },
        },
        schema: {
          summary: 'Who looked at the data of a place, by the hour, the latest first',
          description: 'With place `*`: they looked at all offices at once.',
          tags: ['people'],
          querystring: closed(VisitsQuery),
          response: {
            200: VisitsAnswer,
            ...problems(
              HTTP_ERRORS.HTTP_REQUEST_INVALID,
              AUTH_ERRORS.AUTH_SIGNED_OUT,
              AUTH_ERRORS.AUTH_NOT_YOURS,
              HTTP_ERRORS.HTTP_DATABASE_AWAY,
            ),
          },
        },
      },
      async ({ query: { place, days = USUAL_DAYS } }) => {
        // What was counted in the last seconds, too.
        await visits.flush();
        const time = now();
        const { visits: found, more } = await visitsOf(db, place, new Date(time - days * DAY));
        return { visits: [...found], more, outsiders: [...(await outsidersOf(db, place, new Date(time)))] };
      },
    );
  };
}
