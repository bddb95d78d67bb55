/** The first run, step by step: what the state is called, its first administrator, its offices, HTTPS, the sample state. */
import { PhoneCode, SetUpAnswer, SetUpHttps, SetUpOffices, SetUpSample, SetUpState } from '@bellwether/api';
import { zoneNamed } from '@bellwether/contacts';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { reachOf } from '../../platform/auth/rights.ts';
import { USUAL_ZONE } from '../../platform/config.ts';
import { changeConfig } from '../../platform/config-file.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { RouteRight } from '../../platform/http/right.ts';
import type { HttpsConfig } from '../../platform/tls/tls-types.ts';
import { administratorRoutes } from './administrator.ts';
import { CONFIGURES, SET_UP_COMMON, sendSetUpError } from './answers.ts';
import type { SetUpDependencies } from './dependencies.ts';
import { SET_UP_ERRORS } from './errors.ts';
import { httpsOf } from './https-choice.ts';
import { parseOffices } from './office-list.ts';
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

async function overviewOf({ db, auth, config, https }: SetUpDependencies): Promise<SetUpAnswer> {
  const [state, offices, decided, kept, sample, count] = await Promise.all([
    factOf(db, 'state'),
    factOf(db, 'offices'),
    factOf(db, 'https-decided'),
    factOf(db, 'sample-kept'),
    db.selectFrom('facts').select('name').where('name', '=', 'sample').executeTakeFirst(),
    countOffices(db),
  ]);
  return {
    steps: [
      { step: 'state', done: state !== undefined },
      { step: 'administrator', done: !auth.isAlone() },
      { step: 'offices', done: offices !== undefined },
      { step: 'https', done: decided === true || config.https !== undefined },
      { step: 'sample', done: sample === undefined || kept === true },
    ],
    state: { name: state?.name ?? null, zone: config.zone ?? USUAL_ZONE },
    offices: count,
    sample: sample !== undefined,
    https: https(),
  };
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

function httpsRoutes(app: HttpApp, dependencies: SetUpDependencies): void {
  const { db, auth, config, configPath, checkHttps, restart } = dependencies;
  app.put(
    '/set-up/https',
    {
      config: { right: CONFIGURES },
      schema: {
        summary: 'How the hub is reached from other computers; starts the hub again',
        tags: ['set-up'],
        body: closed(SetUpHttps),
        response: {
          200: SetUpAnswer,
          ...problems(
            ...SET_UP_COMMON,
            SET_UP_ERRORS.SET_UP_HTTPS_INVALID,
            SET_UP_ERRORS.SET_UP_CONFIG_UNWRITABLE,
          ),
        },
      },
    },
    async (request, reply) => {
      const wanted = httpsOf(request.body);
      if (wanted.isErr()) return sendSetUpError(reply, wanted.error);
      const after: HttpsConfig | undefined = wanted.value;
      if (after !== undefined) {
        const checked = await checkHttps(after);
        if (checked.isErr()) {
          return sendProblem(
            reply,
            SET_UP_ERRORS.SET_UP_HTTPS_INVALID,
            `${checked.error.code}: ${checked.error.detail}`,
          );
        }
      }
      const changed = changeConfig(configPath, { https: after });
      if (changed.isErr()) {
        const code =
          changed.error.code === 'CONFIG_INVALID' ? 'SET_UP_HTTPS_INVALID' : 'SET_UP_CONFIG_UNWRITABLE';
        return sendProblem(reply, SET_UP_ERRORS[code], changed.error.detail);
      }
      await db.transaction().execute(async (tx) => {
        await setFact(tx, 'https-decided', true);
        await auth.trail.add(tx, {
          who: request.actor!,
          act: 'https.configured',
          place: 'state',
          about: 'https',
          before: config.https ?? null,
          after: after ?? null,
          origin: request.from.address,
        });
      });
      if (after !== undefined || config.https !== undefined) restart();
      return await overviewOf(dependencies);
    },
  );

  app.post(
    '/set-up/https/code',
    {
      config: { right: CONFIGURES },
      schema: {
        summary:
          'A code for a passkey of your own under the name of the hub: those of localhost do not work there',
        tags: ['set-up'],
        response: { 200: PhoneCode, ...problems(...SET_UP_COMMON, AUTH_ERRORS.AUTH_PERSON_STATE) },
      },
    },
    async (request, reply) => {
      const { actor, from } = request;
      if (actor?.kind !== 'person') {
        return sendAuthError(reply, authError('AUTH_PERSON_STATE', 'only a person has passkeys'));
      }
      const made = await auth.people.newCode(actor, actor.person, 'passkey', from.address);
      if (made.isErr()) return sendAuthError(reply, made.error);
      return { person: actor.person, code: made.value.code, until: new Date(made.value.until).toISOString() };
    },
  );
}

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
