/**
 * `/lists/blocks.txt`: what is to be turned away, for firewalls that fetch a list by themselves. `?for=palo-alto`, `fortigate`,
 * `pfsense` or `plain`; `&family=4` or `6`; `&covers=all` leaves out what is kept from private services only.
 *
 * What was told before is not sent again: a weak entity tag, the same packed or not (RFC 9110, sections 8.8.3 and 13.1.2).
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Routes } from '../../../platform/http/app.ts';
import type { ViewTakes } from '../lapi/block-view.ts';
import type { BouncerActor, BouncerDoor } from '../lapi/bouncer-door.ts';
import type { BouncerViews } from '../lapi/bouncer-views.ts';
import { type Question, questionOf } from '../lapi/decision-filters.ts';
import { FLAVOUR, type FlavourName, flavourNamed } from './flavours.ts';
import { type ListFamily, type ListText, listText } from './list-text.ts';

/** What it needs. */
export type ListsDependencies = {
  readonly door: BouncerDoor;
  readonly views: BouncerViews;
};

/** More entries than any view is asked for here: the list itself says what it has room for, after it has joined halves. */
const WHOLE_VIEW = 1_000_000;

/** Lists that are kept ready: flavours, families and sorts of services that a state uses; another one takes the place of the first. */
const MOST_KEPT = 24;

const TEXT = 'text/plain; charset=utf-8';

const gzipBytes = promisify(gzip);

type Ready = ListText & {
  readonly sequence: number;
  readonly tag: string;
  readonly plain: Buffer;
  readonly packed: Promise<Buffer>;
};

type Asked = {
  readonly flavour: FlavourName;
  readonly family: ListFamily;
  readonly guards: ViewTakes['guards'];
};

/** The route. */
export function listsRoutes({ door, views }: ListsDependencies): Routes {
  const ready = new Map<string, Ready>();

  async function readyList({ flavour, family, guards }: Asked, most: number): Promise<Ready> {
    const { view } = await views.viewFor({
      ...{ guards, ranges: 'as-they-are', most: WHOLE_VIEW },
      // Whoever fetches a list stops packets.
      sees: 'packets',
    });
    const name = `${flavour} ${family} ${guards} ${most}`;
    const known = ready.get(name);
    if (known?.sequence === view.sequence) return known;
    const list = listText(view.entries.values(), family, FLAVOUR[flavour], most);
    const made = { ...list, ...bytesOf(list.text), sequence: view.sequence };
    ready.delete(name);
    ready.set(name, made);
    if (ready.size > MOST_KEPT) ready.delete(ready.keys().next().value!);
    return made;
  }

  return (app) => {
    app.route({
      method: ['GET', 'HEAD'],
      url: '/lists/blocks.txt',
      handler: async (request, reply) => {
        const bouncer = await door(request);
        if (bouncer.isErr()) return sendNoKey(reply, bouncer.error === 'too-often');
        const asked = askedOf(questionOf(request.url), bouncer.value);
        if (asked === undefined) {
          return reply.code(400).type(TEXT).send('for, family or covers has a value that is not known\n');
        }
        return await sendList(request, reply, await readyList(asked, bouncer.value.takes.most));
      },
    });
  };
}

async function sendList(request: FastifyRequest, reply: FastifyReply, list: Ready): Promise<FastifyReply> {
  void reply
    .type(TEXT)
    .header('etag', list.tag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'accept-encoding')
    .header('bellwether-entries', String(list.entries))
    .header('bellwether-left-out', String(list.leftOut));
  if (request.headers['if-none-match']?.includes(list.tag) === true) return reply.code(304).send();
  if (request.method === 'HEAD') return reply.send('');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(list.plain);
  return reply.header('content-encoding', 'gzip').send(await list.packed);
}

/** 401, so that a firewall that has a name and a password sends them (RFC 9110, section 11.6.1). */
function sendNoKey(reply: FastifyReply, isTooOften: boolean): FastifyReply {
  void reply.type(TEXT).header('cache-control', 'no-store');
  if (isTooOften) {
    return reply.code(429).header('retry-after', '60').send('wrong keys came too often, wait a minute\n');
  }
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="bellwether"')
    .send('the password is a key of a bouncer\n');
}

function bytesOf(text: string): Pick<Ready, 'plain' | 'packed' | 'tag'> {
  const plain = Buffer.from(text);
  const tag = `W/"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
  return { plain, tag, packed: gzipBytes(plain) };
}

/** What is asked for; a key for services of the public never gets more by asking. */
function askedOf(question: Question, { takes }: BouncerActor): Asked | undefined {
  const flavour = flavourNamed(question.get('for') ?? 'plain');
  const family = familyOf(question.get('family') ?? 'all');
  const covers = question.get('covers') ?? 'private';
  if (flavour === undefined || family === undefined || !['all', 'private'].includes(covers)) return undefined;
  return { flavour, family, guards: covers === 'all' ? 'public' : takes.guards };
}

function familyOf(text: string): ListFamily | undefined {
  if (text === 'all') return 'all';
  return text === '4' ? 4 : text === '6' ? 6 : undefined;
}
