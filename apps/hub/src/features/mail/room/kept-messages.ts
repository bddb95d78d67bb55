/** Messages that were kept from somebody, as people see them. */
import { KeptMail, type KeptMailAnswer, type KeptMailQuery, type MailReasonRow } from '@bellwether/api';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { Value } from 'typebox/value';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Row, Tables } from '../../../platform/postgres/tables.ts';

/** Of one answer. */
const AT_ONCE = 100;

/** The list, latest first. */
export async function keptMail(
  db: Kysely<Tables>,
  reach: Reach,
  { state, campaign, before }: KeptMailQuery,
  names: (place: string) => string,
): Promise<KeptMailAnswer> {
  let all = inReach(db.selectFrom('mail_messages').where('state', 'is not', null), reach);
  if (state !== undefined) all = all.where('state', '=', state);
  if (campaign !== undefined) all = all.where('campaign', '=', campaign);
  const { total } = await all.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  if (before !== undefined) all = all.where('id', '<', before);
  const rows = await all.selectAll().orderBy('id', 'desc').limit(AT_ONCE).execute();
  return { messages: rows.map((row) => keptRow(row, names)), total };
}

/** One of them; undefined: there is none in reach. */
export async function keptOne(
  db: Kysely<Tables>,
  reach: Reach,
  id: number,
): Promise<Row<'mail_messages'> | undefined> {
  const one = db.selectFrom('mail_messages').where('state', 'is not', null).where('id', '=', id);
  return await inReach(one, reach).selectAll().executeTakeFirst();
}

/** A row as it is told. */
export function keptRow(row: Row<'mail_messages'>, names: (place: string) => string): KeptMail {
  const told = {
    ...{
      id: row.id,
      at: row.at.toISOString(),
      hook: row.hook,
      office: row.office,
      officeName: names(row.office),
    },
    ...{ outcome: row.outcome, state: row.state, where: row.held_where, score: row.score },
    ...{ from: row.sender, fromName: row.sender_name, to: row.recipients, subject: row.subject },
    ...{ reasons: row.reasons as MailReasonRow[], campaign: row.campaign, exposed: row.exposed },
    isKept: row.is_kept,
    trouble: row.trouble,
    released:
      row.released_at === null
        ? null
        : { at: row.released_at.toISOString(), by: row.released_by ?? '', why: row.released_why ?? '' },
  };
  return Value.Parse(KeptMail, told);
}

/** Narrows a question to the offices in reach. */
export function inReach<O>(
  query: SelectQueryBuilder<Tables, 'mail_messages', O>,
  reach: Reach,
): SelectQueryBuilder<Tables, 'mail_messages', O> {
  return reach === 'all' ? query : query.where('office', 'in', [...reach]);
}
