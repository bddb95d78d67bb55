/**
 * Windows events from NXLog's module om_http (docs.nxlog.co, om_http): the JSON of an event as the content of a POST, or
 * several, a line each. It keeps what was not answered 2xx, and sends it again.
 */
import type { Result } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Feed } from '../feed.ts';
import { isKeepable, keepObjects, listenJsonHttp } from './json-http.ts';
import type { HostPort, Listening } from './listening.ts';

/** Listens; fails where the address cannot be had. */
export function listenNxlogHttp(address: HostPort, feed: Feed): Promise<Result<Listening, AgentError>> {
  const source = `nxlog-http:${address.host}:${address.port}`;
  return listenJsonHttp(address, {}, async (method, _path, content) => {
    if (method !== 'POST' && method !== 'PUT') return { status: 405 };
    const objects = objectsIn(content);
    if (objects === undefined || !objects.every(isKeepable)) {
      feed.lost(source, 'what came is no JSON of an event', 1);
      return { status: 400 };
    }
    return { status: (await keepObjects(objects, source, feed)) ? 200 : 503 };
  });
}

/** The objects of a content: one to a line, or one over several lines, or an array; undefined for anything else. */
export function objectsIn(content: Buffer): Buffer[] | undefined {
  const text = content.toString('utf8').trim();
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.every((line) => line === '' || isObject(line)))
    return lines.filter((line) => line !== '').map((line) => Buffer.from(line));
  try {
    const value = JSON.parse(text) as unknown;
    const all = Array.isArray(value) ? (value as unknown[]) : [value];
    if (!all.every((one) => typeof one === 'object' && one !== null)) return undefined;
    return all.map((one) => Buffer.from(JSON.stringify(one)));
  } catch {
    return undefined;
  }
}

function isObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
