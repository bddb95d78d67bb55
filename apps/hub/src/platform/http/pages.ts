/** The desk: its files, its addresses, and the way in with the token of `bellwether up`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Access } from './access.ts';
import { HTTP_ERRORS, type HttpError } from './errors.ts';
import { COOKIE } from './token.ts';

/** Addresses that the desk itself understands: each gets the one page. */
const DESK_ADDRESSES = [
  '/',
  '/contacts',
  '/sources/*',
  '/offices',
  '/offices/*',
  '/surface',
  '/incidents',
  '/incidents/*',
];

/** Files in here are named by their content: a year is as good as for ever. */
const HASHED = /[\\/]assets[\\/]/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Files with plain names are asked for anew, and are mostly the same (ETag). */
const ASK_AGAIN = 'no-cache';

/** Serves the desk from a folder. */
export function deskPages(app: FastifyInstance, access: Access, desk: string): void {
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
        if (address === '/' && token !== undefined) return signIn(access, String(token), reply);
        const credentials = access.credentialsOf(request);
        if (typeof credentials === 'object') return sendPage(reply, credentials);
        if (!existsSync(join(desk, 'index.html'))) {
          return sendPage(reply, { code: 'HTTP_DESK_MISSING', detail: '' });
        }
        return reply.sendFile('index.html');
      },
    );
  }
}

/** The token becomes a cookie, and leaves the address bar. */
function signIn(access: Access, token: string, reply: FastifyReply): FastifyReply {
  if (!access.isToken(token)) return sendPage(reply, access.wrongToken());
  return reply
    .setCookie(COOKIE, access.session, { path: '/', httpOnly: true, sameSite: 'strict' })
    .header('cache-control', 'no-store')
    .redirect('/', 303);
}

/** A failure as a person sees it who came with a browser. */
export function sendPage(reply: FastifyReply, { code }: HttpError): FastifyReply {
  const { status, message, help } = HTTP_ERRORS[code];
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
