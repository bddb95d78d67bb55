/**
 * `/v1/decisions` and `/v1/decisions/stream`: what bouncers of CrowdSec ask. The first is one question about one visitor, the
 * second everything, then what changed. A bouncer's place in the stream moves when its answer was written to the end, so that who
 * was cut off is told again.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpApp } from '../../../platform/http/app.ts';
import type { BlockBook } from './block-book.ts';
import type { Entry } from './block-view.ts';
import type { BouncerActor, BouncerDoor } from './bouncer-door.ts';
import { type BouncerViews, type CurrentView, takesOf } from './bouncer-views.ts';
import { asksFor, entriesAbout, narrows, type Question, questionOf } from './decision-filters.ts';
import { decisionsText, endedText } from './decision-text.ts';
import { sendMessage, sendNoBouncer } from './lapi-answers.ts';

/** What they need. `now`: ms since 1970. */
export type DecisionsRoutesDependencies = {
  readonly door: BouncerDoor;
  readonly book: BlockBook;
  readonly views: BouncerViews;
  readonly now: () => number;
};

/**
 * An hour, ms: who lost its place (the hub was started anew) is told to drop and take again what was decided within it, since its
 * set may hold it with an earlier end, and some sets do not take a later one for what they hold.
 */
const TAKEN_AGAIN = 3_600_000;

/** Says how many entries were left out. */
const LEFT_OUT = 'bellwether-left-out';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Adds them. */
export function addDecisionsRoutes(app: HttpApp, dependencies: DecisionsRoutesDependencies): void {
  const { door } = dependencies;
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/decisions',
    handler: async (request, reply) => {
      const bouncer = await door(request);
      if (bouncer.isErr()) return sendNoBouncer(reply, bouncer.error);
      if (request.method === 'HEAD') return reply.type(JSON_TYPE).send('');
      return await answerQuestion(request, reply, bouncer.value, dependencies);
    },
  });
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/decisions/stream',
    handler: async (request, reply) => {
      const bouncer = await door(request);
      if (bouncer.isErr()) return sendNoBouncer(reply, bouncer.error);
      if (request.method === 'HEAD') return reply.type(JSON_TYPE).send('');
      return await answerStream(request, reply, bouncer.value, dependencies);
    },
  });
}

async function answerQuestion(
  request: FastifyRequest,
  reply: FastifyReply,
  bouncer: BouncerActor,
  { views, now }: DecisionsRoutesDependencies,
): Promise<FastifyReply> {
  const question = questionOf(request.url);
  // There is no set that could not hold a network: the question is about one address.
  const { view } = await views.viewFor({ ...takesOf(bouncer, ''), ranges: 'as-they-are' });
  const about = question.get('ip') || question.get('range');
  const found: Iterable<Entry> | undefined =
    about === undefined || about === ''
      ? view.entries.values()
      : entriesAbout(view.entries, about, question.get('contains') !== 'false');
  if (found === undefined) return sendMessage(reply, 400, 'ip or range is no address and no network');
  const asked = [...found].filter(asksFor(question));
  // Its clients tell `null` from an empty list, and take it for no.
  return reply.type(JSON_TYPE).send(asked.length === 0 ? 'null' : decisionsText(asked, now()));
}

async function answerStream(
  request: FastifyRequest,
  reply: FastifyReply,
  bouncer: BouncerActor,
  dependencies: DecisionsRoutesDependencies,
): Promise<FastifyReply> {
  const { views, now } = dependencies;
  const question = questionOf(request.url);
  const current = await views.viewFor(takesOf(bouncer, request.from.agent));
  const { view } = current;
  const isStart = question.get('startup') === 'true';
  const cursor = isStart ? undefined : views.cursorOf(bouncer, request, view);
  const { sequence } = view;
  const changed = cursor === undefined ? undefined : view.since(cursor);
  const body =
    changed === undefined
      ? await wholeBody(current, question, isStart, dependencies)
      : bodyOf(
          decisionsText(changed.added.filter(asksFor(question)), now()),
          endedText(changed.deleted.filter(asksFor(question))),
        );
  if (view.leftOut > 0) void reply.header(LEFT_OUT, String(view.leftOut));
  whenWritten(request, reply, () => views.moveCursor(bouncer, request, view, sequence));
  return sendPieces(reply.type(JSON_TYPE), body);
}

/**
 * Calls when the last byte of the answer was handed to the system. `finish` comes also where the other end broke the connection
 * before; then the socket is gone. Asked first of all listeners, since the server's own ends the socket where none is to be kept.
 */
function whenWritten({ raw: { socket } }: FastifyRequest, reply: FastifyReply, then: () => void): void {
  reply.raw.prependOnceListener('finish', () => {
    if (!socket.destroyed) then();
  });
}

/** Everything in force, and what somebody may hold that is over. */
async function wholeBody(
  current: CurrentView,
  question: Question,
  isStart: boolean,
  { book, now }: DecisionsRoutesDependencies,
): Promise<readonly Buffer[]> {
  const { view } = current;
  const asked = asksFor(question);
  const gone = view.endedOf(await book.endedLately()).filter(asked);
  const at = now();
  if (!isStart) {
    for (const entry of view.entries.values()) {
      if (entry.from > at - TAKEN_AGAIN && asked(entry)) gone.push(entry);
    }
  }
  const added = narrows(question)
    ? decisionsText([...view.entries.values()].filter(asked), at)
    : current.whole.textAt(at);
  return bodyOf(added, endedText(gone));
}

/** An answer in pieces: the one that may have megabytes is that of everybody who asks in this second, and is not copied for each. */
function bodyOf(added: string | Buffer, deleted: string): readonly Buffer[] {
  const entries = typeof added === 'string' ? Buffer.from(added) : added;
  return [Buffer.from('{"new":'), entries, Buffer.from(`,"deleted":${deleted}}`)];
}

function sendPieces(reply: FastifyReply, pieces: readonly Buffer[]): FastifyReply {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  reply.hijack();
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  reply.raw.writeHead(200, { ...headers, 'content-length': length });
  for (const piece of pieces) reply.raw.write(piece);
  reply.raw.end();
  return reply;
}
