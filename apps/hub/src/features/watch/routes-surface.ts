/** The surface: read it, state another one, answer what it leaves open. */
import { Problem, SurfaceAnswer, SurfaceChange, SurfaceProblems, SurfaceReply } from '@bellwether/api';
import { CONTACTS_ERRORS } from '@bellwether/contacts';
import { parseSurface, type SurfaceError } from '@bellwether/contacts/surface';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { FLOW_ERRORS } from '../../flow/errors.ts';
import { authError } from '../../platform/auth/errors.ts';
import { type Place, type Reach, reachOf } from '../../platform/auth/rights.ts';
import { closed, DOOR_PROBLEMS, type HttpApp, problems } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { problemOf, sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { Row } from '../../platform/postgres/tables.ts';
import type { WatchDependencies } from './dependencies.ts';
import { DESK_ERRORS } from './errors.ts';
import { tellDesks } from './routes-live.ts';
import { changeIncident } from './store-incidents.ts';
import { newestSurface, servicesOf, surfaceQuestions, withService } from './store-surface.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

const CHANGING = [...COMMON, FLOW_ERRORS.INTAKE_DISK_FULL];

/** A problem that lists the mistakes by line. */
const ProblemByLine = Type.Object(
  { ...Problem.properties, ...SurfaceProblems.properties },
  { description: `\`SURFACE_REFUSED\`: ${CONTACTS_ERRORS.SURFACE_REFUSED.message}` },
);

/** Adds them. */
export function surfaceRoutes(app: HttpApp, dependencies: WatchDependencies): void {
  const { db, live, trail, now } = dependencies;
  // One change after the other: an answer adds to the surface that was there, so two at once would lose one.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };

  app.get(
    '/surface',
    {
      config: { right: { verb: 'surface.read', of: 'reach' } },
      schema: {
        summary: 'What we offer and to whom, and what nobody has answered yet',
        tags: ['surface'],
        response: { 200: SurfaceAnswer, ...problems(...COMMON) },
      },
    },
    async ({ reach }) => await surfaceAnswer(dependencies, reach),
  );

  app.put(
    '/surface',
    {
      config: { right: { verb: 'surface.write', of: () => 'state' } },
      schema: {
        summary: 'State a whole new surface',
        tags: ['surface'],
        body: closed(SurfaceChange),
        response: { 200: SurfaceAnswer, ...problems(...CHANGING), 422: ProblemByLine },
      },
    },
    async (request, reply) =>
      await inTurn(async () => {
        const { yaml } = request.body;
        const parsed = parseSurface(yaml);
        if (parsed.isErr()) return sendSurfaceError(reply, parsed.error, 'all');
        return await state(dependencies, yaml, request, reply);
      }),
  );

  app.post(
    '/surface/answers',
    {
      config: { right: { verb: 'surface.answer', of: 'reach' } },
      schema: {
        summary: 'Answer whether a thing that was reached is ours, and for whom',
        description: 'The incident is closed. What is ours is listed from its first contact on.',
        tags: ['surface'],
        body: closed(SurfaceReply),
        response: {
          200: SurfaceAnswer,
          ...problems(...CHANGING, DESK_ERRORS.DESK_QUESTION_UNKNOWN),
          422: ProblemByLine,
        },
      },
    },
    async (request, reply) =>
      await inTurn(async () => {
        const { key, answer, name, note } = request.body;
        const { reach } = request;
        const question = (await surfaceQuestions(db, reach)).find((one) => one.key === key);
        if (question === undefined) {
          // Who does not see the whole state does not learn either what is asked elsewhere.
          if (reach !== 'all') return sendAuthError(reply, authError('AUTH_NOT_YOURS', 'surface.answer'));
          return sendProblem(reply, DESK_ERRORS.DESK_QUESTION_UNKNOWN, key);
        }
        if (answer === 'not-ours') {
          return await close(question.incident, note ?? 'not ours', request, reply);
        }
        const called = name?.trim() ?? '';
        if (called === '') return sendProblem(reply, DESK_ERRORS.DESK_NAME_MISSING);
        const before = await newestSurface(db);
        const changed = withService(before?.yaml ?? '', question, called, answer);
        if (changed.isErr()) return sendSurfaceError(reply, changed.error, reach);
        const stated = await dependencies.stateSurface(changed.value);
        if (stated.isErr()) return sendStateError(reply, stated.error);
        await tellTrail(dependencies, before, question.authority ?? 'state', request);
        return await close(question.incident, note ?? `listed as ${called}, ${answer}`, request, reply);
      }),
  );

  async function close(
    incident: number,
    note: string,
    { actor, from }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SurfaceAnswer | FastifyReply> {
    const by = { who: actor!, origin: from.address, trail, now: now() };
    const closedNow = await changeIncident(db, incident, { state: 'closed', note }, by);
    if (closedNow.isErr()) return sendProblem(reply, DESK_ERRORS[closedNow.error.code]);
    tellDesks(live, ['surface', 'incidents'], now());
    return await surfaceAnswer(dependencies, reachOf(actor!, 'surface.read', now()));
  }
}

async function state(
  dependencies: WatchDependencies,
  yaml: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SurfaceAnswer | FastifyReply> {
  const { db, live, now, stateSurface } = dependencies;
  const before = await newestSurface(db);
  const stated = await stateSurface(yaml);
  if (stated.isErr()) return sendStateError(reply, stated.error);
  await tellTrail(dependencies, before, 'state', request);
  tellDesks(live, ['surface'], now());
  return await surfaceAnswer(dependencies, reachOf(request.actor!, 'surface.read', now()));
}

/** The surface holds by the journal, which is no part of a transaction: what was stated is told once it holds. */
async function tellTrail(
  { db, trail }: WatchDependencies,
  before: Row<'surfaces'> | undefined,
  place: Place,
  { actor, from }: FastifyRequest,
): Promise<void> {
  const after = await newestSurface(db);
  await db.transaction().execute((tx) =>
    trail.add(tx, {
      who: actor!,
      act: 'surface.state',
      place,
      about: `surface:${after?.version ?? 0}`,
      before: before && { version: before.version, sha256: before.sha256 },
      after: after && { version: after.version, sha256: after.sha256 },
      origin: from.address,
    }),
  );
}

/** The surface, for who sees all of it; of the others, what is asked about their own sensors, and never the text of the state. */
async function surfaceAnswer({ db }: WatchDependencies, reach: Reach): Promise<SurfaceAnswer> {
  const newest = await newestSurface(db);
  const questions = (await surfaceQuestions(db, reach)).map(
    ({ incident: _, protocol: __, ...question }) => question,
  );
  if (newest === undefined)
    return { version: 0, since: null, sha256: null, yaml: '', services: [], questions };
  const { version, at, sha256, yaml } = newest;
  // It was checked before it was kept.
  const services = servicesOf(parseSurface(yaml).okOrThrow(), reach);
  if (reach !== 'all')
    return { version, since: at.toISOString(), sha256: null, yaml: '', services, questions };
  return { version, since: at.toISOString(), sha256, yaml, services, questions };
}

/** The mistakes quote the text, which is told to nobody but who sees the whole state. */
function sendSurfaceError(reply: FastifyReply, error: SurfaceError, reach: Reach): FastifyReply {
  const told = reach === 'all' ? error.problems : [];
  const listed = told.map(({ line, reason, help }) => ({ line, message: `${reason}. ${help}` }));
  const detail = error.more > 0 ? `and ${error.more} more` : undefined;
  return reply
    .code(CONTACTS_ERRORS.SURFACE_REFUSED.status)
    .type('application/json; charset=utf-8')
    .send({ ...problemOf(CONTACTS_ERRORS.SURFACE_REFUSED, detail), problems: listed });
}

function sendStateError(
  reply: FastifyReply,
  { code, detail }: { code: string; detail: string },
): FastifyReply {
  const entry = Object.values(FLOW_ERRORS).find((one) => one.code === code) ?? FLOW_ERRORS.INTAKE_DISK_FULL;
  return sendProblem(reply.header('retry-after', '5'), entry, detail);
}
