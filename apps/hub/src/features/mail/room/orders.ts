/** What people want hooks to do, until they have done it. */
import type { MailHook, MailOrder, MailOrderDone } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely, Transaction } from 'kysely';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Row, Tables } from '../../../platform/postgres/tables.ts';
import type { MailRoomError } from './errors.ts';

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
  await tx
    .insertInto('mail_orders')
    .values({ act: 'release', message, made_at: at, made_by: by, why })
    .execute();
  return row;
}

/** Orders after a number, for hooks of places in reach. What is done is told as well: whoever learns from it may have been away. */
export async function ordersAfter(db: Kysely<Tables>, reach: Reach, after: number): Promise<MailOrder[]> {
  let query = db
    .selectFrom('mail_orders as o')
    .innerJoin('mail_messages as m', 'm.id', 'o.message')
    .where('o.number', '>', after);
  if (reach !== 'all') query = query.where('m.office', 'in', [...reach]);
  const rows = await query
    .select([
      ...([
        'o.number',
        'o.made_by',
        'o.why',
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
    ...{
      number: row.number,
      act: 'release' as const,
      told: row.told.replace(/^pull /, ''),
      office: row.office,
      hook: row.hook as MailHook,
    },
    ...{ sha256: row.sha256, to: row.recipients, queueId: row.queue_id, campaign: row.campaign },
    ...{ from: row.sender, by: row.made_by, why: row.why },
  }));
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
      .innerJoin('mail_messages as m', 'm.id', 'o.message')
      .where('o.number', '=', number)
      .where('o.done_at', 'is', null)
      .select(['o.message', 'm.office'])
      .forUpdate()
      .executeTakeFirst();
    if (order === undefined || (reach !== 'all' && !reach.has(order.office))) return false;
    await tx
      .updateTable('mail_orders')
      .set({ done_at: new Date(now), is_done: done, detail })
      .where('number', '=', number)
      .execute();
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
