/**
 * Signing in with the directory of an office. A browser walks these by itself, so what goes wrong is told by the page
 * Sign in of the desk, by its code.
 */
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { Tickets } from '../../platform/auth/tickets.ts';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { clearTicket, setTicket, ticketOf } from '../../platform/http/cookies.ts';
import { isFromOurPages } from '../../platform/http/names.ts';
import { beginSession, OPEN_PROBLEMS } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';

/** A page of ours: what does not lead away from here. */
const OWN_PAGE = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,511}$/;

const DirectoryParams = Type.Object({ name: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }) });
const DirectoryQuery = Type.Object({ to: Type.Optional(Type.String({ maxLength: 512 })) });

/** Makes them. */
export function directoryRoutes(dependencies: PeopleDependencies): Routes {
  const { auth, now } = dependencies;
  /** Pages to be led to afterwards, by ticket. */
  const pages = new Tickets<string>(now);
  return (app) => {
    app.get(
      '/sign-in/oidc/:name',
      {
        config: { right: 'anybody' },
        schema: {
          summary: 'Leads the browser to the directory of an office',
          description: '`to`: the page to be led to afterwards.',
          tags: ['sign-in'],
          params: DirectoryParams,
          querystring: closed(DirectoryQuery),
          response: { 303: Type.Null(), ...problems(...OPEN_PROBLEMS) },
        },
      },
      async (request, reply) => {
        const { from, params, query } = request;
        // No page of somebody else signs people in unasked (OWASP ASVS 5.0.0, 7.6.2): they press the button here.
        if (!isFromOurPages(request)) return leadTo(reply, '/sign-in');
        if (!auth.limits.allow('directory', from)) return leadTo(reply, signInPage('AUTH_TOO_OFTEN'));
        const out = await auth.directories.leadOut(params.name, from);
        if (out.isErr()) return leadTo(reply, signInPage(out.error.code));
        const { url, ticket } = out.value;
        if (query.to !== undefined) pages.keepUnder(ticket, query.to, from);
        setTicket(reply, 'directory', ticket);
        return leadTo(reply, url);
      },
    );

    app.get(
      '/sign-in/oidc/:name/back',
      {
        config: { right: 'anybody' },
        schema: {
          summary:
            'Where the directory leads the browser back to: signed in, or to the page Sign in with the reason',
          tags: ['sign-in'],
          params: DirectoryParams,
          response: { 303: Type.Null(), ...problems(...OPEN_PROBLEMS) },
        },
      },
      async (request, reply) => {
        const { from, params } = request;
        const ticket = ticketOf(request, 'directory');
        clearTicket(reply, 'directory');
        if (ticket === undefined) return leadTo(reply, signInPage('AUTH_CEREMONY_OVER'));
        const page = pages.take(ticket, from) ?? '/';
        const url = new URL(request.url, from.origin);
        const back = await auth.directories.leadBack(params.name, url, ticket, from);
        if (back.isErr()) return leadTo(reply, signInPage(back.error.code));
        auth.limits.forgive('directory', from);
        const { person } = back.value;
        const how = `oidc:${params.name}` as const;
        await beginSession(dependencies, request, reply, { person, how, passkey: null });
        return leadTo(reply, OWN_PAGE.test(page) ? page : '/');
      },
    );
  };
}

function signInPage(code: string): string {
  return `/sign-in?why=${code}`;
}

function leadTo(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(url, 303);
}
