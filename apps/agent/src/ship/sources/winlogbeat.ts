/**
 * Windows events from Winlogbeat: as much of Elasticsearch's HTTP interface as its `output.elasticsearch` asks for
 * (elastic.co, "Bulk API", "Root API"). An event is acknowledged when it is on disk.
 *
 *     GET /                    who is there: product and version
 *     GET /_license            a licence that lets everybody in
 *     POST /_bulk              {"create":{"_index":"winlogbeat-8.15.0"}} and an event, by turns, a line each
 *     _index_template, ...     what it would set up: yes to everything, done is nothing
 */
import type { Result } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Feed } from '../feed.ts';
import { type Answer, isKeepable, keepObjects, listenJsonHttp } from './json-http.ts';
import type { HostPort, Listening } from './listening.ts';

/** Beats ask whether the other end is as new as they are; this is newer than any. */
const VERSION = '9.99.0';

/** Beats 8 and later go on only where this header says so. */
const PRODUCT = { 'x-elastic-product': 'Elasticsearch' } as const;

const ROOT = {
  name: 'bellwether-agent',
  cluster_name: 'bellwether-agent',
  cluster_uuid: 'bellwether-agent',
  version: {
    number: VERSION,
    build_flavor: 'default',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
} as const;

const LICENSE = {
  license: { status: 'active', uid: 'bellwether-agent', type: 'basic', mode: 'basic' },
} as const;

/** What it sets up before it sends. */
const SET_UP =
  /^\/_(index_template|template|component_template|ilm\/policy|data_stream|ingest\/pipeline|alias)\b/;

const LINE_END = 0x0a;
const BRACE = 0x7b;

/** Items of a bulk answer: what became of each event. */
const CREATED = 201;
const REFUSED = 400;

/** Listens; fails where the address cannot be had. */
export function listenWinlogbeat(address: HostPort, feed: Feed): Promise<Result<Listening, AgentError>> {
  const source = `winlogbeat:${address.host}:${address.port}`;
  return listenJsonHttp(address, PRODUCT, async (method, path, content) => {
    if (path.endsWith('/_bulk')) return bulk(content, source, feed);
    if (path === '/') return { status: 200, body: ROOT };
    if (path === '/_license' || path === '/_xpack') return { status: 200, body: LICENSE };
    if (SET_UP.test(path)) return { status: 200, body: method === 'GET' ? {} : { acknowledged: true } };
    return {
      status: 404,
      body: { error: { type: 'not_found', reason: 'only events are taken here' }, status: 404 },
    };
  });
}

async function bulk(content: Buffer, source: string, feed: Feed): Promise<Answer> {
  const events = eventsIn(content);
  if (events === undefined) {
    feed.lost(source, 'what came is no bulk of events', undefined);
    return {
      status: 400,
      body: { error: { type: 'parse_exception', reason: 'no bulk of events' }, status: 400 },
    };
  }
  const keepable = events.filter(({ event }) => isKeepable(event));
  const tooLong = events.length - keepable.length;
  if (tooLong > 0) feed.lost(source, 'an event that is too long', tooLong);
  const isKept = await keepObjects(
    keepable.map(({ event }) => event),
    source,
    feed,
  );
  if (!isKept)
    return { status: 503, body: { error: { type: 'unavailable', reason: 'stopping' }, status: 503 } };
  const items = events.map(({ action, index, event }) => {
    const status = isKeepable(event) ? CREATED : REFUSED;
    const failure = status === CREATED ? {} : { error: { type: 'too_long', reason: 'longer than is kept' } };
    return { [action]: { _index: index, status, ...failure } };
  });
  return { status: 200, body: { took: 1, errors: tooLong > 0, items } };
}

/** An event of a bulk, and what was to be done with it. */
type BulkEvent = { readonly action: 'create' | 'index'; readonly index: string; readonly event: Buffer };

/** The events of a bulk; undefined where it is none. */
export function eventsIn(content: Buffer): BulkEvent[] | undefined {
  const lines = linesIn(content);
  if (lines.length % 2 !== 0) return undefined;
  const events: BulkEvent[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    const action = actionOf((lines[i] as Buffer).toString('utf8'));
    const event = lines[i + 1] as Buffer;
    if (action === undefined || event[0] !== BRACE) return undefined;
    events.push({ ...action, event });
  }
  return events;
}

function linesIn(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < content.length; ) {
    const found = content.indexOf(LINE_END, from);
    const end = found < 0 ? content.length : found;
    if (end > from) lines.push(content.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function actionOf(text: string): Pick<BulkEvent, 'action' | 'index'> | undefined {
  try {
    const line = JSON.parse(text) as Readonly<Record<string, { _index?: unknown } | undefined>>;
    const action = line.create !== undefined ? 'create' : 'index';
    const named = line[action];
    if (typeof named !== 'object' || named === null) return undefined;
    return { action, index: typeof named._index === 'string' ? named._index : 'winlogbeat' };
  } catch {
    return undefined;
  }
}
