/**
 * Letting somebody in to voters' services again: for a day, once a day for each address. What is held against them elsewhere
 * holds on; blocks of private services are not touched.
 */
import type { AppealHow, AppealOutcome, AppealRow } from '@bellwether/api';
import { type Cidr, formatCidr } from '@bellwether/basics';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';

/** How long somebody is spared, and how long until they can ask again, ms: whoever looks up a registration is done by then. */
export const SPARED_FOR = 86_400_000;

/**
 * Most that are let in by the page within an hour: a deadline day of a state has fewer, and a program that asks for others
 * through the page is noticed before it has opened much.
 */
const MOST_AN_HOUR = 500;

const HOUR = 3_600_000;

/** Rows of an answer. */
const MOST_SHOWN = 500;

/** Where appeals are kept. */
export type AppealRecords = Kysely<Tables>;

/** A wish to be let in. */
export type Wish = {
  /** An IPv4 address, or an IPv6 /64. */
  readonly network: Cidr;
  readonly how: AppealHow;
  /** Who took the call; null: the voter. */
  readonly by: string | null;
  readonly note: string | null;
};

/** What became of it. `until`: ms. */
export type WishOutcome = { readonly outcome: AppealOutcome; readonly until: number | null };

/** Lets somebody in, or says why not. In one transaction: two clicks let in once. */
export async function spareSource(db: AppealRecords, wish: Wish, now: number): Promise<WishOutcome> {
  const network = formatCidr(wish.network);
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('appeals'))`.execute(tx);
    const before = await tx
      .selectFrom('spared')
      .select(['until_at', 'ended_at'])
      .where(sql<boolean>`network = ${network}::cidr`)
      .where('from_at', '>', new Date(now - SPARED_FOR))
      .orderBy('from_at', 'desc')
      .executeTakeFirst();
    if (before !== undefined) {
      return { outcome: 'already', until: before.ended_at === null ? before.until_at.getTime() : null };
    }
    if ((await reasonsAgainst(tx, network, now)).length === 0) return { outcome: 'not-held', until: null };
    if (wish.how === 'page' && (await countSince(tx, now - HOUR)) >= MOST_AN_HOUR)
      return { outcome: 'too-many', until: null };
    const until = now + SPARED_FOR;
    await tx
      .insertInto('spared')
      .values({
        network: sql`${network}::cidr`,
        from_at: new Date(now),
        until_at: new Date(until),
        how: wish.how,
        made_by: wish.by,
        note: wish.note,
        office: null,
      })
      .execute();
    return { outcome: 'let-in', until };
  });
}

/** Ends it before its time; false: there is none of that number that holds. */
export async function endSparing(db: AppealRecords, id: number, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('spared')
    .set({ ended_at: new Date(now) })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('until_at', '>', new Date(now))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The latest first. */
export async function appealRows(db: AppealRecords): Promise<AppealRow[]> {
  const rows = await db.selectFrom('spared').selectAll().orderBy('id', 'desc').limit(MOST_SHOWN).execute();
  const shown: AppealRow[] = [];
  for (const row of rows) {
    shown.push({
      id: row.id,
      network: bareNetwork(row.network),
      how: row.how as AppealHow,
      at: row.from_at.toISOString(),
      until: row.until_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      by: row.made_by,
      note: row.note,
      against: await reasonsAgainst(db, row.network, row.from_at.getTime()),
    });
  }
  return shown;
}

/** How many were let in since a moment, ms. */
export async function countSince(db: AppealRecords, since: number): Promise<number> {
  const { total } = await db
    .selectFrom('spared')
    .select(sql<number>`count(*)`.as('total'))
    .where('from_at', '>', new Date(since))
    .executeTakeFirstOrThrow();
  return total;
}

/** How many are let in now. */
export async function countHolding(db: AppealRecords, now: number): Promise<number> {
  const { total } = await db
    .selectFrom('spared')
    .select(sql<number>`count(*)`.as('total'))
    .where('until_at', '>', new Date(now))
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return total;
}

/** Reasons of the blocks that held a network at a moment, each once. */
async function reasonsAgainst(db: AppealRecords, network: string, at: number): Promise<string[]> {
  const moment = new Date(at);
  const rows = await db
    .selectFrom('standing_decisions')
    .select('reason')
    .distinct()
    .where(sql<boolean>`value >>= ${network}::inet`)
    .where('from_at', '<=', moment)
    .where('until_at', '>', moment)
    .orderBy('reason')
    .execute();
  return rows.map(({ reason }) => reason);
}

/** `192.0.2.7/32` is an address, and is shown as one. */
function bareNetwork(network: string): string {
  return network.replace(/\/32$/, '');
}
