/** Blocks, as they are kept. */
import type { DecisionRow } from '@bellwether/api';
import { sql } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Row } from '../../platform/postgres/tables.ts';
import type { Records } from './dependencies.ts';
import type { Period } from './store-period.ts';

/** Decisions of one source that are shown: a week of blocks for hours is forty. */
const MOST_OF_SOURCE = 100;

/** Blocks that are in force at a moment (ms), newest first, and how many there are in all: they hold at every office. */
export async function decisionsInForce(
  db: Records,
  at: number,
  limit: number,
  reach: Reach,
): Promise<{ readonly decisions: DecisionRow[]; readonly total: number }> {
  const moment = new Date(at);
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where('from_at', '<=', moment)
    .where('until_at', '>', moment)
    .orderBy('from_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return { decisions: rows.map((row) => decisionOf(row, reach)), total: await countInForce(db, at) };
}

/** How many are in force at a moment (ms). */
export async function countInForce(db: Records, at: number): Promise<number> {
  const moment = new Date(at);
  const { total } = await db
    .selectFrom('decisions')
    .select(sql<number>`count(*)`.as('total'))
    .where('from_at', '<=', moment)
    .where('until_at', '>', moment)
    .executeTakeFirstOrThrow();
  return total;
}

/** How many were made in a period. */
export async function countMade(db: Records, { from, to }: Period): Promise<number> {
  const { total } = await db
    .selectFrom('decisions')
    .select(sql<number>`count(*)`.as('total'))
    .where('from_at', '>=', new Date(from))
    .where('from_at', '<', new Date(to))
    .executeTakeFirstOrThrow();
  return total;
}

/** Decisions that cover an address or network, also as a part of a larger one, newest first. */
export async function decisionsAbout(db: Records, network: string, reach: Reach): Promise<DecisionRow[]> {
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where(sql<boolean>`value >>= ${network}::inet`)
    .orderBy('from_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_OF_SOURCE)
    .execute();
  return rows.map((row) => decisionOf(row, reach));
}

/** What it rests on was counted at all offices, so only who sees all of them is told. */
function decisionOf(row: Row<'decisions'>, reach: Reach): DecisionRow {
  const { id, value, reason, alpha, rule, forgeable, covers, seen, contacts, targets, campaign } = row;
  return {
    id,
    value,
    reason,
    alpha,
    rule,
    forgeable,
    covers: covers as DecisionRow['covers'],
    seen: seen as DecisionRow['seen'],
    evidence:
      reach === 'all'
        ? {
            contacts,
            targets,
            first: row.first_at?.toISOString() ?? null,
            last: row.last_at?.toISOString() ?? null,
          }
        : null,
    campaign: reach === 'all' ? campaign : null,
    from: row.from_at.toISOString(),
    until: row.until_at.toISOString(),
  };
}
