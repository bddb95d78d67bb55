/** The desk: its files, its addresses, and the way in with the token of `bellwether up`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Auth } from '../auth/auth-types.ts';
import type { Credentials, Refusal } from './credentials.ts';
import { isTls } from './names.ts';
import { entryOf } from './problem.ts';
import { COOKIE } from './token.ts';

/** Addresses that the desk itself understands: each gets the one page. */
const DESK_ADDRESSES = [
  '/',
  '/contacts',
  '/sources/*',
  '/offices',
  '/offices/*',
  '/blocks',
  '/agents',
  '/appeals',
  '/drills',
  '/mail',
  '/mail/*',
  '/surface',
  '/incidents',
  '/incidents/*',
  '/sign-in',
  '/code',
  '/set-up',
  '/set-up/*',
  '/people',
  '/people/*',
  '/own',
  '/visits',
  '/keys/*',
  '/trail',
  '/rolls',
  '/rolls/*',
  '/sheets',
  '/sheets/*',
  '/evidence',
  '/evidence/*',
];

/** Files in here are named by their content: a year is as good as for ever. */
const HASHED = /[\\/]assets[\\/]/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Files with plain names are asked for anew, and are mostly the same (ETag). */
const ASK_AGAIN = 'no-cache';

/** What the pages stand on. */
export type PagesDependencies = {
  readonly credentials: Credentials;
  readonly auth: Pick<Auth, 'isAlone'>;
  /** Folder of the built desk. */
  readonly desk: string;
};

/** Serves the desk to whoever asks: its pages hold no data, and ask the API for it. */
export function deskPages(app: FastifyInstance, { credentials, auth, desk }: PagesDependencies): void {
  void app.register(fastifyStatic, {
    root: desk,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', HASHED.test(path) ? FOR_EVER : ASK_AGAIN);
    },
    schemaHide: true,
  });
  for (const address of DESK_ADDRESSES) {
    app.get<{ Querystring: { token?: unknown } }>(
      address,
      { schema: { hide: true } },
      async (request, reply) => {
        const { token } = request.query;
        if (address === '/' && token !== undefined) {
          const checked = credentials.checkToken(String(token), request);
          if (checked.isErr()) return sendPage(reply, checked.error);
          return leadIn(credentials, auth.isAlone(), reply);
        }
        if (!existsSync(join(desk, 'index.html'))) {
          return sendPage(reply, { code: 'HTTP_DESK_MISSING', detail: '' });
        }
        return reply.sendFile('index.html');
      },
    );
  }
}

/** The token leaves the address bar. Before there is an administrator it becomes a cookie; afterwards it signs nobody in. */
function leadIn(credentials: Credentials, isAlone: boolean, reply: FastifyReply): FastifyReply {
  void reply.header('cache-control', 'no-store');
  if (!isAlone) return reply.redirect('/sign-in', 303);
  return reply
    .setCookie(COOKIE, credentials.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isTls(reply.request),
    })
    .redirect('/', 303);
}

/** A failure as a person sees it who came with a browser. */
export function sendPage(reply: FastifyReply, { code }: Refusal): FastifyReply {
  const { status, message, help } = entryOf(code);
  const text = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bellwether</title></head>
<body>
<main>
<h1>${escaped(message)}</h1>
<p>${escaped(help)}</p>
<p><small>${code}</small></p>
</main>
</body>
</html>
`;
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text);
}

/** Texts of the catalogue are ours, and yet. Code in them stands between backticks. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}
