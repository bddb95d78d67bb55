/** How the hub is reached from elsewhere: chosen in the browser, written into the configuration, in force from a start on. */
import { PhoneCode, SetUpAnswer, SetUpHttps } from '@bellwether/api';
import { Type } from 'typebox';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { changeConfig } from '../../platform/config-file.ts';
import { closed, type HttpApp, problems } from '../../platform/http/app.ts';
import { sendAuthError, sendProblem } from '../../platform/http/problem.ts';
import type { HttpsConfig } from '../../platform/tls/tls-types.ts';
import { CONFIGURES, SET_UP_COMMON, sendSetUpError } from './answers.ts';
import type { SetUpDependencies } from './dependencies.ts';
import { SET_UP_ERRORS } from './errors.ts';
import { httpsOf } from './https-choice.ts';
import { overviewOf } from './overview.ts';
import { setFact } from './store.ts';

/** Adds them. */
export function httpsRoutes(app: HttpApp, dependencies: SetUpDependencies): void {
  const { db, auth, config, configPath, ownAuthority, checkHttps, restart } = dependencies;
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

  app.get(
    '/set-up/https/ca.pem',
    {
      // It is handed to everybody who connects, and secret to nobody; who trusts it compares the fingerprint first.
      config: { right: 'anybody' },
      schema: {
        summary: 'Certificate of the own small CA of the hub, to be trusted on other computers',
        tags: ['set-up'],
        produces: ['application/x-pem-file'],
        response: {
          200: Type.Unsafe<string>({ type: 'string' }),
          ...problems(SET_UP_ERRORS.SET_UP_NO_AUTHORITY),
        },
      },
    },
    async (_request, reply) => {
      const authority = ownAuthority();
      if (authority === null) return sendProblem(reply, SET_UP_ERRORS.SET_UP_NO_AUTHORITY);
      return reply
        .type('application/x-pem-file')
        .header('content-disposition', 'attachment; filename="bellwether-ca.pem"')
        .send(authority);
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
