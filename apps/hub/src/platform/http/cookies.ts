/**
 * The cookies that the hub gives (RFC 6265bis): of a session, and of a ceremony that has begun. No script reads them, no other
 * site has them sent along, and none is for another name. With TLS their names begin with `__Host-`, so that neither a
 * page of a neighbouring name nor one without TLS can plant one.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TICKET_LIFE } from '../auth/tickets.ts';
import { isTls } from './names.ts';

/** What a ticket is for: each ceremony has its own, so that two windows do not take each other's. */
export type TicketKind = 'sign-in' | 'enrol' | 'step-up' | 'directory';

/** The ticket leaves the browser when it works no longer. Seconds. */
const TICKET_MAX_AGE = TICKET_LIFE / 1000;

/** 256 bits are 43 characters; nothing longer is looked up. */
const LONGEST_SECRET = 512;

/** Gives the cookie of a session: for as long as the browser is open, since the hub knows by itself when it is over. */
export function setSession(reply: FastifyReply, secret: string): void {
  void reply.setCookie(sessionName(reply.request), secret, attributesOn(reply.request));
}

/** Takes the cookie of the session back. */
export function clearSession(reply: FastifyReply): void {
  void reply.clearCookie(sessionName(reply.request), attributesOn(reply.request));
}

/**
 * What the cookie of a session holds; undefined if none came along, or two: without TLS another program of this machine can
 * plant one, and nobody could tell in whose name something was done.
 */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  const name = sessionName(request);
  const times = (request.headers.cookie ?? '')
    .split(';')
    .filter((one) => one.split('=', 1)[0]!.trim() === name);
  return times.length === 1 ? bounded(request.cookies[name]) : undefined;
}

/** Gives a ticket. That of a directory comes back from the directory's page, so it may be sent along from there. */
export function setTicket(reply: FastifyReply, kind: TicketKind, ticket: string): void {
  void reply.setCookie(ticketName(reply.request, kind), ticket, {
    ...attributesOn(reply.request),
    ...sameSiteOf(kind),
    maxAge: TICKET_MAX_AGE,
  });
}

/** The ticket that came along; undefined if none did. */
export function ticketOf(request: FastifyRequest, kind: TicketKind): string | undefined {
  return bounded(request.cookies[ticketName(request, kind)]);
}

/** Takes a ticket back: it was used. */
export function clearTicket(reply: FastifyReply, kind: TicketKind): void {
  const attributes = { ...attributesOn(reply.request), ...sameSiteOf(kind) };
  void reply.clearCookie(ticketName(reply.request, kind), attributes);
}

function sessionName(request: FastifyRequest): string {
  return isTls(request) ? '__Host-bellwether' : 'bellwether-session';
}

function ticketName(request: FastifyRequest, kind: TicketKind): string {
  return `${isTls(request) ? '__Host-' : ''}bellwether-${kind}`;
}

function attributesOn(request: FastifyRequest): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isTls(request) };
}

function sameSiteOf(kind: TicketKind): CookieSerializeOptions {
  return { sameSite: kind === 'directory' ? 'lax' : 'strict' };
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text.length > LONGEST_SECRET ? undefined : text;
}
