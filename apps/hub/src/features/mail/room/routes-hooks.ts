/** What hooks tell and ask: each message that they are done with, and what people want them to do. */
import {
  MailOrderDone,
  MailOrderMessage,
  MailOrdersAnswer,
  MailOrdersQuery,
  MailStandingAnswer,
  MailStandingQuery,
  ToldMail,
} from '@bellwether/api';
import { Type } from 'typebox';
import { closed, DOOR_PROBLEMS, problems, type Routes } from '../../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../../platform/http/errors.ts';
import { sendProblem } from '../../../platform/http/problem.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import { MAIL_ROOM_ERRORS, mailRoomEntry } from './errors.ts';
import { lastMark, marksAfter } from './marks.ts';
import { noteOrderDone, ordersAfter, pullMessage } from './orders.ts';
import { listVersion, protectedNow } from './protected-list.ts';
import { forgetDelivered, takeToldMail } from './take-told.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

/** Bytes of one batch: the largest message as base64, and what is told of it. */
const MOST_TOLD = 16 * 1024 * 1024;

/** How often what is old is forgotten, ms. */
const FORGET_EVERY = 3_600_000;

const OrderParams = closed(
  Type.Object({ number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
);

/** Makes them. */
export function mailHookRoutes(dependencies: MailRoomDependencies): Routes {
  const { db, kept, onChanged, now } = dependencies;
  let forgotten = 0;
  return (app) => {
    app.post(
      '/mail/told',
      {
        bodyLimit: MOST_TOLD,
        config: { right: { verb: 'mail.tell', of: 'reach' } },
        schema: {
          summary: 'Tell what became of messages: what was judged, reported, moved out of mailboxes and back',
          description: 'An event has a number of its hook: told again, it counts once.',
          tags: ['mail'],
          body: closed(ToldMail),
          response: {
            200: Type.Object({ fresh: Type.Number() }),
            ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_OFFICE_UNKNOWN),
          },
        },
      },
      async ({ body, reach }, reply) => {
        const taken = await takeToldMail(body, reach, dependencies);
        if (taken.isErr()) return sendProblem(reply, mailRoomEntry(taken.error), taken.error.detail);
        if (now() - forgotten > FORGET_EVERY) {
          forgotten = now();
          await forgetDelivered(db, now());
        }
        if (taken.value > 0) onChanged();
        return { fresh: taken.value };
      },
    );

    app.get(
      '/mail/orders',
      {
        config: { right: { verb: 'mail.tell', of: 'reach' } },
        schema: {
          summary: 'What people want hooks to do',
          tags: ['mail'],
          querystring: closed(MailOrdersQuery),
          response: { 200: MailOrdersAnswer, ...problems(...COMMON) },
        },
      },
      async ({ query, reach }) => {
        const [orders, list, marks] = await Promise.all([
          ordersAfter(db, reach, query.after ?? 0),
          listVersion(db),
          lastMark(db),
        ]);
        return { orders, standing: { list, marks } };
      },
    );

    app.get(
      '/mail/orders/:number/message',
      {
        config: { right: { verb: 'mail.tell', of: 'reach' } },
        schema: {
          summary: 'The message that a pull is about',
          tags: ['mail'],
          params: OrderParams,
          response: {
            200: MailOrderMessage,
            ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_ORDER_UNKNOWN, MAIL_ROOM_ERRORS.MAIL_NOT_KEPT),
          },
        },
      },
      async ({ params, reach }, reply) => {
        const sha256 = await pullMessage(db, reach, params.number);
        if (sha256 === null)
          return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_ORDER_UNKNOWN, `number ${params.number}`);
        const bytes = kept.read(sha256);
        if (bytes === null)
          return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_NOT_KEPT, `number ${params.number}`);
        return { message: Buffer.from(bytes).toString('base64') };
      },
    );

    app.get(
      '/mail/standing',
      {
        config: { right: { verb: 'mail.tell', of: 'reach' } },
        schema: {
          summary: 'What hooks judge by: the list of the protected, and what is known to be bad',
          description: 'Only what changed since the versions that a hook names.',
          tags: ['mail'],
          querystring: closed(MailStandingQuery),
          response: { 200: MailStandingAnswer, ...problems(...COMMON) },
        },
      },
      async ({ query }) => {
        const { version, yaml } = await protectedNow(db);
        const changed = version > 0 && version !== query.list ? { list: { version, yaml } } : {};
        return { ...changed, ...(await marksAfter(db, query.marks ?? 0)) };
      },
    );

    app.post(
      '/mail/orders/:number/done',
      {
        config: { right: { verb: 'mail.tell', of: 'reach' } },
        schema: {
          summary: 'Tell that an order was carried out, or why not',
          tags: ['mail'],
          params: OrderParams,
          body: closed(MailOrderDone),
          response: { 204: Type.Null(), ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_ORDER_UNKNOWN) },
        },
      },
      async ({ params, body, reach }, reply) => {
        const noted = await noteOrderDone(db, reach, params.number, body, now());
        if (noted.isErr()) return sendProblem(reply, mailRoomEntry(noted.error), noted.error.detail);
        onChanged();
        return reply.code(204).send(null);
      },
    );
  };
}
