/** Agents, as they are kept, for whoever may see their offices. */
import type { AgentReport, AgentRow } from '@bellwether/api';
import type { Kysely } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { officeNames } from '../people/store-names.ts';

/** Most that one answer has: thirty for each office, those that were revoked long ago among them. */
const MOST_AGENTS = 4_000;

/** All in reach, by office and name, the revoked last. */
export async function agentRows(
  db: Kysely<Tables>,
  reach: Reach,
  connected: ReadonlySet<number>,
): Promise<AgentRow[]> {
  const nameOf = await officeNames(db, null);
  let query = db.selectFrom('agents').selectAll();
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const rows = await query.orderBy('id', 'desc').limit(MOST_AGENTS).execute();
  const isOver = (row: Row<'agents'>): number => (row.revoked_at === null ? 0 : 1);
  return rows
    .sort((a, b) => isOver(a) - isOver(b) || compare(a.office, b.office) || compare(a.name, b.name))
    .map((row) => rowOf(row, nameOf(row.office), connected.has(row.id)));
}

/** What an agent last reported; null before the first time. The door has checked its shape. */
export function reportOf({ report }: Pick<Row<'agents'>, 'report'>): AgentReport | null {
  return (report ?? null) as AgentReport | null;
}

function rowOf(row: Row<'agents'>, officeName: string, isConnected: boolean): AgentRow {
  const report = reportOf(row);
  const oldest = report?.backlog.oldest;
  return {
    id: row.id,
    office: row.office,
    officeName,
    name: row.name,
    enrolledAt: row.enrolled_at.toISOString(),
    enrolledBy: row.enrolled_by,
    lastHeard: row.last_heard?.toISOString() ?? null,
    version: row.version,
    until: row.until_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedWhy: row.revoked_why,
    isConnected: isConnected && row.revoked_at === null,
    point: report?.point ?? null,
    backlog:
      report === null
        ? null
        : {
            lines: report.backlog.lines,
            bytes: report.backlog.bytes,
            oldest: oldest === undefined ? null : new Date(oldest).toISOString(),
          },
    clockAhead: row.clock_ahead,
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
