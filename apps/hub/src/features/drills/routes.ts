/** `/api/v1/drills`: the next drill, that it ran, and what was missed. */
import { DrawnDrill, DrillRan, DrillsAnswer, NewDrill } from '@bellwether/api';
import { Type } from 'typebox';
import { closed, DOOR_PROBLEMS, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { DrillsDependencies } from './dependencies.ts';
import { DRILL_RUN_ERRORS, drillEntry } from './errors.ts';
import { planDrill, recordRun } from './planning.ts';
import { drillsAnswer } from './scores.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

const DrillParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Makes them. */
export function drillsRoutes(dependencies: DrillsDependencies): Routes {
  const { db, trail, elections, now } = dependencies;
  return (app) => {
    app.get(
      '/drills',
      {
        config: { right: { verb: 'drills.read', of: 'reach' } },
        schema: {
          summary: 'What was missed when we tried ourselves, and how bad it can still be',
          description: 'A drill is told of when it is over; before that, nobody reads which one it is.',
          tags: ['drills'],
          response: { 200: DrillsAnswer, ...problems(...COMMON) },
        },
      },
      ({ reach }) => drillsAnswer(db, reach, { elections, now: now() }),
    );

    app.post(
      '/drills',
      {
        config: { right: { verb: 'drills.run', of: () => 'state' } },
        schema: {
          summary: 'Have the next drill drawn and sealed, and be told what to run',
          tags: ['drills'],
          body: closed(NewDrill),
          response: {
            200: DrawnDrill,
            ...problems(
              ...COMMON,
              DRILL_RUN_ERRORS.DRILL_PAUSED,
              DRILL_RUN_ERRORS.DRILL_NOT_DUE,
              DRILL_RUN_ERRORS.DRILL_OFFICE_UNKNOWN,
              DRILL_RUN_ERRORS.DRILL_KIND_UNKNOWN,
              DRILL_RUN_ERRORS.DRILL_SOURCE_KNOWN,
              DRILL_RUN_ERRORS.DRILL_UNKNOWN,
              DRILL_RUN_ERRORS.DRILL_NOT_SEALED,
            ),
          },
        },
      },
      async ({ body, actor, from }, reply) => {
        const { office, target, source, kind = null, repeats = null, whenDue = false } = body;
        const planned = await planDrill(dependencies, { office, target, source, kind, repeats, whenDue });
        if (planned.isErr()) return sendProblem(reply, drillEntry(planned.error), planned.error.detail);
        const { id, draw, settings, variation, seal, logged, kind: drawn } = planned.value;
        // That there was one, and not which: the trail is read by more people than may know before.
        await db.transaction().execute((tx) =>
          trail.add(tx, {
            who: actor!,
            act: 'drill.plan',
            place: 'state',
            about: `drill:${id}`,
            origin: from.address,
          }),
        );
        const told = { id, draw, kind: drawn, variation, target, source, seal, logged: logged! };
        return { ...told, settings: settings as DrawnDrill['settings'] };
      },
    );

    app.post(
      '/drills/:id/ran',
      {
        config: { right: { verb: 'drills.run', of: () => 'state' } },
        schema: {
          summary: 'Tell that a drill ran, and when',
          tags: ['drills'],
          params: DrillParams,
          body: closed(DrillRan),
          response: {
            204: Type.Null(),
            ...problems(...COMMON, DRILL_RUN_ERRORS.DRILL_UNKNOWN, DRILL_RUN_ERRORS.DRILL_TIMES_WRONG),
          },
        },
      },
      async ({ params, body }, reply) => {
        const times = { started: Date.parse(body.startedAt), ended: Date.parse(body.endedAt) };
        const taken = await recordRun(db, params.id, times, now());
        if (taken.isErr()) return sendProblem(reply, drillEntry(taken.error), taken.error.detail);
        return reply.code(204).send(null);
      },
    );
  };
}
