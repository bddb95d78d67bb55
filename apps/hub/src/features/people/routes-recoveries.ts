/** Administrators who lost every passkey: another one agrees, and reads them a code, or refuses. */
import { PhoneCode, RecoveryDecision, type RecoveryRow } from '@bellwether/api';
import { Type } from 'typebox';
import type { Recovery } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import { phoneCode, SIGNED_IN_PROBLEMS } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';

const RecoveryParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Makes them. They are listed with the people. */
export function recoveryRoutes({ auth }: PeopleDependencies): Routes {
  return (app) => {
    app.post(
      '/recoveries/:id',
      {
        config: { right: { verb: 'people.recover', of: () => 'state' } },
        schema: {
          summary: 'Agree to the recovery of another administrator, or refuse it',
          description: 'Agreed, the answer is the code to be read to them, shown once; refused, it is null.',
          tags: ['people'],
          params: RecoveryParams,
          body: closed(RecoveryDecision),
          response: {
            200: Type.Union([PhoneCode, Type.Null()]),
            ...problems(...SIGNED_IN_PROBLEMS, AUTH_ERRORS.AUTH_STEP_UP, AUTH_ERRORS.AUTH_PERSON_STATE),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { actor, from, body } = request;
        const asked = (await auth.recovery.waiting()).find((one) => one.id === id);
        if (actor === null || asked === undefined) {
          return sendAuthError(
            reply,
            authError('AUTH_PERSON_STATE', 'It was decided before, or a day has passed.'),
          );
        }
        const decided = await auth.recovery.decideRecovery(actor, id, body.approved, from.address);
        if (decided.isErr()) return sendAuthError(reply, decided.error);
        void reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
        // The text, since fastify would send nothing at all for a null.
        if (decided.value === null) return reply.send('null' as unknown as null);
        return phoneCode(asked.person, decided.value);
      },
    );
  };
}

/** One that waits, as it is listed. */
export function recoveryRow({ id, person, name, asked, from, until }: Waiting): RecoveryRow {
  return {
    id,
    person,
    name,
    asked: new Date(asked).toISOString(),
    from,
    until: new Date(until).toISOString(),
  };
}

type Waiting = Awaited<ReturnType<Recovery['waiting']>>[number];
