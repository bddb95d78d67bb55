/** What a person sees in ten seconds, put together. */
import type { TodayAnswer } from '@bellwether/api';
import { sql } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import { falseBlocks } from '../probes/store.ts';
import type { Records } from './dependencies.ts';
import { accountOf, countsByHour, countsBySensor, dispositionsOf, sumOf } from './store-account.ts';
import { countInForce, countMade } from './store-decisions.ts';
import { neededIncidents, throughIncidents } from './store-incidents.ts';
import { watchedOffices } from './store-offices.ts';
import { HOUR, type Period } from './store-period.ts';

/** Whether the sample state is what is shown. */
export async function isSample(db: Records): Promise<boolean> {
  const fact = await db.selectFrom('facts').select('value').where('name', '=', 'sample').executeTakeFirst();
  return fact !== undefined && fact.value !== null && fact.value !== false;
}

/** Where somebody may see which part of the page; `isLatest`: of the last 24 hours, and not of a day that was asked for. */
export type TodayReach = { readonly account: Reach; readonly incidents: Reach; readonly isLatest: boolean };

/** The page of a period, for who may see that much of it. Blocks hold at all offices, so they are counted for everybody. */
export async function todayOf(
  db: Records,
  period: Period,
  zone: string,
  now: number,
  reach: TodayReach,
): Promise<TodayAnswer> {
  const counts = await countsBySensor(db, period, reach.account);
  const [hours, watched, through, needed, made, inForce, kept, refusedAtIntake, sample] = await Promise.all([
    countsByHour(db, period, reach.account),
    watchedOffices(db, counts, reach.account),
    throughIncidents(db, period, reach.incidents),
    neededIncidents(db, reach.incidents),
    countMade(db, period),
    countInForce(db, Math.min(now, period.to)),
    falseBlocks(db, now),
    // They are of the whole hub, and do not say whose lines they were.
    reach.account === 'all' ? refusalsIn(db, reach.isLatest ? withNow(period, now) : period) : [],
    isSample(db),
  ]);
  const { offices } = watched;
  return {
    zone,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    asOf: new Date(now).toISOString(),
    sample,
    account: accountOf(sumOf(counts.values())),
    offices: {
      total: offices.length,
      watched: offices.filter(({ sensors }) => sensors.length > 0).length,
      knockedAt: offices.filter(({ knocks }) => knocks > 0).length,
      complete: offices.filter(({ state }) => state === 'complete').length,
    },
    hours: hours.map((hour, place) => ({
      from: new Date(period.from + place * HOUR).toISOString(),
      knocks: hour.knocks,
      dispositions: dispositionsOf(hour),
    })),
    through,
    needsPerson: needed.incidents,
    needsPersonTotal: needed.total,
    map: offices.map(({ leaId, name, knocks, through: came, unsettled, sensors, state }) => ({
      leaId,
      name,
      knocks,
      through: came,
      unsettled,
      sensors: sensors.length,
      state,
    })),
    decisions: { made, inForce },
    falseBlocks: kept,
    refusedAtIntake,
  };
}

/** The last hours end with the newest line that was judged; what was refused since then is refused now. */
function withNow({ from, to }: Period, now: number): Period {
  return { from, to: Math.max(to, now + 1) };
}

/** What the hub did not take in, by way in and reason. */
async function refusalsIn(db: Records, { from, to }: Period): Promise<TodayAnswer['refusedAtIntake']> {
  return await db
    .selectFrom('refusals')
    .select(['port', 'reason'])
    .select([
      sql<number>`coalesce(sum(batches), 0)`.as('batches'),
      sql<number>`coalesce(sum(lines), 0)`.as('lines'),
    ])
    .where('minute', '>=', new Date(from))
    .where('minute', '<', new Date(to))
    .groupBy(['port', 'reason'])
    .orderBy('port')
    .orderBy('reason')
    .execute();
}
