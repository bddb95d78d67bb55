/** The history of contacts, as pages and as CSV, and what is known of one source. */
import { Readable } from 'node:stream';
import { ContactsAnswer, ContactsQuery, SourceAnswer } from '@bellwether/api';
import { parseCidr } from '@bellwether/basics';
import { scannerOf } from '@bellwether/contacts';
import { parseSurface } from '@bellwether/contacts/surface';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Reach } from '../../platform/auth/rights.ts';
import { HISTORY_ERRORS, HistoryUnreadable } from '../../platform/history/errors.ts';
import type { HistoryError } from '../../platform/history/history-types.ts';
import { closed, DOOR_PROBLEMS, type HttpApp, problems } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { WatchDependencies } from './dependencies.ts';
import { DESK_ERRORS } from './errors.ts';
import { decisionsAbout } from './store-decisions.ts';
import { drillsFrom, withDrills } from './store-drills.ts';
import { type SourceName, sourceNamed, sparedBy } from './store-networks.ts';
import { newestSurface } from './store-surface.ts';

/** Points of a walk: as many as a chart of a screen's width can show. */
const WALK_POINTS = 2000;

/** Seconds after which a search that found no room is worth trying again. */
const RETRY_SOON = '2';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, ...Object.values(HISTORY_ERRORS)];

/** A whole file has no pages. */
const { limit: _limit, cursor: _cursor, ...csvFilters } = ContactsQuery.properties;
const CsvQuery = closed(Type.Object(csvFilters));

const SourceParams = Type.Object({ address: Type.String({ maxLength: 64 }) });

/** Adds them. */
export function historyRoutes(app: HttpApp, dependencies: WatchDependencies): void {
  const { db, search, now } = dependencies;
  app.get(
    '/contacts',
    {
      config: {
        right: {
          verb: 'contacts.read',
          of: 'reach',
          asked: ({ query }) => (query as ContactsQuery).authority,
        },
      },
      schema: {
        summary: 'Search the history of contacts, the newest first',
        tags: ['watch'],
        querystring: closed(ContactsQuery),
        response: { 200: ContactsAnswer, ...problems(...COMMON, HTTP_ERRORS.HTTP_DATABASE_AWAY) },
      },
    },
    async (request, reply) => {
      const began = performance.now();
      const found = await search.search(request.query, request.reach);
      if (found.isErr()) return sendHistoryError(reply, found.error);
      const { contacts, next, total, unreadable } = found.value;
      const labelled = await withDrills(db, contacts, request.reach);
      const millis = Math.round(performance.now() - began);
      return { contacts: labelled, next, total, unreadable: [...unreadable], millis };
    },
  );

  app.get(
    '/contacts.csv',
    {
      config: {
        right: {
          verb: 'contacts.export',
          of: 'reach',
          asked: ({ query }) => (query as ContactsQuery).authority,
        },
      },
      schema: {
        summary: 'All contacts that match, as CSV',
        tags: ['watch'],
        produces: ['text/csv'],
        querystring: CsvQuery,
        response: { 200: Type.Unsafe<string | Readable>({ type: 'string' }), ...problems(...COMMON) },
      },
    },
    async (request, reply) => {
      const chunks = search.csv(request.query, request.reach);
      let first: IteratorResult<string>;
      try {
        first = await chunks.next();
      } catch (error) {
        if (error instanceof HistoryUnreadable) return sendHistoryError(reply, error.problem);
        throw error;
      }
      const day = new Date(now()).toISOString().slice(0, 10);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="contacts-${day}.csv"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(following(first, chunks)));
    },
  );

  app.get(
    '/sources/:address',
    {
      config: { right: { verb: 'sources.read', of: 'reach' } },
      schema: {
        summary: 'One source: what it did, what is thought of it and why',
        tags: ['watch'],
        params: SourceParams,
        response: {
          200: SourceAnswer,
          ...problems(...COMMON, HTTP_ERRORS.HTTP_DATABASE_AWAY, DESK_ERRORS.DESK_SOURCE_INVALID),
        },
      },
    },
    async (request, reply) => {
      const source = sourceNamed(request.params.address);
      if (source === undefined) {
        return sendProblem(reply, DESK_ERRORS.DESK_SOURCE_INVALID, `it says ${request.params.address}`);
      }
      try {
        return await sourceAnswer(dependencies, source, request.reach);
      } catch (error) {
        if (error instanceof HistoryUnreadable) return sendHistoryError(reply, error.problem);
        throw error;
      }
    },
  );
}

async function sourceAnswer(
  { db, search, sourceOf, scanners, thresholds }: WatchDependencies,
  source: SourceName,
  reach: Reach,
): Promise<SourceAnswer> {
  const [live, rows, found, decisions, drills, surface] = await Promise.all([
    sourceOf(source.address),
    search.walk(source.name, WALK_POINTS, reach),
    search.search({ source: source.name, limit: 1 }, reach),
    decisionsAbout(db, source.name, reach),
    drillsFrom(db, [source.name], reach),
    newestSurface(db),
  ]);
  if (found.isErr()) throw new HistoryUnreadable(found.error);
  const stated = surface === undefined ? undefined : parseSurface(surface.yaml).unwrapOr(undefined);
  const scanner = scannerOf(scanners, parseCidr(source.name).okOrThrow());
  const dated = rows.flatMap(({ time, ...row }) => (time === null ? [] : [{ ...row, time }]));
  const seesAll = reach === 'all';
  const targets = new Set(rows.map(({ destination, sensor, port }) => `${destination ?? sensor} ${port}`));
  return {
    source: source.name,
    verdict: live?.verdict ?? 'unknown',
    campaign: seesAll ? (live?.campaign ?? null) : null,
    first: dated[0]?.time ?? null,
    last: found.value.contacts[0]?.time ?? dated.at(-1)?.time ?? null,
    contacts: found.value.total,
    // The judge remembers the targets of those it suspects; of others, what their contacts tell.
    targets: Math.max(seesAll ? (live?.targets ?? 0) : 0, targets.size),
    offices: new Set(rows.map(({ authority }) => authority)).size,
    spared: stated === undefined ? null : sparedBy(stated, source),
    scanner: scanner === null ? null : { name: scanner.name, version: scanner.version },
    drills: [...(drills.get(source.name) ?? [])],
    decisions,
    thresholds,
    walk: dated.map(
      ({ time, stake, disposition, rule, authority, sensor, destination, port, line, units }) => ({
        time,
        stake,
        disposition,
        rule,
        authority,
        sensor,
        destination,
        port,
        line,
        units,
      }),
    ),
  };
}

function sendHistoryError(reply: FastifyReply, { code, detail }: HistoryError): FastifyReply {
  const entry = HISTORY_ERRORS[code];
  if (entry.status === 503) void reply.header('retry-after', RETRY_SOON);
  return sendProblem(reply, entry, detail);
}

/** What was taken from the chunks already, and then the others; ends them when nobody reads any more. */
async function* following(
  first: IteratorResult<string>,
  chunks: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* chunks;
}
