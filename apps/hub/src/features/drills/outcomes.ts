/**
 * What became of drills: looked at while they run, since a label has no date and an agent tells what its kernel holds now, and
 * scored when their time is over. Nothing that judges reads these tables.
 */
import type { ContactsQuery } from '@bellwether/api';
import { type DrillOutcome, drillOutcome, KINDS, type KindCode } from '@bellwether/drills';
import { type Kysely, sql } from 'kysely';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { reportOf } from '../agents/store.ts';
import { SETTLE } from './calendar.ts';
import type { DrillsDependencies } from './dependencies.ts';

/** A drill that was planned so long ago and never ran is looked at no more, ms: the slowest takes half an hour. */
const LOOKED_AT = 3 * 3_600_000;

/** Logs tell the second at which it began, and a clock may be off by one, ms. */
const BEFORE = 2_000;

/** Pages of the history that are read for the first contact of a drill: more contacts than any drill makes. */
const MOST_PAGES = 20;
const PAGE = 1_000;

/** Blocks of others that are looked into: a flood that leads to more is a wrong block many times over. */
const MOST_OTHERS = 200;

/** A flood is told of when half of its packets are in the account: the kernel's own log leaves some out. */
const COUNTED = 0.5;

type Drill = Row<'drills'>;

/** One turn: looks at drills whose time is not over, and scores those whose time is. Gives how many were scored. */
export async function followDrills(dependencies: DrillsDependencies): Promise<number> {
  const { db, now } = dependencies;
  const rows = await db
    .selectFrom('drills')
    .selectAll()
    .where('scored_at', 'is', null)
    .where((where) =>
      where.or([where('started_at', 'is not', null), where('planned_at', '>', new Date(now() - LOOKED_AT))]),
    )
    .execute();
  let scored = 0;
  for (const row of rows) {
    const drill = await looked(dependencies, row);
    if (drill.until_at === null || now() < drill.until_at.getTime() + SETTLE) continue;
    if (await score(dependencies, drill)) scored++;
  }
  return scored;
}

/**
 * Notes when its source was judged, when a block of it was decided, and when that held, if it is so for the first time. By the
 * clock, since a decision bears the time of the contact that it rests on, and is made later.
 */
async function looked(dependencies: DrillsDependencies, drill: Drill): Promise<Drill> {
  const { db, now } = dependencies;
  const isOver = drill.until_at !== null && now() > drill.until_at.getTime() + SETTLE;
  if ((drill.judged_at !== null && drill.blocked_at !== null) || isOver) return drill;
  const block = await firstBlock(db, drill);
  const at = new Date(now());
  const decided_at = drill.decided_at ?? (block === undefined ? null : at);
  const isJudged = decided_at !== null || (await isLabelled(dependencies, drill));
  const judged_at = drill.judged_at ?? (isJudged ? at : null);
  const held =
    block === undefined || decided_at === null || drill.blocked_at !== null
      ? null
      : await enforced(dependencies, drill, block, decided_at);
  const found = {
    judged_at,
    decided_at,
    blocked_at: drill.blocked_at ?? held?.at ?? null,
    blocked_by: drill.blocked_by ?? held?.by ?? null,
  };
  const isNew = (['judged_at', 'decided_at', 'blocked_at'] as const).some(
    (name) => found[name] !== drill[name],
  );
  if (isNew) await db.updateTable('drills').set(found).where('id', '=', drill.id).execute();
  return { ...drill, ...found };
}

function beganAt({ started_at, planned_at }: Drill): number {
  return (started_at ?? planned_at).getTime();
}

type Block = Pick<Row<'decisions'>, 'id'>;

/** The first block of its source since it began. */
async function firstBlock(db: Kysely<Tables>, drill: Drill): Promise<Block | undefined> {
  return db
    .selectFrom('decisions')
    .select('id')
    .where(sql<boolean>`value >>= ${drill.source}::inet`)
    .where('from_at', '>=', new Date(beganAt(drill) - BEFORE))
    .orderBy('from_at')
    .executeTakeFirst();
}

async function isLabelled({ sourceOf }: DrillsDependencies, drill: Drill): Promise<boolean> {
  const live = await sourceOf(drill.source);
  return live !== undefined && (live.verdict !== 'unknown' || live.campaign !== null);
}

/**
 * Since when a block holds, and who says so: an agent of the office that enforces has read it back from its kernel at its
 * newest order. Where no agent enforces, the decision has to do. Null: an agent enforces, and does not hold it (yet).
 */
