/** `GET /api/v1/mail`: seven days of mail at the offices in reach. */
import type { MailAnswer, MailCampaignRow, MailHook, MailHookRow, MailReportRow } from '@bellwether/api';
import { type Kysely, sql } from 'kysely';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';

const DAY = 86_400_000;

/** A week: what a clerk remembers, and what is spoken of on Monday. Days. */
const DAYS = 7;

/** Campaigns and reports of one answer. */
const MOST = 50;

/** Hooks that see a message before it is delivered. */
const BEFORE: ReadonlySet<string> = new Set(['milter', 'proxy']);

type Names = (place: string) => string;

/** The answer. `now`: ms. */
export async function mailAnswer(
  db: Kysely<Tables>,
  reach: Reach,
  names: Names,
  now: number,
): Promise<MailAnswer> {
  const day = new Date(now - (DAYS - 1) * DAY).toISOString().slice(0, 10);
  const from = new Date(`${day}T00:00:00.000Z`);
  const [days, hooks, waiting, mistakes, campaigns, reports, right] = await Promise.all([
    daysOf(db, reach, day),
    hooksOf(db, reach, day, from, names),
    waitingOf(db, reach),
    mistakesOf(db, reach, from),
    campaignRows(db, reach, { since: from }),
    reportRows(db, reach, from, names),
    reportsRight(db, reach, from),
  ]);
  const { counts, putOff, rechecked } = summed(days);
  return {
    ...{ at: new Date(now).toISOString(), from: from.toISOString(), counts, putOff, rechecked },
    days: [...days].map(([date, outcomes]) => ({ day: date, counts: summed([['', outcomes]]).counts })),
    ...{ hooks, waiting, mistakes, campaigns, reports, ...right },
  };
}

/** Messages by outcome, by day: the oldest first. */
type Days = readonly (readonly [string, ReadonlyMap<string, number>])[];

async function daysOf(db: Kysely<Tables>, reach: Reach, day: string): Promise<Days> {
  let query = db.selectFrom('mail_days').where('day', '>=', day);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const rows = await query
    .select(({ fn }) => ['day', 'outcome', fn.sum<number>('messages').as('messages')])
    .groupBy(['day', 'outcome'])
    .orderBy('day')
    .execute();
  const days = new Map<string, Map<string, number>>();
  for (const { day: date, outcome, messages } of rows)
    days.set(date, (days.get(date) ?? new Map<string, number>()).set(outcome, messages));
  return [...days];
}

function summed(days: Days): Pick<MailAnswer, 'counts' | 'putOff' | 'rechecked'> {
  const of = (name: string): number => days.reduce((sum, [, outcomes]) => sum + (outcomes.get(name) ?? 0), 0);
  const counted = {
    delivered: of('deliver'),
    marked: of('banner'),
    held: of('hold'),
    blocked: of('block'),
    unchecked: of('unchecked'),
  };
  const received = Object.values(counted).reduce((sum, count) => sum + count, 0);
  return { counts: { received, ...counted }, putOff: of('put-off'), rechecked: of('recheck') };
}

async function hooksOf(
  db: Kysely<Tables>,
  reach: Reach,
  day: string,
  from: Date,
  names: Names,
): Promise<MailHookRow[]> {
  let counted = db.selectFrom('mail_days').where('day', '>=', day);
  let kept = db.selectFrom('mail_messages').where('state', 'is not', null).where('at', '>=', from);
  if (reach !== 'all') {
    counted = counted.where('office', 'in', [...reach]);
    kept = kept.where('office', 'in', [...reach]);
  }
  const rows = await counted
    .select(({ fn }) => [
      'hook',
      'office',
      fn.max<Date>('last_at').as('last'),
      sql<number>`coalesce(sum(messages) FILTER (WHERE outcome NOT IN ('put-off', 'recheck')), 0)`.as(
        'received',
      ),
    ])
    .groupBy(['hook', 'office'])
    .execute();
  const exposures = await kept
    .select(({ fn }) => [
      'hook',
      'office',
      fn.max<Date>('at').as('last'),
      fn.max<number>('exposed').as('most'),
      sql<number>`percentile_disc(0.5) WITHIN GROUP (ORDER BY exposed)`.as('median'),
    ])
    .groupBy(['hook', 'office'])
    .execute();
  const found = new Map<string, MailHookRow>();
  for (const { hook, office, last, received } of rows)
    found.set(`${hook} ${office}`, {
      ...{ hook: hook as MailHook, office, officeName: names(office), received, exposed: null },
      ...{ acts: BEFORE.has(hook) ? 'before' : 'after', lastHeard: last.toISOString() },
    });
  // What was only moved out of mailboxes was received by somebody else.
  for (const { hook, office, last, median, most } of exposures) {
    const known = found.get(`${hook} ${office}`);
    found.set(`${hook} ${office}`, {
      ...{ hook: hook as MailHook, office, officeName: names(office), received: known?.received ?? 0 },
      acts: BEFORE.has(hook) ? 'before' : 'after',
      lastHeard: known?.lastHeard ?? last.toISOString(),
      exposed: { median, most },
    });
  }
  return [...found.values()].sort((a, b) => a.officeName.localeCompare(b.officeName));
}

