/** Keys of programs that send lines or read blocks: who has them, a new one (its secret is told once), and an end for one. */
import { type KeyRow, KeysAnswer, MadeKey, NewKey, PeopleQuery, Reason } from '@bellwether/api';
import { Type } from 'typebox';
import type { KeyRecord, Keys } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendAuthError } from '../../platform/http/problem.ts';

/** What they need. */
export type KeysRoutesDependencies = { readonly keys: Keys };

const COMMON = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_NOT_YOURS,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

const CHANGING = [
  ...COMMON,
  HTTP_ERRORS.HTTP_CROSS_SITE,
  AUTH_ERRORS.AUTH_STEP_UP,
  AUTH_ERRORS.AUTH_TEXT_INVALID,
];

const KeyParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Makes them. */
export function keysRoutes({ keys }: KeysRoutesDependencies): Routes {
  return (app) => {
    app.get(
      '/keys',
      {
        config: {
          right: { verb: 'keys.read', of: 'reach', asked: ({ query }) => (query as PeopleQuery).place },
        },
        schema: {
          summary:
            'Keys of programs that send lines or read blocks, by place; those that were withdrawn are left out',
          tags: ['people'],
          querystring: closed(PeopleQuery),
          response: { 200: KeysAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach }) => ({ keys: (await keys.list(reach === 'all' ? 'all' : [...reach])).map(keyRow) }),
    );

    app.post(
      '/keys',
      {
        config: { right: { verb: 'keys.change', of: ({ body }) => (body as NewKey).place } },
        schema: {
          summary: 'Make a key for a program of a place',
          description: 'The answer is the only time that the key is shown.',
          tags: ['people'],
          body: closed(NewKey),
          response: { 200: MadeKey, ...problems(...CHANGING) },
        },
      },
      async (request, reply) => {
        const { place, name, bouncer } = request.body;
        const plain = plainText('name', name);
        if (plain.isErr()) return sendAuthError(reply, plain.error);
        void reply.header('cache-control', 'no-store');
        return await keys.makeKey(request.actor!, place, plain.value, request.from.address, bouncer);
      },
    );

    app.post(
      '/keys/:id/withdrawal',
      {
        config: { right: { verb: 'keys.change', of: 'reach' } },
        schema: {
          summary: 'Withdraw a key: it opens nothing within a second',
          tags: ['people'],
          params: KeyParams,
          body: closed(Reason),
          response: { 200: KeysAnswer, ...problems(...CHANGING, AUTH_ERRORS.AUTH_KEY_UNKNOWN) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const why = plainText('why', request.body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const place = await keys.placeOf(id);
        // One of another office is none at all for who may not see it: numbers are not to be tried.
        if (place === undefined || !contains(request.reach, place)) {
          return sendAuthError(reply, authError('AUTH_KEY_UNKNOWN', `There is no key ${id}.`));
        }
        const withdrawn = await keys.withdrawKey(request.actor!, id, why.value, request.from.address);
        if (withdrawn.isErr()) return sendAuthError(reply, withdrawn.error);
        return { keys: (await keys.list([place])).map(keyRow) };
      },
    );
  };
}

function keyRow({ id, place, name, madeBy, made, used, bouncer }: KeyRecord): KeyRow {
  return {
    id,
    place,
    name,
    madeBy,
    made: new Date(made).toISOString(),
    used: used === null ? null : new Date(used).toISOString(),
    ...(bouncer === null ? {} : { bouncer }),
  };
}
