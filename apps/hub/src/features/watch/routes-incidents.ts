/** What needs a person, and what was decided. */
import {
  DecisionsAnswer,
  DecisionsQuery,
  Incident,
  IncidentChange,
  IncidentsAnswer,
  IncidentsQuery,
} from '@bellwether/api';
import { Type } from 'typebox';
import { authError } from '../../platform/auth/errors.ts';
import { closed, DOOR_PROBLEMS, type HttpApp, problems } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { WatchDependencies } from './dependencies.ts';
import { DESK_ERRORS } from './errors.ts';
import { tellDesks } from './routes-live.ts';
import { decisionsInForce } from './store-decisions.ts';
import { changeIncident, incidentsOf, placeOfIncident } from './store-incidents.ts';

/** Decisions of an answer, where nobody says how many. */
const DEFAULT_DECISIONS = 1000;

/** The largest number that an incident can have and a program can count to. */
const LARGEST_ID = Number.MAX_SAFE_INTEGER;

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

const IncidentParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: LARGEST_ID }) });

/** Adds them. */
export function incidentRoutes(app: HttpApp, { db, live, trail, now }: WatchDependencies): void {
  app.get(
    '/incidents',
    {
      config: {
        right: {
          verb: 'incidents.read',
          of: 'reach',
          asked: ({ query }) => (query as IncidentsQuery).authority,
        },
      },
      schema: {
        summary: 'What needs a person, the latest first; open ones if nothing else is asked for',
        tags: ['watch'],
        querystring: closed(IncidentsQuery),
        response: { 200: IncidentsAnswer, ...problems(...COMMON) },
      },
    },
    async (request) => await incidentsOf(db, request.query, request.reach),
  );

  app.post(
    '/incidents/:id',
    {
      config: { right: { verb: 'incidents.change', of: 'reach' } },
      schema: {
        summary: 'Take an incident on, close it, or open it again',
        tags: ['watch'],
        params: IncidentParams,
        body: closed(IncidentChange),
        response: {
          200: Incident,
          ...problems(...COMMON, DESK_ERRORS.DESK_INCIDENT_UNKNOWN, DESK_ERRORS.DESK_INCIDENT_AGAIN),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const place = await placeOfIncident(db, id);
      // Who does not see the whole state does not learn either which numbers there are elsewhere.
      if (!contains(request.reach, place ?? 'state')) {
        return sendAuthError(reply, authError('AUTH_NOT_YOURS', `incident ${id}`));
      }
      const by = { who: request.actor!, origin: request.from.address, trail, now: now() };
      const changed = await changeIncident(db, id, request.body, by);
      if (changed.isErr()) return sendProblem(reply, DESK_ERRORS[changed.error.code], changed.error.detail);
      tellDesks(live, ['incidents'], now());
      return changed.value;
    },
  );

  app.get(
    '/decisions',
    {
      config: { right: { verb: 'decisions.read', of: 'reach' } },
      schema: {
        summary: 'The blocks that are in force, the newest first',
        tags: ['watch'],
        querystring: closed(DecisionsQuery),
        response: { 200: DecisionsAnswer, ...problems(...COMMON) },
      },
    },
    async (request, reply) => {
      const { at, limit = DEFAULT_DECISIONS } = request.query;
      const moment = at === undefined ? now() : Date.parse(at);
      // The standard knows a second 60, the clocks of computers do not.
      if (Number.isNaN(moment))
        return sendProblem(reply, HTTP_ERRORS.HTTP_REQUEST_INVALID, `there is no ${at}`);
      return {
        at: new Date(moment).toISOString(),
        ...(await decisionsInForce(db, moment, limit, request.reach)),
      };
    },
  );
}
