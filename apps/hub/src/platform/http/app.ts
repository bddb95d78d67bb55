/** What a room gets to add its routes to: fastify, with types taken from the schemas of the routes. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Problem } from '@bellwether/api';
import type { ErrorEntry } from '@bellwether/basics';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type TObject, type TProperties, Type } from 'typebox';
import { AUTH_ERRORS } from '../auth/errors.ts';
import { HTTP_ERRORS } from './errors.ts';

/** The server while routes are added. */
export type HttpApp = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Adds the routes of a room. Each says its right in `config.right`: the door asks for it before a handler sees the request. */
export type Routes = (app: HttpApp) => void;

/** A schema that refuses what it does not name: a misspelled filter would be believed to filter. */
export function closed<T extends TProperties>(schema: TObject<T>): TObject<T> {
  return Type.Object(schema.properties, { additionalProperties: false });
}

/** What the door may answer before a route is asked. */
export const DOOR_PROBLEMS: readonly ErrorEntry[] = [
  HTTP_ERRORS.HTTP_TOKEN_MISSING,
  HTTP_ERRORS.HTTP_TOKEN_WRONG,
  HTTP_ERRORS.HTTP_TOKEN_TOO_OFTEN,
  HTTP_ERRORS.HTTP_CROSS_SITE,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_SESSION_IDLE,
  AUTH_ERRORS.AUTH_SESSION_OVER,
  AUTH_ERRORS.AUTH_SESSION_ELSEWHERE,
  AUTH_ERRORS.AUTH_SESSION_ENDED,
  AUTH_ERRORS.AUTH_NOT_YOURS,
];

/** What a route may answer beside its success, for the document: by status, with the codes. */
export function problems(...entries: readonly ErrorEntry[]): Readonly<Record<number, typeof Problem>> {
  const byStatus = new Map<number, ErrorEntry[]>();
  for (const entry of entries) byStatus.set(entry.status, [...(byStatus.get(entry.status) ?? []), entry]);
  return Object.fromEntries(
    [...byStatus].map(([status, all]) => {
      const description = all.map(({ code, message }) => `\`${code}\`: ${message}`).join('\n\n');
      return [status, Type.Object(Problem.properties, { description })];
    }),
  );
}
