/** The first run, step by step: what the state is called, its first administrator, its offices, HTTPS, the sample state. */
import { SetUpAnswer, SetUpOffices, SetUpSample, SetUpState } from '@bellwether/api';
import { zoneNamed } from '@bellwether/contacts';
import { authError } from '../../platform/auth/errors.ts';
import { reachOf } from '../../platform/auth/rights.ts';
import { USUAL_ZONE } from '../../platform/config.ts';
import { changeConfig } from '../../platform/config-file.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { RouteRight } from '../../platform/http/right.ts';
import { administratorRoutes } from './administrator.ts';
import { CONFIGURES, SET_UP_COMMON, sendSetUpError } from './answers.ts';
import type { SetUpDependencies } from './dependencies.ts';
import { SET_UP_ERRORS } from './errors.ts';
import { httpsRoutes } from './https.ts';
import { parseOffices } from './office-list.ts';
import { overviewOf } from './overview.ts';
import { countOffices, factOf, replaceOffices, setFact } from './store.ts';

const CLEARS: RouteRight = { verb: 'sample.clear', of: () => 'state' };

/** Makes them; `createServer` puts them under /api/v1. */
export function setUpRoutes(dependencies: SetUpDependencies): Routes {
  return (app) => {
    overviewRoute(app, dependencies);
    stateRoute(app, dependencies);
    administratorRoutes(app, dependencies);
    officesRoute(app, dependencies);
    httpsRoutes(app, dependencies);
    sampleRoute(app, dependencies);
  };
}

function overviewRoute(app: HttpApp, dependencies: SetUpDependencies): void {
  app.get(
    '/set-up',
    {
      // Reading it needs no passkey again, as changing it does.
      config: { right: 'anybody' },
      schema: {
        summary: 'What of the set-up is done',
        tags: ['set-up'],
        response: { 200: SetUpAnswer, ...problems(...SET_UP_COMMON) },
      },
    },
    async (request, reply) => {
      const { actor } = request;
      if (actor === null || reachOf(actor, 'state.configure', dependencies.now()) !== 'all') {
        const code = actor === null ? 'AUTH_SIGNED_OUT' : 'AUTH_NOT_YOURS';
        return sendAuthError(reply, authError(code, 'the set-up is for administrators'));
      }
      return await overviewOf(dependencies);
    },
  );
}

function stateRoute(app: HttpApp, dependencies: SetUpDependencies): void {
  const { db, auth, config, configPath, restart } = dependencies;
  app.put(
    '/set-up/state',
    {
      config: { right: CONFIGURES },
      schema: {
        summary: 'What the state is called, and its time zone; another zone starts the hub again',
        tags: ['set-up'],
        body: closed(SetUpState),
        response: {
          200: SetUpAnswer,
          ...problems(
            ...SET_UP_COMMON,
            SET_UP_ERRORS.SET_UP_ZONE_UNKNOWN,
            SET_UP_ERRORS.SET_UP_CONFIG_UNWRITABLE,
          ),
        },
      },
    },
    async (request, reply) => {
      const { zone } = request.body;
      const name = request.body.name.normalize('NFC').trim();
      if (/\p{Cc}/u.test(name) || name.length < 2) {
        return sendProblem(
          reply,
          HTTP_ERRORS.HTTP_REQUEST_INVALID,
          'the name holds characters that cannot be shown',
        );
      }
      if (zoneNamed(zone) === undefined) {
        return sendProblem(reply, SET_UP_ERRORS.SET_UP_ZONE_UNKNOWN, `it says ${zone}`);
      }
      const before = { name: (await factOf(db, 'state'))?.name ?? null, zone: config.zone ?? USUAL_ZONE };
      if (zone !== before.zone) {
        const changed = changeConfig(configPath, { zone });
        if (changed.isErr()) {
          return sendProblem(reply, SET_UP_ERRORS.SET_UP_CONFIG_UNWRITABLE, changed.error.detail);
        }
      }
      await db.transaction().execute(async (tx) => {
        await setFact(tx, 'state', { name });
        await auth.trail.add(tx, {
          who: request.actor!,
          act: 'state.named',
          place: 'state',
          about: 'state',
          before,
          after: { name, zone },
          origin: request.from.address,
        });
      });
      if (zone !== before.zone) restart();
      return await overviewOf(dependencies);
    },
  );
}

function officesRoute(app: HttpApp, dependencies: SetUpDependencies): void {
  const { db, auth, restart } = dependencies;
  app.put(
    '/set-up/offices',
    {
      config: { right: CONFIGURES },
      bodyLimit: LARGEST_LIST,
      schema: {
        summary:
          'The offices of the state: a list, or the one that is there; another list starts the hub again',
        tags: ['set-up'],
        body: closed(SetUpOffices),
        response: {
          200: SetUpAnswer,
          ...problems(
            ...SET_UP_COMMON,
            SET_UP_ERRORS.SET_UP_OFFICES_INVALID,
            SET_UP_ERRORS.SET_UP_OFFICES_IN_USE,
          ),
        },
      },
    },
    async (request, reply) => {
      const { csv, keep } = request.body;
      const listed = keep === true ? undefined : parseOffices(csv);
      if (listed?.isErr()) return sendSetUpError(reply, listed.error);
      const before = await countOffices(db);
      const refused = await db.transaction().execute(async (tx) => {
        if (listed?.isOk()) {
          const replaced = await replaceOffices(tx, listed.value);
          if (replaced.isErr()) return replaced.error;
        }
        const count = listed?.isOk() ? listed.value.length : before;
        await setFact(tx, 'offices', { count });
        await auth.trail.add(tx, {
          who: request.actor!,
          act: listed === undefined ? 'offices.kept' : 'offices.replaced',
          place: 'state',
          about: 'offices',
          before: { count: before },
          after: { count },
          origin: request.from.address,
        });
        return undefined;
      });
      if (refused !== undefined) return sendSetUpError(reply, refused);
      // The ways in know the offices from the start on.
      if (listed !== undefined) restart();
      return await overviewOf(dependencies);
    },
  );
}

/** A list of 5,000 offices with all columns, as JSON. */
const LARGEST_LIST = 1_310_720;

function sampleRoute(app: HttpApp, dependencies: SetUpDependencies): void {
  const { db, auth, clearSample, restart } = dependencies;
  app.post(
    '/set-up/sample',
    {
      config: { right: CLEARS },
      schema: {
        summary:
          'Keep the sample state, or take it out with everything that lines left behind; then the hub starts again',
        tags: ['set-up'],
        body: closed(SetUpSample),
        response: { 200: SetUpAnswer, ...problems(...SET_UP_COMMON, SET_UP_ERRORS.SET_UP_NO_SAMPLE) },
      },
    },
    async (request, reply) => {
      const sample = await db
        .selectFrom('facts')
        .select('value')
        .where('name', '=', 'sample')
        .executeTakeFirst();
      if (sample === undefined) return sendProblem(reply, SET_UP_ERRORS.SET_UP_NO_SAMPLE);
      const isCleared = request.body.sample === 'clear';
      await db.transaction().execute(async (tx) => {
        if (!isCleared) await setFact(tx, 'sample-kept', true);
        await auth.trail.add(tx, {
          who: request.actor!,
          act: isCleared ? 'sample.cleared' : 'sample.kept',
          place: 'state',
          about: 'sample',
          origin: request.from.address,
        });
      });
      if (isCleared) {
        clearSample();
        restart();
      }
      return await overviewOf(dependencies);
    },
  );
}
