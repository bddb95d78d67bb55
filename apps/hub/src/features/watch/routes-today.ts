/** Today, the account, the offices: what knocked, and where. */
import {
  AccountAnswer,
  AccountQuery,
  OfficeAnswer,
  OfficesAnswer,
  TodayAnswer,
  TodayQuery,
} from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { type Static, Type } from 'typebox';
import { reachOf } from '../../platform/auth/rights.ts';
import { closed, DOOR_PROBLEMS, type HttpApp, problems } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { WatchDependencies } from './dependencies.ts';
import { DESK_ERRORS, type DeskError } from './errors.ts';
import { accountOf, countsBetween, countsBySensor, sumOf } from './store-account.ts';
import { incidentsOf } from './store-incidents.ts';
import { watchedOffices } from './store-offices.ts';
import { HOUR, latestDay, localDay, type Period } from './store-period.ts';
import { todayOf } from './store-today.ts';

/** Incidents that the page of an office shows: open ones, and there are hardly ever more than a few. */
const MOST_OF_OFFICE = 100;

/** Errors that every route of these has. */
const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

const OfficeParams = Type.Object({ leaId: Type.String({ pattern: '^\\d{5}$' }) });

/** Adds them. */
export function todayRoutes(app: HttpApp, { db, zone, now }: WatchDependencies): void {
  app.get(
    '/today',
    {
      config: { right: { verb: 'account.read', of: 'reach' } },
      schema: {
        summary: 'What a person sees in ten seconds: the account of a day, and what needs a hand',
        tags: ['watch'],
        querystring: closed(TodayQuery),
        response: { 200: TodayAnswer, ...problems(...COMMON, DESK_ERRORS.DESK_PERIOD_INVALID) },
      },
    },
    async (request, reply) => {
      const { day } = request.query;
      const period = day === undefined ? await latestDay(db, now()) : localDay(day, zone);
      if (period === undefined) {
        return sendProblem(reply, DESK_ERRORS.DESK_PERIOD_INVALID, `there is no day ${day}`);
      }
      const incidents = reachOf(request.actor!, 'incidents.read', now());
      const isLatest = day === undefined;
      return await todayOf(db, period, zone, now(), { account: request.reach, incidents, isLatest });
    },
  );

  app.get(
    '/account',
    {
      config: {
        right: { verb: 'account.read', of: 'reach', asked: ({ query }) => (query as AccountQuery).authority },
      },
      schema: {
        summary: 'Where every line of a period went',
        tags: ['watch'],
        querystring: closed(AccountQuery),
        response: {
          200: AccountAnswer,
          ...problems(...COMMON, DESK_ERRORS.DESK_PERIOD_INVALID, DESK_ERRORS.DESK_AUTHORITY_UNKNOWN),
        },
      },
    },
    async (request, reply) => {
      const { from, to, authority } = request.query;
      const usual = await latestDay(db, now());
      const period = periodOf(from, to, usual);
      if (period.isErr()) return sendProblem(reply, DESK_ERRORS[period.error.code], period.error.detail);
      if (authority !== undefined && authority !== 'state') {
        const known = await db
          .selectFrom('authorities')
          .select('lea_id')
          .where('lea_id', '=', authority)
          .executeTakeFirst();
        if (known === undefined) {
          return sendProblem(reply, DESK_ERRORS.DESK_AUTHORITY_UNKNOWN, `there is no ${authority}`);
        }
      }
      const counts = await countsBetween(db, period.value, request.reach);
      return { ...moments(period.value), authority: authority ?? null, account: accountOf(counts) };
    },
  );

  app.get(
    '/offices',
    {
      config: { right: { verb: 'account.read', of: 'reach' } },
      schema: {
        summary: 'Who is watched, and how well, in the last 24 hours',
        tags: ['watch'],
        response: { 200: OfficesAnswer, ...problems(...COMMON) },
      },
    },
    async ({ reach }) => {
      const period = await latestDay(db, now());
      const counts = await countsBySensor(db, period, reach);
      const { offices, state } = await watchedOffices(db, counts, reach);
      return { ...moments(period), offices: [...offices], state: [...state] };
    },
  );

  app.get(
    '/offices/:leaId',
    {
      config: {
        right: { verb: 'account.read', of: ({ params }) => (params as Static<typeof OfficeParams>).leaId },
      },
      schema: {
        summary: 'One office: its sensors, its account and its open incidents',
        tags: ['watch'],
        params: OfficeParams,
        response: { 200: OfficeAnswer, ...problems(...COMMON, DESK_ERRORS.DESK_AUTHORITY_UNKNOWN) },
      },
    },
    async (request, reply) => {
      const { leaId } = request.params;
      const period = await latestDay(db, now());
      const counts = await countsBySensor(db, period, request.reach);
      const { offices } = await watchedOffices(db, counts, request.reach);
      const office = offices.find((one) => one.leaId === leaId);
      if (office === undefined) {
        return sendProblem(reply, DESK_ERRORS.DESK_AUTHORITY_UNKNOWN, `there is no ${leaId}`);
      }
      const seen = contains(reachOf(request.actor!, 'incidents.read', now()), leaId);
      const asked = { authority: leaId, limit: MOST_OF_OFFICE };
      const { incidents } = seen ? await incidentsOf(db, asked, request.reach) : { incidents: [] };
      return { ...moments(period), office, account: accountOf(sumOf(counts.values())), incidents };
    },
  );
}

function moments({ from, to }: Period): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** A period of full hours: minutes are forgotten after some weeks, and half an hour could not be counted then. */
function periodOf(
  from: string | undefined,
  to: string | undefined,
  usual: Period,
): Result<Period, DeskError> {
  const period = {
    from: from === undefined ? usual.from : Date.parse(from),
    to: to === undefined ? usual.to : Date.parse(to),
  };
  // Written so that what is no number is refused, too.
  if (!(period.from < period.to)) {
    return err({ code: 'DESK_PERIOD_INVALID', detail: 'it ends before it begins' });
  }
  if (period.from % HOUR !== 0 || period.to % HOUR !== 0) {
    return err({ code: 'DESK_PERIOD_INVALID', detail: 'it does not begin and end on a full hour' });
  }
  return ok(period);
}