async function enforced(
  { db, lastOrder }: DrillsDependencies,
  { office }: Drill,
  block: Block,
  decided: Date,
): Promise<{ readonly at: Date; readonly by: 'agent' | 'decision' } | null> {
  const agents = await db
    .selectFrom('agents')
    .select(['report'])
    .where('office', '=', office)
    .where('revoked_at', 'is', null)
    .execute();
  const enforcing = agents.flatMap((agent) => {
    const report = reportOf(agent);
    return report?.point.state === 'enforcing' ? [report] : [];
  });
  if (enforcing.length === 0) return { at: decided, by: 'decision' };
  const id = String(block.id);
  const holding = enforcing.find(
    ({ sequence, at, missing, refused }) =>
      sequence >= lastOrder() &&
      at >= decided.getTime() &&
      ![...missing, ...refused].some((exception) => exception.id === id),
  );
  return holding === undefined ? null : { at: new Date(holding.at), by: 'agent' };
}

/** Scores a drill; false where the history cannot be read now: the next turn tries again. */
async function score(dependencies: DrillsDependencies, drill: Drill): Promise<boolean> {
  const { db, now } = dependencies;
  const kind = drill.kind as KindCode;
  const contacts = await contactsOf(dependencies, drill);
  const innocent = await innocentBlocked(dependencies, drill);
  if (contacts === undefined || innocent === undefined) return false;
  const began = beganAt(drill);
  const since = (moment: Date | null): number | null =>
    moment === null ? null : Math.max(0, moment.getTime() - began);
  const seen = contacts.first === null ? null : Math.max(0, contacts.first - began);
  const isFlood = kind === 'forged-flood';
  const { packets } = drill.settings as { readonly packets?: number };
  const observed = {
    seen,
    // What comes from everywhere is told of by being counted.
    judged: isFlood ? (contacts.count >= COUNTED * (packets ?? 0) ? seen : null) : since(drill.judged_at),
    blocked: since(drill.blocked_at),
    innocent,
  };
  const outcome: DrillOutcome = drillOutcome({ kind, ...observed });
  await db
    .updateTable('drills')
    .set({ ...observed, outcome, scored_at: new Date(now()) })
    .where('id', '=', drill.id)
    .execute();
  return true;
}

/** Its contacts that the history has: how many, and the first, ms. Undefined: it cannot be read. */
async function contactsOf(
  { search }: DrillsDependencies,
  drill: Drill,
): Promise<{ readonly count: number; readonly first: number | null } | undefined> {
  const isFlood = drill.kind === 'forged-flood';
  const { port } = drill.settings as { readonly port?: number };
  const which: ContactsQuery = {
    ...spanOf(drill),
    ...(isFlood ? { port: port ?? 0 } : { source: drill.source }),
    authority: drill.office,
    limit: PAGE,
  };
  let count = 0;
  let first: number | null = null;
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await search.search(cursor === null ? which : { ...which, cursor }, 'all');
    if (found.isErr()) return undefined;
    for (const { time, destination, units } of found.value.contacts) {
      if (isFlood && destination !== drill.target) continue;
      count += units;
      if (time !== null) first = Math.min(first ?? Number.POSITIVE_INFINITY, Date.parse(time));
    }
    cursor = found.value.next;
    if (cursor === null) break;
  }
  return { count, first };
}

/** Blocks of addresses that only seemed to take part: decoys beside its source, or senders that a flood made up. */
async function innocentBlocked(
  { db, search }: DrillsDependencies,
  drill: Drill,
): Promise<number | undefined> {
  if (KINDS[drill.kind as KindCode].expected === 'blocked') return 0;
  const { from, to } = spanOf(drill);
  const others = await db
    .selectFrom('decisions')
    .select(sql<string>`host(value)`.as('address'))
    .where('from_at', '>=', new Date(from))
    .where('from_at', '<=', new Date(to))
    // A source of another drill of that time is blocked for that one.
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM drills d WHERE decisions.value >>= d.source::inet
                               AND d.planned_at <= ${drill.until_at} AND (d.until_at IS NULL OR d.until_at >= ${drill.planned_at}))`,
    )
    .where(
      drill.kind === 'decoys'
        ? sql<boolean>`value <<= network(set_masklen(${drill.source}::inet, 24))`
        : sql<boolean>`true`,
    )
    .limit(MOST_OTHERS)
    .execute();
  let innocent = 0;
  for (const { address } of others) {
    const asked = { source: address, authority: drill.office, from, to, limit: PAGE };
    const found = await search.search(asked, 'all');
    if (found.isErr()) return undefined;
    if (found.value.contacts.some(({ destination }) => destination === drill.target)) innocent++;
  }
  return innocent;
}

function spanOf(drill: Drill): { readonly from: string; readonly to: string } {
  const until = drill.until_at!.getTime();
  return {
    from: new Date(beganAt(drill) - BEFORE).toISOString(),
    to: new Date(until).toISOString(),
  };
}
