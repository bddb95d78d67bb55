/** Signing somebody else out: for a sign-in that may be in wrong hands, while the person keeps their access. */
import { Reason } from '@bellwether/api';
import { Type } from 'typebox';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { commonPlace } from '../../platform/auth/people-reading.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import { DONE, Done, SIGNED_IN_PROBLEMS } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';
import { changeablePerson } from './people-rights.ts';

/** What the sessions keep as the reason; the one that was given stands in the trail. */
const BY_SOMEBODY_ELSE = 'signed out by somebody else';

const Params = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) });

/** Makes it. */
export function signOutRoutes({ db, auth, now }: PeopleDependencies): Routes {
  return (app) => {
    app.post(
      '/people/:id/sign-out',
      {
        config: { right: { verb: 'people.change', of: 'reach' } },
        schema: {
          summary: 'Sign somebody out on all their devices; their passkeys and roles stay',
          tags: ['people'],
          params: Params,
          body: closed(Reason),
          response: {
            200: Done,
            ...problems(
              ...SIGNED_IN_PROBLEMS,
              AUTH_ERRORS.AUTH_STEP_UP,
              AUTH_ERRORS.AUTH_PERSON_UNKNOWN,
              AUTH_ERRORS.AUTH_TEXT_INVALID,
            ),
          },
        },
      },
      async (request, reply) => {
        const { actor, from, reach, params, body } = request;
        if (actor === null) return sendAuthError(reply, authError('AUTH_SIGNED_OUT', ''));
        const why = plainText('why', body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const person = await changeablePerson(auth.people, { actor, reach, now: now() }, params.id);
        if (person.isErr()) return sendAuthError(reply, person.error);
        await db.transaction().execute(async (tx) => {
          const ended = await auth.sessions.endAllOf(params.id, BY_SOMEBODY_ELSE, tx, actor);
          await auth.trail.add(tx, {
            who: actor,
            act: 'session.end-all',
            place: commonPlace(person.value.grants),
            about: `person:${params.id}`,
            why: why.value,
            after: { ended },
            origin: from.address,
          });
        });
        return DONE;
      },
    );
  };
}
