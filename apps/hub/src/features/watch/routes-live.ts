/** `GET /api/v1/live`: server-sent events, for as long as a desk is open. */
import { Changed, type LiveTopic } from '@bellwether/api';
import { DISPOSITIONS } from '@bellwether/contacts';
import type { Reach } from '../../platform/auth/rights.ts';
import type { HttpApp } from '../../platform/http/app.ts';
import { DOOR_PROBLEMS, problems } from '../../platform/http/app.ts';
import { HTTP_ERRORS, httpError } from '../../platform/http/errors.ts';
import { isTls } from '../../platform/http/names.ts';
import { sendHttpError } from '../../platform/http/problem.ts';
import type { LiveHub, LiveRight } from '../../platform/http/sse.ts';

/** Adds it; open connections end when the server stops. */
export function liveRoute(app: HttpApp, live: LiveHub): void {
  app.addHook('preClose', async () => live.close());
  app.get(
    '/live',
    {
      config: { right: { verb: 'account.read', of: 'reach' }, unattended: true },
      schema: {
        summary: 'What changes while somebody looks, as server-sent events',
        description:
          'An event `changed` at most four times a second, and a comment every 15 seconds. A page that connects anew asks again for what it shows.',
        tags: ['live'],
        produces: ['text/event-stream'],
        response: {
          200: Changed,
          ...problems(...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_BUSY),
        },
      },
    },
    (request, reply) => {
      if (!live.hasRoom) {
        void sendHttpError(
          reply.header('retry-after', '10'),
          httpError('HTTP_BUSY', 'too many desks are open'),
        );
        return;
      }
      reply.hijack();
      const rightNow = async () => rightOf(await request.reachNow());
      live.connect(reply.raw, { tls: isTls(request), right: rightOf(request.reach), rightNow });
    },
  );
}

/** Figures are of the whole state. */
function rightOf(reach: Reach): LiveRight {
  if (reach === 'all') return 'all';
  return reach.size > 0 ? 'topics' : 'no';
}

/** Tells all desks that a person changed something. `now`: ms. */
export function tellDesks(live: LiveHub, topics: readonly LiveTopic[], now: number): void {
  const nothing = Object.fromEntries(DISPOSITIONS.map((name) => [name, 0]));
  live.publish({
    asOf: new Date(now).toISOString(),
    topics: [...topics],
    added: {
      lines: 0,
      contacts: 0,
      knocks: 0,
      dispositions: nothing as Changed['added']['dispositions'],
    },
  });
}