async function waitingOf(db: Kysely<Tables>, reach: Reach): Promise<number> {
  let query = db.selectFrom('mail_messages').where('state', '=', 'held');
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const { count } = await query
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

async function mistakesOf(db: Kysely<Tables>, reach: Reach, from: Date): Promise<number> {
  let query = db.selectFrom('mail_messages').where('state', 'in', ['releasing', 'released']);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const { count } = await query
    .where('released_at', '>=', from)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Campaigns of more than one message, or of which something was moved out of mailboxes; the latest first. */
export async function campaignRows(
  db: Kysely<Tables>,
  reach: Reach,
  { since, id }: { readonly since?: Date; readonly id?: string },
): Promise<MailCampaignRow[]> {
  // How far it went is told to everybody whom it reached; what it said, from what came to them.
  const own =
    reach === 'all' ? sql<boolean>`true` : sql<boolean>`m.office = ANY(${sql.val([...reach])}::text[])`;
  const { rows } = await sql<Omit<MailCampaignRow, 'firstAt' | 'lastAt'> & { first: Date; last: Date }>`
    SELECT m.campaign AS id, min(m.at) AS first, max(m.at) AS last,
           coalesce((array_agg(m.subject ORDER BY m.at) FILTER (WHERE m.subject <> '' AND ${own}))[1], '') AS subject,
           coalesce((array_agg(m.sender ORDER BY m.at) FILTER (WHERE m.sender <> '' AND ${own}))[1], '') AS "from",
           count(DISTINCT m.office)::int AS offices, count(*)::int AS messages,
           count(m.state)::int AS kept,
           count(*) FILTER (WHERE m.told LIKE 'pull %')::int AS pulled,
           count(*) FILTER (WHERE m.state IN ('released', 'releasing'))::int AS released
    FROM mail_messages m
    WHERE m.campaign IS NOT NULL AND (${id ?? null}::text IS NULL OR m.campaign = ${id ?? null})
    GROUP BY m.campaign
    HAVING max(m.at) >= ${since ?? new Date(0)} AND bool_or(${own})
       AND (count(*) > 1 OR count(*) FILTER (WHERE m.told LIKE 'pull %') > 0 OR ${id ?? null}::text IS NOT NULL)
    ORDER BY max(m.at) DESC
    LIMIT ${MOST}`.execute(db);
  return rows.map(({ first, last, ...row }) => ({
    ...row,
    firstAt: first.toISOString(),
    lastAt: last.toISOString(),
  }));
}

async function reportRows(
  db: Kysely<Tables>,
  reach: Reach,
  from: Date,
  names: Names,
): Promise<MailReportRow[]> {
  let query = db
    .selectFrom('mail_reports')
    .where((where) => where.or([where('at', '>=', from), where('outcome', '=', 'waits')]));
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const rows = await query.selectAll().orderBy('id', 'desc').limit(MOST).execute();
  return rows.map(({ id, at, reporter, office, subject, outcome, seconds, is_kept: isKept }) => ({
    ...{ id, at: at.toISOString(), reporter, office, officeName: names(office), subject, seconds, isKept },
    outcome: outcome as MailReportRow['outcome'],
  }));
}

async function reportsRight(
  db: Kysely<Tables>,
  reach: Reach,
  from: Date,
): Promise<Pick<MailAnswer, 'reportedRight' | 'reportedWrong'>> {
  let query = db.selectFrom('mail_reports').where('at', '>=', from);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  return await query
    .select([
      sql<number>`count(*) FILTER (WHERE outcome IN ('pulled-back', 'bad'))`.as('reportedRight'),
      sql<number>`count(*) FILTER (WHERE outcome = 'fine')`.as('reportedWrong'),
    ])
    .executeTakeFirstOrThrow();
}
