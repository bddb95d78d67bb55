/** `GET /api/v1/mail/campaigns/{id}`: whom a campaign reached, hour by hour, and what was moved. */
import type { MailCampaignAnswer } from '@bellwether/api';
import { type Kysely, sql } from 'kysely';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { campaignRows } from './mail-answer.ts';

/** Moves of one answer: more mailboxes than a state's offices have. */
const MOST_PULLS = 2_000;

/**
 * The answer; null: there is none in reach. How many offices it reached is told to each of them; which ones and when, and who was moved
 * what, only to whom they lie in reach.
 */
export async function campaignAnswer(
  db: Kysely<Tables>,
  reach: Reach,
  id: string,
  names: (place: string) => string,
): Promise<MailCampaignAnswer | null> {
  const [campaign] = await campaignRows(db, reach, { id });
  if (campaign === undefined) return null;
  const own =
    reach === 'all' ? sql<boolean>`true` : sql<boolean>`office = ANY(${sql.val([...reach])}::text[])`;
  const { rows } = await sql<{ office: string; hour: Date; messages: number; kept: number }>`
    SELECT office, date_trunc('hour', at) AS hour, count(*)::int AS messages, count(state)::int AS kept
    FROM mail_messages WHERE campaign = ${id} AND ${own}
    GROUP BY office, date_trunc('hour', at)
    ORDER BY hour, office`.execute(db);
  let pulls = db.selectFrom('mail_pulls').where('campaign', '=', id);
  if (reach !== 'all') pulls = pulls.where('office', 'in', [...reach]);
  const moved = await pulls.selectAll().orderBy('id').limit(MOST_PULLS).execute();
  return {
    campaign,
    reached: rows.map(({ office, hour, messages, kept }) => ({
      ...{ office, officeName: names(office), hour: hour.toISOString(), messages, kept },
    })),
    pulls: moved.map(({ at, act, office, mailbox, subject, wanted_by: by, why }) => ({
      ...{ at: at.toISOString(), act: act as 'hold' | 'release', office, officeName: names(office) },
      ...{ mailbox, subject, by, why },
    })),
  };
}
