/** The account, as sums over minutes or hours of sensors. */
import type { AccountCounts } from '@bellwether/api';
import { type RawBuilder, sql } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import { ACCOUNT_COUNTS, type AccountCounts as Counts } from '../../platform/postgres/tables.ts';
import type { Records } from './dependencies.ts';
import { HOUR, type Period } from './store-period.ts';
import { sensorInReach } from './store-reach.ts';

/** Nothing was counted. */
const NOTHING = Object.fromEntries(ACCOUNT_COUNTS.map((name) => [name, 0])) as Counts;

const SUMS = sql.join(
  ACCOUNT_COUNTS.map((name) => sql`coalesce(sum(a.${sql.id(name)}), 0) AS ${sql.id(name)}`),
);

/** Sums by sensor, for those in reach that told anything. */
export async function countsBySensor(
  db: Records,
  period: Period,
  reach: Reach,
): Promise<ReadonlyMap<number, Counts>> {
  const { table, during } = cellsOf(period);
  const { rows } = await sql<Counts & { sensor: number }>`
    SELECT a.sensor, ${SUMS} FROM ${table} a
    WHERE ${during} AND ${sensorInReach('a.sensor', reach)} GROUP BY a.sensor`.execute(db);
  return new Map(rows.map(({ sensor, ...counts }) => [sensor, counts]));
}

/** Sums by hour over the sensors in reach: one for each hour of the period, counted from its beginning. */
export async function countsByHour(db: Records, period: Period, reach: Reach): Promise<readonly Counts[]> {
  const { table, column, during } = cellsOf(period);
  const { rows } = await sql<Counts & { place: number }>`
    SELECT floor(extract(epoch FROM a.${column} - ${new Date(period.from)}::timestamptz) / 3600)::int AS place, ${SUMS}
    FROM ${table} a WHERE ${during} AND ${sensorInReach('a.sensor', reach)} GROUP BY place`.execute(db);
  const byHour = new Map(rows.map(({ place, ...counts }) => [place, counts]));
  const hours = Math.ceil((period.to - period.from) / HOUR);
  return Array.from({ length: hours }, (_, place) => byHour.get(place) ?? NOTHING);
}

/** Sums over the sensors in reach. */
export async function countsBetween(db: Records, period: Period, reach: Reach): Promise<Counts> {
  const { table, during } = cellsOf(period);
  const { rows } = await sql<Counts>`
    SELECT ${SUMS} FROM ${table} a WHERE ${during} AND ${sensorInReach('a.sensor', reach)}`.execute(db);
  return rows[0] ?? NOTHING;
}

/** Hours where the period is made of full ones (they stay for ever), else minutes. */
function cellsOf({ from, to }: Period): {
  readonly table: RawBuilder<unknown>;
  readonly column: RawBuilder<unknown>;
  readonly during: RawBuilder<unknown>;
} {
  const isFull = from % HOUR === 0 && to % HOUR === 0;
  const column = isFull ? sql`hour` : sql`minute`;
  return {
    table: isFull ? sql`account_hours` : sql`account_minutes`,
    column,
    during: sql`a.${column} >= ${new Date(from)} AND a.${column} < ${new Date(to)}`,
  };
}

/** Several counts as one. */
export function sumOf(all: Iterable<Counts>): Counts {
  const sum: Counts = { ...NOTHING };
  for (const counts of all) for (const name of ACCOUNT_COUNTS) sum[name] += counts[name];
  return sum;
}

/** Counts as the API shows them, and whether they balance. */
export function accountOf(counts: Counts): AccountCounts {
  const { lines, repeated, unreadable, ignored, detail, contacts, knocks, late, lost } = counts;
  const dispositions = dispositionsOf(counts);
  const disposed = Object.values(dispositions).reduce((sum, count) => sum + count, 0);
  return {
    lines,
    repeated,
    unreadable,
    ignored,
    detail,
    contacts,
    knocks,
    dispositions,
    balanced: lines + repeated === unreadable + ignored + detail + contacts && contacts === disposed,
    late,
    lostAtSensor: lost,
  };
}

/** Contacts by disposition. */
export function dispositionsOf(counts: Counts): AccountCounts['dispositions'] {
  const { refused, blocked, served, authorised, test, reply, through, unsettled } = counts;
  return { refused, blocked, served, authorised, test, reply, through, unsettled };
}
