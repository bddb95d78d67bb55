/**
 * `GET /agent/v1/orders`: NDJSON that stays open. An empty line every 15 s tells both ends that the other is there. Who does not read
 * is never waited for: changes are left out, and the whole list follows when there is room again.
 */
import type { ServerResponse } from 'node:http';
import { OrdersQuery } from '@bellwether/api';
import { closed, type HttpApp } from '../../platform/http/app.ts';
import { securityHeaders } from '../../platform/http/security-headers.ts';
import type { Orders, OrderTaker } from './orders.ts';

/** A sign of life so often, ms: proxies, and our own limit of silence, cut at 60 s. */
const SIGN_OF_LIFE = 15_000;

/** What they need: the orders, and who listens. */
export type OrderRoutesDependencies = {
  readonly orders: Orders;
  /** A stream of this agent was opened, or has ended. */
  readonly onStream: (agent: number, isOpen: boolean) => void;
};

/** Makes it. */
export function agentOrderRoutes({ orders, onStream }: OrderRoutesDependencies): (app: HttpApp) => void {
  return (app) => {
    app.get('/orders', { schema: { querystring: closed(OrdersQuery) } }, (request, reply) => {
      const { id, office } = request.agent!;
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...securityHeaders(true),
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
      });
      raw.write('\n');
      onStream(id, true);
      const end = streamTo(raw, office, orders, request.query.after ?? 0);
      raw.once('close', () => {
        end();
        onStream(id, false);
      });
    });
  };
}

/** Writes orders as they come; gives what ends it. */
function streamTo(raw: ServerResponse, office: string, orders: Orders, after: number): () => void {
  let isFull = false;
  let isBehind = false;
  const taker: OrderTaker = {
    office,
    take: (line) => {
      if (raw.destroyed) return;
      if (isFull) isBehind = true;
      else isFull = !raw.write(`${line}\n`);
    },
  };
  raw.on('drain', () => {
    isFull = false;
    if (!isBehind) return;
    isBehind = false;
    orders.catchUp(taker).catch(() => raw.destroy());
  });
  raw.on('error', () => raw.destroy());
  const life = setInterval(() => {
    if (!isFull) raw.write('\n');
  }, SIGN_OF_LIFE);
  orders.follow(taker, after).then(
    () => {
      if (raw.destroyed) orders.leave(taker);
    },
    // It comes again, and gets the whole list.
    () => raw.destroy(),
  );
  return () => {
    clearInterval(life);
    orders.leave(taker);
  };
}
