/** `/livez`, `/readyz` and `/metrics`: for the service manager and for Prometheus, without a token. They hold no data. */
import { Readiness } from '@bellwether/api';
import { Type } from 'typebox';
import type { HttpApp } from './app.ts';
import { HTTP_ERRORS } from './errors.ts';
import { isLoopback } from './names.ts';
import { sendProblem } from './problem.ts';

/** What is asked. */
export type Health = {
  /** One entry for each thing that the hub needs. */
  readonly checks: () => Promise<Readiness['checks']>;
  /** Text of the metrics. */
  readonly metrics: () => Promise<string>;
};

/** Content type of the text format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Adds the three. */
export function healthRoutes(app: HttpApp, { checks, metrics }: Health): void {
  app.get(
    '/livez',
    {
      schema: {
        summary: 'Whether the process answers at all',
        tags: ['health'],
        response: { 200: Type.Object({ live: Type.Boolean() }) },
      },
    },
    () => ({ live: true }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether the hub does all of its work, and what is wrong if not',
        tags: ['health'],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const all = await checks();
      const ready = all.every(({ ok }) => ok);
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ready, checks: all });
    },
  );
  app.get(
    '/metrics',
    { schema: { summary: 'Figures for Prometheus', tags: ['health'], response: { 200: Type.String() } } },
    async (request, reply) => {
      if (!isLoopback(request)) {
        return sendProblem(reply, HTTP_ERRORS.HTTP_NOT_FOUND);
      }
      return reply.type(METRICS_TYPE).send(await metrics());
    },
  );
}
