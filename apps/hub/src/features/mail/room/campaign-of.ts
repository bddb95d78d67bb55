/** Which campaign a message belongs to: messages that were kept from somebody, and whatever is like them. */
import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { NEAR_ENOUGH, nearOnes, strongPrints } from './prints.ts';

/** A message as it comes. */
export type AskedCampaign = {
  readonly sha256: string;
  readonly from: string;
  /** ISO 8601. */
  readonly at: string;
  readonly prints: readonly string[];
  /** It is kept from somebody: it may begin a campaign. */
  readonly isFraud: boolean;
  /** What its hook knew it by. */
  readonly campaign?: string | undefined;
};

/** Messages of one campaign that are looked at: a state has 116 offices, and a few thousand mailboxes. */
const MOST_RELATED = 5_000;

/** A wave of lures takes days; the name that it came under is used again for another one later. ms. */
const SENDER_AT_WORK = 7 * 86_400_000;

type Related = {
  readonly message: number;
  readonly campaign: string | null;
  readonly isKept: boolean;
  readonly from: string;
  readonly files: number;
  readonly strong: number;
  readonly near: number;
};

/** The campaign, which earlier messages are given as well where they had none; null: it stands alone. */
export async function campaignOf(tx: Transaction<Tables>, asked: AskedCampaign): Promise<string | null> {
  const related = (await relatedTo(tx, asked.prints)).filter((one) => isAlike(one, asked));
  const known = related.find(({ isKept, campaign }) => isKept && campaign !== null)?.campaign;
  if (!asked.isFraud) return known ?? null;
  const campaign = known ?? (await ofSender(tx, asked)) ?? asked.campaign ?? asked.sha256.slice(0, 12);
  const strays = related.filter((one) => one.campaign === null).map(({ message }) => message);
  if (strays.length > 0)
    await tx.updateTable('mail_messages').set({ campaign }).where('id', 'in', strays).execute();
  return campaign;
}

/** Whoever sent what was kept from one office, and a few days before or after that from another, is at work. */
async function ofSender(tx: Transaction<Tables>, { from, at }: AskedCampaign): Promise<string | null> {
  if (from === '') return null;
  const row = await tx
    .selectFrom('mail_messages')
    .select('campaign')
    .where('state', 'is not', null)
    .where('sender', '=', from)
    .where('campaign', 'is not', null)
    .where('at', '>', new Date(Date.parse(at) - SENDER_AT_WORK))
    .where('at', '<', new Date(Date.parse(at) + SENDER_AT_WORK))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.campaign ?? null;
}

/** What both were kept for, or what nobody shares by chance: everyday mail has links of the same newspaper, too. */
function isAlike({ isKept, from, files, strong, near }: Related, asked: AskedCampaign): boolean {
  if (files > 0 || near >= NEAR_ENOUGH) return true;
  return strong > 0 && ((isKept && asked.isFraud) || (from !== '' && from === asked.from));
}

async function relatedTo(tx: Transaction<Tables>, prints: readonly string[]): Promise<Related[]> {
  const telling = [...strongPrints(prints), ...nearOnes(prints)];
  if (telling.length === 0) return [];
  const { rows } = await sql<Related>`
    SELECT m.id AS message, m.campaign, m.state IS NOT NULL AS "isKept", m.sender AS "from",
           count(*) FILTER (WHERE p.print LIKE 'file:%')::int AS files,
           count(*) FILTER (WHERE p.print LIKE 'file:%' OR p.print LIKE 'link:%')::int AS strong,
           count(*) FILTER (WHERE p.print LIKE 'near:%')::int AS near
    FROM mail_prints p JOIN mail_messages m ON m.id = p.message
    WHERE p.print IN (${sql.join(telling)})
    GROUP BY m.id
    ORDER BY m.id DESC
    LIMIT ${MOST_RELATED}`.execute(tx);
  return rows;
}
