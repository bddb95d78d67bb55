/** The public site: pages for whoever has no account, and the offline verifier to save. They hold no data and ask `/log/` for it. */
import fastifyStatic from '@fastify/static';
import type { Routes } from './app.ts';

/** Files with plain names are asked for anew, and are mostly the same (ETag). */
const ASK_AGAIN = 'no-cache';

/** Serves the folder of the built site under `/public/`. */
export function publicPages(folder: string): Routes {
  return (app) => {
    void app.register(fastifyStatic, {
      root: folder,
      prefix: '/public/',
      index: 'index.html',
      redirect: true,
      dotfiles: 'ignore',
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply) => {
        void reply.header('cache-control', ASK_AGAIN);
      },
      schemaHide: true,
    });
    app.get('/public', { schema: { hide: true } }, async (_request, reply) =>
      reply.redirect('/public/check/', 303),
    );
  };
}
