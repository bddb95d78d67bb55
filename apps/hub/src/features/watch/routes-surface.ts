/** The surface: read it, state another one, answer what it leaves open. */
import { Problem, SurfaceAnswer, SurfaceChange, SurfaceProblems, SurfaceReply } from '@bellwether/api';
import { CONTACTS_ERRORS } from '@bellwether/contacts';
import { parseSurface, type SurfaceError } from '@bellwether/contacts/surface';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { FLOW_ERRORS } from '../../flow/errors.ts';
import { closed, type HttpApp, problems } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { problemOf, sendProblem } from '../../platform/http/problem.ts';
import type { WatchDependencies } from './dependencies.ts';
import { DESK_ERRORS } from './errors.ts';
import { tellDesks } from './routes-live.ts';
import { changeIncident } from './store-incidents.ts';
import { newestSurface, servicesOf, surfaceQuestions, withService } from './store-surface.ts';

const COMMON = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_TOKEN_MISSING,
  HTTP_ERRORS.HTTP_TOKEN_WRONG,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

const CHANGING = [...COMMON, HTTP_ERRORS.HTTP_CROSS_SITE, FLOW_ERRORS.INTAKE_DISK_FULL];

/** A problem that lists the mistakes by line. */
const ProblemByLine = Type.Object(
  { ...Problem.properties, ...SurfaceProblems.properties },
  { description: `\`SURFACE_REFUSED\`: ${CONTACTS_ERRORS.SURFACE_REFUSED.message}` },
);

/** Adds them. */
export function surfaceRoutes(app: HttpApp, dependencies: WatchDependencies): void {
  const { db, live, now } = dependencies;
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
    async () => await surfaceAnswer(dependencies),
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
        if (parsed.isErr()) return sendSurfaceError(reply, parsed.error);
        return await state(dependencies, yaml, reply);
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
        const question = (await surfaceQuestions(db)).find((one) => one.key === key);
        if (question === undefined) return sendProblem(reply, DESK_ERRORS.DESK_QUESTION_UNKNOWN, key);
        if (answer === 'not-ours') {
          return await close(dependencies, question.incident, note ?? 'not ours', reply);
        }
        const called = name?.trim() ?? '';
        if (called === '') return sendProblem(reply, DESK_ERRORS.DESK_NAME_MISSING);
        const before = await newestSurface(db);
        const changed = withService(before?.yaml ?? '', question, called, answer);
        if (changed.isErr()) return sendSurfaceError(reply, changed.error);
        const stated = await dependencies.stateSurface(changed.value);
        if (stated.isErr()) return sendStateError(reply, stated.error);
        return await close(dependencies, question.incident, note ?? `listed as ${called}, ${answer}`, reply);
      }),
  );

  async function close(
    { db: records }: WatchDependencies,
    incident: number,
    note: string,
    reply: FastifyReply,
  ): Promise<SurfaceAnswer | FastifyReply> {
    const closedNow = await changeIncident(records, incident, { state: 'closed', note }, now());
    if (closedNow.isErr()) return sendProblem(reply, DESK_ERRORS[closedNow.error.code]);
    tellDesks(live, ['surface', 'incidents'], now());
    return await surfaceAnswer(dependencies);
  }
}

async function state(
  dependencies: WatchDependencies,
  yaml: string,
  reply: FastifyReply,
): Promise<SurfaceAnswer | FastifyReply> {
  const { live, now, stateSurface } = dependencies;
  const stated = await stateSurface(yaml);
  if (stated.isErr()) return sendStateError(reply, stated.error);
  tellDesks(live, ['surface'], now());
  return await surfaceAnswer(dependencies);
}

async function surfaceAnswer({ db }: WatchDependencies): Promise<SurfaceAnswer> {
  const newest = await newestSurface(db);
  const questions = (await surfaceQuestions(db)).map(
    ({ incident: _, protocol: __, ...question }) => question,
  );
  if (newest === undefined)
    return { version: 0, since: null, sha256: null, yaml: '', services: [], questions };
  const { version, at, sha256, yaml } = newest;
  // It was checked before it was kept.
  const services = servicesOf(parseSurface(yaml).okOrThrow());
  return { version, since: at.toISOString(), sha256, yaml, services, questions };
}

function sendSurfaceError(reply: FastifyReply, error: SurfaceError): FastifyReply {
  const listed = error.problems.map(({ line, reason, help }) => ({ line, message: `${reason}. ${help}` }));
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
