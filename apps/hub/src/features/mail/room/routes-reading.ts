/** What people read of mail: the account, what was kept from whom, campaigns, and one message to look at. */
import {
  KeptMailAnswer,
  KeptMailDetail,
  KeptMailQuery,
  MailAnswer,
  MailCampaignAnswer,
  MailView,
  ProtectedAnswer,
} from '@bellwether/api';
import { Type } from 'typebox';
import { closed, DOOR_PROBLEMS, problems, type Routes } from '../../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../../platform/http/errors.ts';
import { sendProblem } from '../../../platform/http/problem.ts';
import { campaignAnswer } from './campaign-answer.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import { MAIL_ROOM_ERRORS } from './errors.ts';
import { keptMail, keptOne, keptRow } from './kept-messages.ts';
import { lookAt, partOf } from './look-at.ts';
import { mailAnswer } from './mail-answer.ts';
import { protectedNow } from './protected-list.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** A message by its number. */
export const MessageParams = Type.Object({ id: Id });

const PartParams = Type.Object({ id: Id, number: Type.Integer({ minimum: 1, maximum: 1_000 }) });

const CampaignParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** Makes them. */
export function mailReadingRoutes({ db, kept, names, showPart, now }: MailRoomDependencies): Routes {
  return (app) => {
    app.get(
      '/mail',
      {
        config: { right: { verb: 'mail.read', of: 'reach' } },
        schema: {
          summary: 'Seven days of mail: what came in and what became of it, hooks, campaigns and reports',
          tags: ['mail'],
          response: { 200: MailAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach }) => mailAnswer(db, reach, await names(), now()),
    );

    app.get(
      '/mail/kept',
      {
        config: {
          right: { verb: 'mail.read', of: 'reach', asked: ({ query }) => (query as KeptMailQuery).place },
        },
        schema: {
          summary: 'Messages that were kept from somebody, the latest first',
          tags: ['mail'],
          querystring: closed(KeptMailQuery),
          response: { 200: KeptMailAnswer, ...problems(...COMMON) },
        },
      },
      async ({ reach, query }) => keptMail(db, reach, query, await names()),
    );

    app.get(
      '/mail/kept/:id',
      {
        config: { right: { verb: 'mail.read', of: 'reach' } },
        schema: {
          summary: 'One message to look at: words, links as text, files',
          tags: ['mail'],
          params: MessageParams,
          response: { 200: KeptMailDetail, ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_UNKNOWN) },
        },
      },
      async ({ reach, params }, reply) => {
        const row = await keptOne(db, reach, params.id);
        if (row === undefined)
          return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_UNKNOWN, `number ${params.id}`);
        const bytes = kept.read(row.sha256);
        const looked = bytes === null ? null : await lookAt(bytes);
        const message = keptRow(row, await names());
        return { message, ...(looked ?? { text: null, links: [], parts: [] }) };
      },
    );

    app.get(
      '/mail/kept/:id/parts/:number',
      {
        config: { right: { verb: 'mail.read', of: 'reach' } },
        schema: {
          summary: 'A file of a message as pictures and text, with nothing in it that runs',
          tags: ['mail'],
          params: PartParams,
          response: {
            200: MailView,
            ...problems(
              ...COMMON,
              MAIL_ROOM_ERRORS.MAIL_UNKNOWN,
              MAIL_ROOM_ERRORS.MAIL_NOT_KEPT,
              MAIL_ROOM_ERRORS.MAIL_PART_UNKNOWN,
              MAIL_ROOM_ERRORS.MAIL_PART_NOT_SHOWN,
            ),
          },
        },
      },
      async ({ reach, params: { id, number } }, reply) => {
        const row = await keptOne(db, reach, id);
        if (row === undefined) return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_UNKNOWN, `number ${id}`);
        const bytes = kept.read(row.sha256);
        if (bytes === null) return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_NOT_KEPT, `number ${id}`);
        const part = partOf(bytes, number);
        if (part === null) return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_PART_UNKNOWN, `file ${number}`);
        const view = await showPart(part);
        return view ?? sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_PART_NOT_SHOWN, part.type);
      },
    );

    app.get(
      '/mail/campaigns/:id',
      {
        config: { right: { verb: 'mail.read', of: 'reach' } },
        schema: {
          summary: 'One campaign: which offices it reached in which hour, and what was moved',
          tags: ['mail'],
          params: CampaignParams,
          response: { 200: MailCampaignAnswer, ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_UNKNOWN) },
        },
      },
      async ({ reach, params }, reply) => {
        const answer = await campaignAnswer(db, reach, params.id, await names());
        return answer ?? sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_UNKNOWN, `campaign ${params.id}`);
      },
    );

    app.get(
      '/mail/protected',
      {
        // Private addresses stand in it, of people who told them to the state.
        config: { right: { verb: 'mail.read', of: () => 'state' } },
        schema: {
          summary: 'Whom attackers pretend to be: the list that all offices share',
          tags: ['mail'],
          response: { 200: ProtectedAnswer, ...problems(...COMMON) },
        },
      },
      () => protectedNow(db),
    );
  };
}
