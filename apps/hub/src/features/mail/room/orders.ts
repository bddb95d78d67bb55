/** What people want hooks to do, until they have done it. */
import type { MailHook, MailOrder, MailOrderDone } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Row, Tables } from '../../../platform/postgres/tables.ts';
import type { MailRoomError } from './errors.ts';
import { endMarks } from './marks.ts';

/** Of one answer. */
const AT_ONCE = 200;

/** A person lets a message go. */
export type ReleaseWish = { readonly by: string; readonly why: string; readonly now: number };

/** Writes down that a message is to be let go; undefined: it is not held any more. */
export async function orderRelease(
  tx: Transaction<Tables>,
  message: number,
  { by, why, now }: ReleaseWish,
): Promise<Row<'mail_messages'> | undefined> {
  const at = new Date(now);
  const row = await tx
    .updateTable('mail_messages')
    .set({ state: 'releasing', released_at: at, released_by: by, released_why: why, trouble: null })
    .where('id', '=', message)
    .where('state', '=', 'held')
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.campaign !== null && isByMark(row)) await endMarks(tx, row.campaign);
  await tx
    .insertInto('mail_orders')
    .values({ act: 'release', message, made_at: at, made_by: by, why })
    .execute();
  return row;
}

/** A person, or the filter, wants all that is like a message out of mailboxes. */
export type PullWish = {
  readonly sha256: string;
  readonly campaign: string;
  /** What is hunted, where it is for no message. */
  readonly prints?: readonly string[];
  /** Whose message it was. */
  readonly office: string;
  readonly by: string;
  /** One sentence for the owners of mailboxes. */
  readonly why: string;
  readonly now: number;
};

/** Writes down that it is to be moved. */
export async function orderPull(
  tx: Transaction<Tables>,
  { sha256, campaign, prints, office, by, why, now }: PullWish,
): Promise<void> {
  await tx
    .insertInto('mail_orders')
    .values({
      ...{ act: 'pull', sha256, campaign, office, made_at: new Date(now), made_by: by, why },
      ...(prints === undefined ? {} : { prints: [...prints] }),
    })
    .execute();
}

/** Orders after a number, for hooks of places in reach. What is done is told as well: whoever learns from it may have been away. */
export async function ordersAfter(db: Kysely<Tables>, reach: Reach, after: number): Promise<MailOrder[]> {
  let query = db
    .selectFrom('mail_orders as o')
    .leftJoin('mail_messages as m', 'm.id', 'o.message')
    .where('o.number', '>', after);
  if (reach !== 'all') query = query.where(sql`coalesce(m.office, o.office)`, 'in', [...reach]);
  const rows = await query
    .select([
      ...(['o.number', 'o.act', 'o.made_by', 'o.why', 'o.sha256 as wanted', 'o.campaign as hunted'] as const),
      ...([
        'o.office as place',
        'o.prints',
        'm.told',
        'm.office',
        'm.hook',
        'm.sha256',
        'm.recipients',
      ] as const),
      ...(['m.queue_id', 'm.campaign', 'm.sender'] as const),
    ])
    .orderBy('o.number')
    .limit(AT_ONCE)
    .execute();
  return rows.map((row) => ({
    ...{ number: row.number, act: row.act as MailOrder['act'], told: (row.told ?? '').replace(/^pull /, '') },
    ...{ office: row.office ?? row.place!, hook: (row.hook ?? 'imap') as MailHook },
    ...{ sha256: row.sha256 ?? row.wanted!, to: row.recipients ?? [], queueId: row.queue_id },
    ...{
      campaign: row.campaign ?? row.hunted,
      prints: row.prints ?? [],
      from: row.sender ?? '',
      by: row.made_by,
      why: row.why,
    },
  }));
}

/** The bytes that a pull in reach is about, by their SHA-256; null: there is no such order. */
export async function pullMessage(db: Kysely<Tables>, reach: Reach, number: number): Promise<string | null> {
  let query = db.selectFrom('mail_orders').select('sha256').where('number', '=', number);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  return (await query.executeTakeFirst())?.sha256 ?? null;
}

/** A hook did it, or could not: then the message is held as before, and whoever wanted it is shown why. */
export async function noteOrderDone(
  db: Kysely<Tables>,
  reach: Reach,
  number: number,
  { done, detail }: MailOrderDone,
  now: number,
): Promise<Result<void, MailRoomError>> {
  const noted = await db.transaction().execute(async (tx) => {
    const order = await tx
      .selectFrom('mail_orders as o')
      .leftJoin('mail_messages as m', 'm.id', 'o.message')
      .where('o.number', '=', number)
      .where('o.done_at', 'is', null)
      .select(['o.message', sql<string>`coalesce(m.office, o.office)`.as('office')])
      .forUpdate('o')
      .executeTakeFirst();
    if (order === undefined || (reach !== 'all' && !reach.has(order.office))) return false;
    await tx
      .updateTable('mail_orders')
      .set({ done_at: new Date(now), is_done: done, detail })
      .where('number', '=', number)
      .execute();
    if (order.message === null) return true;
    await tx
      .updateTable('mail_messages')
      .set(
        done
          ? { state: 'released' }
          : { state: 'held', released_at: null, released_by: null, released_why: null, trouble: detail },
      )
      .where('id', '=', order.message)
      .where('state', '=', 'releasing')
      .execute();
    return true;
  });
  return noted ? ok() : err({ code: 'MAIL_ORDER_UNKNOWN', detail: `number ${number}` });
}

/** It was held for what its campaign is known by, or moved out of a mailbox for it: then that was wrong as well. */
function isByMark({ reasons }: Row<'mail_messages'>): boolean {
  return (reasons as readonly { readonly code: string }[]).some(({ code }) =>
    ['known-bad', 'pulled-back'].includes(code),
  );
}
