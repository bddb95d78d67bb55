/** What people do with mail: let a message go, answer a report, have a message checked, change the list of the protected. */
import {
  KeptMail,
  MailChecked,
  MailCheckWish,
  MailReportAnswer,
  NewIndicator,
  NewProtected,
  ProtectedAnswer,
  Reason,
} from '@bellwether/api';
import { Type } from 'typebox';
import { AUTH_ERRORS } from '../../../platform/auth/errors.ts';
import { plainText } from '../../../platform/auth/plain-text.ts';
import type { Actor } from '../../../platform/auth/rights.ts';
import { closed, DOOR_PROBLEMS, problems, type Routes } from '../../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../../platform/http/problem.ts';
import { checkMessage } from './check-message.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import { MAIL_ROOM_ERRORS, mailRoomEntry } from './errors.ts';
import { takeIndicator } from './indicator.ts';
import { keptOne, keptRow } from './kept-messages.ts';
import { orderRelease } from './orders.ts';
import { changeProtected } from './protected-list.ts';
import { answerReport } from './report-answer.ts';
import { MessageParams } from './routes-reading.ts';

const COMMON = [HTTP_ERRORS.HTTP_REQUEST_INVALID, ...DOOR_PROBLEMS, HTTP_ERRORS.HTTP_DATABASE_AWAY];

/** Ten megabytes as base64, and the rest of the question: larger mail is a file of a program, not of a clerk. */
const MOST_CHECKED = 15_000_000;

/** Makes them. */
export function mailActingRoutes(dependencies: MailRoomDependencies): Routes {
  const { db, trail, kept, labelled, names, onList, onChanged, now } = dependencies;
  return (app) => {
    app.post(
      '/mail/kept/:id/release',
      {
        config: { right: { verb: 'mail.release', of: 'reach' } },
        schema: {
          summary: 'Let a held message go to whom it was for',
          description: 'Its hook does it within seconds. The mistake is counted, and learned from.',
          tags: ['mail'],
          params: MessageParams,
          body: closed(Reason),
          response: {
            200: KeptMail,
            ...problems(
              ...COMMON,
              AUTH_ERRORS.AUTH_TEXT_INVALID,
              MAIL_ROOM_ERRORS.MAIL_UNKNOWN,
              MAIL_ROOM_ERRORS.MAIL_NOT_HELD,
            ),
          },
        },
      },
      async ({ reach, params, body, actor, from }, reply) => {
        const why = plainText('why', body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const row = await keptOne(db, reach, params.id);
        if (row === undefined)
          return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_UNKNOWN, `number ${params.id}`);
        const wish = { by: nameOf(actor), why: why.value, now: now() };
        const released = await db.transaction().execute(async (tx) => {
          const ordered = await orderRelease(tx, row.id, wish);
          if (ordered !== undefined)
            await trail.add(tx, {
              who: actor!,
              act: 'mail.release',
              place: row.office,
              about: `message:${row.id}`,
              why: wish.why,
              origin: from.address,
            });
          return ordered;
        });
        if (released === undefined)
          return sendProblem(reply, MAIL_ROOM_ERRORS.MAIL_NOT_HELD, `number ${params.id}`);
        const bytes = kept.read(row.sha256);
        if (bytes !== null) labelled.put('ham', row.sha256, bytes);
        onChanged();
        return keptRow(released, await names());
      },
    );

    app.post(
      '/mail/reports/:id/answer',
      {
        config: { right: { verb: 'mail.release', of: 'reach' } },
        schema: {
          summary: 'Say of a reported message whether it was fraud',
          description: 'Fraud is moved out of the mailboxes of all offices, and held from then on.',
          tags: ['mail'],
          params: MessageParams,
          body: closed(MailReportAnswer),
          response: {
            204: Type.Null(),
            ...problems(
              ...COMMON,
              MAIL_ROOM_ERRORS.MAIL_REPORT_UNKNOWN,
              MAIL_ROOM_ERRORS.MAIL_REPORT_OF_STATE,
            ),
          },
        },
      },
      async ({ reach, params, body, actor, from }, reply) => {
        const answered = await answerReport(dependencies, reach, params.id, {
          ...{ is: body.is, who: actor!, by: nameOf(actor), origin: from.address },
        });
        if (answered.isErr()) return sendProblem(reply, mailRoomEntry(answered.error), answered.error.detail);
        onChanged();
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/mail/indicators',
      {
        config: { right: { verb: 'mail.write', of: () => 'state' } },
        schema: {
          summary:
            'Somebody warned of a link or a file: mail that has it is moved out of mailboxes, and held',
          tags: ['mail'],
          body: closed(NewIndicator),
          response: {
            204: Type.Null(),
            ...problems(...COMMON, AUTH_ERRORS.AUTH_TEXT_INVALID, MAIL_ROOM_ERRORS.MAIL_INDICATOR_WRONG),
          },
        },
      },
      async ({ body, actor, from }, reply) => {
        const why = plainText('why', body.why);
        if (why.isErr()) return sendAuthError(reply, why.error);
        const said = { who: actor!, by: nameOf(actor), origin: from.address };
        const taken = await takeIndicator(dependencies, { ...body, why: why.value }, said);
        if (taken.isErr()) return sendProblem(reply, mailRoomEntry(taken.error), taken.error.detail);
        onChanged();
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/mail/check',
      {
        bodyLimit: MOST_CHECKED,
        config: {
          right: { verb: 'mail.read', of: 'reach', asked: ({ body }) => (body as MailCheckWish).place },
        },
        schema: {
          summary: 'What we think of a message that somebody has; nothing of it is kept',
          tags: ['mail'],
          body: closed(MailCheckWish),
          response: { 200: MailChecked, ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_NOT_READABLE) },
        },
      },
      async ({ body, reach }, reply) => {
        const office = body.place ?? (reach === 'all' ? 'state' : ([...reach][0] ?? 'state'));
        const checked = await checkMessage(dependencies, body, office);
        if (checked.isErr()) return sendProblem(reply, mailRoomEntry(checked.error), checked.error.detail);
        return checked.value;
      },
    );

    app.put(
      '/mail/protected',
      {
        bodyLimit: 5_000_000,
        config: { right: { verb: 'mail.write', of: () => 'state' } },
        schema: {
          summary: 'Change the list of those whom attackers pretend to be',
          tags: ['mail'],
          body: closed(NewProtected),
          response: {
            200: ProtectedAnswer,
            ...problems(...COMMON, MAIL_ROOM_ERRORS.MAIL_LIST_WRONG, MAIL_ROOM_ERRORS.MAIL_LIST_CHANGED),
          },
        },
      },
      async ({ body, actor, from }, reply) => {
        const changed = await changeProtected(db, body, nameOf(actor), now());
        if (changed.isErr()) return sendProblem(reply, mailRoomEntry(changed.error), changed.error.detail);
        await db.transaction().execute((tx) =>
          trail.add(tx, {
            who: actor!,
            act: 'mail.list',
            place: 'state',
            about: `mail-list:${changed.value.version}`,
            origin: from.address,
          }),
        );
        onList();
        return changed.value;
      },
    );
  };
}

function nameOf(actor: Actor | null): string {
  return actor?.kind === 'person' ? actor.name : 'the machine';
}
